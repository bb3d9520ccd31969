"""Page 1: the raw material."""

import numpy as np
import streamlit as st

from pages.ui import controls, example, frame
from qnn_core.data.dataset import pair_of
from qnn_core.data.digits import keep_pair
from qnn_core.data.labels import is_first
from qnn_core.figures import theme
from qnn_core.figures.data.images import montage

SHOWN = 24

frame.head("1_digits", "What does the network get to see, before anything is done to it?")
experiment = controls.panel("digits", across=True)
pair = pair_of(experiment)
first, second = experiment.digits

counts = st.columns(4)
counts[0].metric("Training images", f"{len(pair.train_images):,}")
counts[1].metric(f"of them a {first}", f"{np.count_nonzero(is_first(pair.train_labels)):,}")
counts[2].metric(f"of them a {second}", f"{np.count_nonzero(~is_first(pair.train_labels)):,}")
counts[3].metric("Test images", f"{len(pair.test_images):,}")

begin = example.pick(experiment)
shown = slice(begin, begin + SHOWN)
labels = pair.train_labels[shown]
frame.chart(
    montage(
        pair.train_images[shown],
        [f"{example.digit(experiment, label)}" for label in labels],
        8,
        caption_colours=[theme.digit_colour(label) for label in labels],
    ),
    alt=f"{len(labels)} handwritten digits, each with its label {first} or {second}.",
    caption=f"Training images from number {begin:,} on: 28 × 28 pixels of grey, and the label somebody gave them.",
    key="digits",
)
frame.notice(
    f"One pixel for one qubit would take 784 data qubits. A laptop that stores the whole state can hold about 30: "
    f"the pictures have to shrink. The first digit ({first}) is called +1 from here on, the second ({second}) −1."
)
frame.code(experiment, keep_pair)
frame.end("1_digits")
