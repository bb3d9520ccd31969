"""Page 12: from 17 to 785 qubits."""

import streamlit as st

from pages.ui import controls, frame, scale
from pages.ui.desk import desk
from pages.ui.said import plain
from qnn_core.circuit import qubit_count
from qnn_core.engines.mps import mps_expectation
from qnn_core.figures.inside.scale import state_chart
from qnn_core.inside.plateau import gradient_samples
from qnn_core.inside.scale import SIZES, nearest_landmark, scale_experiment, state_size

frame.head("12_scale", "Why shrink the picture at all? What stops the network at 4 × 4?")
base = controls.panel(status=False)
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
experiment = runs["narrow"].experiment
qubits = qubit_count(experiment)
st.markdown(
    f"**{qubits} qubits**, {2 * experiment.pixels:,} weights, exact. A statevector would have "
    f"{state_size(qubits)}: {nearest_landmark(qubits)}."
)
st.caption("Digits, threshold and seed as in the panel; all training images, 3 epochs, batches of 32.")
scale.live(runs, scale.slopes())
frame.notice(
    "The circuit was never the limit: its numbers can be had without the state, at a cost that grows with the number "
    "of qubits only. What stops it is where training starts: from random weights the slope is too small to feel."
)
frame.chart(
    state_chart([qubit_count(scale_experiment(base, size, "narrow")) for size in SIZES]),
    alt="Number of amplitudes of the statevector at 17, 50, 197 and 785 qubits beside things one can imagine.",
    caption="Amplitudes that a simulator of the state has to store. 17 qubits fit anywhere; 50 fill a supercomputer.",
    key="states",
)
st.button(
    "Ask Aer about one picture",
    on_click=scale.want_aer,
    args=(runs["narrow"],),
    icon=":material/fact_check:",
    help="Its matrix_product_state simulator.",
)
answer = scale.aers_answer(experiment)
if answer is not None:
    if isinstance(answer, str):
        st.error(plain(answer))
    else:
        st.success(
            f"First test picture, ⟨Z⟩ = {answer.contraction:+.6f}. Aer says {answer.aer:+.6f} after "
            f"{answer.seconds:.1f} s; the difference is {abs(answer.aer - answer.contraction):.1e}."
        )
frame.code(experiment, gradient_samples, mps_expectation)
frame.end("12_scale")
