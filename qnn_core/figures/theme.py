"""The table of colours as figures use it, and one layout for all charts.

Figures are drawn on light paper with transparent grounds; `adapted` gives the same figure for dark paper.
"""

import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio

from qnn_core.circuit import wrap
from qnn_core.data.labels import is_first
from qnn_core.figures.kept import kept
from qnn_core.tokens import TOKENS, contrast, mixed, on_dark

PAPER, PANEL, INK, MUTED, FIRST, SECOND, QNN, CLASSICAL, INTERFACE, LINE = (
    TOKENS[name].light
    for name in (
        "paper",
        "panel",
        "ink",
        "muted",
        "first",
        "second",
        "qnn",
        "classical",
        "interface",
        "line",
    )
)
CLASS_SCALE = [[0.0, SECOND], [0.5, PAPER], [1.0, FIRST]]
"""Plotly colour scale on [−1, +1]: it means "class" wherever it appears."""
INK_SCALE = [[0.0, PAPER], [1.0, INK]]
"""Grey values in [0, 1]: 1 is ink."""
DEPTH_SCALE = [[0.0, mixed(PAPER, INK, 0.7)], [1.0, PAPER]]
"""Any number, most ink for the lowest: a loss and an accuracy name no digit and no network, so they have no hue."""
MOST_INK = 0.45
"""So dark is the largest weight: letters in ink can still be read on it."""
WEIGHT_SCALE = [[0.0, PAPER], [1.0, mixed(PAPER, INK, MOST_INK)]]
"""Sizes of weights in [0, 1] half-turns, without a hue; a weight below 0 is hatched besides."""

FAIR, CNN, CEILING, NEUTRAL = CLASSICAL, CLASSICAL, MUTED, MUTED
"""Models and bounds. Each also has its own dash and marker, so that colour is never alone."""
ROLES = {"quantum": QNN, "classical": FAIR, "large": CNN, "ceiling": CEILING}
"""What a model is → its colour; a model of another kind is grey."""
DASH = {QNN: "solid", CLASSICAL: "dash", MUTED: "longdash"}
SYMBOL = {QNN: "triangle-up", CLASSICAL: "diamond", MUTED: "line-ew"}

CELL_LINE, READ_POINT = LINE, PAPER
"""The borders of cells; the points that are read: paper, outlined in ink, seen on both."""
LETTERS, SMALLEST = 16, 15
"""Height of the letters of a figure, and what it never falls below, in pixels."""
FONT = {"family": "Source Sans, Source Sans Pro, sans-serif", "size": LETTERS, "color": INK}

_FAINT = "rgba(91, 95, 102, 0.2)"
_AXIS = {
    "automargin": True,
    "gridcolor": _FAINT,
    "linecolor": _FAINT,
    "zerolinecolor": LINE,
    "ticks": "",
    "title": {"standoff": 12},
}
_SPACE = {"gridcolor": _FAINT, "linecolor": LINE, "zerolinecolor": LINE, "showbackground": False}
_NO_GROUND = "rgba(0, 0, 0, 0)"
# Plotly copies its default template of 7,000 entries for every figure, 10 ms each time; this one is short.
pio.templates["classroom"] = go.layout.Template(
    layout={
        "paper_bgcolor": _NO_GROUND,
        "plot_bgcolor": _NO_GROUND,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": {"color": INK}},
        # A drag over a chart scrolls the page; only what stands in space is turned.
        "dragmode": False,
        "scene": {"dragmode": "turntable", "xaxis": _SPACE, "yaxis": _SPACE, "zaxis": _SPACE},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "margin": {"l": 10, "r": 10, "t": 12, "b": 10},
        "font": FONT,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    }
)
pio.templates.default = "classroom"


def plain(figure: go.Figure, *, height: int = 380, **layout: Any) -> go.Figure:
    """Height and the rest; zoom is kept across updates. Returns the figure."""
    # Not update_layout, which takes plotly four times as long.
    for name, value in {"height": height, "uirevision": "kept", **layout}.items():
        setattr(figure.layout, name, value)
    return figure


def style(figure: go.Figure, *, height: int = 380, **layout: Any) -> go.Figure:
    """The common look with room for a legend above the chart. Returns the figure."""
    return plain(figure, height=height, margin={"l": 10, "r": 10, "t": 40, "b": 10}, **layout)


@kept
def adapted(figure: go.Figure, *, height: int | None = None, letters: int = LETTERS, dark: bool = False) -> go.Figure:
    """The same figure for other surroundings: a new one.

    height: in pixels, None for its own. letters: their height in pixels. dark: for dark paper, with every colour
    exchanged for its counterpart.
    """
    drawn = figure.to_dict()
    other = go.Figure(_shaded(drawn) if dark else drawn, skip_invalid=True)
    other.layout.font.size = letters
    other.layout.height = height or other.layout.height
    return other


def shaded_svg(picture: str) -> str:
    """The same SVG picture for dark paper."""
    return _HEX.sub(lambda found: on_dark(found[0]), picture)


_HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")


def _shaded(part: Any) -> Any:
    if isinstance(part, str):
        return on_dark(part) if _HEX.fullmatch(part) else part
    if isinstance(part, dict):
        # Long lists of numbers arrive packed, as "bdata"; there is no colour in them.
        return part if "bdata" in part else {name: _shaded(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_shaded(value) for value in part]
    if isinstance(part, np.ndarray) and part.dtype == object:
        return [_shaded(value) for value in part.tolist()]
    return part


LAYER_TINT = {"XX": mixed(PAPER, INK, 0.05), "YY": mixed(PAPER, INK, 0.1), "ZZ": mixed(PAPER, INK, 0.15)}
OTHER_TINT = mixed(PAPER, INK, 0.2)
"""Pale backgrounds of ansatz layers; a new kind gets the other one."""


def digit_token(label: float) -> str:
    """The name of the colour of the digit that a label or an answer names."""
    return "first" if is_first(np.array(label)) else "second"


def digit_colour(label: float) -> str:
    """The colour of the digit that a label or an answer names."""
    return TOKENS[digit_token(label)].light


def ink_colour(grey: float) -> str:
    """The colour of a grey value in [0, 1], as on INK_SCALE."""
    return mixed(PAPER, INK, grey)


def weight_colour(half_turns: float) -> str:
    """The grey of any weight, wrapped, by its size, as on WEIGHT_SCALE."""
    return ink_colour(MOST_INK * abs(float(wrap(half_turns))))


def text_on(fill: str) -> str:
    """The colour of letters on a fill, ink or paper, whichever is read better; `fill` as #RRGGBB."""
    return max((INK, PAPER), key=lambda letters: contrast(letters, fill))
