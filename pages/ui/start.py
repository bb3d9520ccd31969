"""The Start page's pad: draw, and the picture goes its way up to the needle while the pen moves."""

import numpy as np
import streamlit as st

from pages.ui import controls, frame, models, room
from pages.ui.route import right_share
from pages.ui.sources import SOURCES
from qnn_core import Experiment, prepare
from qnn_core.circuit import qubit_count
from qnn_core.contest.tutorial import published_run
from qnn_core.presets import PRESETS
from qnn_core.training.budget import end_name
from qnn_core.training.losses import LOSSES

STYLE = """
/* On a phone the needle stays in view under the thumb: it comes before the journey. */
.st-key-sentence {min-height: 3.3rem}
@media (max-width: 640px) {
    :has(> .st-key-journey), .st-key-journey {order: 2}
}
"""


# A fragment, so that a stroke redraws only what depends on the picture.
@frame.part
def pad(experiment: Experiment) -> None:
    """The pad at the left; the journey of what is on it, and the needle, at the right."""
    st.html(f"<style>{STYLE}</style>")
    run, source = models.good(experiment), SOURCES["pad"]
    asked = source.ask(experiment)
    left, right = st.columns([1, 2], gap="medium")
    with right:
        with st.container(key="journey"):
            room.journey(experiment, asked, "What the network gets to see, from the pad to the wires.", wires=True)
        needle = st.container(key="verdict")

    def draw_needle() -> None:
        with needle:
            trained = models.trained(run)
            room.verdict(experiment, asked, room.expectation(experiment, asked, trained.weights), aloud=True)
            st.caption(
                f"{qubit_count(experiment)} qubits. {end_name(experiment)}, {LOSSES[run.loss].words}: "
                f"right on {right_share(trained):.1%} of {len(prepare(experiment).test):,} test images."
            )

    def draw_pad() -> None:
        with left:
            source.draw(experiment, np.zeros(0))

    # To the pad, its being drawn is the answer: it comes last. But nobody waits for a network to see it.
    for draw in (draw_needle, draw_pad) if models.is_there(run) else (draw_pad, draw_needle):
        draw()


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
