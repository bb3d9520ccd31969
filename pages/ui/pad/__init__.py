"""The drawing pad, and a grid of cells for those who draw with the keyboard: two small components of our own."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.ui.desk import desk
from pages.ui.line import Line
from pages.ui.pad.strokes import MOST_BYTES, PENS, SIDE, Drawing, ink_of, parse
from qnn_core.arrays import Array, Bytes

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
Answer = Callable[[Drawing], dict[str, Any]]
"""Says of a drawing what living pictures show: name of the picture → what it gets."""

PEN: Line[Drawing] = Line("pen", parse, MOST_BYTES, what="drawing")
"""While the pen is down it is answered at once; when it is lifted the page is drawn and speaks of the stroke."""

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
    """The pad itself. The browser sends a stroke when the pen is lifted.

    answer: says what the living pictures show of a drawing that is not finished yet; it is called in another thread.
    ghost: an image (28, 28), 255 is ink, that shows palely what to draw as long as the pad is empty.
    """
    here = drawing()
    data = {
        "side": SIDE,
        "pens": PENS,
        "pen": here.pen,
        "line": PEN.open(desk().visitor, lambda drawing: json.dumps(answer(drawing))),
        "number": here.number,
        "strokes": [stroke.written() for stroke in here.strokes],
        "ghost": [] if ghost is None else ghost.ravel().tolist(),
    }
    desk().component(PAD, key="pad", data=data, drawing=_take_drawing)


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
        desk().choices["pad"] = found
        desk().ink = ink_of(found.strokes)
