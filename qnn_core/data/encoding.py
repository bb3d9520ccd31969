"""A pixel enters the circuit as a turn of its qubit: RX(π·pixel)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array
from qnn_core.families import Family, Part


@dataclass(frozen=True)
class Encoding(Part):
    """`pixels(grey, threshold)`: grey values (m, n) in [0, 1] → half-turns of RX (m, n) in [0, 1].

    Half-turn 1 is the X gate up to a global phase; half-turn 0 is no gate.
    """

    pixels: Callable[[Array, float], Array]
    uses_threshold: bool


def binarise(grey: Array, threshold: float) -> Array:
    """1.0 where grey > threshold, else 0.0."""
    return (grey > threshold).astype(np.float64)


ENCODINGS: Family[Encoding] = Family(
    "encoding",
    Encoding(
        "basis",
        "Black and white",
        "A pixel above the threshold gets an X gate; the others get nothing.",
        binarise,
        uses_threshold=True,
    ),
    Encoding(
        "angle",
        "Grey",
        "Each pixel turns its qubit by π times its grey value: no threshold, nothing thrown away.",
        lambda grey, threshold: grey,
        uses_threshold=False,
    ),
)
