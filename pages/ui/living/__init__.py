"""Pictures that live: while the pen is down they show what it draws, and what has moved in them glides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import shade
from pages.ui.desk import desk
from pages.ui.pad import drawing
from qnn_core.figures import theme

_living = st.components.v2.component("qnn_living", js=(Path(__file__).parent / "living.js").read_text("utf-8"))


@dataclass(frozen=True)
class Picture:
    """SVG text, and what it says to those who cannot see it. widest: in pixels, where there is room for more."""

    svg: str
    alt: str
    widest: int = 4000

    def sent(self, *, dark: bool) -> dict[str, Any]:
        """What the browser gets of it. dark: on dark paper."""
        return {"svg": theme.shaded_svg(self.svg) if dark else self.svg, "alt": self.alt, "widest": self.widest}


def show(name: str, picture: Picture) -> None:
    """The picture, until the pen's line says something else under this name (see pages/ui/line.py)."""
    # The number makes each drawing's answer a new one, also to a browser that has shown a later answer of the line.
    said = {"name": name, "number": drawing().number, **picture.sent(dark=shade.is_dark())}
    desk().component(_living, key=name, data=said)
