"""Pictures and a sentence that live: they show what the pen draws, while it draws; what has moved in them glides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import shade
from pages.ui.desk import desk
from pages.ui.pad import drawing
from qnn_core.figures import theme

CSS, JS = ((Path(__file__).parent / f"living.{kind}").read_text("utf-8") for kind in ("css", "js"))
_living = st.components.v2.component("qnn_living", css=CSS, js=JS)


@dataclass(frozen=True)
class Picture:
    """SVG text, and what it says to those who cannot see it. widest: in pixels, where there is room for more."""

    svg: str
    alt: str
    widest: int = 4000

    def sent(self, *, dark: bool) -> dict[str, Any]:
        """What the browser gets of it. dark: on dark paper."""
        return {"svg": theme.shaded_svg(self.svg) if dark else self.svg, "alt": self.alt, "widest": self.widest}


@dataclass(frozen=True)
class Sentence:
    """Plain text. loud: what stands before it in bold. trouble: it asks for something else."""

    text: str
    loud: str = ""
    trouble: bool = False

    def sent(self, *, dark: bool) -> dict[str, Any]:
        """What the browser gets of it; the same on all paper."""
        return {"text": self.text, "loud": self.loud, "trouble": self.trouble}


def show(name: str, what: Picture | Sentence) -> None:
    """The picture or sentence, until the pen's line says something else under this name (see pages/ui/line.py)."""
    # By the number the browser knows whether this is about what is on the pad now.
    said = {"name": name, "number": drawing().number, **what.sent(dark=shade.is_dark())}
    desk().component(_living, key=name, data=said)
