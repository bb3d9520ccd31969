"""Every pair of the readout's paths adds one term to ⟨Z⟩: on black and white pictures, a cosine.

    f(x) = Re Σ_p C_p ∏_k (w_pk − i·r_k·v_pk)

with r_k the Bloch vector (⟨Z⟩, ⟨Y⟩) of data qubit k after the encoding, and w, v the parts of the rotation
that lies between the two paths of pair p (MATHS section 3).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from qnn_core.arrays import Array, Complex

Numbers = TypeVar("Numbers", Array, Complex)
Look = tuple[NDArray[Any], ...]
"""What the terms are for some images: the arrays, different for cosines and products, that value and slope share."""

CHUNK = 2**16
"""Numbers worked on at once (1 MiB if complex, so that they stay in a processor's cache)."""


class Slope(NamedTuple):
    """How the loss changes with the rotation that lies between two paths, for each data qubit and pair of paths.

    Such a rotation is w − i·(v_x X + v_y Y + v_z Z).
    along: its real part is the slope by w, its imaginary part the slope by v_z, (n, p).
    across: the slope by v_y, (n, p), or None for black and white pictures, which never ask for v_y.
    """

    along: Complex
    across: Array | None = None

    def __add__(self, other: "Slope") -> "Slope":  # type: ignore[override]
        """The slopes of two sets of images together."""
        across = None if self.across is None or other.across is None else self.across + other.across
        return Slope(self.along + other.along, across)


class Terms(ABC):
    """The terms of all pairs of paths. size: numbers that `look` keeps for one image."""

    size: int

    def chunks(self, images: int) -> Iterator[slice]:
        """So many images in pieces of about CHUNK numbers."""
        step = max(1, CHUNK // self.size)
        return (slice(begin, begin + step) for begin in range(0, images, step))

    @abstractmethod
    def look(self, bloch: Array) -> Look:
        """Evaluate the terms for images (axes, n, m)."""

    @abstractmethod
    def value(self, look: Look) -> Array:
        """f, (m,)."""

    @abstractmethod
    def slope(self, look: Look, bloch: Array, upstream: Array) -> Slope:
        """How the loss changes with the rotations, if it changes with each image's f by upstream, (m,)."""

    @abstractmethod
    def jacobian(self, look: Look, bloch: Array, along: Complex, across: Array | None) -> Array:
        """∂f/∂angles of each image, (m, layers, n), from the derivatives of along and across, (layers, n, p)."""


class Cosines(Terms):
    """Black and white pictures have r_z = z = ±1, so w − i·z·v_z = ρ·exp(−i·β·z), and each pair is a cosine:

        f(x) = Σ_p |C_p| ρ_p cos(Σ_k β_pk z_k − arg C_p),   ρ_p = ∏_k ρ_pk

    The closed form of one block (MATHS section 2) is the case of a single pair.
    along: w − i·v_z of each data qubit and pair, (n, p). amplitude, phase: |C| and arg C, (p,) each.
    """

    def __init__(self, along: Complex, amplitude: Array, phase: Array) -> None:
        self._turn, self._phase = np.arctan2(-along.imag, along.real), phase[:, None]
        length = np.abs(along)
        # |C_p| times the lengths of all data qubits but k; nothing is ever divided, as a length may be 0.
        self._others = other_products(length) * amplitude
        self._amplitude = self._others[0] * length[0]
        self.size = len(amplitude)

    def look(self, bloch: Array) -> Look:
        """The argument of each cosine, and the cosine: (p, m) twice."""
        argument = self._turn.T @ bloch[0] - self._phase
        return argument, np.cos(argument)

    def value(self, look: Look) -> Array:
        """f, (m,)."""
        return self._amplitude @ look[1]

    def slope(self, look: Look, bloch: Array, upstream: Array) -> Slope:
        """From the slopes by ρ and, divided by ρ, by β."""
        argument, cosine = look
        slope: Complex = np.empty(self._others.shape, complex)
        slope.real = cosine @ upstream
        slope.imag = -(bloch[0] * upstream) @ np.sin(argument).T
        # d(w − i·v) = exp(−iβ)·(dρ − iρ·dβ)
        slope *= np.exp(1j * self._turn) * self._others
        return Slope(slope)

    def jacobian(self, look: Look, bloch: Array, along: Complex, across: Array | None) -> Array:
        """Each image's own slope, (cos − i·z·sin)·exp(iβ)·(others), times the derivative."""
        argument, cosine = look
        turned = (np.exp(1j * self._turn) * self._others * along).transpose(2, 0, 1)  # (p, layers, n)
        z = bloch[0].T[:, None]
        return np.tensordot(cosine.T, turned.real, 1) + z * np.tensordot(np.sin(argument).T, turned.imag, 1)


def other_products(factors: Numbers) -> Numbers:
    """For each row the product of all others, (n, …)."""
    others = np.ones_like(factors)
    np.multiply.accumulate(factors[:-1], axis=0, out=others[1:])
    others[:-1] *= np.multiply.accumulate(factors[:0:-1], axis=0)[::-1]
    return others


class Products(Terms):
    """Grey pictures: the factors are multiplied one by one.

    along, across: w − i·v_z and v_y of each data qubit and pair, (n, p). weight: C, (p,).
    """

    def __init__(self, along: Complex, across: Array, weight: Complex) -> None:
        self._along, self._across, self._weight = along, across, weight
        self.size = along.size

    def look(self, bloch: Array) -> Look:
        """The product of all factors, (p, m), and for each k the product of all the others, (n, p, m)."""
        z, y = bloch[:, :, None]
        factors = np.empty((*self._along.shape, z.shape[-1]), complex)
        factors.real = self._along.real[..., None]
        factors.imag = self._along.imag[..., None] * z - self._across[..., None] * y
        return _products(factors)

    def value(self, look: Look) -> Array:
        """f, (m,)."""
        return (self._weight @ look[0]).real

    def slope(self, look: Look, bloch: Array, upstream: Array) -> Slope:
        """∂f/∂w = Re C·(others), ∂f/∂v_a = Im C·(others)·r_a."""
        weighted = look[1] * upstream
        by_w = self._weight * weighted.sum(axis=2)
        by_z, by_y = (self._weight * (weighted @ component[..., None])[..., 0] for component in bloch)
        return Slope(by_w.real + 1j * by_z.imag, by_y.imag)

    def jacobian(self, look: Look, bloch: Array, along: Complex, across: Array | None) -> Array:
        """Each image's own slope times the derivative."""
        weighted = look[1] * self._weight[:, None]
        z, y = bloch
        parts = (weighted.real, along.real), (-weighted.imag * z[:, None], along.imag)
        first, second = (np.einsum("kpm,lkp->mlk", others, turned) for others, turned in parts)
        assert across is not None
        return first + second + np.einsum("kpm,lkp->mlk", weighted.imag * y[:, None], across)


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
