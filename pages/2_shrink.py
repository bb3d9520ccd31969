"""Page 2: 28×28 becomes grid×grid."""

import streamlit as st

from pages.ui import controls, example, frame, guesses, tiles
from qnn_core.circuit import qubit_count
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.digits import SIDE
from qnn_core.data.shrink import RESAMPLERS, shrink
from qnn_core.experiment import Experiment
from qnn_core.figures import theme
from qnn_core.figures.data.images import sampled_cells
from qnn_core.figures.data.images import shrunken as shrunken_figure
from qnn_core.words import power

HEIGHT, EIGHT = 340, 8


def before_and_after(experiment: Experiment, number: int) -> None:
    """One digit under its grid, and what is left of it."""
    grid = experiment.grid
    label = shrunken(experiment).train_labels[number]
    truth = example.digit(experiment, label)
    left, right = st.columns(2)
    with left:
        frame.chart(
            sampled_cells(example.image(experiment, number), grid, experiment.resample, truth=label),
            alt=f"The original digit with a {grid}×{grid} grid; marked are the points that are read.",
            caption=RESAMPLERS[experiment.resample].blurb,
            key="cells",
            height=HEIGHT,
        )
    with right:
        frame.chart(
            shrunken_figure(shrunken(experiment).train[number], truth=label),
            alt=f"The same digit at {grid}×{grid} pixels.",
            caption=f"What is left: {grid**2} of {SIDE**2} numbers. Would you still read a {truth}?",
            key="shrunken",
            height=HEIGHT,
        )


def eight() -> None:
    """Eight digits one below the other, before and after."""
    number = example.pick(experiment)
    shown = slice(number, number + EIGHT)
    labels = shrunken(experiment).train_labels[shown]
    digits = [str(example.digit(experiment, label)) for label in labels]
    truths = [theme.digit_token(label) for label in labels]
    for pictures, alt, caption in (
        (pair_of(experiment).train_images[shown] / 255, "Eight original digits.", "Eight originals …"),
        (
            example.enlarged(shrunken(experiment).train[shown], experiment.grid),
            f"The same eight digits at {experiment.grid}×{experiment.grid} pixels.",
            "… and what the network will know of them.",
        ),
    ):
        tiles.show(pictures, digits, truths=truths, alt=alt, caption=caption)


frame.head("2_shrink", "How much of a digit is left in a few pixels?")
experiment = controls.panel("grid", "resample", across=True)
guesses.which_is_it(experiment)
before_and_after(experiment, example.current(experiment))
qubits = qubit_count(experiment)
frame.notice(
    f"{experiment.grid**2} of {SIDE**2} numbers are left. Whatever the network achieves later, it achieves with "
    f"these: one qubit for each and one for the answer, {qubits} qubits, {power(2, qubits)} amplitudes."
)
frame.more(eight, key="2_shrink", label="More: eight digits, and other pictures")
frame.code(experiment, shrink)
frame.end("2_shrink")
