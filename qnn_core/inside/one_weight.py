"""Turn one weight alone and ⟨Z⟩ goes up and down as one sine: three circuits tell all of it.

f(w) = a + b·cos πw + c·sin πw, because a gate exp(−i·πw·P⊗Q/2) mixes what it acts on by cos πw and sin πw only
(MATHS section 3; Ostaszewski, Grant and Benedetti, Quantum 5, 391 (2021), find the best weight of a circuit so).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.errors import InputError

PLACES = np.array([0, 2, 4]) / 3
"""Half-turns at which it is asked: as far from each other as they can be."""
NOTHING = 1e-12
"""A smaller ⟨Z⟩ than this is rounding, and means 0."""


@dataclass(frozen=True, eq=False)
class OneWeight:
    """⟨Z⟩ of m images as a function of one weight. mean, cosine, sine: (m,)."""

    mean: Array
    cosine: Array
    sine: Array

    def at(self, turns: ArrayLike) -> Array:
        """⟨Z⟩ at these weights, half-turns (p,): (p, m) in [−1, 1]."""
        angle = np.pi * np.asarray(turns, float)[:, None]
        # f(w) = a + b·cos πw + c·sin πw
        value = self.mean + self.cosine * np.cos(angle) + self.sine * np.sin(angle)
        return np.where(np.abs(value) < NOTHING, 0.0, np.clip(value, -1, 1))


def one_weight(value: Callable[[Array], Array], weights: Array, layer: int, pixel: int) -> OneWeight:
    """What one weight does while all others stay as they are.

    value: gives ⟨Z⟩ of some images, (m,), for weights in half-turns (layers, n). layer, pixel: which weight moves.
    Raises InputError if there is no such weight.
    """
    layers, n = weights.shape
    if not (0 <= layer < layers and 0 <= pixel < n):
        raise InputError(f"There is no weight of layer {layer + 1} and pixel {pixel + 1}; there are {layers} × {n}.")
    asked = np.stack([value(with_weight(weights, layer, pixel, place)) for place in PLACES])
    angle = np.pi * PLACES[:, None]
    return OneWeight(
        mean=asked.mean(axis=0),
        cosine=2 * (asked * np.cos(angle)).mean(axis=0),
        sine=2 * (asked * np.sin(angle)).mean(axis=0),
    )


def with_weight(weights: Array, layer: int, pixel: int, turns: float) -> Array:
    """The same weights (layers, n), but for this one, in half-turns."""
    turned = weights.copy()
    turned[layer, pixel] = turns
    return turned
