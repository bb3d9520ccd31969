"""The tutorial's run in PennyLane on lightning.qubit with adjoint derivatives.

python lightning.py WORK.npz distinct|every  →  one line of JSON: {"seconds", "losses", "version"}

WORK.npz: pixels (m, n), labels ±1 (m,), order (steps, batch; −1 fills up), weights (2, n) in half-turns,
test (t, n), tests_after (steps,) and learning_rate. One image at a time, as PennyLane does adjoint.
"""

import json
import sys
import time

import numpy as np
import pennylane as qml
from pennylane import numpy as pnp


def network(n):
    """f(pixels, weights) of the star circuit, XX then ZZ, and its gradient by the weights."""
    device = qml.device("lightning.qubit", wires=n + 1)

    @qml.qnode(device, diff_method="adjoint")
    def f(pixels, weights):
        for k in range(n):
            qml.RX(np.pi * pixels[k], wires=k)
        qml.X(n)
        qml.Hadamard(n)
        for k in range(n):
            qml.IsingXX(np.pi * weights[0, k], wires=[k, n])
        for k in range(n):
            qml.IsingZZ(np.pi * weights[1, k], wires=[k, n])
        qml.Hadamard(n)
        return qml.expval(qml.Z(n))

    return f, qml.grad(f, argnums=1)


def rows(images, distinct):
    """The images to run, and for each original one its place among them."""
    if distinct:
        return np.unique(images, axis=0, return_inverse=True)
    return images, np.arange(len(images))


def main(path, mode):
    work, distinct = np.load(path), mode == "distinct"
    pixels, labels, weights = work["pixels"], work["labels"], work["weights"].copy()
    f, slope = network(pixels.shape[1])
    slope(pixels[0], pnp.array(weights, requires_grad=True))
    mean, square, losses = np.zeros_like(weights), np.zeros_like(weights), []
    began = time.perf_counter()
    for step, line in enumerate(work["order"], 1):
        batch = line[line >= 0]
        images, place = rows(pixels[batch], distinct)
        here = pnp.array(weights, requires_grad=True)
        values = np.array([f(image, here) for image in images])[place]
        slopes = np.array([slope(image, here) for image in images])[place]
        margin = 1 - labels[batch] * values
        losses.append(float(np.maximum(margin, 0).mean()))
        gradient = np.tensordot(np.where(margin > 0, -labels[batch], 0.0) / len(batch), slopes, 1)
        # Adam as Keras has it
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        rate = float(work["learning_rate"]) * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
        weights = weights - rate * mean / (np.sqrt(square) + 1e-7)
        if work["tests_after"][step - 1]:
            for image in rows(work["test"], distinct)[0]:
                f(image, weights)
    print(json.dumps({"seconds": time.perf_counter() - began, "losses": losses, "version": qml.version()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
