"""What is inside: how far each pixel turns the dial, how much it counts, and where the hand stops."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array, Complex
from qnn_core.figures.data.heatmap import names
from qnn_core.figures.theme import CELL_LINE, CLASS_SCALE, FIRST, NEUTRAL, SECOND, WEIGHT_SCALE, plain

KEEP_SCALE = [[0.0, "#333333"], [1.0, "#FFFFFF"]]
"""r in [0, 1]: white keeps everything, dark lets the dial shrink."""
HAND = "#111111"


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


def dial_figure(dial: Complex, upto: int, digits: tuple[int, int], grid: int) -> go.Figure:
    """The hand after each pixel, and its trail; right of the middle is a verdict for the first digit.

    dial: (n + 1,) complex, as CosineNeuron.dial. upto: how many pixels have been added.
    """
    figure = _face(digits)
    trail = dial[: upto + 1]
    labels = ["start", *names(grid).ravel()[:upto]]
    figure.add_scatter(
        x=trail.real,
        y=trail.imag,
        mode="lines+markers",
        line={"color": NEUTRAL, "width": 1.5, "dash": "dot"},
        marker={"size": np.linspace(5, 11, len(trail)), "color": NEUTRAL},
        text=labels,
        hovertemplate="%{text}: ⟨Z⟩ so far %{x:.3f}<extra></extra>",
    )
    end = trail[-1]
    figure.add_scatter(
        x=[0, end.real],
        y=[0, end.imag],
        mode="lines+markers",
        line={"color": HAND, "width": 5},
        marker={"size": [8, 15], "color": HAND},
        hoverinfo="skip",
    )
    # What is measured is the shadow of the hand on the horizontal line.
    figure.add_scatter(
        x=[end.real, end.real],
        y=[end.imag, -1.1],
        mode="lines",
        line={"color": HAND, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    return plain(figure, height=420, showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8})


def _face(digits: tuple[int, int]) -> go.Figure:
    """The dial without its hand: a circle, a side for each digit, and ⟨Z⟩ as the horizontal axis."""
    figure = go.Figure()
    for left, right, colour in ((0.0, 1.1, FIRST), (-1.1, 0.0, SECOND)):
        figure.add_shape(
            type="rect",
            x0=left,
            x1=right,
            y0=-1.1,
            y1=1.1,
            fillcolor=colour,
            opacity=0.12,
            line_width=0,
            layer="below",
        )
    figure.add_shape(type="circle", x0=-1, x1=1, y0=-1, y1=1, line={"color": "#8A8A8A", "width": 2})
    ticks = [f"−1: {digits[1]}", "−0.5", "0", "0.5", f"+1: {digits[0]}"]
    figure.update_xaxes(
        title="⟨Z⟩, the shadow of the hand",
        range=[-1.1, 1.1],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=ticks,
        fixedrange=True,
        constrain="domain",
        showgrid=False,
        zeroline=True,
        zerolinewidth=2,
    )
    figure.update_yaxes(visible=False, range=[-1.1, 1.1], scaleanchor="x", fixedrange=True, constrain="domain")
    return figure
