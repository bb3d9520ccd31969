"""With several blocks the readout takes many paths at once, and every pair of paths adds one term to ⟨Z⟩.

    f(x) = Σ_{s,s'} C[s',s] ∏_k ⟨x_k| V_k(s')† V_k(s) |x_k⟩     (MATHS section 3)

Written here with 2×2 matrices, apart from the engine, so that each can check the other.
"""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.circuit import LAYERS, PAULIS
from qnn_core.engines.star import readout_pairs
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import merged_weights

MAX_FACTORS = 2**22
"""Paths × paths × data qubits: 64 MiB of factors."""


class HiddenCosines(NamedTuple):
    """A network on black and white pictures, f(x) = Σ_p size_p · cos(Σ_k turn_pk·z_k − phase_p), z = 1 − 2·pixel.

    size: (p,). turn: radians (p, n). phase: radians (p,).
    """

    size: Array
    turn: Array
    phase: Array

    def __call__(self, pixels: Array) -> Array:
        """f of images (m, n) of zeros and ones, (m,)."""
        return np.cos((1 - 2 * pixels) @ self.turn.T - self.phase) @ self.size


class Term(NamedTuple):
    """One pair of paths and what it adds to f. bra, ket: the signs that each path takes, such as "+−"."""

    bra: str
    ket: str
    value: float


def path_unitaries(kinds: tuple[str, ...], angles: Array) -> Complex:
    """V_k(s) = ∏_l exp(−i·s_l·θ_lk·P_l/2) of every path: (paths, n, 2, 2). angles: radians (layers, n).

    Path number b takes sign −1 in layer l if bit l of b is 1.
    """
    unitaries = np.eye(2, dtype=complex)[None, None]
    for kind, angle in zip(kinds, angles, strict=True):
        pauli = PAULIS[LAYERS[kind].data]
        straight, sideways = np.cos(angle / 2)[:, None, None] * np.eye(2), np.sin(angle / 2)[:, None, None] * pauli
        unitaries = np.concatenate([(straight - sign * 1j * sideways) @ unitaries for sign in (1, -1)])
    return np.broadcast_to(unitaries, (len(unitaries), angles.shape[1], 2, 2))


def pair_factors(experiment: Experiment, weights: Array) -> tuple[Complex, Complex]:
    """C of every pair that counts, (p,), and ⟨x| V_k(s')†V_k(s) |x⟩ for x = 0 and 1, (p, n, 2).

    Raises InputError if the weights do not fit, or the layers have too many paths.
    """
    kinds, summed = merged_weights(experiment, weights)
    bra, ket, weight = readout_pairs(kinds)
    if len(weight) * experiment.pixels > MAX_FACTORS:
        raise InputError(f"{len(weight):,} pairs of paths are too many to list; use fewer layers or a smaller grid.")
    unitaries = path_unitaries(kinds, np.pi * summed)
    # Diagonal of V†V: sum over rows a of conj(V[a, x])·V[a, x]
    return weight, np.einsum("pkax,pkax->pkx", unitaries[bra].conj(), unitaries[ket])


def path_terms(experiment: Experiment, weights: Array, pixels: Array) -> list[Term]:
    """Every pair's share of f for one image (n,) of zeros and ones, the largest first; they sum to f.

    Conjugate pairs are listed as one. Raises InputError for grey images and what `pair_factors` refuses.
    """
    if pixels.shape != (experiment.pixels,) or not np.isin(pixels, (0, 1)).all():
        raise InputError(
            f"The image must be {experiment.pixels} zeros and ones; choose the black and white encoding."
        )
    weight, factors = pair_factors(experiment, weights)
    chosen = factors[:, np.arange(experiment.pixels), pixels.astype(int)]
    values = (weight * np.prod(chosen, axis=1)).real
    kinds, _ = merged_weights(experiment, weights)
    bra, ket, _ = readout_pairs(kinds)
    return [
        Term(signs(bra[p], len(kinds)), signs(ket[p], len(kinds)), float(values[p]))
        for p in np.argsort(-np.abs(values), kind="stable")
    ]


def hidden_cosines(experiment: Experiment, weights: Array) -> HiddenCosines:
    """Every pair of paths is one cosine neuron, as the factor for ink is the conjugate of that for paper.

    C·∏_k F_k(z_k) with F_k(±1) = ρ_k·exp(∓i·β_k) has the real part |C|·∏ρ_k · cos(Σ β_k·z_k − arg C).
    A pair and its mirror image are one cosine. Raises InputError as `pair_factors` does.
    """
    weight, factors = pair_factors(experiment, weights)
    paper = factors[:, :, 0]
    return HiddenCosines(np.abs(weight) * np.abs(paper).prod(axis=1), -np.angle(paper), np.angle(weight))


def signs(path: int, layers: int) -> str:
    """The signs that a path takes, layer by layer."""
    return "".join("−" if path >> layer & 1 else "+" for layer in range(layers))
