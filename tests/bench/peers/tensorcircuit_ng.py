"""The tutorial's run in TensorCircuit-NG on JAX, vmapped over the images of a batch.

python tensorcircuit_ng.py WORK.npz every|distinct|network  →  one line of JSON:
{"seconds", "losses", "version", "setup"}

WORK.npz as in lightning.py. "distinct" runs each distinct image of a batch once, filled up to one size so that
JAX compiles one program; setup is the seconds that it compiles, which do not count. "network" does the same
without ever building the state: TensorCircuit then contracts circuit and observable as one tensor network, and
so finds by search that the circuit is a star.
"""

import json
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import tensorcircuit as tc

TEST_BLOCK = 32


def expectation(pixels, weights, *, state=True):
    """⟨Z⟩ of the readout of the star circuit, XX then ZZ; from its state, or without one."""
    n = len(pixels)
    circuit = tc.Circuit(n + 1)
    for k in range(n):
        circuit.rx(k, theta=jnp.pi * pixels[k])
    circuit.x(n)
    circuit.h(n)
    for k in range(n):
        circuit.rxx(k, n, theta=jnp.pi * weights[0, k])
    for k in range(n):
        circuit.rzz(k, n, theta=jnp.pi * weights[1, k])
    circuit.h(n)
    return jnp.real(circuit.expectation_ps(z=[n], reuse=state))


def hinge(f, weights, images, place, labels, here):
    """Mean hinge loss of the examples that are here; `place` says which image an example carries."""
    margin = 1.0 - labels * f(images, weights)[place]
    return jnp.sum(here * jnp.maximum(0.0, margin)) / jnp.sum(here)


def blocks(work, distinct):
    """For each batch: images, place, labels, here; all batches of one shape."""
    lines = []
    for line in work["order"]:
        here = line >= 0
        images, place = np.unique(line, return_inverse=True)
        if distinct:
            images, place = np.unique(work["pixels"][line], axis=0, return_inverse=True)
        else:
            images = work["pixels"][images]
        lines.append((images, place, work["labels"][line] * here, here))
    most = max(len(images) for images, *_ in lines)
    return [(_filled(images, most), *rest) for images, *rest in lines]


def _filled(images, size):
    return np.concatenate([images, np.zeros((size - len(images), images.shape[1]))])


def main(path, mode):
    tc.set_backend("jax")
    work, distinct = np.load(path), mode != "every"
    weights = jnp.array(work["weights"], dtype=jnp.float32)
    f = jax.vmap(partial(expectation, state=mode != "network"), in_axes=(0, None))
    step, values = jax.jit(jax.value_and_grad(partial(hinge, f))), jax.jit(f)
    batches = blocks(work, distinct)
    test = np.unique(work["test"], axis=0) if distinct else work["test"]
    test = [_filled(test[begin : begin + TEST_BLOCK], TEST_BLOCK) for begin in range(0, len(test), TEST_BLOCK)]
    began = time.perf_counter()
    jax.block_until_ready(step(weights, *batches[0]))
    jax.block_until_ready(values(test[0], weights))
    setup = time.perf_counter() - began
    mean, square, losses = jnp.zeros_like(weights), jnp.zeros_like(weights), []
    began = time.perf_counter()
    for number, batch in enumerate(batches, 1):
        value, gradient = step(weights, *batch)
        losses.append(float(value))
        # Adam as Keras has it
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        rate = float(work["learning_rate"]) * (1 - 0.999**number) ** 0.5 / (1 - 0.9**number)
        weights = weights - rate * mean / (jnp.sqrt(square) + 1e-7)
        if work["tests_after"][number - 1]:
            for block in test:
                jax.block_until_ready(values(block, weights))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "losses": losses, "version": tc.__version__, "setup": setup}))


if __name__ == "__main__":
    main(*sys.argv[1:])
