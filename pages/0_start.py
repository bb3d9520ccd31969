"""Page 0: what the lesson shows, in one screen."""

import streamlit as st

from pages.ui import controls, example, frame, hood, models
from qnn_core.circuit import qubit_count, weights_shape
from qnn_core.contest.tutorial import published_run
from qnn_core.data.dataset import shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import shrink
from qnn_core.figures.circuit.star import overview_svg
from qnn_core.figures.data.journey import journey_svg
from qnn_core.figures.training.gauge import gauge_svg
from qnn_core.presets import PRESETS
from qnn_core.training.budget import end_name, to_the_end

frame.head(
    "0_start",
    "How does a quantum circuit tell two digits apart?",
    title="A quantum neural network, opened",
    charts=False,
)
experiment = controls.panel()
number = example.current(experiment)
grey = shrunken(experiment).train[number]
pixels = ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)
truth = example.digit(experiment, shrunken(experiment).train_labels[number])

left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    frame.svg(
        journey_svg(example.image(experiment, number), grey, pixels),
        alt=f"A handwritten {truth}, the same shrunk to {experiment.grid} × {experiment.grid}, and its bits.",
        caption="What the network gets to see of a digit.",
    )
layers, n = weights_shape(experiment)
frame.svg(
    overview_svg(experiment),
    alt="The circuit: a thick wire of data qubits and the readout, with one block for each layer.",
    caption=f"The circuit: {layers * n} weights, one for each gate of the layers.",
    least_width=540,
    most_width=540,
)

st.subheader("Choose a run")
for column, preset in zip(st.columns(len(PRESETS)), PRESETS.values(), strict=True):
    with column.container(border=True):
        st.markdown(f"**{preset.title}**")
        if st.button("Train it", key=preset.name, on_click=controls.adopt, args=(preset.experiment,)):
            st.switch_page("pages/6_train.py")
        figure = published_run(preset.experiment)
        published = f" Published test accuracy: {figure}." if figure is not None else ""
        st.caption(f"{preset.blurb}{published}")
st.page_link(
    "pages/7_compare.py",
    label="The tutorial's fair network and its CNN are trained on page 7, beside these.",
    icon=":material/balance:",
)
frame.notice(
    "You will see every step from the pixel to the verdict, and you can change each one. "
    "At the end you draw a digit yourself."
)
frame.code(experiment, shrink)
hood.show()
frame.end("0_start")

with right:  # filled last: this network may first have to be trained
    run = models.trained(to_the_end(experiment))
    expectation = float(models.ask(experiment, run.weights, pixels[None])[0])
    verdict = example.digit(experiment, expectation)
    frame.svg(
        gauge_svg(expectation, experiment.digits),
        alt=f"The expectation value is {expectation:+.2f}: a {verdict}.",
        caption=f"{qubit_count(experiment)} qubits. {end_name(experiment)}, ⟨Z⟩ says **{verdict}**. "
        f"It was a {truth}.",
    )
