"""The Start page's pad: draw, and the picture goes its way up to the needle while the pen moves."""

import streamlit as st

from pages.ui import controls, frame, models, room
from pages.ui.route import right_share
from pages.ui.sources import ask_pad, draw_pad
from qnn_core import Experiment, prepare
from qnn_core.circuit import qubit_count
from qnn_core.contest.tutorial import published_run
from qnn_core.presets import PRESETS
from qnn_core.training.budget import end_name
from qnn_core.training.losses import LOSSES

STYLE = """
/* On a phone the needle stays in view under the thumb: it comes before the journey. */
@media (max-width: 640px) {
    :has(> .st-key-way), .st-key-way {order: 2}
}
"""


# A fragment, so that a stroke redraws only what depends on the picture.
@frame.part
def pad(experiment: Experiment) -> None:
    """The pad at the left; the journey of what is on it, and the needle, at the right."""
    st.html(f"<style>{STYLE}</style>")
    run, asked = models.good(experiment), ask_pad(experiment)
    left, right = st.columns([1, 2], gap="medium")
    with left:  # nobody waits for a network to see it
        draw_pad(experiment, room.answer(experiment, lambda: models.weights_of(run), wires=True, aloud=True))
    with right:
        with st.container(key="way"):
            room.journey(experiment, asked, "What the network gets to see, from the pad to the wires.", wires=True)
        with st.container(key="verdict"):
            trained = models.trained(run)
            room.verdict(experiment, asked, room.expectation(experiment, asked, trained.weights), aloud=True)
            st.caption(
                f"{qubit_count(experiment)} qubits. {end_name(experiment)}, {LOSSES[run.loss].words}: "
                f"right on {right_share(trained):.1%} of {len(prepare(experiment).test):,} test images."
            )


def presets() -> None:
    """The named runs, each with a button that trains it."""
    for column, preset in zip(st.columns(len(PRESETS)), PRESETS.values(), strict=True):
        with column.container(border=True):
            st.markdown(f"**{preset.title}**")
            if st.button("Train it", key=preset.name, on_click=controls.adopt, args=(preset.experiment,)):
                st.switch_page("pages/6_train.py")
            figure = published_run(preset.experiment)
            published = f" Published test accuracy: {figure}." if figure is not None else ""
            st.caption(f"{preset.blurb}{published}")
