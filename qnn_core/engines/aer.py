"""Qiskit Machine Learning's EstimatorQNN on Aer: the circuit as written, simulated amplitude by amplitude.

What was tried to make it fast (17 qubits, XX, ZZ, 24 distinct images, Aer 0.18, two cores; milliseconds of
wall time for one image, the lower of several runs on a busy machine):

| tried | ms | kept? |
|---|---|---|
| one PUB with all images, one thread | 16.8 | |
| one PUB for each image | 19.7 | no |
| one PUB, two threads, two images at once | 8.6 | **yes**: same bits, twice as fast on a free second core |
| one PUB, two threads inside one statevector | 84 | no: and sums in another order give other bits |
| two processes with half the images each | ≥ 8.6 | no: same two cores, and the images must travel |
| `fusion_max_qubit` 2, 3, 4, 6, 7 instead of 5 | 27, 32, 19, 26, 29 | no |
| `fusion_enable=False` | 29 | no |
| `precision="single"` | 15.2 | no: the error grows from 1e-15 to 6e-8 |
| `method="matrix_product_state"` | 1.2 | no: not the statevector; 3e-11 off, and seconds at four blocks |
| every image instead of distinct ones | × 1.6 | no: batches of 32 hold about 20 distinct ones |
"""

import os

import numpy as np
from qiskit_aer.primitives import EstimatorV2
from qiskit_machine_learning.neural_networks import EstimatorQNN

from qnn_core.arrays import Array
from qnn_core.circuit import build_circuit
from qnn_core.engines.base import Engine
from qnn_core.engines.gradients import GRADIENTS
from qnn_core.experiment import Experiment

NEVER_SHARED = 64
"""Aer shares a statevector of more qubits than this among several threads; no computer holds one of so many."""


def aer_estimator() -> EstimatorV2:
    """Aer's estimator on the exact statevector.

    `default_precision=0` because anything else makes Aer add Gaussian noise. Images run side by side, but
    one statevector never has more than one thread: its sums are taken in the same order wherever it runs,
    and one Experiment gives the same bits everywhere.
    """
    cores = os.cpu_count() or 1
    options = {
        "method": "statevector",
        "max_parallel_threads": cores,
        "max_parallel_experiments": cores,
        "statevector_parallel_threshold": NEVER_SHARED,
    }
    return EstimatorV2(options={"default_precision": 0.0, "backend_options": options})


def estimator_qnn(experiment: Experiment) -> EstimatorQNN:
    """The network of an Experiment as Qiskit Machine Learning has it."""
    star = build_circuit(experiment)
    estimator = aer_estimator()
    return EstimatorQNN(
        circuit=star.circuit,
        estimator=estimator,
        observables=star.observable,
        input_params=star.inputs,
        weight_params=star.weights,
        gradient=GRADIENTS[experiment.gradient].in_qiskit(estimator),
        default_precision=0.0,
    )


MOST_IMAGES = 128
"""In one PUB: Aer keeps the statevector of each, 2 MiB at 17 qubits, until the last one is done."""


class AerEngine(Engine):
    """EstimatorQNN with distinct images only, as many in one PUB as memory allows."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self._qnn = estimator_qnn(experiment)

    def value(self, pixels: Array, weights: Array) -> Array:
        flat = weights.ravel()
        return np.concatenate([np.asarray(self._qnn.forward(images, flat))[:, 0] for images in _pieces(pixels)])

    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        slopes = [np.asarray(self._qnn.backward(images, weights.ravel())[1]) for images in _pieces(pixels)]
        return self.value(pixels, weights), np.concatenate(slopes).reshape(-1, *self.shape)


def _pieces(pixels: Array) -> list[Array]:
    """Images (m, n) in pieces that fit into memory side by side."""
    return [pixels[begin : begin + MOST_IMAGES] for begin in range(0, len(pixels), MOST_IMAGES)]
