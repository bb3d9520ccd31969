"""The drawing pad, and a grid of cells for those who draw with the keyboard: two small components of our own."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from pages.ui.desk import Desk, desk
from pages.ui.line import Line
from pages.ui.pad.strokes import MOST_BYTES, PENS, SIDE, Drawing, ink_of, parse
from qnn_core.arrays import Array, Bytes

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
Answer = Callable[[Bytes | None], dict[str, Any]]
"""Says of the ink of a drawing (280, 280) what living pictures show: name of the picture → what it gets."""


class Asking(NamedTuple):
    """A drawing that the pad asks about. lifted: the pen is up, so this is what is on the pad."""

    drawing: Drawing
    lifted: bool


def _asking(sent: Any) -> Asking | None:
    drawing = parse(sent)
    return None if drawing is None else Asking(drawing, sent.get("lifted") is True)


PEN: Line[Asking] = Line("pen", _asking, MOST_BYTES, what="drawing")
"""It answers the pen at once; a moment after it is lifted, the page is drawn and speaks of the whole drawing."""

LARGEST_GRID = 5
"""More cells than 5×5 are too many to set one by one."""


def _component(name: str) -> Any:
    """The component made of name.html, name.css and name.js, to be mounted."""
    html, css, js = ((HERE / f"{name}.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component(f"qnn_{name}", html=html, css=css, js=js)


PAD, CELLS = _component("pad"), _component("cells")


def drawn() -> Bytes | None:
    """The ink on the pad (280, 280), 255 is ink, or None while there is none."""
    return desk().ink


def drawing() -> Drawing:
    """The strokes on the pad."""
    found: Drawing = desk().choices.get("pad", Drawing())
    return found


def pad(answer: Answer, ghost: Bytes | None = None) -> None:
    """The pad itself. The browser asks about a stroke while it is drawn, and the page gets it a moment after.

    answer: says what the living pictures show of a drawing; it is called in another thread.
    ghost: an image (28, 28), 255 is ink, that shows palely what to draw as long as the pad is empty.
    """
    own, here = desk(), drawing()

    def hear(asking: Asking) -> str:
        ink = ink_of(asking.drawing.strokes)
        if asking.lifted:  # whatever happens to the page, the drawing is there
            _keep(own, asking.drawing, ink)
        return json.dumps(answer(ink))

    data = {
        "side": SIDE,
        "pens": PENS,
        "pen": here.pen,
        "line": PEN.open(own.visitor, hear),
        "number": here.number,
        "strokes": [stroke.written() for stroke in here.strokes],
        "ghost": [] if ghost is None else ghost.ravel().tolist(),
    }
    own.component(PAD, key="pad", data=data, drawing=_take_drawing)


def bits(grid: int) -> Array:
    """The cells as they were last set, 0 or 1, (grid²,)."""
    return np.array(desk().choices.get(_name(grid), [0] * grid**2), np.float64)


def cells(grid: int) -> None:
    """A grid of cells to switch on and off, for a mouse or the keyboard. grid: at most 5."""

    def keep(sent: Any) -> None:
        if (
            isinstance(sent, list)
            and len(sent) == grid**2
            and all(type(one) is int and one in {0, 1} for one in sent)
        ):
            desk().choices[_name(grid)] = sent
        else:
            logger.warning("Cells were ignored: %s", repr(sent)[:200])

    data = {"grid": grid, "cells": bits(grid).astype(int).tolist()}
    desk().component(CELLS, key=_name(grid), data=data, cells=keep)


def _name(grid: int) -> str:
    return f"cells{grid}"


def _take_drawing(sent: Any) -> None:
    """Put what the browser sent on the desk, unless it makes no sense."""
    found = parse(sent)
    if found is not None:
        _keep(desk(), found, ink_of(found.strokes))


def _keep(own: Desk, found: Drawing, ink: Bytes | None) -> None:
    own.choices["pad"], own.ink = found, ink
