"""What the three parts of page 9 share: which one is shown, and the network and picture that they ask."""

from typing import NamedTuple

import streamlit as st

from pages.ui import example, models, opened, turned
from pages.ui.address import PARTS
from pages.ui.desk import desk
from pages.ui.opened import Asked
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.training.starts import initial_weights
from qnn_core.words import power, signed

PART = "part"
"""Under this name the desk and the address keep which part is shown."""
HAND, PICTURES, ENTANGLEMENT = PARTS[PART]
CHOSEN, RANDOM = "These weights", "A random start"
"""What the part about entanglement may ask."""
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


def open_box(experiment: Experiment, part: str) -> Opened:
    """Controls for the picture and for the weights; and what the network says, or weights that entangle."""
    left, middle, right = st.columns([2, 4, 3], vertical_alignment="top")
    with left:
        asked = opened.pick_picture(experiment)
    with middle:
        trained = models.choose_weights(experiment)
    with right:
        random = part == ENTANGLEMENT and _wants_random()
        weights = _random(experiment) if random else turned.turned(experiment, trained)
        value = float(models.ask(experiment, weights, asked.pixels[None])[0])
        box = Opened(experiment, trained, weights, asked, value)
        if part != ENTANGLEMENT:
            _says(box)
    return box


def _wants_random() -> bool:
    """A control for whether weights are asked that nobody has trained."""
    choice = desk().choice(
        st.segmented_control,
        "In this part",
        [CHOSEN, RANDOM],
        key="entangled_weights",
        default=CHOSEN,
        required=True,
    )
    return bool(choice == RANDOM)


def _random(experiment: Experiment) -> Array:
    """The uniform start of this seed, whatever start the Experiment has."""
    return initial_weights(experiment.model_copy(update={"start": "uniform"}))


def _says(box: Opened) -> None:
    """⟨Z⟩ of the picture, and the accuracy."""
    truth = "" if box.asked.truth is None else f", it is a {box.asked.truth}"
    with st.container(horizontal=True):
        st.metric(
            f"⟨Z⟩ of {box.asked.name}",
            signed(box.value),
            f"a {example.digit(box.experiment, box.value)}{truth}",
            delta_color="off",
            delta_arrow="off",
        )
        st.metric("Test accuracy", f"{_accuracy(box.experiment, box.weights):.3f}")


@st.cache_data(show_spinner=False, max_entries=200)
def _accuracy(experiment: Experiment, weights: Array) -> float:
    return models.look(experiment, weights)[1]
