"""A channel is what goes wrong after a gate, twice: as a matrix on Pauli expectation values, and as Qiskit has it.

The two versions share nothing, so that each can find the other wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qnn_core.arrays import Array
from qnn_core.families import Family, Part

if TYPE_CHECKING:
    from qiskit_aer.noise import QuantumError


@dataclass(frozen=True)
class Channel(Part):
    """What happens to the two qubits of a gate, for a strength p in [0, 1].

    pauli(p): what becomes of ⟨P_a P_b⟩, (16, 16), index 4·a + b with I, X, Y, Z = 0 … 3; a is the data qubit.
    qiskit(p): Qiskit's own error on two qubits.
    shrink(p): by how much a Pauli that is not the identity shrinks, if all 15 do alike; None if they do not.
    """

    pauli: Callable[[float], Array]
    qiskit: "Callable[[float], QuantumError]"
    shrink: Callable[[float], float] | None = None


def _kept(p: float) -> float:
    # Each of the 15 Pauli errors with probability p/15; 8 of them flip the sign of any one Pauli.
    return 1 - 16 * p / 15


def _depolarising(p: float) -> Array:
    return np.diag([1.0] + 15 * [_kept(p)])


def _damping(p: float) -> Array:
    across = np.sqrt(1 - p)
    one = np.diag([1.0, across, across, 1 - p])
    one[3, 0] = p  # ⟨Z⟩ → p + (1 − p)⟨Z⟩: the qubit falls to |0⟩
    return np.kron(one, one).astype(float)


def _dephasing(p: float) -> Array:
    one = np.diag([1.0, 1 - 2 * p, 1 - 2 * p, 1.0])
    return np.kron(one, one).astype(float)


def _qiskit_depolarising(p: float) -> "QuantumError":
    from qiskit_aer.noise import depolarizing_error

    return depolarizing_error(16 * p / 15, 2)


def _qiskit_damping(p: float) -> "QuantumError":
    from qiskit_aer.noise import amplitude_damping_error

    return amplitude_damping_error(p).expand(amplitude_damping_error(p))


def _qiskit_dephasing(p: float) -> "QuantumError":
    from qiskit_aer.noise import pauli_error

    flip = pauli_error([("Z", p), ("I", 1 - p)])
    return flip.expand(flip)


CHANNELS: Family[Channel] = Family(
    "channel",
    Channel(
        "depolarising",
        "Depolarising",
        "With probability p one of the 15 Pauli errors, each as likely, hits the gate's two qubits.",
        _depolarising,
        _qiskit_depolarising,
        shrink=_kept,
    ),
    Channel(
        "amplitude-damping",
        "Amplitude damping",
        "With probability p each of the two qubits, if it is 1, falls to 0: energy is lost.",
        _damping,
        _qiskit_damping,
    ),
    Channel(
        "dephasing",
        "Dephasing",
        "With probability p each of the two qubits gets a Z: its phase flips, 0 and 1 stay.",
        _dephasing,
        _qiskit_dephasing,
    ),
)
