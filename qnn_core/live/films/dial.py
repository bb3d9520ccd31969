"""The film of the dial that one picture turns, pixel by pixel."""

import hashlib

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.inside.cosine import CosineNeuron
from qnn_core.live.film import FILMS, Film, moments
from qnn_core.live.panels import Cells, Dial, Gauge, Number, Numbers


@FILMS.keeps
def dial_film(
    neuron: CosineNeuron, pixels: Array, digits: tuple[int, int] = (3, 6), *, truth: float | None = None
) -> Film:
    """How one picture turns the dial, pixel by pixel, or a few pixels at once if they are more than a film's frames.

    pixels: half-turns (n,) in [0, 1], a square picture; truth: its label ±1. Raises InputError if they do not fit.
    """
    n = len(neuron.phi)
    after = np.array(moments(n + 1))
    hand = neuron.dial(check_image(np.asarray(pixels, float), n))[after]
    side = round(n**0.5)
    rows, columns = (side, side) if side * side == n else (1, n)
    same = np.tile(pixels, (len(after), 1))
    names = (f"+1: {digits[0]}", f"−1: {digits[1]}")
    panels = (
        Dial("The dial", hand, names),
        Cells("The pixels", rows, columns, same, "ink", marked=tuple((after - 1).tolist()), truth=truth),
        Gauge("⟨Z⟩ so far", hand.real, names),
        Numbers("Now", (Number("length of the hand", np.abs(hand)),)),
    )
    key = hashlib.sha256(neuron.phi.tobytes() + neuron.asked.tobytes() + np.asarray(pixels, float).tobytes())
    return Film(f"dial {key.hexdigest()[:16]}", "The dial turns", panels, after, "pixel")
