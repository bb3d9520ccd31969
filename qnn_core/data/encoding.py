"""A pixel enters the circuit as a turn of its qubit: RX(π·pixel)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array
from qnn_core.families import Family, Part


@dataclass(frozen=True)
class Encoding(Part):
    """How a pixel becomes the turn of its qubit, and how that is drawn.

    pixels(grey, threshold): from grey values (m, n) in [0, 1] to half-turns of RX (m, n) in [0, 1]. Half-turn 1 is
    the X gate up to a global phase; half-turn 0 is no gate.
    makes_bits: whether all half-turns are 0 or 1, so that the threshold acts and a picture is one of 2^n.
    gate: what a pixel puts on its wire; where: which pixels do. one_wire: both together, as short as a box.
    """

    pixels: Callable[[Array, float], Array]
    makes_bits: bool
    gate: str
    where: str
    one_wire: str


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
        makes_bits=True,
        gate="X",
        where="where a pixel is 1",
        one_wire="X if 1",
    ),
    Encoding(
        "angle",
        "Grey",
        "Each pixel turns its qubit by π times its grey value: no threshold, and nothing more is thrown away.",
        lambda grey, threshold: grey,
        makes_bits=False,
        gate="RX(π·x)",
        where="x: the pixel's grey",
        one_wire="RX(π·x)",
    ),
)
