"""The circuit is a star, so its expectation value is a short sum of products over the data qubits.

The readout meets every data qubit, but the data qubits never meet each other. Fix the path the readout
takes through the layers, and what is left on each data qubit is a rotation of its own (MATHS section 3):

    f(x) = Σ_{s,s'} C[s',s] ∏_k ⟨ψ_k| V_k(s')† V_k(s) |ψ_k⟩

The cost is linear in the number of qubits. Rotations are unit quaternions q = (w, x, y, z), which stand
for w − i(xX + yY + zZ).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qnn_core.circuit import LAYERS
from qnn_core.engines.base import Array, Engine, Pullback, parameter_shift
from qnn_core.experiment import Experiment

Complex = NDArray[np.complex128]

PAULIS: dict[str, Complex] = {
    "X": np.array([[0, 1], [1, 0]], complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.array([[1, 0], [0, -1]], complex),
}
READOUT_START: Complex = np.array([1, -1]) / np.sqrt(2)
"""|−⟩, after X and H."""
READOUT_OBSERVABLE = PAULIS["X"]
"""H Z H: Z measured after the last H."""

MAX_MERGED_LAYERS = 10
MAX_FACTORS = 2**18
"""Most pairs × n that one image may cost; a step on 60 images then takes about half a second."""
SECONDS_PER_FACTOR = 3e-8
"""Of value and gradient, on one core."""
CHUNK = 2**16
"""Factors worked on at once (1 MiB, so that they stay in a processor's cache)."""
KEPT = 2**23
"""Factors kept between value and gradient (128 MiB); beyond that they are computed twice."""


class Pairs(NamedTuple):
    """The pairs of paths (s', s) that count: path numbers and twice the real weight C[s', s], each (p,).

    Path number b takes sign +1 in merged layer l if bit l of b is 0, else −1. Of each conjugate pair
    only one stays, with double weight, because f is real.
    """

    bra: NDArray[np.intp]
    ket: NDArray[np.intp]
    weight: Complex


def merge(layers: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Neighbouring layers of one kind commute, so they are one layer with the sum of their weights.

    Returns the merged kinds and, for each layer, the number of its merged layer.
    """
    groups = [(kind, len(list(group))) for kind, group in groupby(layers)]
    owner = np.repeat(np.arange(len(groups)), [size for _, size in groups])
    return tuple(kind for kind, _ in groups), owner


@lru_cache(maxsize=64)
def readout_pairs(merged: tuple[str, ...]) -> Pairs:
    """C[s',s] = ⟨−|Π_1…Π_L · X · Π_L…Π_1|−⟩ for every pair of paths, zeros dropped."""
    vectors = READOUT_START[None, :]
    for kind in merged:
        pauli = PAULIS[LAYERS[kind].pauli]
        # Π^± = (1 ± P)/2
        vectors = np.concatenate([vectors @ ((np.eye(2) + sign * pauli) / 2).T for sign in (1, -1)])
    overlaps = vectors.conj() @ READOUT_OBSERVABLE @ vectors.T
    bra, ket = np.nonzero(np.triu(np.abs(overlaps) > 1e-12))
    return Pairs(bra, ket, overlaps[bra, ket] * np.where(bra == ket, 1, 2))


def refusal(experiment: Experiment) -> str | None:
    """Why these layers and this grid would take too long, and what would fit."""
    merged, _ = merge(experiment.layers)
    if len(merged) > MAX_MERGED_LAYERS:
        advice = f"use fewer layers, or group those of one kind; {_what_fits(experiment)} fits"
        return (
            f"{len(merged)} alternating layers need up to 4^{len(merged)} pairs of paths; "
            f"the contraction engine stops at {MAX_MERGED_LAYERS} layers: {advice}."
        )
    factors = factor_count(experiment)
    if factors > MAX_FACTORS:
        advice = f"use fewer or grouped layers or a smaller grid; {_what_fits(experiment)} fits"
        return (
            f"{len(merged)} alternating layers on {experiment.grid}×{experiment.grid} pixels need {factors:,} "
            f"factors per image, about {factors * SECONDS_PER_FACTOR * 60:,.0f} s for a step on 60 images; "
            f"the contraction engine stops at {MAX_FACTORS:,}: {advice}."
        )
    return None


def _what_fits(experiment: Experiment) -> str:
    """The longest beginning of these layers that can be computed on this grid, and the largest grid for all."""
    merged, _ = merge(experiment.layers)
    largest = max(k for k in range(1, 1 + min(len(merged), MAX_MERGED_LAYERS)) if _fits(merged[:k], experiment.grid))
    words = f"{', '.join(merged[:largest])} on this grid"
    grids = [grid for grid in range(2, 29) if len(merged) <= MAX_MERGED_LAYERS and _fits(merged, grid)]
    return f"{words}, or all of them up to grid {grids[-1]}," if grids else words


def _fits(merged: tuple[str, ...], grid: int) -> bool:
    return len(readout_pairs(merged).bra) * grid**2 <= MAX_FACTORS


def factor_count(experiment: Experiment) -> int:
    """Pairs of paths × data qubits: the factors that one image costs."""
    merged, _ = merge(experiment.layers)
    return len(readout_pairs(merged).bra) * experiment.pixels


class ContractionEngine(Engine):
    """Expectation values and derivatives by contracting along the readout's paths, exact at any size."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        merged, self._owner = merge(experiment.layers)
        self._star = Star(merged, experiment.pixels)
        self._shifts = experiment.gradient == "parameter-shift"

    def _expectation(self, pixels: Array, weights: Array) -> Array:
        return self._star.expectation(bloch(pixels), self._angles(weights))

    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        if self._shifts:
            return (
                self._expectation(pixels, weights),
                parameter_shift(lambda shifted: self._expectation(pixels, shifted), weights),
            )
        values, jacobian = self._star.value_and_jacobian(bloch(pixels), self._angles(weights))
        return values, np.pi * jacobian[:, self._owner]

    def value_and_pullback(self, pixels: Array, weights: Array) -> tuple[Array, Pullback]:
        """As in Engine, without ever forming the derivatives of single images."""
        if self._shifts:
            return super().value_and_pullback(pixels, weights)
        values, pullback = self._star.value_and_pullback(bloch(pixels), self._angles(weights))
        return values, lambda upstream: np.pi * pullback(upstream)[self._owner]

    def _angles(self, weights: Array) -> Array:
        """Radians of the merged layers, (merged layers, n)."""
        merged = np.zeros((self._star.layers, weights.shape[1]))
        np.add.at(merged, self._owner, weights)
        return np.pi * merged


def bloch(pixels: Array) -> Array:
    """⟨Z⟩ and ⟨Y⟩ of each data qubit after RX(π·pixel), (2, n, m); ⟨X⟩ stays 0.

    For pixels that are all 0 or 1, ⟨Y⟩ is zero and left out: (1, n, m).
    """
    if ((pixels == 0) | (pixels == 1)).all():
        return 1 - 2 * pixels.T[None]
    return np.stack([np.cos(np.pi * pixels.T), -np.sin(np.pi * pixels.T)])


class Star:
    """The contraction itself, in radians, for merged layers.

    bloch: (1 or 2, n, m), ⟨Z⟩ and ⟨Y⟩ of the encoded data qubits. angles: radians (layers, n).
    """

    def __init__(self, merged: tuple[str, ...], n: int) -> None:
        self.layers = len(merged)
        self._axes = ["XYZ".index(LAYERS[kind].pauli) + 1 for kind in merged]
        self._pairs = readout_pairs(merged)
        self._n = n

    def expectation(self, bloch: Array, angles: Array) -> Array:
        """f of m images, (m,)."""
        values = np.zeros(bloch.shape[2])
        for weight, local, _ in self._local(angles, len(bloch), derivatives=False):
            for images in self._image_chunks(bloch, len(weight)):
                factors = _factors(local, bloch[:, :, images])
                values[images] += _value(weight, np.multiply.reduce(factors, axis=0))
        return values

    def value_and_jacobian(self, bloch: Array, angles: Array) -> tuple[Array, Array]:
        """f, (m,), and ∂f/∂angles, (m, layers, n)."""
        m = bloch.shape[2]
        values, jacobian = np.zeros(m), np.zeros((m, self.layers, self._n))
        for weight, slopes, images, product, others in self._sweep(bloch, angles):
            values[images] += _value(weight, product)
            weighted = others * weight[:, None]
            # ∂f/∂θ_lk = Re Σ_p C_p ∏_{j≠k} F_pj · (∂w_plk − i Σ_a r_ak ∂v_aplk)
            slope = np.einsum("kpm,lkp->mlk", weighted.real, slopes[:, 0])
            for axis, component in enumerate(bloch[:, :, images]):
                slope += np.einsum("kpm,lkp->mlk", weighted.imag * component[:, None], slopes[:, 1 + axis])
            jacobian[images] += slope
        return values, jacobian

    def value_and_pullback(self, bloch: Array, angles: Array) -> tuple[Array, Pullback]:
        """f, (m,), and the map from ∂loss/∂f, (m,), to ∂loss/∂angles, (layers, n)."""
        m = bloch.shape[2]
        if self._n * len(self._pairs.weight) * m <= KEPT:
            sweep = list(self._sweep(bloch, angles))
            values = np.zeros(m)
            for weight, _, images, product, _ in sweep:
                values[images] += _value(weight, product)
        else:
            sweep = []
            values = self.expectation(bloch, angles)

        def pullback(upstream: Array) -> Array:
            gradient = np.zeros((self.layers, self._n))
            for weight, slopes, images, _, others in sweep or self._sweep(bloch, angles):
                u = upstream[images]
                columns = np.empty((self._n, len(u), 1 + len(bloch)), complex)
                columns[:, :, 0] = u
                columns[:, :, 1:] = (bloch[:, :, images] * u).transpose(1, 2, 0)
                sums = (others @ columns) * weight[:, None]  # (n, p, 1 + axes)
                gradient += np.einsum("lkp,kp->lk", slopes[:, 0], sums.real[:, :, 0])
                gradient += np.einsum("lakp,kpa->lk", slopes[:, 1:], sums.imag[:, :, 1:])
            return gradient

        return values, pullback

    def _sweep(self, bloch: Array, angles: Array) -> Iterator[tuple[Complex, Array, slice, Complex, Complex]]:
        """Chunk by chunk of pairs and images: C, derivatives, which images, and the products of factors."""
        for weight, local, slopes in self._local(angles, len(bloch), derivatives=True):
            for images in self._image_chunks(bloch, len(weight)):
                yield weight, slopes, images, *_products(_factors(local, bloch[:, :, images]))

    def _local(self, angles: Array, axes: int, *, derivatives: bool) -> Iterator[tuple[Complex, Array, Array]]:
        """For each chunk of pairs: C (p,), the parts of V_k(s')†V_k(s) and their derivatives by angle.

        Parts are w and then as many of z, y as the encoding needs: (1 + axes, n, p). Derivatives have the
        layer in front: (layers, 1 + axes, n, p).
        """
        paths = _path_rotations(self._axes, angles, derivatives=derivatives)
        bra, ket, weight = self._pairs
        size = max(1, CHUNK // (self._n * 64))
        for begin in range(0, len(weight), size):
            chunk = slice(begin, begin + size)
            left, right = paths[..., bra[chunk]], paths[..., ket[chunk]]
            local = _relative(left, right[:1], axes)
            if derivatives:
                local[1:] += _relative(left[:1], right[1:], axes)
            yield weight[chunk], local[0], local[1:]

    def _image_chunks(self, bloch: Array, pairs: int) -> Iterator[slice]:
        size = max(1, CHUNK // (self._n * pairs))
        for begin in range(0, bloch.shape[2], size):
            yield slice(begin, begin + size)


# J_P of each axis: the quaternion product P·q as a signed permutation of q's parts (w, x, y, z).
_PERMUTATION = {1: [1, 0, 3, 2], 2: [2, 3, 0, 1], 3: [3, 2, 1, 0]}
_SIGN = {
    axis: np.array(signs, float)[:, None, None]
    for axis, signs in {1: [-1, 1, -1, 1], 2: [-1, 1, 1, -1], 3: [-1, -1, 1, 1]}.items()
}


def _path_rotations(axes: Sequence[int], angles: Array, *, derivatives: bool) -> Array:
    """V_k(s) of every path, and below it ∂V/∂θ_l for each layer: (1 or 1 + layers, 4, n, paths).

    V(s) = ∏_l exp(−i·s_l·θ_l·P_l/2), later layers on the left.
    """
    layers, n = angles.shape
    cosine, sine = np.cos(angles / 2)[..., None], np.sin(angles / 2)[..., None]
    stack = np.zeros((1 + layers if derivatives else 1, 4, n, 1))
    stack[0, 0] = 1
    for layer, axis in enumerate(axes):
        turned = stack[:, _PERMUTATION[axis]] * _SIGN[axis]
        half = stack.shape[-1]
        grown = np.empty((*stack.shape[:-1], 2 * half))
        straight, sideways = cosine[layer] * stack, sine[layer] * turned
        np.add(straight, sideways, out=grown[..., :half])
        np.subtract(straight, sideways, out=grown[..., half:])
        if derivatives:
            # J² = −1, so ∂/∂θ (cos(θ/2) ± sin(θ/2) J) is ±J/2 times the same
            turned = grown[0, _PERMUTATION[axis]] * (_SIGN[axis] / 2)
            grown[1 + layer, ..., :half] = turned[..., :half]
            np.negative(turned[..., half:], out=grown[1 + layer, ..., half:])
        stack = grown
    return stack


def _relative(bra: Array, ket: Array, axes: int) -> Array:
    """Parts w, z and, with two axes, y of the rotations bra†·ket: (…, 4, n, p) → (…, 1 + axes, n, p)."""
    w1, x1, y1, z1 = bra.swapaxes(0, 1)
    w2, x2, y2, z2 = ket.swapaxes(0, 1)
    parts = np.empty((max(len(bra), len(ket)), 1 + axes, *bra.shape[2:]))
    parts[:, 0] = w1 * w2 + x1 * x2 + y1 * y2 + z1 * z2
    parts[:, 1] = w1 * z2 - w2 * z1 - x1 * y2 + y1 * x2
    if axes == 2:
        parts[:, 2] = w1 * y2 - w2 * y1 - z1 * x2 + x1 * z2
    return parts


def _factors(local: Array, bloch: Array) -> Complex:
    """⟨ψ_k|bra†·ket|ψ_k⟩ = w − i·r·v for each data qubit, pair and image: (n, p, m)."""
    factors = np.empty((*local.shape[1:], bloch.shape[2]), complex)
    factors.real = local[0][..., None]
    np.multiply(local[1][..., None], -bloch[0][:, None], out=factors.imag)
    if len(bloch) == 2:
        factors.imag -= local[2][..., None] * bloch[1][:, None]
    return factors


def _value(weight: Complex, product: Complex) -> Array:
    """Re Σ_p C_p ∏_k F_pk."""
    return (weight @ product).real


def _products(factors: Complex) -> tuple[Complex, Complex]:
    """The product over k, (p, m), and for each k the product of all the others, (n, p, m).

    A tree halves the list on the way up and hands each half its sibling's product on the way down, so
    nothing is ever divided: a factor may be 0.
    """
    levels = [factors]
    while len(levels[-1]) > 1:
        level = levels[-1]
        half = len(level) // 2
        above = np.empty((len(level) - half, *level.shape[1:]), complex)
        np.multiply(level[:half], level[half : 2 * half], out=above[:half])
        above[half:] = level[2 * half :]
        levels.append(above)
    others = np.ones_like(levels[-1])
    for level in reversed(levels[:-1]):
        half = len(level) // 2
        below = np.empty_like(level)
        np.multiply(others[:half], level[half : 2 * half], out=below[:half])
        np.multiply(others[:half], level[:half], out=below[half : 2 * half])
        below[2 * half :] = others[half:]
        others = below
    return levels[-1][0], others
