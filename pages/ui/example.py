"""One digit that walks through the lesson: the same training image on every page."""

import numpy as np
import streamlit as st

from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.arrays import Array, Bytes
from qnn_core.data.dataset import pair_of
from qnn_core.data.digits import SIDE
from qnn_core.data.labels import digit_of


def pick(experiment: Experiment) -> int:
    """A control for the number of a training image among the two digits' images; returns it."""
    own = desk()
    own.draw(
        st.number_input,
        f"Picture (0 to {last(experiment):,})",
        0,
        last(experiment),
        key="picture",
        value=current(experiment),
        keep=lambda number: setattr(own, "picture", number),
        help="The same picture is followed through the whole lesson.",
        width=260,
    )
    if own.picture > last(experiment):
        st.warning(
            f"These digits have only {last(experiment) + 1:,} training images; picture {last(experiment):,} is shown."
        )
    return current(experiment)


def last(experiment: Experiment) -> int:
    """The number of the last training image of the two digits."""
    return len(pair_of(experiment).train_images) - 1


def current(experiment: Experiment) -> int:
    """The number of the picture that is followed, or of the last one if there are fewer."""
    return min(desk().picture, last(experiment))


def image(experiment: Experiment, number: int) -> Bytes:
    """The picture, uint8 (28, 28)."""
    return pair_of(experiment).train_images[number]


def enlarged(pictures: Array, grid: int) -> Array:
    """Shrunken pictures (k, grid²) with as many pixels as the originals, (k, 28, 28), each still one grey square."""
    nearest = np.arange(SIDE) * grid // SIDE
    return pictures.reshape(-1, grid, grid)[:, nearest[:, None], nearest]


def digit(experiment: Experiment, label: float) -> int:
    """The digit that a label ±1 stands for."""
    return digit_of(experiment.digits, label)
