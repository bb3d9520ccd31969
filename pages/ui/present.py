"""Projector mode: no menu, larger type, no notes; a presenter's remote turns the pages."""

from pathlib import Path

import streamlit as st

from pages.ui.desk import desk
from qnn_core.figures.theme import LETTERS

PRESENT = "present"
"""Under this name the desk and the address keep it."""
LARGER = 24 / 18
"""Type for the back row, compared with the usual."""
HERE = Path(__file__).parent
STYLE = (HERE / "present.css").read_text("utf-8")

_remote = st.components.v2.component("remote", js=(HERE / "present.js").read_text("utf-8"))


def presenting() -> bool:
    """Whether this visitor shows the lesson to a room."""
    return bool(desk().choices.get(PRESENT, False))


def switch() -> None:
    """The switch in the menu."""
    with st.sidebar:
        desk().choice(
            st.toggle,
            "Projector mode",
            key=PRESENT,
            default=False,
            help="Larger type, no menu, no notes. Page-up and page-down turn the pages.",
        )


def begin() -> None:
    """At the head of a page that is shown to a room: the look, and an ear for the remote."""
    st.html(f"<style>{STYLE}</style>")
    with st.sidebar:
        _remote(key="remote", data={"page": desk().page}, height=1)


def leave() -> None:
    """The way back, as the menu with its switch is hidden."""
    st.button(
        "End the show",
        icon=":material/close:",
        type="tertiary",
        key="leave",
        on_click=desk().choose,
        args=(PRESENT, False),
    )


def letters() -> int:
    """How high the letters of a figure are, in pixels: larger for the back row of a room."""
    return round(LARGER * LETTERS) if presenting() else LETTERS
