"""The tutorial's run in TensorFlow Quantum: the tutorial's own model, with Keras's Adam.

python tfq.py WORK.npz tutorial|distinct  →  one line of JSON: {"seconds", "losses", "version"}

WORK.npz as in lightning.py. "tutorial" is `model.fit` on every image; "distinct" runs each distinct image of a
batch once and gives its value to all examples that carry it.
"""

import json
import os
import sys
import time

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # the Keras that TensorFlow Quantum is made for
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import cirq
import numpy as np
import sympy
import tensorflow as tf
import tensorflow_quantum as tfq


def circuits(images):
    """One X gate for each pixel that is 1, as tensors; a grid of any n qubits."""
    qubits = cirq.GridQubit.rect(1, images.shape[1])
    return tfq.convert_to_tensor(
        [cirq.Circuit(cirq.X(qubit) for qubit, pixel in zip(qubits, image, strict=True) if pixel) for image in images]
    )


def layer(n, weights):
    """The parametrized circuit as a Keras layer, started at these weights in half-turns."""
    qubits, readout = cirq.GridQubit.rect(1, n), cirq.GridQubit(-1, -1)
    circuit = cirq.Circuit(cirq.X(readout), cirq.H(readout))
    for name, gate in (("xx", cirq.XX), ("zz", cirq.ZZ)):
        circuit.append(gate(qubit, readout) ** sympy.Symbol(f"{name}-{k:03d}") for k, qubit in enumerate(qubits))
    circuit.append(cirq.H(readout))
    pqc = tfq.layers.PQC(circuit, cirq.Z(readout), initializer=tf.keras.initializers.Constant(weights.ravel()))
    assert [str(symbol) for symbol in pqc.symbols] == sorted(map(str, pqc.symbols)), "weights are given in this order"
    return pqc


def as_the_tutorial(model, work, batches, test, optimizer):
    """`model.fit`, one epoch at a time because the order of an epoch is given; the losses of all batches."""
    losses, inputs, labels = [], circuits(work["pixels"]), work["labels"].astype(np.float32)
    test_labels = np.ones(len(work["test"]), dtype=np.float32)  # validation costs the same for any labels
    model.compile(loss=tf.keras.losses.Hinge(), optimizer=optimizer)
    model.evaluate(inputs[:1], labels[:1], verbose=0)
    began = time.perf_counter()
    for epoch in batches:
        order, means = np.concatenate(epoch), []
        seen = tf.keras.callbacks.LambdaCallback(on_batch_end=lambda _, logs, means=means: means.append(logs["loss"]))
        model.fit(
            tf.gather(inputs, order),
            labels[order],
            batch_size=len(epoch[0]),
            shuffle=False,
            verbose=0,
            validation_data=(test, test_labels),
            callbacks=[seen],
        )
        sizes = np.array([len(batch) for batch in epoch])
        losses += list(np.diff(np.array(means) * sizes.cumsum(), prepend=0) / sizes)  # Keras reports running means
    return time.perf_counter() - began, losses


def distinct_only(model, work, batches, test, optimizer):
    """Each distinct image once; the losses of all batches."""
    losses, labels = [], tf.constant(work["labels"], dtype=tf.float32)
    inputs, row = np.unique(work["pixels"], axis=0, return_inverse=True)
    inputs = circuits(inputs)
    model(inputs[:1])
    began = time.perf_counter()
    for epoch in batches:
        for batch in epoch:
            images, place = np.unique(row[batch], return_inverse=True)
            with tf.GradientTape() as tape:
                values = tf.gather(model(tf.gather(inputs, images))[:, 0], place)
                loss = tf.reduce_mean(tf.maximum(0.0, 1.0 - tf.gather(labels, batch) * values))
            optimizer.apply_gradients(
                zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
            )
            losses.append(float(loss))
        model(test)
    return time.perf_counter() - began, losses


def main(path, mode):
    work = np.load(path)
    size = len(work["order"]) // int(work["tests_after"].sum())
    lines = [line[line >= 0] for line in work["order"]]
    batches = [lines[begin : begin + size] for begin in range(0, len(lines), size)]
    test = circuits(np.unique(work["test"], axis=0) if mode == "distinct" else work["test"])
    model = tf.keras.Sequential(
        [tf.keras.layers.Input(shape=(), dtype=tf.string), layer(work["pixels"].shape[1], work["weights"])]
    )
    optimizer = tf.keras.optimizers.Adam(float(work["learning_rate"]))
    run = distinct_only if mode == "distinct" else as_the_tutorial
    seconds, losses = run(model, work, batches, test, optimizer)
    print(json.dumps({"seconds": seconds, "losses": [float(loss) for loss in losses], "version": tfq.__version__}))


if __name__ == "__main__":
    main(*sys.argv[1:])
