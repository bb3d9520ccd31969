"""Page 4: pixels become qubits."""

from functools import partial

import streamlit as st

from pages.ui import controls, example, frame, threshold
from qnn_core.arrays import Array
from qnn_core.circuit import pixel_name
from qnn_core.data.dataset import prepare, shrunken
from qnn_core.data.encoding import ENCODINGS, binarise
from qnn_core.experiment import Experiment
from qnn_core.figures.data.counts import grey_histogram
from qnn_core.figures.data.encoding import encoding_strip
from qnn_core.figures.data.images import shrunken as shrunken_figure
from qnn_core.live.film import Film
from qnn_core.live.films.threshold import encoding_film

READABLE = 5  # the largest grid whose numbers can be read in half of the page


def greys(experiment: Experiment, grey: Array, truth: float) -> None:
    """The picture as it is, and the greys of all training images: nothing moves."""
    left, right = st.columns(2)
    with left:
        frame.chart(
            shrunken_figure(grey, numbers=experiment.grid <= READABLE, truth=truth),
            alt="The shrunken picture, as the circuit gets it.",
            caption="Grey: 0 is paper, 1 is ink. There is no threshold here: the grey stays.",
            key="grey",
            height=300,
        )
    with right:
        frame.chart(
            grey_histogram(shrunken(experiment).train),
            alt="Histogram of all grey values of the training images.",
            caption=f"All training pixels. {prepare(experiment).counts.unique:,} different pictures remain.",
            key="histogram",
            height=300,
        )


def gates(experiment: Experiment, pixels: Array) -> None:
    """One short wire for each pixel, with the gate that it gets."""
    names = [pixel_name(k, experiment.grid) for k in range(experiment.pixels)]
    frame.svg(
        encoding_strip(pixels, names),
        alt=f"One short wire for each pixel; {int((pixels > 0).sum())} of {len(pixels)} carry a gate.",
        caption=f"The gates: {ENCODINGS[experiment.encoding].blurb} r0c0 is the pixel at the top left.",
        least_width=600,
        most_width=960,
    )


def lesson(experiment: Experiment, pixels: Array) -> str:
    """What there is to see, for this picture."""
    ink, between = int((pixels == 1).sum()), int(((pixels > 0) & (pixels < 1)).sum())
    if ENCODINGS[experiment.encoding].makes_bits:
        return (
            f"{ink} of {len(pixels)} qubits get an X gate and are in |1⟩, the others stay in |0⟩. They hold the "
            "picture bit by bit, with no superposition at all."
        )
    return (
        f"Ink turns a qubit from |0⟩ to |1⟩, grey turns it part of the way: {between} of {len(pixels)} qubits are in "
        "a superposition. No two qubits are entangled yet."
    )


frame.head("4_encode", "How does a picture get into a quantum circuit?")
experiment = controls.panel("encoding", across=True)
number = example.current(experiment)
grey, truth = shrunken(experiment).train[number], shrunken(experiment).train_labels[number]
encoding = ENCODINGS[experiment.encoding]
pixels = encoding.pixels(grey, experiment.threshold)
film: Film | None = None
if encoding.makes_bits:
    film = threshold.slide(partial(encoding_film, truth=truth), experiment, grey, wide_first=False)
else:
    greys(experiment, grey, truth)
frame.notice(lesson(experiment, pixels))
gates(experiment, pixels)
if film is not None:
    frame.numbers_of(film, "bits.csv")
frame.more(lambda: example.pick(experiment), key="4_encode", label="More: another picture")
frame.code(experiment, binarise)
frame.end("4_encode")
