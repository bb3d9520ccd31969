"""What several films have: heaps over ⟨Z⟩, curves with a point at each frame, a name."""

import hashlib
from collections.abc import Sequence

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.images import ImageSet
from qnn_core.experiment import Experiment
from qnn_core.live.panels import Curve, Curves, Heaps, Level

EDGES = np.linspace(-1, 1, 41)
"""Bins of the heaps over ⟨Z⟩."""


def heaps_of(expectation: Array, images: ImageSet) -> tuple[Array, Array]:
    """How many examples of each digit fall into each bin: twice (bins,). expectation: of distinct images, (d,).

    A bin has its upper edge, so that 0, which counts as the second digit, lies on that digit's side.
    """
    down = -np.clip(expectation, -1, 1)  # rounding may leave the range by 1e-16
    first, second = (np.histogram(down, EDGES, weights=of_digit)[0] for of_digit in (images.first, images.second))
    return first[::-1].astype(float), second[::-1].astype(float)


def heaps_panel(experiment: Experiment, first: Sequence[Array], second: Sequence[Array]) -> Heaps:
    """All test pictures over ⟨Z⟩. first, second: what `heaps_of` gives, for each frame."""
    one, other = experiment.digits
    names = (f"{one}s", f"{other}s")
    return Heaps("All test pictures", "⟨Z⟩ of the readout", EDGES, np.array(first), np.array(second), names)


def over(
    title: str,
    x_name: str,
    y_name: str,
    at: Array,
    values: dict[str, Array],
    *,
    token: str = "ink",
    levels: tuple[Level, ...] = (),
    digits: int = 3,
) -> Curves:
    """Curves that have a point at each frame; all after the first are muted."""
    tokens = [token, *(["muted"] * (len(values) - 1))]
    curves = [Curve(name, at, y, colour) for colour, (name, y) in zip(tokens, values.items(), strict=True)]
    return Curves(title, x_name, y_name, tuple(curves), at, levels, digits=digits)


def name_of(experiment: Experiment, numbers: Array) -> str:
    """Short, and different for different settings or numbers."""
    key = experiment.model_dump_json().encode() + np.ascontiguousarray(numbers, float).tobytes()
    return hashlib.sha256(key).hexdigest()[:16]
