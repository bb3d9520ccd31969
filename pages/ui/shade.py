"""Light or dark: what the browser shows, which the server has to know for pictures that it draws."""

from pathlib import Path

import streamlit as st

from pages.ui.desk import desk

SHADES = ("light", "dark")
SHADE = "shade"
"""Under this name the desk keeps which of them the browser shows."""

_shade = st.components.v2.component("shade", js=(Path(__file__).parent / "shade.js").read_text("utf-8"))


def hear() -> None:
    """Let the browser say which shade it shows, whenever that is not the one it was drawn for.

    Streamlit's own word for it, st.context.theme, is wrong at the first run of a session.
    """
    with st.sidebar:
        desk().component(_shade, key="shade", data={"shade": "dark" if is_dark() else "light"}, shade=_keep)


def _keep(said: object) -> None:
    if said in SHADES:
        desk().choose(SHADE, said)


def is_dark() -> bool:
    """Whether this visitor's browser shows the dark theme."""
    return (desk().choices.get(SHADE) or st.context.theme.type) == "dark"
