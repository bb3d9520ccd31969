"""What is inside: how far each pixel turns the dial, and how much it counts."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.data.heatmap import names
from qnn_core.figures.theme import CELL_LINE, CLASS_SCALE, NEUTRAL, WEIGHT_SCALE, plain

KEEP_SCALE = [[0.0, "#333333"], [1.0, "#FFFFFF"]]
"""r in [0, 1]: white keeps everything, dark lets the dial shrink."""


def pixel_map(values: Array, *, low: float, high: float, scale: list[list[object]], unit: str) -> go.Figure:
    """One number for each pixel, written in up to 5×5. values: (grid, grid)."""
    grid = len(values)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=low,
            zmax=high,
            colorscale=scale,
            text=names(grid),
            texttemplate="%{z:.2f}" if grid <= 5 else "",
            textfont={"size": 15},
            hovertemplate="%{text}: %{z:.4f}" + f" {unit}<extra></extra>",
            showscale=grid > 5,
            colorbar={"thickness": 10, "tickfont": {"size": 13}},
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


def turn_map(turn: Array, grid: int) -> go.Figure:
    """α of each pixel in half-turns, (−1, 1]; both ends look alike, as they are half a turn either way."""
    return pixel_map(turn.reshape(grid, grid) / np.pi, low=-1, high=1, scale=WEIGHT_SCALE, unit="half-turns")


def keep_map(keep: Array, grid: int) -> go.Figure:
    """r of each pixel, [0, 1]."""
    return pixel_map(keep.reshape(grid, grid), low=0, high=1, scale=KEEP_SCALE, unit="of the length kept")


def flip_map(flipped: Array, grid: int) -> go.Figure:
    """⟨Z⟩ after each flip, in the colours of the classes."""
    return pixel_map(flipped.reshape(grid, grid), low=-1, high=1, scale=CLASS_SCALE, unit="after this flip")


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
