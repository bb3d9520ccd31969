"""A second opinion at any size: Aer's matrix product states cut the same circuit another way.

The star has little entanglement between any two of its halves, so a chain of small matrices holds the
state exactly: 785 qubits take a few seconds for one image.
"""

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import LAYERS, STATEVECTOR_GRID, build_circuit
from qnn_core.engines import build_engine
from qnn_core.engines.ring import RingNetwork
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import SparsePauliOp

MAX_LAYERS = 2
"""More alternating layers double the matrices for every layer, and one image takes minutes."""


class SecondOpinion(NamedTuple):
    """⟨Z⟩ of one image from both, in [−1, 1]. seconds: what Aer took, building the circuit included."""

    aer: float
    contraction: float
    seconds: float


class Timed(NamedTuple):
    """data: data qubits. value: ⟨Z⟩ in [−1, 1]. seconds: what Aer took, building the circuit included."""

    data: int
    value: float
    seconds: float


def mps_expectation(experiment: Experiment, pixels: Array, weights: Array) -> float:
    """⟨Z⟩ of one image, (n,) half-turns, from Aer's `matrix_product_state`. Raises InputError."""
    if len(experiment.layers) > MAX_LAYERS and experiment.grid > STATEVECTOR_GRID:
        raise InputError(
            f"{len(experiment.layers)} layers on {experiment.grid}×{experiment.grid} pixels would take Aer minutes; "
            f"choose {MAX_LAYERS} layers or a grid up to {STATEVECTOR_GRID}."
        )
    star = build_circuit(experiment)
    values = np.concatenate([pixels, weights.ravel()])
    bound = star.circuit.assign_parameters(dict(zip([*star.inputs, *star.weights], values, strict=True)))
    return _expectation(bound, star.observable)


def ring_by_mps(network: RingNetwork) -> Timed:
    """⟨Z⟩ of a network with a ring from Aer's `matrix_product_state`, and how long that took.

    The ring entangles more with every data qubit: each +2 can double the matrices, and the time grows eightfold.
    """
    from qiskit import QuantumCircuit
    from qiskit.quantum_info import SparsePauliOp

    began = time.perf_counter()
    circuit = QuantumCircuit(network.data + 1)
    for qubit in (*np.flatnonzero(network.pixels).tolist(), network.readout):
        circuit.x(qubit)
    circuit.h(network.readout)
    for gate in (gate for layer in network.gates for gate in layer):
        LAYERS[gate.kind].add_gate(circuit, np.pi * gate.turns, gate.first, gate.second)
    circuit.h(network.readout)
    observable = SparsePauliOp.from_sparse_list([("Z", [network.readout], 1.0)], num_qubits=network.data + 1)
    value = _expectation(circuit, observable)
    return Timed(network.data, value, time.perf_counter() - began)


def _expectation(circuit: "QuantumCircuit", observable: "SparsePauliOp") -> float:
    """What Aer's matrix product states say of one circuit without parameters, on one core."""
    from qiskit_aer.primitives import EstimatorV2

    options = {
        "method": "matrix_product_state",
        "max_parallel_threads": 1,
        # Aer refuses some of these circuits for the memory of the worst case, 2^n; but each layer at most
        # doubles the Schmidt rank of any cut of a star, so they need a few megabytes.
        "max_memory_mb": 2**60,
    }
    estimator = EstimatorV2(options={"default_precision": 0.0, "backend_options": options})
    return float(estimator.run([(circuit, observable)]).result()[0].data.evs)


def second_opinion(experiment: Experiment, pixels: Array, weights: Array) -> SecondOpinion:
    """Ask Aer and the contraction about one image, (n,)."""
    contraction = float(build_engine(experiment).expectation(pixels[None], weights)[0])
    began = time.perf_counter()
    aer = mps_expectation(experiment, pixels, weights)
    return SecondOpinion(aer=aer, contraction=contraction, seconds=time.perf_counter() - began)
