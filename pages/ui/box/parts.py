"""What the three parts of page 9 share: which one is shown, and the network and picture that they ask."""

from typing import NamedTuple

import streamlit as st

from pages.ui import example, models, opened, turned
from pages.ui.address import PARTS
from pages.ui.desk import desk
from pages.ui.opened import Asked
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.words import power, signed

PART = "part"
"""Under this name the desk and the address keep which part is shown."""
HAND, PICTURES, ENTANGLEMENT = PARTS[PART]
WRITTEN_OUT = 26
"""Up to so many pixels the number of all pictures is written with all its digits."""


class Opened(NamedTuple):
    """The network of page 9. trained: the weights chosen, half-turns (layers, n); weights: with the gates turned.

    asked: the picture. value: its ⟨Z⟩.
    """

    experiment: Experiment
    trained: Array
    weights: Array
    asked: Asked
    value: float


def pictures_count(pixels: int) -> str:
    """How many black and white pictures so many pixels make."""
    return f"{2**pixels:,}" if pixels <= WRITTEN_OUT else power(2, pixels)


def choose(experiment: Experiment) -> str:
    """The control for the part that is shown."""
    names = {
        HAND: "The clock hand",
        PICTURES: f"All {pictures_count(experiment.pixels)} pictures",
        ENTANGLEMENT: "Entanglement",
    }
    chosen: str = desk().choice(
        st.segmented_control,
        "Part",
        list(names),
        key=PART,
        default=HAND,
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    return chosen


def open_box(experiment: Experiment) -> Opened:
    """Controls for the picture and for the weights, and what the network says of it."""
    left, middle, right = st.columns([2, 3, 3], vertical_alignment="top")
    with left:
        asked = opened.pick_picture(experiment)
    with middle:
        trained = models.choose_weights(experiment)
    weights = turned.turned(experiment, trained)
    value = float(models.ask(experiment, weights, asked.pixels[None])[0])
    truth = "" if asked.truth is None else f", it is a {asked.truth}"
    with right, st.container(horizontal=True):
        st.metric(
            f"⟨Z⟩ of {asked.name}",
            signed(value),
            f"a {example.digit(experiment, value)}{truth}",
            delta_color="off",
            delta_arrow="off",
        )
        st.metric("Test accuracy", f"{_accuracy(experiment, weights):.3f}")
    return Opened(experiment, trained, weights, asked, value)


@st.cache_data(show_spinner=False, max_entries=200)
def _accuracy(experiment: Experiment, weights: Array) -> float:
    return models.look(experiment, weights)[1]
