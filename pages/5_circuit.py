"""Page 5: the circuit."""

import streamlit as st

from pages.ui import circuit, controls, example, frame, models
from pages.ui.counted import counted
from pages.ui.desk import desk
from pages.ui.workers import ask
from qnn_core import Experiment
from qnn_core.circuit import LAYERS, as_text, build_circuit, qasm3_of, qubit_count, weights_shape
from qnn_core.data.dataset import shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.figures.circuit.star import overview_svg, star_svg
from qnn_core.training.budget import end_name, to_the_end
from qnn_core.training.starts import initial_weights
from qnn_core.words import power
from qnn_core.workers.warm import when_warm

EASY = 2  # layers whose gates can be read in one picture
START = "As the seed draws them"


# A worker asks Qiskit, not a thread of the server: threads of the server end, and see `warm`.
@st.cache_data(show_spinner="Building the circuit …", max_entries=20)
def qasm(experiment: Experiment) -> str:
    """OpenQASM 3 of the circuit."""
    return ask(when_warm, qasm3_of, experiment)


@st.cache_data(show_spinner="Drawing …", max_entries=20)
def text(experiment: Experiment) -> str:
    """The circuit in letters."""
    return ask(when_warm, as_text, experiment)


def living(experiment: Experiment) -> None:
    """The circuit with the lesson's picture in it, what to notice, and its two controls below."""
    place = st.container()
    frame.notice(to_notice(experiment))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        end = end_name(experiment)
        which = desk().choice(
            st.segmented_control, "Weights", [end, START], key="circuit_weights", default=end, required=True
        )
        number = example.pick(experiment)
    grey = shrunken(experiment).train[number]
    pixels = ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)
    weights = initial_weights(experiment) if which == START else models.trained(to_the_end(experiment)).weights
    with place:
        drawn = circuit.show(
            experiment, weights, pixels, key="circuit", truth=shrunken(experiment).train_labels[number]
        )
    circuit.numbers(drawn)


def in_blocks(experiment: Experiment) -> None:
    """The circuit at a glance and gate by gate, its files, and how Qiskit draws it."""
    layers, n = weights_shape(experiment)
    frame.svg(
        overview_svg(experiment),
        alt="The circuit in blocks: encoding, one block for each layer, measurement of the readout.",
        caption="Read from left to right: picture in, layers, one number out.",
        least_width=max(600, 360 + 110 * layers),
    )
    large = layers <= EASY or desk().choice(st.toggle, "Larger, to be moved sideways", key="large", default=False)
    frame.svg(
        star_svg(experiment),
        alt=f"The circuit gate by gate: {layers * n:,} two-qubit gates, each between a data qubit and the readout.",
        caption="Every gate. Data qubits never meet: each one meets only the readout, once in every layer.",
        least_width=420 * layers if large else 210 * layers,
    )
    with st.container(horizontal=True):
        frame.download("OpenQASM 3", lambda: qasm(experiment), "qnn.qasm")
        frame.download("SVG", lambda: star_svg(experiment), "qnn.svg")
    st.caption("The same circuit at 2 × 2, as Qiskit draws it:")
    frame.columns_of_text(
        text(experiment.with_(grid=2)),
        alt="The circuit at 2 × 2 pixels, drawn with letters: 4 data qubits and the readout.",
    )


def to_notice(experiment: Experiment) -> str:
    """Who meets whom, and how many numbers all the weights come to."""
    return f"Data qubits meet only the readout, whose ⟨Z⟩ is the answer. {counted(experiment)}".rstrip()


def kinds(experiment: Experiment) -> str:
    """What each kind of layer does."""
    return " ".join(f"**{kind}**: {LAYERS[kind].blurb}" for kind in dict.fromkeys(experiment.layers))


frame.head("5_circuit", "What does the circuit do with the picture?")
experiment = controls.panel("layers")
living(experiment)
layers, n = weights_shape(experiment)
qubits = qubit_count(experiment)
st.caption(
    f"{qubits:,} qubits, {layers} layers, {layers * n:,} weights, {power(2, qubits)} amplitudes in a statevector. "
    "Each weight is the angle of one gate, in half-turns. " + kinds(experiment)
)
frame.more(lambda: in_blocks(experiment), key="circuit_blocks", label="More: in blocks, gate by gate, as OpenQASM")
frame.code(experiment, build_circuit)
frame.end("5_circuit")
