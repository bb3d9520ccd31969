"""One qubit, one pixel uploaded L times: what it says is a Fourier series with frequencies 0 … L.

    f(x) = ⟨0|U†ZU|0⟩,    U = W_L·RX(π·x)·W_{L−1} … RX(π·x)·W_0,    W = RZ·RY·RZ

Every upload has phases e^{±iπx/2}, so f, a product of two such chains, has cos and sin of π·k·x with k = 0 … L only
(Schuld, Sweke and Meyer, arXiv 2008.08605; MATHS section 10). What is between the uploads decides how much of each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.circuit import PAULIS
from qnn_core.errors import InputError, quoted
from qnn_core.families import Family, Part
from qnn_core.streams import Stream, generator

MOST_UPLOADS = 8
SAMPLES = 64
"""Grey values in one period, at which the circuit is fitted."""
STARTS = 4
"""Random beginnings of the fit; the best end counts."""
BETWEEN = "ZYZ"
"""The rotations between two uploads."""


@dataclass(frozen=True)
class Target(Part):
    """What one qubit is to learn. values(x): of greys x in [−1, 1], in [−1, 1].

    A grey is from 0 to 1; the circuit comes round after 2, so what is below 0 is given the mirror image to learn.
    """

    values: Callable[[Array], Array]


TARGETS: Family[Target] = Family(
    "target",
    Target("dark", "Is it dark?", "+1 where the pixel is more ink than paper.", lambda x: np.sign(np.abs(x) - 0.5)),
    Target(
        "middle", "Is it grey?", "+1 for a grey in the middle.", lambda x: np.sign(0.125 - np.abs(np.abs(x) - 0.5))
    ),
    Target("how_dark", "How dark is it?", "Straight from −1 for paper to +1 for ink.", lambda x: 2 * np.abs(x) - 1),
)


class Fit(NamedTuple):
    """A fitted circuit. angles: radians (L + 1, 3). error: mean square over the period.

    bound: the least that any sum of frequencies 0 … L leaves, so also any circuit with L uploads.
    """

    angles: Array
    error: float
    bound: float


def grey_values(count: int = SAMPLES) -> Array:
    """So many places in [−1, 1), none of them on a step of a target, (count,)."""
    return -1 + (2 * np.arange(count) + 1) / count


def upload(angles: Array, x: Array) -> Array:
    """f(x) for angles in radians (L + 1, 3) and grey values x (m,): (m,) in [−1, 1]."""
    return _expectation(_states(angles, x)[-1])


def upload_and_slopes(angles: Array, x: Array) -> tuple[Array, Array]:
    """f(x), (m,), and its derivative by every angle, (m, 3·(L + 1)).

    From the end backwards: with χ = Z·ψ taken back to just after a gate exp(−i·θ·P/2), ∂f/∂θ = Im⟨χ|P|ψ⟩.
    """
    states = _states(angles, x)
    value, back = _expectation(states[-1]), states[-1] * _Z
    slopes: list[Array] = []
    for (pauli, angle, trained), state in zip(reversed(_gates(angles, x)), reversed(states[1:]), strict=True):
        if trained:
            slopes.append(np.einsum("mi,ij,mj->m", back.conj(), PAULIS[pauli], state).imag)
        back = _turn(back, pauli, -angle)
    return value, np.stack(slopes[::-1], axis=1)


_Z = np.array([1, -1])


def _gates(angles: Array, x: Array) -> list[tuple[str, Array, bool]]:
    """Pauli, angle in radians (m,), and whether it is trained, of every gate in circuit order."""
    gates = []
    for number, between in enumerate(angles):
        if number:
            gates.append(("X", np.pi * x, False))
        gates += [(pauli, np.full_like(x, angle), True) for pauli, angle in zip(BETWEEN, between, strict=True)]
    return gates


def _states(angles: Array, x: Array) -> list[Complex]:
    """The qubit before the first gate and after each, (m, 2)."""
    states = [np.tile(np.array([1, 0], complex), (len(x), 1))]
    for pauli, angle, _ in _gates(angles, x):
        states.append(_turn(states[-1], pauli, angle))
    return states


def _turn(state: Complex, pauli: str, angle: Array) -> Complex:
    """exp(−i·angle·P/2) on each state, (m, 2)."""
    half = angle[:, None] / 2
    return np.asarray(np.cos(half) * state - 1j * np.sin(half) * (state @ PAULIS[pauli].T))


def _expectation(state: Complex) -> Array:
    return np.asarray((np.abs(state) ** 2) @ _Z)


def spectrum(values: Array) -> Array:
    """How much of each frequency k there is, √(a_k² + b_k²) of a_k·cos πkx + b_k·sin πkx: (count // 2 + 1,).

    values: at `grey_values(count)`.
    """
    size = np.abs(np.fft.rfft(values)) / len(values)
    size[1 : (len(values) + 1) // 2] *= 2
    return size


def best_series(values: Array, uploads: int) -> Array:
    """The nearest sum of frequencies 0 … L, in the mean square, at the same places. values: at `grey_values`."""
    parts = np.fft.rfft(values)
    parts[uploads + 1 :] = 0
    return np.fft.irfft(parts, len(values))


def fit(target: str, uploads: int, seed: int = 0) -> Fit:
    """Least squares (Levenberg and Marquardt) from some random beginnings. Raises InputError if L is out of range."""
    from scipy.optimize import least_squares

    if not 1 <= uploads <= MOST_UPLOADS:
        raise InputError(f"{quoted(uploads)} uploads are too few or too many; choose 1 to {MOST_UPLOADS}.")
    x = grey_values()
    wanted = TARGETS[target].values(x)
    rng, shape = generator(seed, Stream.UPLOADS, uploads), (uploads + 1, len(BETWEEN))
    ends = [
        least_squares(
            lambda angles: upload(angles.reshape(shape), x) - wanted,
            rng.uniform(-np.pi, np.pi, shape).ravel(),
            lambda angles: upload_and_slopes(angles.reshape(shape), x)[1],
            max_nfev=60,
        )
        for _ in range(STARTS)
    ]
    best = min(ends, key=lambda end: end.cost)
    bound = float(np.mean((best_series(wanted, uploads) - wanted) ** 2))
    return Fit(best.x.reshape(shape), float(2 * best.cost / len(x)), bound)
