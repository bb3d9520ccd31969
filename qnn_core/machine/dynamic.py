"""One block needs no two-qubit gate: turn a data qubit, measure it, and rotate the readout as it came out.

Such a circuit, whose later gates wait for what was measured before, is called dynamic. A data qubit that was measured
is free, so one of them does for all pixels: 2 qubits say the same as 17 (MATHS section 2).
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.circuit import LAYERS, READOUT, STATEVECTOR_GRID, asks_once, build_circuit, qubit_count
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.machine.shots import Estimate, check_shots, estimate_of
from qnn_core.training.starts import fitting_weights

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

MOST_MEASUREMENTS = 2_000_000
"""Data qubits times shots: Aer runs a dynamic circuit shot by shot, some 50,000 measurements a second."""


class Measured(NamedTuple):
    """What both circuits said of one picture, each with the same number of shots, and how large they are.

    star: the circuit with two-qubit gates, or None where its statevector does not fit. dynamic: the one without.
    qubits: of both.
    """

    star: Estimate | None
    dynamic: Estimate
    qubits: tuple[int, int]


def dynamic_circuit(experiment: Experiment, weights: Array, pixels: Array) -> "QuantumCircuit":
    """The network for one image without a two-qubit gate, on one data qubit and the readout, with its measurements.

    Layers that keep the readout in |−⟩ turn the data qubits: exp(−iθ·P⊗X/2) is a turn by −θ about P. The one layer
    that asks them, exp(−iφ·P⊗Q/2), turns the readout by +φ about Q where P comes out as +1 (bit 0), and by −φ where
    it comes out as −1. Layers after it change nothing. pixels: half-turns (n,) in [0, 1]; weights: half-turns.
    Raises InputError if shapes do not fit, or the data qubits are asked more than once.
    """
    from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

    angles = np.pi * fitting_weights(experiment, weights)
    check_image(pixels, experiment.pixels)
    if not asks_once(experiment.layers):
        raise InputError(
            f"The layers {', '.join(experiment.layers)} ask the data qubits more than once, so none may be measured "
            "before the end; choose grouped layers of XX and one other kind."
        )
    asking = [number for number, kind in enumerate(experiment.layers) if not LAYERS[kind].keeps_readout]
    first = asking[0] if asking else 0
    data, readout = QuantumRegister(1, "data"), QuantumRegister(1, READOUT)
    seen, answer = ClassicalRegister(1, "seen"), ClassicalRegister(1, "answer")
    circuit = QuantumCircuit(data, readout, seen, answer, name="qnn_without_two_qubit_gates")
    circuit.x(readout)
    circuit.h(readout)
    for pixel, own in zip(pixels, angles.T, strict=True) if asking else ():
        asked = LAYERS[experiment.layers[first]]
        circuit.reset(data)
        circuit.rx(np.pi * pixel, data)
        for kind, theta in zip(experiment.layers[:first], own, strict=False):
            _turn(circuit, LAYERS[kind].data, -theta)
        _measure(circuit, asked.data)
        with circuit.if_test((seen, 1)) as otherwise:
            _turn(circuit, asked.readout, -own[asking].sum(), qubit=1)
        with otherwise:
            _turn(circuit, asked.readout, own[asking].sum(), qubit=1)
    circuit.h(readout)
    circuit.measure(readout, answer)
    return circuit


def measure_both(experiment: Experiment, weights: Array, pixels: Array, shots: int, seed: int = 0) -> Measured:
    """Run the star and the dynamic circuit on Aer, for one image, with the same number of shots.

    seed: of Aer's own random numbers; both circuits draw different ones. Raises InputError as `dynamic_circuit` does,
    and if that would take too many measurements.
    """
    from qiskit_aer import AerSimulator

    if experiment.pixels * check_shots(shots) > MOST_MEASUREMENTS:
        most = MOST_MEASUREMENTS // experiment.pixels
        raise InputError(
            f"{shots:,} shots of {experiment.pixels} pixels take Aer too long; choose {most:,} shots at most."
        )
    circuits = [dynamic_circuit(experiment, weights, pixels)]
    if experiment.grid <= STATEVECTOR_GRID:
        circuits.append(_star(experiment, weights, pixels))
    simulator = AerSimulator(method="statevector", max_parallel_threads=1)
    result = simulator.run(circuits, shots=shots, seed_simulator=seed).result()
    # The answer is the bit that is written first; 0 means +1.
    found = [
        sum(times for bits, times in result.get_counts(number).items() if bits[0] == "0")
        for number in range(len(circuits))
    ]
    dynamic, *star = (estimate_of(plus, shots) for plus in found)
    return Measured(star[0] if star else None, dynamic, (qubit_count(experiment), circuits[0].num_qubits))


def _star(experiment: Experiment, weights: Array, pixels: Array) -> "QuantumCircuit":
    """The lesson's circuit for one image, with its readout measured."""
    from qiskit import ClassicalRegister

    star = build_circuit(experiment)
    values = [*pixels, *fitting_weights(experiment, weights).ravel()]
    circuit = star.circuit.assign_parameters(dict(zip([*star.inputs, *star.weights], values, strict=True)))
    answer = ClassicalRegister(1, "answer")
    circuit.add_register(answer)
    circuit.measure(experiment.pixels, answer)
    return circuit


def _turn(circuit: "QuantumCircuit", pauli: str, angle: float, qubit: int = 0) -> None:
    """Append exp(−i·angle·P/2)."""
    getattr(circuit, f"r{pauli.lower()}")(float(angle), qubit)


def _measure(circuit: "QuantumCircuit", pauli: str) -> None:
    """Append a measurement of the data qubit along a Pauli; bit 0 is +1."""
    if pauli == "Y":
        circuit.sdg(0)
    if pauli != "Z":
        circuit.h(0)
    circuit.measure(0, 0)
