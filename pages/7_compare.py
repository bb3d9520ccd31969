"""Page 7: the quantum network beside classical ones, in a fight that nobody can object to."""

import streamlit as st

from pages.ui import comparison, controls, curves, differences, frame, guesses, pairs, published, slide
from pages.ui.desk import desk
from qnn_core.contest.contenders import run_contender
from qnn_core.contest.statistics import duel, mcnemar

frame.head("7_compare", "Is the quantum network any better than a classical one of the same size?")
experiment = controls.panel()
guesses.how_often_they_differ(experiment)
SECTIONS = {
    "Who is ahead": comparison.who_is_best,
    "What differs": differences.what_differs,
    "All pairs of digits": pairs.all_pairs,
    "More examples": curves.more_examples,
    "The threshold": slide.threshold_section,
    "The tutorial's numbers": published.tutorials_numbers,
}
section = desk().choice(
    st.segmented_control,
    "Show",
    list(SECTIONS),
    key="section",
    default="Who is ahead",
    required=True,
    label_visibility="collapsed",
)
SECTIONS[section](experiment)
frame.code(experiment, run_contender, duel, mcnemar)
frame.end("7_compare")
