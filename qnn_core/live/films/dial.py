"""The film of the dial that one picture turns, pixel by pixel."""

import hashlib

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.inside.cosine import CosineNeuron
from qnn_core.live.film import Film
from qnn_core.live.panels import (
    Cells,
    Dial,
    Gauge,
    Number,
    Numbers,
)


def dial_film(neuron: CosineNeuron, pixels: Array, digits: tuple[int, int] = (3, 6)) -> Film:
    """How one picture turns the dial, pixel by pixel. pixels: half-turns (n,) in [0, 1], a square picture.

    Raises InputError if they do not fit.
    """
    n = len(neuron.phi)
    hand = neuron.dial(check_image(np.asarray(pixels, float), n))
    side = round(n**0.5)
    rows, columns = (side, side) if side * side == n else (1, n)
    after = np.arange(n + 1, dtype=float)
    names = (f"+1: {digits[0]}", f"−1: {digits[1]}")
    panels = (
        Dial("The dial", hand, names),
        Cells("The pixels", rows, columns, np.tile(pixels, (n + 1, 1)), "ink", marked=(-1, *range(n))),
        Gauge("⟨Z⟩ so far", hand.real, names),
        Numbers(
            "Now",
            (
                Number("pixels", after, "d", f" of {n}"),
                Number("⟨Z⟩ so far", hand.real, "+.3f"),
                Number("length", np.abs(hand)),
            ),
        ),
    )
    key = hashlib.sha256(neuron.phi.tobytes() + neuron.asked.tobytes() + np.asarray(pixels, float).tobytes())
    return Film(f"dial {key.hexdigest()[:16]}", "The dial turns", panels, after, "pixel")
