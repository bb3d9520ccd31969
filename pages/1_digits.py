"""Page 1: the raw material."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from pages.ui import controls, example, frame, tiles
from qnn_core.data.dataset import pair_of
from qnn_core.data.digits import SIDE, Pair, keep_pair
from qnn_core.data.labels import is_first
from qnn_core.experiment import Experiment
from qnn_core.figures import theme

SHOWN = 30


def digits(experiment: Experiment, pair: Pair) -> None:
    """Some of the training images, each in the colour of its digit."""
    first, second = experiment.digits
    begin = example.current(experiment)
    shown = slice(begin, begin + SHOWN)
    labels = pair.train_labels[shown]
    tiles.show(
        pair.train_images[shown],
        [f"{example.digit(experiment, label)}" for label in labels],
        truths=[theme.digit_token(label) for label in labels],
        size="small",
        alt=f"{len(labels)} handwritten digits, each with its label {first} or {second}.",
        caption=f"Training images from number {begin:,} on: {SIDE} × {SIDE} pixels, and the label somebody gave.",
    )


def counts(experiment: Experiment, pair: Pair) -> Callable[[], None]:
    """How many images there are, and which of them are shown."""
    first, second = experiment.digits

    def draw() -> None:
        example.pick(experiment)
        numbers = st.columns(4)
        numbers[0].metric("Training images", f"{len(pair.train_images):,}")
        numbers[1].metric(f"of them a {first}", f"{np.count_nonzero(is_first(pair.train_labels)):,}")
        numbers[2].metric(f"of them a {second}", f"{np.count_nonzero(~is_first(pair.train_labels)):,}")
        numbers[3].metric("Test images", f"{len(pair.test_images):,}")
        st.markdown(f"The first digit ({first}) is called +1 from here on, the second ({second}) −1.")

    return draw


frame.head("1_digits", "What does the network get to see, before anything is done to it?")
experiment = controls.panel("digits", across=True)
pair = pair_of(experiment)
digits(experiment, pair)
frame.notice(
    f"One pixel for one qubit would take {SIDE**2} data qubits. A laptop that stores the whole state can hold "
    "about 30: the pictures have to shrink."
)
frame.more(counts(experiment, pair), key="1_digits", label="More: how many, and other pictures")
frame.code(experiment, keep_pair)
frame.end("1_digits")
