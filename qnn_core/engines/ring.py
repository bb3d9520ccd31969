"""In a star the data qubits never meet one another; a ring of gates lets neighbours meet, and the shortcut is gone.

The network is the lesson's own (MATHS section 1) with, after each layer, one more gate between every data qubit and
the next, round and round: exp(−i·π·t·P⊗P/2). One list of gates says what it is; the statevector here, the contraction
and Aer all take that list (MATHS section 7).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.circuit import LAYERS, MEASURED, PAULIS, merge
from qnn_core.engines.star import READOUT_START, Star, bloch
from qnn_core.errors import InputError, quoted
from qnn_core.families import Family, Part
from qnn_core.streams import Stream, generator

LEAST_RING = 3
"""Two qubits are each other's neighbours on both sides, and would meet twice."""
MOST_DATA = 16
"""Data qubits whose statevector is computed here: 17 qubits are 2 MiB."""
MOST_LAYERS = 8


@dataclass(frozen=True)
class Ring(Part):
    """What stands between neighbouring data qubits. gate: "XX" or "ZZ", or None for nothing."""

    gate: str | None


RINGS: Family[Ring] = Family(
    "ring",
    Ring("none", "No ring", "The lesson's star: data qubits meet only the readout.", None),
    Ring("ZZ", "ZZ ring", "A ZZ gate between each data qubit and the next.", "ZZ"),
    Ring("XX", "XX ring", "An XX gate between each data qubit and the next.", "XX"),
)


class Gate(NamedTuple):
    """exp(−i·π·turns·P⊗Q/2) on two qubits. kind: both Paulis, such as "XX". turns: half-turns."""

    kind: str
    first: int
    second: int
    turns: float


@dataclass(frozen=True)
class RingNetwork:
    """A star of data qubits around a readout, with a ring after each layer, at random weights.

    data: the number of data qubits; the readout is the one after them. layers: kinds of the ansatz layers, in
    circuit order. ring: a name in RINGS. seed: gives a random black and white picture and uniform random weights;
    those of the star do not depend on the ring. Raises InputError if there are too few data qubits or too many
    layers for it.
    """

    data: int
    layers: tuple[str, ...]
    ring: str = "none"
    seed: int = 0

    def __post_init__(self) -> None:
        if RINGS[self.ring].gate and self.data < LEAST_RING:
            raise InputError(
                f"A ring needs at least {LEAST_RING} data qubits, not {self.data}; choose more, or no ring."
            )
        if self.data < 2:
            raise InputError(f"A network of {quoted(self.data)} data qubits has no two halves; choose at least 2.")
        if not 1 <= len(self.layers) <= MOST_LAYERS:
            raise InputError(f"This network has {len(self.layers)} layers; choose 1 to {MOST_LAYERS}.")
        for kind in self.layers:
            LAYERS[kind]

    @property
    def readout(self) -> int:
        """The number of the readout qubit."""
        return self.data

    @cached_property
    def _numbers(self) -> tuple[Array, Array, Array]:
        rng = generator(self.seed, Stream.RING, self.data)
        pixels = rng.integers(0, 2, self.data).astype(float)
        # Layer by layer, so that a longer network begins as a shorter one does.
        turns = np.stack([rng.uniform(-1, 1, (2, self.data)) for _ in self.layers])
        return pixels, turns[:, 0], turns[:, 1]

    @property
    def pixels(self) -> Array:
        """The picture: zeros and ones, (n,)."""
        return self._numbers[0]

    @property
    def weights(self) -> Array:
        """Of the star, in half-turns (layers, n)."""
        return self._numbers[1]

    @property
    def gates(self) -> list[list[Gate]]:
        """The gates of each layer: first the star's, then the ring's."""
        return [self._star_gates(layer) + self._ring_gates(layer) for layer in range(len(self.layers))]

    def _star_gates(self, layer: int) -> list[Gate]:
        turns = self.weights[layer]
        return [Gate(self.layers[layer], k, self.readout, float(turns[k])) for k in range(self.data)]

    def _ring_gates(self, layer: int) -> list[Gate]:
        kind = RINGS[self.ring].gate
        turns = self._numbers[2][layer]
        return [Gate(kind, k, (k + 1) % self.data, float(turns[k])) for k in range(self.data)] if kind else []


def alternating(layers: Sequence[str], length: int) -> tuple[str, ...]:
    """So many layers that repeat the given ones, neighbours of one kind taken once: XX, ZZ, XX, ZZ …"""
    kinds = [kind for kind, _ in groupby(layers)]
    return tuple(kinds[layer % len(kinds)] for layer in range(length))


def contraction(network: RingNetwork) -> float:
    """⟨Z⟩ of the readout without the state, as the lesson's engine has it (MATHS section 3).

    Raises InputError if data qubits meet one another: then a path of the readout does not leave each of them a
    rotation of its own.
    """
    for gate in (gate for layer in network.gates for gate in layer):
        if network.readout not in {gate.first, gate.second}:
            raise InputError(
                f"Data qubits {gate.first} and {gate.second} meet in a gate of their own, but the contraction takes "
                "each data qubit alone with the readout; take the ring away, or simulate the whole state."
            )
    merged, owner = merge(network.layers)
    begins = np.unique(owner, return_index=True)[1]
    angles = np.pi * np.add.reduceat(network.weights, begins, axis=0)
    return float(Star(merged, network.data).expectation(bloch(network.pixels[None]), angles)[0])


def states(network: RingNetwork) -> Iterator[Complex]:
    """The state before the first layer and after each, amplitude by amplitude: (2^n, 2), data qubits and readout.

    Data qubit 0 is the first bit of a row's number. Raises InputError if there are more than MOST_DATA data qubits.
    """
    if network.data > MOST_DATA:
        raise InputError(
            f"A state of {network.data} data qubits has 2^{network.data + 1} amplitudes; choose at most {MOST_DATA}."
        )
    state = np.zeros((2**network.data, 2), complex)
    state[int(network.pixels @ 2 ** np.arange(network.data - 1, -1, -1))] = READOUT_START
    yield state
    for layer in network.gates:
        for gate in layer:
            state = turned(state, gate, network.data + 1)
        yield state


def turned(state: Complex, gate: Gate, qubits: int) -> Complex:
    """cos(θ/2)·state − i·sin(θ/2)·(P⊗Q)·state, θ = π·turns. Any shape with 2^qubits amplitudes, which is kept."""
    (low, one), (high, other) = sorted(zip((gate.first, gate.second), gate.kind, strict=True))
    split = state.reshape(2**low, 2, 2 ** (high - low - 1), 2, 2 ** (qubits - high - 1))
    rows, one_factor = _PAULI_ROWS[one]
    columns, other_factor = _PAULI_ROWS[other]
    factor = -1j * np.sin(np.pi * gate.turns / 2) * one_factor[:, None, None, None] * other_factor[:, None]
    result = np.cos(np.pi * gate.turns / 2) * split
    result += factor * split[:, rows][:, :, :, columns]
    return result.reshape(state.shape)


def _rows(pauli: Complex) -> tuple[slice, Complex]:
    """P|ψ⟩ as an order in which amplitudes are taken, and what each is multiplied by, (2,)."""
    flips = bool(pauli[0, 0] == 0)
    return slice(None, None, -1 if flips else 1), pauli.sum(axis=1)


_PAULI_ROWS = {name: _rows(pauli) for name, pauli in PAULIS.items()}


def expectation(state: Complex) -> float:
    """⟨Z⟩ of the readout after the last H, from the state (2^n, 2) before it."""
    # Z after H is X before it
    return float(np.vdot(state, state @ PAULIS[MEASURED].T).real)
