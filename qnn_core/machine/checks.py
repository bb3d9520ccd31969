"""Trust, but check: Qiskit Aer is asked the same question, amplitude by amplitude."""

from typing import TYPE_CHECKING

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import TWO_QUBIT_GATES, build_circuit
from qnn_core.engines import EXACT, build_engine
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.machine.channels import CHANNELS
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.training.starts import fitting_weights
from qnn_core.words import power

if TYPE_CHECKING:
    from qiskit_aer.noise import NoiseModel


DENSITY_GRID = 3
"""Largest grid whose density matrix fits: 10 qubits have 2^20 entries, 17 would have 2^34."""


def ask_aer(experiment: Experiment, weights: Array, pixels: Array) -> Array:
    """⟨Z⟩ of images (m, n) from EstimatorQNN on Aer's statevector, (m,). Raises InputError above grid 4."""
    engine = build_engine(experiment.with_(engine="aer"))
    return engine.expectation(pixels, fitting_weights(experiment, weights))


def ask_density_matrix(experiment: Experiment, weights: Array, pixels: Array, noise: Noise) -> Array:
    """⟨Z⟩ of images (m, n) under noise from Aer's density matrix, with Qiskit's own noise channels, (m,).

    Raises InputError above grid 3.
    """
    from qiskit_aer import AerSimulator

    if experiment.grid > DENSITY_GRID:
        entries = 2 * (experiment.pixels + 1)
        raise InputError(
            f"A density matrix of {experiment.pixels + 1} qubits has {power(2, entries)} entries; "
            f"choose a grid of at most {DENSITY_GRID}."
        )
    star = build_circuit(experiment)
    observable, circuits = star.observable, []
    for image in pixels:
        bound = [*image, *fitting_weights(experiment, weights).ravel()]
        circuit = star.circuit.assign_parameters(dict(zip([*star.inputs, *star.weights], bound, strict=True)))
        circuit.save_expectation_value(observable, circuit.qubits)
        circuits.append(circuit)
    simulator = AerSimulator(method="density_matrix", noise_model=_noise_model(noise), max_parallel_threads=1)
    result = simulator.run(circuits).result()
    values = np.array([result.data(index)["expectation_value"] for index in range(len(circuits))], float)
    return noise.readout_factor * values


def _noise_model(noise: Noise) -> "NoiseModel":
    """Qiskit's channels on all two-qubit gates; elsewhere nothing."""
    from qiskit_aer.noise import NoiseModel

    model = NoiseModel()
    model.add_all_qubit_quantum_error(CHANNELS[noise.channel].qiskit(noise.gate), list(TWO_QUBIT_GATES))
    return model


def noise_difference(grid: int, layers: tuple[str, ...], noise: Noise, seed: int = 0, images: int = 1) -> float:
    """Largest difference between the transfer matrices and Aer's density matrix, for random weights and images."""
    experiment = Experiment(grid=grid, layers=layers, **EXACT)
    rng = np.random.default_rng(seed)
    # Small weights, so that ⟨Z⟩ is not almost 0 and there is something to compare.
    weights = rng.uniform(0, 0.3, (len(layers), experiment.pixels))
    pixels = rng.integers(0, 2, (images, experiment.pixels)).astype(float)
    ours = noisy_expectation(experiment, weights, pixels, noise)
    return float(np.abs(ours - ask_density_matrix(experiment, weights, pixels, noise)).max())
