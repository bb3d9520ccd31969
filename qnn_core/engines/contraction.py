"""The exact contraction: the circuit is a star, so ⟨Z⟩ needs none of the 2¹⁷ amplitudes.

`star` sums over the readout's paths, for any layers and pictures. The lesson's own case, one block on black and
white pictures, has the closed form of `one_block`.
"""

from functools import partial

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import merge
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines.base import Engine, Pullback
from qnn_core.engines.gradients import GRADIENTS
from qnn_core.engines.one_block import OneBlock
from qnn_core.engines.star import MAX_FACTORS, MAX_MERGED_LAYERS, Star, bloch, readout_pairs
from qnn_core.experiment import Experiment

SECONDS_PER_FACTOR, SECONDS_PER_GREY_FACTOR = 1e-8, 5e-8
"""Of value and gradient, on one core."""


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
            f"factors per image, about {60 * seconds_per_image(experiment):,.1f} s for a step on 60 images; "
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


def seconds_per_image(experiment: Experiment) -> float:
    """About how long value and gradient of one distinct image take on one core."""
    grey = not ENCODINGS[experiment.encoding].makes_bits
    return factor_count(experiment) * (SECONDS_PER_GREY_FACTOR if grey else SECONDS_PER_FACTOR)


class ContractionEngine(Engine):
    """Expectation values and derivatives by contracting along the readout's paths, exact at any size."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        merged, self._owner = merge(experiment.layers)
        self._first = np.unique(self._owner, return_index=True)[1]
        self._star = Star(merged, experiment.pixels)
        self._for_bits = OneBlock() if merged == OneBlock.kinds else self._star
        self._from_values = GRADIENTS[experiment.gradient].jacobian

    def value(self, pixels: Array, weights: Array) -> Array:
        vectors = bloch(pixels)
        return self._form(vectors).expectation(vectors, self._angles(weights))

    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        if self._from_values:
            return self.value(pixels, weights), self._from_values(partial(self.value, pixels), weights)
        vectors = bloch(pixels)
        values, jacobian = self._form(vectors).value_and_jacobian(vectors, self._angles(weights))
        return values, np.pi * jacobian[:, self._owner]

    def value_and_pullback(self, pixels: Array, weights: Array) -> tuple[Array, Pullback]:
        """As in Engine, without ever forming the derivatives of single images."""
        if self._from_values:
            return super().value_and_pullback(pixels, weights)
        vectors = bloch(pixels)
        values, pullback = self._form(vectors).value_and_pullback(vectors, self._angles(weights))
        return values, lambda upstream: np.pi * pullback(upstream)[self._owner]

    def _form(self, bloch: Array) -> Star | OneBlock:
        """What contracts images of these Bloch vectors, (1 or 2, n, m)."""
        return self._for_bits if len(bloch) == 1 else self._star

    def _angles(self, weights: Array) -> Array:
        """Radians of the merged layers, (merged layers, n)."""
        return np.pi * np.add.reduceat(weights, self._first, axis=0)
