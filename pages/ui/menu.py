"""The pages as Streamlit knows them, in the order of the lesson."""

from copy import copy
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages import PAGES


def menu() -> list[StreamlitPage]:
    """The pages for st.navigation."""
    # Streamlit notes in a page that it is being run: each visitor needs one of their own.
    return [copy(page) for page in _found()]


@cache
def _found() -> tuple[StreamlitPage, ...]:
    """Each looked up on the disk, which would take longer than all the rest of the menu."""
    return tuple(
        st.Page(f"pages/{name}.py", title=title, icon=icon, default=name == "0_start")
        for name, (title, icon) in PAGES.items()
    )
