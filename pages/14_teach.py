"""The last page: the lesson's plan for who teaches it, exercises, and what was predicted on the way."""

import streamlit as st

from pages.ui import controls, exercises, frame, opened, teach
from pages.ui.desk import desk
from qnn_core.contest.exercises import pixel_effects

frame.head("14_teach", "How does a class walk through this in 45 or 90 minutes?", charts=False)
experiment = controls.panel()
minutes = desk().choice(
    st.segmented_control,
    "Minutes",
    list(teach.ROUTES),
    key="minutes",
    default=next(iter(teach.ROUTES)),
    required=True,
    format_func=lambda length: f"{length} minutes",
)
frame.notice("Each stop opens its page ready. Let the class guess before you press anything.")
teach.show_route(minutes)
st.subheader("Exercises", anchor=False)
exercises.show()
st.subheader("Your predictions", anchor=False)
opened.show_predictions()
frame.code(experiment, pixel_effects)
frame.end("14_teach")
