"""The circuit is a star, so its expectation value is a short sum of products over the data qubits.

The readout meets every data qubit, but the data qubits never meet each other. Fix the path the readout
takes through the layers, and what is left on each data qubit is a rotation of its own (MATHS section 3):

    f(x) = Σ_{s,s'} C[s',s] ∏_k ⟨ψ_k| V_k(s')† V_k(s) |ψ_k⟩

The cost is linear in the number of qubits. On black and white pictures every pair of paths is one cosine
of a weighted sum of the pixels, so the whole network is a sum of cosines.
"""

from functools import lru_cache, reduce
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex, Integers
from qnn_core.circuit import LAYERS, MEASURED, PAULIS
from qnn_core.engines.base import Pullback
from qnn_core.engines.data_qubits import overlaps, overlaps_derivative, overlaps_pullback, path_states
from qnn_core.engines.terms import Cosines, Look, Products, Slope, Terms

READOUT_START: Complex = np.array([1, -1]) / np.sqrt(2)
"""|−⟩, after X and H."""
READOUT_OBSERVABLE = PAULIS[MEASURED]
"""H Z H: Z measured after the last H."""

MAX_MERGED_LAYERS = 10
"""Most layers, after neighbours of one kind are merged: they have 2^10 paths, and up to 4^10 pairs of them."""
MAX_FACTORS = 2**18
"""Most pairs × n that one image may cost; a step on 60 grey images then takes about a second."""
MOST_KEPT = 2**23
"""The terms of all images are kept from the value to the gradient if they are at most so many numbers (128 MiB).

Larger ones are computed a second time, piece by piece.
"""


class Pairs(NamedTuple):
    """The pairs of paths (s', s) that count: path numbers and twice the real weight C[s', s], each (p,).

    Path number b takes sign +1 in merged layer l if bit l of b is 0, else −1. Of each conjugate pair
    only one stays, with double weight, because f is real.
    """

    bra: Integers
    ket: Integers
    weight: Complex


@lru_cache(maxsize=64)
def readout_vectors(merged: tuple[str, ...]) -> Complex:
    """What is left of the readout's |−⟩ on every path, Π^{s_L} … Π^{s_1}|−⟩: (paths, 2)."""
    vectors = READOUT_START[None, :]
    for kind in merged:
        pauli = PAULIS[LAYERS[kind].readout]
        # Π^± = (1 ± P)/2
        vectors = np.concatenate([vectors @ ((np.eye(2) + sign * pauli) / 2).T for sign in (1, -1)])
    return vectors


@lru_cache(maxsize=64)
def readout_pairs(merged: tuple[str, ...]) -> Pairs:
    """C[s',s] = ⟨−|Π_1…Π_L · X · Π_L…Π_1|−⟩ for every pair of paths, zeros dropped."""
    vectors = readout_vectors(merged)
    overlaps = vectors.conj() @ READOUT_OBSERVABLE @ vectors.T
    bra, ket = np.nonzero(np.triu(np.abs(overlaps) > 1e-12))
    return Pairs(bra, ket, overlaps[bra, ket] * np.where(bra == ket, 1, 2))


def bloch(pixels: Array) -> Array:
    """⟨Z⟩ and ⟨Y⟩ of each data qubit after RX(π·pixel), (2, n, m); ⟨X⟩ stays 0.

    For pixels that are all 0 or 1, ⟨Y⟩ is zero and left out: (1, n, m).
    """
    if (pixels * pixels == pixels).all():
        return 1 - 2 * pixels.T[None]
    return np.stack([np.cos(np.pi * pixels.T), -np.sin(np.pi * pixels.T)])


class Star:
    """The contraction itself, in radians, for merged layers.

    bloch: (1 or 2, n, m), ⟨Z⟩ and ⟨Y⟩ of the encoded data qubits. angles: radians (layers, n).
    """

    def __init__(self, merged: tuple[str, ...], n: int) -> None:
        self.layers = len(merged)
        self._paulis = [LAYERS[kind].data for kind in merged]
        self._pairs = readout_pairs(merged)
        self._amplitude, self._phase = np.abs(self._pairs.weight), np.angle(self._pairs.weight)
        self._n = n
        # Where each path stands among all bras and then all kets.
        path = np.concatenate([self._pairs.bra, self._pairs.ket])
        self._order = np.argsort(path, kind="stable")
        self._used, self._begin = np.unique(path[self._order], return_index=True)

    def expectation(self, bloch: Array, angles: Array) -> Array:
        """f of m images, (m,)."""
        terms = self._terms(*self._bra_and_ket(path_states(self._paulis, angles)[0]), len(bloch))
        values = np.empty(bloch.shape[2])
        for images in terms.chunks(len(values)):
            values[images] = terms.value(terms.look(bloch[:, :, images]))
        return values

    def value_and_jacobian(self, bloch: Array, angles: Array) -> tuple[Array, Array]:
        """f, (m,), and ∂f/∂angles, (m, layers, n)."""
        states = path_states(self._paulis, angles, derivatives=True)
        bra, ket = self._bra_and_ket(states[0])
        terms = self._terms(bra, ket, len(bloch))
        turned = overlaps_derivative(bra, ket, *self._bra_and_ket(states[1:]), grey=len(bloch) == 2)
        values, jacobian = np.empty(bloch.shape[2]), np.empty((bloch.shape[2], self.layers, self._n))
        for images in terms.chunks(len(values)):
            look = terms.look(bloch[:, :, images])
            values[images] = terms.value(look)
            jacobian[images] = terms.jacobian(look, bloch[:, :, images], *turned)
        return values, jacobian

    def value_and_pullback(self, bloch: Array, angles: Array) -> tuple[Array, Pullback]:
        """f, (m,), and the map from ∂loss/∂f, (m,), to ∂loss/∂angles, (layers, n)."""
        states = path_states(self._paulis, angles, derivatives=True)
        bra, ket = self._bra_and_ket(states[0])
        terms = self._terms(bra, ket, len(bloch))
        values, looks = np.empty(bloch.shape[2]), list[tuple[slice, Look]]()
        keep = terms.size * len(values) <= MOST_KEPT
        for images in terms.chunks(len(values)):
            look = terms.look(bloch[:, :, images])
            values[images] = terms.value(look)
            if keep:
                looks.append((images, look))

        def pullback(upstream: Array) -> Array:
            again = ((images, terms.look(bloch[:, :, images])) for images in terms.chunks(len(values)))
            slopes = (
                terms.slope(look, bloch[:, :, images], upstream[images])
                for images, look in (looks if keep else again)
            )
            by_pair = overlaps_pullback(bra, ket, *reduce(Slope.__add__, slopes))
            by_path = np.add.reduceat(by_pair.take(self._order, axis=-1), self._begin, axis=-1)
            turned = states[1:].take(self._used, axis=-1)
            # Re(g*·dz) is the scalar product of the real and imaginary parts
            return np.einsum("ckp,lckp->lk", by_path.view(float), turned.view(float))

        return values, pullback

    def _bra_and_ket(self, states: Complex) -> tuple[Complex, Complex]:
        """States or derivatives (…, 2, n, paths) of both paths of each pair, (…, 2, n, p) twice."""
        return states.take(self._pairs.bra, axis=-1), states.take(self._pairs.ket, axis=-1)

    def _terms(self, bra: Complex, ket: Complex, axes: int) -> Terms:
        along, across = overlaps(bra, ket, grey=axes == 2)
        if across is None:
            return Cosines(along, self._amplitude, self._phase)
        return Products(along, across, self._pairs.weight)
