"""Few colours with fixed meanings, safe for colour-blind eyes (Okabe & Ito), and one layout for all charts."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio

from qnn_core.circuit import wrap
from qnn_core.data.labels import is_first

FIRST, SECOND = "#0072B2", "#D55E00"
"""The two digits: +1 is blue, −1 is vermilion, on every page."""
CLASS_SCALE = [[0.0, SECOND], [0.5, "#FFFFFF"], [1.0, FIRST]]
"""Plotly colour scale on [−1, +1]: it means "class" wherever it appears."""
INK_SCALE = [[0.0, "#FFFFFF"], [1.0, "#111111"]]
"""Grey values in [0, 1]: 1 is ink."""
WEIGHT_SCALE = [[0.0, "#333333"], [0.25, "#009E73"], [0.5, "#FFFFFF"], [0.75, "#CC79A7"], [1.0, "#333333"]]
"""Weights, wrapped to (−1, 1] half-turns: a circle, so both ends, half a turn either way, look alike."""

QNN, FAIR, CNN, CEILING = "#CC79A7", "#009E73", "#E69F00", "#444444"
"""The models. Each also has its own dash and marker, so that colour is never alone."""
ROLES = {"quantum": QNN, "classical": FAIR, "large": CNN, "ceiling": CEILING}
"""What a model is → its colour; a model of another kind is grey."""
DASH = {QNN: "solid", FAIR: "dash", CNN: "dot", CEILING: "longdash"}
SYMBOL = {QNN: "circle", FAIR: "square", CNN: "diamond", CEILING: "line-ew"}

FONT = {"family": "Source Sans Pro, Source Sans, sans-serif", "size": 16, "color": "#222222"}


_AXIS = {
    "automargin": True,
    "gridcolor": "#EBF0F8",
    "linecolor": "#EBF0F8",
    "zerolinecolor": "#8A8A8A",
    "ticks": "",
    "title": {"standoff": 12},
}
# Plotly copies its default template of 7,000 entries for every figure, 10 ms each time; this one is short.
pio.templates["classroom"] = go.layout.Template(
    layout={
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hovermode": "closest",
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


NEUTRAL, CELL_LINE, READ_POINT = "#5F6F7F", "#8A8A8A", "#F0E442"
"""Plain bars; the borders of cells; the points that are read (yellow, outlined, seen on ink and paper)."""
LAYER_TINT = {"XX": "#DDEEFA", "YY": "#ECE6F4", "ZZ": "#FAF3CF"}
OTHER_TINT = "#EAEAEA"
"""Pale backgrounds of ansatz layers; a new kind gets the other one."""


def digit_colour(label: float) -> str:
    """The colour of the digit that a label or an answer names."""
    return FIRST if is_first(np.array(label)) else SECOND


def ink_colour(grey: float) -> str:
    """The colour of a grey value in [0, 1], as on INK_SCALE."""
    return _between(INK_SCALE, grey)


def weight_colour(half_turns: float) -> str:
    """The colour of any weight, wrapped, as on WEIGHT_SCALE."""
    return _between(WEIGHT_SCALE, (float(wrap(half_turns)) + 1) / 2)


def text_on(fill: str) -> str:
    """Dark letters on light fills and light ones on dark fills; `fill` as #RRGGBB."""
    # Relative luminance (WCAG 2); either way the contrast is at least 3.9.
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _rgb(fill)]
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#222222" if luminance > 0.213 else "#FFFFFF"


def _between(scale: list[list[Any]], position: float) -> str:
    """The colour at a position in [0, 1] of a Plotly colour scale."""
    below = [stop for stop in scale if stop[0] <= position][-1]
    above = next(stop for stop in scale if stop[0] >= position)
    share = (position - below[0]) / ((above[0] - below[0]) or 1)
    mixed = [round(a + share * (b - a)) for a, b in zip(_rgb(below[1]), _rgb(above[1]), strict=True)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
