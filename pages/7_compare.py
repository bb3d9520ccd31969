"""Page 7: the quantum network beside classical ones, in a fight that nobody can object to."""

import streamlit as st

from pages.ui import comparison, controls, frame, guesses, slide
from pages.ui.desk import desk
from qnn_core.baselines import log_loss_and_accuracy
from qnn_core.contest.contenders import run_contender

frame.head("7_compare", "Is the quantum network any better than a classical one of the same size?")
experiment = controls.panel()
guesses.how_often_they_differ(experiment)
SECTIONS = {
    "The table": comparison.the_table,
    "What differs": comparison.what_differs,
    "All pairs of digits": comparison.all_pairs,
    "More examples": comparison.more_examples,
    "The threshold": slide.threshold_section,
    "The tutorial's numbers": comparison.tutorials_numbers,
}
section = desk().choice(
    st.segmented_control, "Show", list(SECTIONS), key="section", default="The table", required=True
)
SECTIONS[section](experiment)
frame.code(experiment, run_contender, log_loss_and_accuracy)
frame.end("7_compare")
