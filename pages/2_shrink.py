"""Page 2: 28×28 becomes grid×grid."""

import streamlit as st

from pages.ui import controls, example, frame, guesses
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.shrink import RESAMPLERS, shrink
from qnn_core.figures import theme
from qnn_core.figures.data.images import montage, sampled_cells
from qnn_core.figures.data.images import shrunken as shrunken_figure

frame.head("2_shrink", "How much of a digit is left in a few pixels?")
experiment = controls.panel("grid", "resample", across=True)
number = example.pick(experiment)
guesses.which_is_it(experiment)
grey, labels = shrunken(experiment).train, shrunken(experiment).train_labels
grid, truth = experiment.grid, example.digit(experiment, labels[number])

left, right = st.columns(2)
with left:
    frame.chart(
        sampled_cells(example.image(experiment, number), grid, experiment.resample),
        alt=f"The original digit with a {grid}×{grid} grid; marked are the points that are read.",
        caption=RESAMPLERS[experiment.resample].blurb,
        key="cells",
    )
with right:
    frame.chart(
        shrunken_figure(grey[number]),
        alt=f"The same digit at {grid}×{grid} pixels.",
        caption=f"What is left: {grid**2} of 784 numbers. Would you still read a {truth}?",
        key="shrunken",
    )

shown = slice(number, number + 8)
frame.chart(
    montage(
        [*pair_of(experiment).train_images[shown] / 255],
        [str(example.digit(experiment, label)) for label in labels[shown]],
        8,
        height=130,
    ),
    alt="Eight original digits.",
    caption="Eight originals …",
    key="originals",
)
frame.chart(
    montage(
        example.enlarged(grey[shown], grid),
        [str(example.digit(experiment, label)) for label in labels[shown]],
        8,
        caption_colours=[theme.digit_colour(label) for label in labels[shown]],
        height=130,
    ),
    alt=f"The same eight digits at {grid}×{grid} pixels.",
    caption="… and what the network will know of them.",
    key="eight",
)
frame.notice(
    "Most of what makes a digit readable is gone. Whatever the network achieves later, it achieves with this. "
    "The statevector engine stops at 4 × 4; the exact contraction takes any grid."
)
frame.code(experiment, shrink)
frame.end("2_shrink")
