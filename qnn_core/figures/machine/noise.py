"""What a machine shows: dots that fall left or right, an estimate with its interval, and training from shots."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, FIRST, INK, NEUTRAL, QNN, SECOND, plain
from qnn_core.machine.shots import Estimate

MAX_DOTS = 400
"""More dots than this are drawn as so many, each for several shots."""


@kept
def shot_dots(found: Estimate, digits: tuple[int, int]) -> go.Figure:
    """Two heaps of dots, one for each outcome; every dot is a shot, or an equal share of them."""
    dots = min(found.shots, MAX_DOTS)
    right = round(dots * found.plus / found.shots)
    row = 10 if dots <= 100 else 20
    figure = go.Figure()
    for count, at, colour, name in (
        (dots - right, -1, SECOND, f"−1: {digits[1]}"),
        (right, 1, FIRST, f"+1: {digits[0]}"),
    ):
        place = np.arange(count)
        figure.add_scatter(
            x=at + ((place % row + 0.5) / row - 0.5) * 1.4,
            y=place // row,
            mode="markers",
            marker={"size": 80 / row, "color": colour, "symbol": "circle" if at > 0 else "square"},
            name=name,
            hoverinfo="skip",
        )
    shots = (found.shots - found.plus, found.plus)
    figure.update_xaxes(
        tickvals=[-1, 1],
        ticktext=[f"−1 ({digits[1]}): {shots[0]:,}", f"+1 ({digits[0]}): {shots[1]:,}"],
        range=[-1.9, 1.9],
        fixedrange=True,
        showgrid=False,
    )
    figure.update_yaxes(visible=False, range=[-1, max(10, dots // row + 1)], fixedrange=True)
    return plain(figure, height=280, showlegend=False)


@kept
def estimate_bar(exact: float, noisy: float, found: Estimate) -> go.Figure:
    """The estimate with its interval, beside the exact ⟨Z⟩ without and with noise."""
    figure = go.Figure()
    rows = (
        ("exact", exact, 0.0, 0.0, NEUTRAL, "diamond"),
        ("with noise", noisy, 0.0, 0.0, QNN, "circle"),
        ("shots", found.value, found.high - found.value, found.value - found.low, INK, "square"),
    )
    for name, value, above, below, colour, symbol in rows:
        figure.add_scatter(
            x=[value],
            y=[name],
            mode="markers",
            marker={"size": 15, "color": colour, "symbol": symbol},
            error_x={"type": "data", "symmetric": False, "array": [above], "arrayminus": [below], "thickness": 3},
            hovertemplate=f"{name}: %{{x:.4f}}<extra></extra>",
        )
    figure.add_vline(0, line={"color": CEILING, "dash": "dash", "width": 2})
    figure.update_xaxes(title="⟨Z⟩", range=[-1.15, 1.15], tickvals=[-1, -0.5, 0, 0.5, 1], fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    return plain(figure, height=220, showlegend=False)


@kept
def noisy_curve(steps: Array, losses: Array, accuracies: Array) -> go.Figure:
    """Training with shots: loss of each batch and accuracy to be expected on the test images."""
    figure = go.Figure()
    figure.add_scatter(x=steps, y=losses, name="batch loss, from shots", line={"color": NEUTRAL, "dash": "dot"})
    figure.add_scatter(x=steps, y=accuracies, name="test accuracy", line={"color": QNN, "width": 4})
    figure.update_xaxes(title="step")
    figure.update_yaxes(rangemode="tozero")
    return plain(figure, height=320, margin={"t": 50})
