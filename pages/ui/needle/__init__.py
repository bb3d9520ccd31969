"""The needle: where ⟨Z⟩ falls between the two digits. When the verdict changes, it glides there."""

from pathlib import Path

import streamlit as st

from pages.ui import shade
from pages.ui.desk import desk
from qnn_core.figures import theme
from qnn_core.figures.training.gauge import gauge_svg
from qnn_core.words import signed

_needle = st.components.v2.component("qnn_needle", js=(Path(__file__).parent / "needle.js").read_text("utf-8"))


def needle(expectation: float | None, digits: tuple[int, int], *, key: str) -> None:
    """The scale and on it the expectation value in [−1, 1]; None: no verdict. key: the same for the same needle."""
    alt = "No verdict." if expectation is None else f"The expectation value is {signed(expectation)}."
    picture = gauge_svg(expectation, digits)
    picture = theme.shaded_svg(picture) if shade.is_dark() else picture
    desk().component(_needle, key=key, data={"svg": picture, "alt": alt})
    first, second = digits
    st.caption(f"Right of 0 is a {first}, left of 0 a {second}. Near 0 the network hardly knows.")
