"""Page 12: from 17 to 785 qubits."""

import streamlit as st

from pages.ui import controls, frame, guesses, scale
from pages.ui.desk import desk
from qnn_core.circuit import qubit_count
from qnn_core.engines.mps import mps_expectation
from qnn_core.figures.inside.scale import state_chart
from qnn_core.inside.scale import SIZES, nearest_landmark, scale_experiment, state_size, straight

frame.head("12_scale", "Why shrink the picture at all? What stops the network at 4 × 4?")
base = controls.panel(status=False)
guesses.how_long_at_full_size(base)
grid = desk().choice(
    st.segmented_control,
    "Grid",
    SIZES,
    key="scale_grid",
    default=SIZES[-1],
    required=True,
    format_func=lambda side: f"{side} × {side}",
)
runs = scale.runs_of(base, grid)
experiment = runs[scale.NARROW].experiment
scale.chart(runs)
said = st.container()
scale.progress(runs)
linear = scale.classical(experiment)
with said:
    frame.notice(scale.take_home(runs, linear))
scale.numbers(runs, linear)
qubits = qubit_count(experiment)
st.markdown(
    f"**{qubits} qubits**, {2 * experiment.pixels:,} weights, exact. {scale.weights_that_moved(runs[scale.NARROW])} "
    f"A statevector would have {state_size(qubits)}: {nearest_landmark(qubits)}."
)
st.caption("Digits, threshold, loss and seed as in the panel; all training images, 3 epochs, batches of 32.")
frame.chart(
    state_chart([qubit_count(scale_experiment(base, size, "narrow")) for size in SIZES]),
    alt="Number of amplitudes of the statevector at 17, 50, 197 and 785 qubits beside things one can imagine.",
    caption="Amplitudes that a simulator of the state has to store. The contraction stores none of them.",
    key="states",
)
frame.more(scale.slopes, key="slopes", label="The slopes at random weights")
frame.more(lambda: scale.check(runs[scale.NARROW]), key="aer", label="Check one picture with Aer")
frame.code(experiment, mps_expectation, straight)
frame.end("12_scale")
