"""The second part of page 9: every picture that the pixels can show, each at its ⟨Z⟩."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from pages.ui import frame, tiles
from pages.ui.box.parts import Opened, pictures_count
from pages.ui.desk import desk
from qnn_core import Experiment, prepare
from qnn_core.arrays import Array, Integers
from qnn_core.data.images import ImageSet
from qnn_core.data.labels import is_first
from qnn_core.figures import theme
from qnn_core.figures.data.images import bits
from qnn_core.figures.inside import all_pictures as tables
from qnn_core.inside.all_pictures import MAX_PIXELS, Found, all_images, extremes, has_table, image_of, number_of
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.words import signed

SHOWN_IMAGES = 6

# A table belongs to its settings and is never changed; everybody may have the same one.
_table = st.cache_resource(show_spinner=False, max_entries=50)(all_images)


def section(box: Opened) -> Callable[[], None]:
    """The map of all pictures, large, one of them marked, and the take-home line. Returns what draws the rest."""
    if not has_table(box.experiment):
        frame.notice(
            f"**The map of all pictures is drawn for black and white pictures of up to {MAX_PIXELS} pixels.** "
            f"Here there are {box.experiment.pixels} pixels; choose a smaller grid or that encoding."
        )
        return lambda: None
    values = _table(box.experiment, box.weights)
    kept = prepare(box.experiment).kept
    frame.part(_every_picture)(box.experiment, box.weights, values, box.asked.pixels, kept)
    _take_home(box.experiment, values, kept)
    return partial(
        frame.more,
        lambda: _galleries(box.experiment, values, kept),
        key="extremes",
        label="The extremes of all pictures",
    )


def _every_picture(experiment: Experiment, weights: Array, values: Array, pixels: Array, kept: ImageSet) -> None:
    """The map, the histogram, and one picture found by its number."""
    n = experiment.pixels
    here, last = int(number_of(pixels[None])[0]), 2**n - 1
    columns = st.columns([3, 3, 2])
    with columns[2]:
        words = "Find a picture by its number"
        number = desk().choice(st.number_input, words, 0, last, key=f"find{here}_{n}", default=here)
        image = image_of(np.array([number]), n)[0]
        marked = divmod(int(number), values.shape[1])
        value, seen = float(values[marked]), kept.count(image)
        first, second = experiment.digits
        frame.chart(
            bits(image),
            alt=f"Picture {number}.",
            caption=f"Picture {number:,}: ⟨Z⟩ = {signed(value)}. "
            f"In training: {seen[0]:,} × {first}, {seen[1]:,} × {second}.",
            key="found",
            height=200,
        )
    with columns[0]:
        frame.chart(
            tables.all_map(values, *_orders(experiment, weights, values), marked),
            alt=f"Map of ⟨Z⟩ of all {2**n} pictures, one marked.",
            caption="Every point is a picture, ordered by how far its halves turn the hand. One cosine: stripes."
            if is_cosine(experiment.layers)
            else "Every point is a picture. It is a sum of several cosines, one for each pair of paths.",
            key="map",
        )
    with columns[1]:
        frame.chart(
            tables.all_histogram(values, value),
            alt=f"Histogram of ⟨Z⟩ of all {2**n} pictures.",
            caption="How many pictures have which ⟨Z⟩. Only some of them look like digits.",
            key="all",
        )


def _orders(experiment: Experiment, weights: Array, values: Array) -> tuple[Integers, Integers]:
    """In which order the rows and the columns of the map are drawn."""
    if not is_cosine(experiment.layers):
        return np.arange(values.shape[0]), np.arange(values.shape[1])
    turn, half = cosine_neuron(experiment, weights).turn, experiment.pixels - experiment.pixels // 2
    return tables.half_order(turn[:half]), tables.half_order(turn[half:])


def _take_home(experiment: Experiment, values: Array, kept: ImageSet) -> None:
    """How many of all pictures get which verdict, and how many of them training has seen."""
    first, second = experiment.digits
    positive = int(np.count_nonzero(is_first(values)))
    frame.notice(
        f"**The network has an answer to each of {pictures_count(experiment.pixels)} pictures.** It calls "
        f"{positive:,} a {first} and {values.size - positive:,} a {second}; in training it can see {kept.distinct:,}."
    )


def _galleries(experiment: Experiment, values: Array, kept: ImageSet) -> None:
    """The pictures with the largest, the smallest and the least certain ⟨Z⟩."""
    first, second = experiment.digits
    found = extremes(values, kept, SHOWN_IMAGES)
    titles = {"first": f"most {first}-like", "second": f"most {second}-like", "undecided": "most undecided"}
    for column, (name, title) in zip(st.columns(3), titles.items(), strict=True):
        with column:
            _gallery(title, found[name])


def _gallery(name: str, found: Found) -> None:
    """Some of all the images, with how often they occur."""
    counts = [
        f"{signed(round(value, 2) + 0.0, '.2f')}, {a + b:,}×"
        for value, a, b in zip(found.value, found.first, found.second, strict=True)
    ]
    tiles.show(
        found.images,
        counts,
        verdicts=[theme.digit_token(value) for value in found.value],
        alt=f"The {len(counts)} {name} pictures.",
        caption=f"**{name.capitalize()}** of all, with ⟨Z⟩ and how many training images kept look so.",
    )
