"""The drawing pad; the only place that knows which canvas component is used."""

import numpy as np
import streamlit as st

from qnn_core.arrays import Array

SIDE = 280
PEN = 22
BAND = 36
"""Pixels of canvas above the pad. The component's own toolbar lies there and would swallow strokes; it is cut off."""
STYLE = f"""
.st-key-pad_place {{min-height: {SIDE + 20}px}}
.st-key-pad_canvas {{clip-path: inset({BAND}px 0 0 0); margin-top: -{BAND}px; position: relative}}
.st-key-pad_canvas::after {{
    content: ""; position: absolute; top: {BAND}px; width: {SIDE}px; border-top: 2px solid #AAAAAA;
    pointer-events: none; z-index: 30
}}
"""


def pad() -> Array | None:
    """A canvas to draw on. Returns the ink (280, 280) in [0, 255], or None while nothing is drawn.

    The last drawing comes back when the page does, unless it was cleared.
    """
    # Imported here: the package can only be imported while Streamlit runs.
    from streamlit_drawable_canvas import st_canvas

    key = f"pad{st.session_state.setdefault('pad_number', 0)}"
    if key not in st.session_state:
        st.session_state["pad_before"] = st.session_state.get("pad_drawing")
    with st.container(key="pad_place"):
        st.html(f"<style>{STYLE}</style>")
        with st.container(key="pad_canvas"):
            result = st_canvas(
                stroke_width=PEN,
                stroke_color="#000000",
                background_color="#FFFFFF",
                height=SIDE + BAND,
                width=SIDE,
                initial_drawing=st.session_state["pad_before"],
                return_image_data=True,
                key=key,
            )
        st.button("Clear", on_click=_clear, icon=":material/delete:")
    if result.json_data is None or result.image_data is None:
        # A canvas that has just come back says nothing before the next stroke.
        return st.session_state.get("pad_ink") if st.session_state["pad_before"] else None
    if not result.json_data.get("objects"):
        _forget()  # emptied stroke by stroke: what the other pages would ask about is gone too
        return None
    st.session_state["pad_drawing"] = result.json_data
    ink: Array = 255.0 - np.asarray(result.image_data)[BAND:, :, :3].mean(axis=2)
    st.session_state["pad_ink"] = ink  # for the pages that look inside the network
    return ink


def _clear() -> None:
    """A new, empty canvas in place of the old one."""
    st.session_state["pad_number"] += 1
    _forget()


def _forget() -> None:
    """There is no drawing any more."""
    st.session_state["pad_drawing"] = None
    st.session_state.pop("pad_ink", None)
