"""One qubit is an arrow in a ball; entangled with others, it is shorter than the ball's radius."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import FIRST, LINE, MUTED, NEUTRAL, QNN, SECOND, digit_colour, plain
from qnn_core.words import signed

MOST_NAMES = 3
"""More names than these would overlap."""


@kept
def bloch_path(vectors: Array, names: Sequence[str]) -> go.Figure:
    """The readout's arrow at the start and after each layer. vectors: (steps, 3) ⟨X⟩, ⟨Y⟩, ⟨Z⟩; names: (steps,)."""
    figure = go.Figure()
    _ball(figure)
    x, y, z = vectors.T
    if len(names) > MOST_NAMES:
        names = [name.split()[-1] for name in names]  # the number of the layer
    together: dict[tuple[float, ...], list[str]] = {}
    for vector, name in zip(vectors, names, strict=True):
        together.setdefault(tuple(np.round(vector, 1) + 0.0), []).append(name)
    # Where the arrow has not moved, the names share one label.
    labels = [", ".join(together.pop(tuple(np.round(vector, 1) + 0.0), [])) for vector in vectors]
    figure.add_scatter3d(
        x=x,
        y=y,
        z=z,
        mode="lines+markers+text",
        line={"color": NEUTRAL, "width": 4, "dash": "dot"},
        marker={"size": [5] * (len(x) - 1) + [9], "color": QNN},
        text=labels,
        textposition="top center",
        customdata=list(names),
        hovertemplate="%{customdata}<br>X %{x:.3f}, Y %{y:.3f}, Z %{z:.3f}<extra></extra>",
    )
    figure.add_scatter3d(
        x=[0, x[-1]], y=[0, y[-1]], z=[0, z[-1]], mode="lines", line={"color": QNN, "width": 9}, hoverinfo="skip"
    )
    axis = {"visible": False, "range": [-1.15, 1.15]}
    eye = {"x": 0.35, "y": -1.25, "z": 0.4}
    figure.update_layout(
        scene={"xaxis": axis, "yaxis": axis, "zaxis": axis, "aspectmode": "cube", "camera": {"eye": eye}}
    )
    return plain(figure, height=400, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def _ball(figure: go.Figure) -> None:
    """Three circles and three axes; the measured one (X before the last H) ends in the classes' colours."""
    turn = np.linspace(0, 2 * np.pi, 61)
    zero, c, s = np.zeros_like(turn), np.cos(turn), np.sin(turn)
    for x, y, z in ((c, s, zero), (c, zero, s), (zero, c, s)):
        figure.add_scatter3d(x=x, y=y, z=z, mode="lines", line={"color": LINE, "width": 2}, hoverinfo="skip")
    figure.add_scatter3d(
        x=[-1, 1], y=[0, 0], z=[0, 0], mode="lines", line={"color": MUTED, "width": 3}, hoverinfo="skip"
    )
    for end, colour, label in ((1.12, FIRST, "+X"), (-1.12, SECOND, "−X")):
        figure.add_scatter3d(
            x=[end],
            y=[0],
            z=[0],
            mode="text",
            text=[f"<b>{label}</b>"],
            textfont={"color": colour, "size": 18},
            textposition="bottom center",  # the states' names stand above
            hoverinfo="skip",
        )
    for label, place in (("Y", (0, 1.12, 0)), ("Z", (0, 0, 1.12))):
        figure.add_scatter3d(x=[place[0]], y=[place[1]], z=[place[2]], mode="text", text=[label], hoverinfo="skip")


@kept
def term_bars(labels: Sequence[str], values: Sequence[float], rest: float) -> go.Figure:
    """The largest terms of a sum over pairs of paths, and all the others together."""
    shown = [*values, rest]
    figure = go.Figure(
        go.Bar(
            x=shown,
            y=[*labels, "all others"],
            orientation="h",
            marker={"color": [digit_colour(value) for value in values] + [NEUTRAL]},
            text=[signed(value) for value in shown],
            textposition="auto",
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(title="what it adds to ⟨Z⟩", zeroline=True, zerolinewidth=2, fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, type="category")
    return plain(figure, height=110 + 34 * len(shown), showlegend=False)


@kept
def entropy_bars(entropies: Sequence[float], names: Sequence[str]) -> go.Figure:
    """How entangled the readout is at the start and after each layer. entropies: bits (steps,) in [0, 1]."""
    figure = go.Figure(
        go.Bar(
            x=list(names),
            y=list(entropies),
            marker={"color": QNN},
            text=[f"{bits:.2f}" for bits in entropies],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(title="after layer", fixedrange=True, type="category")
    figure.update_yaxes(title="entropy, bits", range=[0, 1.1], tickvals=[0, 0.5, 1], fixedrange=True)
    return plain(figure, height=360, showlegend=False)
