"""The star circuit: every data qubit meets the readout, and only the readout, once in every ansatz layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import pi
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array, Complex, Integers
from qnn_core.errors import InputError, quoted
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter, ParameterExpression
    from qiskit.quantum_info import SparsePauliOp

READOUT = "readout"
STATEVECTOR_GRID = 4
"""Largest grid whose statevector fits: 5×5 would have 2²⁶ amplitudes, 1 GiB, for every image."""

PAULIS: dict[str, Complex] = {
    "X": np.array([[0, 1], [1, 0]], complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.array([[1, 0], [0, -1]], complex),
}
MEASURED = "X"
"""The readout's Pauli that is asked for after the last layer: H and then Z is X."""


def wrap(half_turns: ArrayLike) -> Array:
    """Weights as the same turns in (−1, 1] half-turns. The same shape."""
    return np.asarray(1.0 - (1.0 - np.asarray(half_turns, float)) % 2.0)


@dataclass(frozen=True)
class LayerKind(Part):
    """One kind of ansatz layer: exp(−i·θ·P⊗Q/2) between each data qubit and the readout.

    data, readout: P and Q, each "X", "Y" or "Z".
    """

    data: str
    readout: str

    @property
    def keeps_readout(self) -> bool:
        """Whether the readout's starting state |−⟩ and the measured observable are left as they are.

        Such a layer only turns the data qubits. In the end, with no other layer after it, it changes nothing.
        """
        return self.readout == MEASURED

    def add_gate(
        self, circuit: "QuantumCircuit", angle: "ParameterExpression | float", data: int, readout: int
    ) -> None:
        """Append exp(−i·angle·P⊗Q/2) to two qubits of a circuit, in gates that Aer has.

        Those are RXX, RYY, RZZ and, for a Z and an X, RZX. In other pairs Y is X between S† and S.
        """
        qubits = {data: self.data, readout: self.readout}
        if self.data == self.readout:
            getattr(circuit, f"r{self.data * 2}".lower())(angle, data, readout)
            return
        turned = [qubit for qubit, pauli in qubits.items() if pauli == "Y"]
        for qubit in turned:
            circuit.sdg(qubit)
        if "Z" in qubits.values():
            circuit.rzx(angle, *sorted(qubits, key=lambda qubit: qubits[qubit] != "Z"))
        else:
            circuit.rxx(angle, data, readout)
        for qubit in turned:
            circuit.s(qubit)


TWO_QUBIT_GATES = {"rxx": "XX", "ryy": "YY", "rzz": "ZZ", "rzx": "ZX"}
"""Qiskit's gates that `LayerKind.add_gate` uses, and the Paulis of their two qubits."""

LAYERS: Family[LayerKind] = Family(
    "layer",
    LayerKind(
        "XX", "XX", "Turns each data qubit about x, one way or the other as the readout's x decides.", "X", "X"
    ),
    LayerKind(
        "YY", "YY", "Turns each data qubit about y, one way or the other as the readout's y decides.", "Y", "Y"
    ),
    LayerKind(
        "ZZ",
        "ZZ",
        "Collects a phase for each pixel, with the sign that the readout's z decides.",
        data="Z",
        readout="Z",
    ),
)

ARRANGEMENTS = {
    "grouped": "all layers of one kind, then all of the next, as the tutorial stacks them",
    "interleaved": "one layer of each kind in turn",
}


def arrange(kinds: Sequence[str], blocks: int, arrangement: str) -> tuple[str, ...]:
    """The sequence of layers. (XX, ZZ) twice: grouped XX XX ZZ ZZ, interleaved XX ZZ XX ZZ."""
    if arrangement not in ARRANGEMENTS:
        raise InputError(f"There is no arrangement {quoted(arrangement)}; choose one of {', '.join(ARRANGEMENTS)}.")
    if arrangement == "grouped":
        return tuple(kind for kind in kinds for _ in range(blocks))
    return tuple(kinds) * blocks


def merge(layers: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """Neighbouring layers of one kind commute, so they are one layer with the sum of their weights.

    Returns the merged kinds and, for each layer, the number of its merged layer.
    """
    groups = [(kind, len(list(group))) for kind, group in groupby(layers)]
    owner = np.repeat(np.arange(len(groups)), [size for _, size in groups])
    return tuple(kind for kind, _ in groups), owner


def last_to_matter(layers: Sequence[str]) -> int:
    """The number of the last layer whose weights change ⟨Z⟩; 0 if there is none.

    Layers after it commute with what is measured.
    """
    return max((index for index, kind in enumerate(layers) if not LAYERS[kind].keeps_readout), default=0)


def asks_once(layers: Sequence[str]) -> bool:
    """Whether at most one merged layer changes the readout, as XX does not: then no data qubit is asked again."""
    kinds, _ = merge(layers)
    return sum(not LAYERS[kind].keeps_readout for kind in kinds) <= 1


def qubit_count(experiment: Experiment) -> int:
    """Data qubits and the readout: grid² + 1."""
    return experiment.pixels + 1


def weights_shape(experiment: Experiment) -> tuple[int, int]:
    """(layers, n): one weight for each gate of the ansatz, in half-turns."""
    return len(experiment.layers), experiment.pixels


def pixel_name(index: int, grid: int) -> str:
    """Row and column of a pixel, counted from 0: r0c3."""
    return f"r{index // grid}c{index % grid}"


def weight_names(experiment: Experiment) -> list[list[str]]:
    """The circuit's parameters by layer and pixel: [layers][n], such as xx0_r1c2."""
    return [
        [f"{kind.lower()}{layer}_{pixel_name(k, experiment.grid)}" for k in range(experiment.pixels)]
        for layer, kind in enumerate(experiment.layers)
    ]


@dataclass(frozen=True)
class StarCircuit:
    """The Qiskit circuit with its parameters in order.

    circuit: data qubits 0…n−1 row by row, readout last; its ⟨Z⟩ is the network's output.
    inputs: n parameters, the pixels (half-turns of RX).
    weights: layers·n parameters in half-turns, layer by layer.
    """

    circuit: "QuantumCircuit"
    inputs: "list[Parameter]"
    weights: "list[Parameter]"

    @property
    def observable(self) -> "SparsePauliOp":
        """Z on the readout."""
        from qiskit.quantum_info import SparsePauliOp

        n = len(self.inputs)
        return SparsePauliOp.from_sparse_list([("Z", [n], 1.0)], num_qubits=n + 1)


def build_circuit(experiment: Experiment) -> StarCircuit:
    """The tutorial's circuit (MATHS section 1) in Qiskit.

    The parameters are half-turns; this is the one place where they become radians: RXX(π·t) is Cirq's
    XX**t up to a global phase.
    """
    from qiskit import QuantumCircuit, QuantumRegister
    from qiskit.circuit import Parameter

    n = experiment.pixels
    data = [QuantumRegister(1, pixel_name(k, experiment.grid)) for k in range(n)]
    circuit = QuantumCircuit(*data, QuantumRegister(1, READOUT), name="qnn")
    inputs = [Parameter(f"pixel_{pixel_name(k, experiment.grid)}") for k in range(n)]
    weights = [[Parameter(name) for name in layer] for layer in weight_names(experiment)]

    for k in range(n):
        circuit.rx(pi * inputs[k], k)
    circuit.x(n)
    circuit.h(n)
    for kind, layer in zip(experiment.layers, weights, strict=True):
        for k in range(n):
            LAYERS[kind].add_gate(circuit, pi * layer[k], k, n)
    circuit.h(n)
    return StarCircuit(circuit, inputs, [weight for layer in weights for weight in layer])


def as_text(experiment: Experiment) -> str:
    """The circuit as Qiskit draws it with letters, on lines as long as they need to be."""
    return str(build_circuit(experiment).circuit.draw("text", fold=-1))


def qasm3_of(experiment: Experiment) -> str:
    """OpenQASM 3 text of an Experiment's circuit, with its parameters as inputs."""
    return to_qasm3(build_circuit(experiment).circuit)


def to_qasm3(circuit: "QuantumCircuit") -> str:
    """OpenQASM 3 text of a circuit, bound or with its parameters as inputs."""
    from qiskit import qasm3

    return qasm3.dumps(circuit)
