"""Page 5: the circuit."""

import streamlit as st

from pages.ui import controls, frame
from pages.ui.counted import counted
from pages.ui.desk import desk
from pages.ui.workers import ask
from qnn_core import Experiment
from qnn_core.circuit import LAYERS, as_text, build_circuit, merge, qasm3_of, qubit_count, weights_shape
from qnn_core.figures.circuit.star import overview_svg, star_svg
from qnn_core.words import power
from qnn_core.workers.warm import when_warm

EASY = 2  # layers whose gates can be read in one picture


# A worker asks Qiskit, not a thread of the server: threads of the server end, and see `warm`.
@st.cache_data(show_spinner="Building the circuit …", max_entries=20)
def qasm(experiment: Experiment) -> str:
    """OpenQASM 3 of the circuit."""
    return ask(when_warm, qasm3_of, experiment)


@st.cache_data(show_spinner="Drawing …", max_entries=20)
def text(experiment: Experiment) -> str:
    """The circuit in letters."""
    return ask(when_warm, as_text, experiment)


frame.head("5_circuit", "What does the circuit do with the picture?")
experiment = controls.panel("layers")
layers, n = weights_shape(experiment)
numbers = st.columns(4)
numbers[0].metric("Qubits", f"{qubit_count(experiment):,}")
numbers[1].metric("Layers", layers)
numbers[2].metric("Weights", f"{layers * n:,}")
numbers[3].metric("Amplitudes of the state", power(2, qubit_count(experiment)))

frame.svg(
    overview_svg(experiment),
    alt="The circuit in blocks: encoding, one block for each layer, measurement of the readout.",
    caption="Read from left to right: picture in, layers, one number out.",
    least_width=max(600, 360 + 110 * layers),
)
large = layers <= EASY or desk().choice(st.toggle, "Larger, to be moved sideways", key="large_circuit", default=False)
frame.svg(
    star_svg(experiment),
    alt=f"The circuit gate by gate: {layers * n} two-qubit gates, each between a data qubit and the readout.",
    caption="Every gate. Data qubits never meet each other: each one meets only the readout, once in every layer.",
    least_width=420 * layers if large else 210 * layers,
)
count = counted(experiment)
merged, _ = merge(experiment.layers)
if len(merged) < layers:
    frame.notice(count)
else:
    kinds = " ".join(f"**{kind}**: {LAYERS[kind].blurb}" for kind in dict.fromkeys(experiment.layers))
    frame.notice(f"Each weight is the angle of one gate, in half-turns. {kinds} {count}".rstrip())

with st.container(horizontal=True):
    frame.download("OpenQASM 3", lambda: qasm(experiment), "qnn.qasm")
    frame.download("SVG", lambda: star_svg(experiment), "qnn.svg")
with st.expander("The same circuit at 2 × 2, as Qiskit draws it"):
    small: Experiment = experiment.with_(grid=2)
    st.code(text(small), language=None)
frame.code(experiment, build_circuit)
frame.end("5_circuit")
