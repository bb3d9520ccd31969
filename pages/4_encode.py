"""Page 4: pixels become qubits."""

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
from qnn_core.live.films.threshold import encoding_film

READABLE = 5  # the largest grid whose numbers can be read in half of the page


def greys(experiment: Experiment, grey: Array) -> None:
    """The picture as it is, and the greys of all training images: nothing moves."""
    left, right = st.columns(2)
    with left:
        frame.chart(
            shrunken_figure(grey, numbers=experiment.grid <= READABLE),
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


frame.head("4_encode", "How does a picture get into a quantum circuit?")
experiment = controls.panel("encoding", across=True)
number = example.pick(experiment)
grey = shrunken(experiment).train[number]
encoding = ENCODINGS[experiment.encoding]
pixels = encoding.pixels(grey, experiment.threshold)

if encoding.makes_bits:
    threshold.slide(encoding_film, experiment, grey, "bits.csv", wide_first=False)
else:
    greys(experiment, grey)
names = [pixel_name(k, experiment.grid) for k in range(experiment.pixels)]
frame.svg(
    encoding_strip(pixels, names),
    alt=f"One short wire for each pixel; {int((pixels > 0).sum())} of {len(pixels)} carry a gate.",
    caption=f"The gates: {encoding.blurb} r0c0 is the pixel at the top left.",
    least_width=600,
)
if encoding.makes_bits:
    frame.notice(
        "A qubit that starts in |0⟩ and gets an X gate is in |1⟩. After this step the data qubits hold the picture, "
        "bit by bit, with no superposition at all."
    )
else:
    frame.notice(
        "Ink turns a qubit from |0⟩ to |1⟩, grey turns it part of the way: such a qubit is in a superposition. "
        "No two qubits are entangled yet."
    )
frame.code(experiment, binarise)
frame.end("4_encode")
