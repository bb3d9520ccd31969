"""Page 0: draw a digit, see where it goes, and choose where to go on."""

import streamlit as st

from pages import PAGES
from pages.ui import controls, frame, hood, models, route, start
from qnn_core.data.drawing import prepare_drawing
from qnn_core.data.shrink import shrink

frame.head(
    "0_start",
    "How does a quantum circuit tell two digits apart?",
    title="A quantum neural network, opened",
    charts=False,
)
experiment = controls.panel()
start.pad(experiment)
frame.notice("Draw first. Then follow every step from the pixel to the verdict, and change it.")
with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("The route", width="stretch", anchor=False)
    st.page_link("pages/14_teach.py", label="Teach this", icon=PAGES["14_teach"][1], width="content")
fill_last = route.show(route.follow(experiment, models.trained(models.good(experiment))))
st.subheader("Choose a run", anchor=False)
start.presets()
st.page_link(
    "pages/7_compare.py",
    label="The tutorial's fair network and its CNN are trained on page 7, beside these.",
    icon=":material/balance:",
)
frame.code(experiment, prepare_drawing, shrink)
frame.more(hood.show, key="hood", label="Under the hood")
fill_last()
frame.end("0_start")
