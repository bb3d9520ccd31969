"""What is inside: how far each pixel turns the dial, and how much it counts."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.data.heatmap import names
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CELL_LINE, CLASS_SCALE, INK, INK_SCALE, NEUTRAL, SMALLEST, WEIGHT_SCALE, plain
from qnn_core.words import signed

KEEP_SCALE = [[0.0, INK_SCALE[1][1]], [1.0, INK_SCALE[0][1]]]
"""r in [0, 1]: paper keeps everything, ink lets the dial shrink."""
TURN_SCALE = [[0.0, WEIGHT_SCALE[1][1]], [0.5, WEIGHT_SCALE[0][1]], [1.0, WEIGHT_SCALE[1][1]]]
"""Turns from −1 to +1 half-turn, grey by size; those below 0 are hatched besides."""
HATCHES = 4
"""Lines across a pixel below 0."""


def pixel_map(values: Array, *, low: float, high: float, scale: list[list[object]], unit: str) -> go.Figure:
    """One number for each pixel, written in up to 5×5. values: (grid, grid)."""
    grid = len(values)
    form = signed if low < 0 else "{:.2f}".format
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=low,
            zmax=high,
            colorscale=scale,
            text=[[form(value) for value in row] for row in values.tolist()],
            texttemplate="%{text}" if grid <= 5 else "",
            textfont={"size": SMALLEST},
            customdata=names(grid),
            hovertemplate="%{customdata}: %{text}" + f" {unit}<extra></extra>",
            showscale=grid > 5,
            colorbar={"thickness": 10, "tickfont": {"size": SMALLEST}},
            xgap=1,
            ygap=1,
        )
    )
    axis = {"visible": False, "constrain": "domain", "fixedrange": True}
    return plain(
        figure,
        height=270,
        plot_bgcolor=CELL_LINE,
        margin={"l": 4, "r": 4, "t": 8, "b": 8},
        xaxis=axis,
        yaxis={**axis, "autorange": "reversed", "scaleanchor": "x"},
    )


@kept
def turn_map(turn: Array, grid: int) -> go.Figure:
    """α of each pixel in half-turns, (−1, 1]; both ends look alike, as they are half a turn either way."""
    half_turns = turn.reshape(grid, grid) / np.pi
    figure = pixel_map(half_turns, low=-1, high=1, scale=TURN_SCALE, unit="half-turns")
    hatch = " ".join(_hatch(row, column) for row, column in np.argwhere(half_turns < 0).tolist())
    return figure.add_shape(type="path", path=hatch, line={"color": INK, "width": 1}) if hatch else figure


def _hatch(row: int, column: int) -> str:
    """Slanted lines across one pixel, as a path."""
    left, bottom = column - 0.5, row + 0.5
    reach = (np.arange(2 * HATCHES - 1) + 1) / HATCHES
    ends = ((left + max(0, at - 1), bottom - min(at, 1), left + min(at, 1), bottom - max(0, at - 1)) for at in reach)
    return " ".join(f"M{x:.3f},{y:.3f} L{to_x:.3f},{to_y:.3f}" for x, y, to_x, to_y in ends)


@kept
def keep_map(keep: Array, grid: int) -> go.Figure:
    """r of each pixel, [0, 1]."""
    return pixel_map(keep.reshape(grid, grid), low=0, high=1, scale=KEEP_SCALE, unit="of the length kept")


@kept
def flip_map(flipped: Array, grid: int) -> go.Figure:
    """⟨Z⟩ after each flip, in the colours of the classes."""
    return pixel_map(flipped.reshape(grid, grid), low=-1, high=1, scale=CLASS_SCALE, unit="after this flip")


@kept
def amplitude_gauge(amplitude: float) -> go.Figure:
    """R on a scale from 0 to 1."""
    figure = go.Figure(
        go.Bar(
            x=[amplitude],
            y=[""],
            orientation="h",
            marker={"color": NEUTRAL},
            text=[f"<b>R = {amplitude:.3g}</b>"],
            textposition="inside" if amplitude > 0.3 else "outside",
            textfont={"size": 20},
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.5, 1], fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return plain(figure, height=90, margin={"l": 16, "r": 16, "t": 4, "b": 4})
