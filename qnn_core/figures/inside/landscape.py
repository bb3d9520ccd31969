"""The loss as a landscape: height over two directions of the weights, and slopes over the number of qubits."""

from collections.abc import Mapping, Sequence
from math import log10

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.ends import end_names
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, DEPTH_SCALE, FAIR, NEUTRAL, PAPER, QNN, SMALLEST, plain
from qnn_core.inside.plateau import Law, Steepness

LETTER = 0.07
"""The height of a name beside the lines, as a share of the axis."""
FLOOR, TOP = 0.3, 1.2
"""Losses that are darkest and lightest; the floor of another loss may lie deeper."""
LEAST_SHOWN = 1e-12
"""Smaller slopes than this are not drawn: nobody could measure them."""


@kept
def surface3d(axis: Array, losses: Array, path: Array | None, path_losses: Array | None) -> go.Figure:
    """The loss over a plane, as a surface. axis: half-turns (points,); losses: (points, points).

    path: where training went on the plane, (k, 2), at its true losses (k,).
    """
    figure = go.Figure(
        go.Surface(
            x=axis,
            y=axis,
            z=losses,
            colorscale=DEPTH_SCALE,
            cmin=_floor(losses),
            cmax=TOP,
            showscale=False,
            opacity=0.9,
            hovertemplate="loss %{z:.3f}<extra></extra>",
        )
    )
    if path is not None and path_losses is not None:
        figure.add_scatter3d(
            x=path[:, 0],
            y=path[:, 1],
            z=path_losses + 0.01,
            mode="lines",
            line={"color": QNN, "width": 7},
            hoverinfo="skip",
        )
    title = {"font": {"size": SMALLEST}}
    figure.update_layout(
        scene={
            "xaxis": {"title": {"text": "first direction", **title}, "range": [axis[0], axis[-1]], "nticks": 4},
            "yaxis": {"title": {"text": "second", **title}, "range": [axis[0], axis[-1]], "nticks": 4},
            "zaxis": {
                "title": {"text": "loss", **title},
                "range": [_floor(losses) - 0.1, max(1.3, float(losses.max()))],
                "nticks": 4,
            },
            "aspectmode": "manual",  # left to Plotly, the box becomes a tower when near and a slab when far
            "aspectratio": {"x": 1.0, "y": 1.0, "z": 0.75},
            "camera": {"eye": {"x": 1.6, "y": -1.6, "z": 1.0}, "center": {"x": -0.03, "y": -0.03, "z": -0.15}},
        }
    )
    return plain(figure, height=420, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})


@kept
def surface_map(axis: Array, losses: Array, path: Array | None) -> go.Figure:
    """The same from above, with the training path from its start (square) to its end (circle)."""
    figure = go.Figure(
        go.Contour(
            x=axis,
            y=axis,
            z=losses,
            colorscale=DEPTH_SCALE,
            zmin=_floor(losses),
            zmax=TOP,
            contours={"start": _floor(losses), "end": 2.0, "size": 0.05},
            line={"width": 0.5},
            colorbar={"thickness": 10, "title": {"text": "loss"}, "tickfont": {"size": SMALLEST}},
            hovertemplate="loss %{z:.3f}<extra></extra>",
        )
    )
    if path is not None:
        figure.add_scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", line={"color": PAPER, "width": 6}, hoverinfo="skip"
        )
        figure.add_scatter(
            x=path[:, 0],
            y=path[:, 1],
            mode="lines+markers",
            line={"color": QNN, "width": 3},
            marker={
                "size": [13, *[0] * (len(path) - 2), 13],
                "symbol": ["square", *["circle"] * (len(path) - 1)],
                "color": QNN,
                "line": {"color": PAPER, "width": 1.5},
            },
            hoverinfo="skip",
        )
    figure.update_xaxes(title="first direction (half-turns)", range=[axis[0], axis[-1]], constrain="domain")
    figure.update_yaxes(title="second", range=[axis[0], axis[-1]], scaleanchor="x", constrain="domain")
    return plain(figure, height=420, showlegend=False)


def _floor(losses: Array) -> float:
    """The darkest loss, a multiple of 0.05."""
    return min(FLOOR, float(np.floor(losses.min() * 20) / 20))


@kept
def plateaus(rows: Sequence[tuple[str, Sequence[Steepness]]]) -> go.Figure:
    """The two plateaus: slopes of one picture and of the loss over the number of pixels, root mean squares.

    rows: a name for the layers and what was measured of them, at most two: solid and dashed.
    """
    figure = go.Figure()
    for (name, found), dash in zip(rows, ("solid", "dash"), strict=False):
        for what, values, colour, symbol in (
            ("one picture", [one.picture for one in found], QNN, "circle"),
            ("all pictures", [one.loss for one in found], FAIR, "square"),
        ):
            figure.add_scatter(
                x=[one.n for one in found],
                y=values,
                mode="lines+markers",
                name=f"{name}: {what}",
                line={"color": colour, "width": 3, "dash": dash},
                marker={"size": 10, "symbol": symbol if dash == "solid" else f"{symbol}-open"},
                hovertemplate=f"{name}, {what}: %{{y:.1e}}<extra></extra>",
            )
    figure.update_xaxes(
        title="pixels (data qubits)", type="log", tickvals=[one.n for _, found in rows for one in found]
    )
    figure.update_yaxes(
        title="slope per half-turn", type="log", exponentformat="power", range=[log10(LEAST_SHOWN), log10(6)]
    )
    return plain(figure, height=400, margin={"t": 60})


@kept
def law_chart(law: Law) -> go.Figure:
    """Measured mean squares of ∂f/∂t over the number of pixels, with 95 % intervals, and the law fitted to them."""
    figure, n = go.Figure(), list(law.means)
    figure.add_scatter(
        x=n,
        y=[law.at(each) for each in n],
        mode="lines",
        line={"color": CEILING, "width": 3, "dash": "longdash"},
        name=f"fit: × {law.factor:.3f} for each pixel",
    )
    figure.add_scatter(
        x=n,
        y=list(law.means.values()),
        error_y={"type": "data", "array": [1.96 * error for error in law.errors.values()]},
        mode="markers",
        marker={"color": QNN, "size": 11},
        name="measured",
    )
    figure.update_xaxes(title="pixels (data qubits)", tickvals=n)
    figure.update_yaxes(title="mean (∂⟨Z⟩/∂t)²", type="log", exponentformat="power")
    return plain(figure, height=360, margin={"t": 50})


@kept
def ray_chart(along: Array, losses: Array, noise: float | None) -> go.Figure:
    """The loss along a line, t in half-turns (k,); noise: how far it strays where its waves cancel, or None."""
    figure = go.Figure()
    if noise is not None:
        figure.add_hrect(1 - 2 * noise, 1 + 2 * noise, fillcolor=NEUTRAL, opacity=0.15, line_width=0)
    figure.add_hline(1.0, line={"color": CEILING, "dash": "dot", "width": 1})
    figure.add_scatter(x=along, y=losses, mode="lines", line={"color": QNN, "width": 3}, name="loss")
    figure.update_xaxes(title="t along the line (half-turns)")
    figure.update_yaxes(title="loss, all examples")
    return plain(figure, height=340, showlegend=False)


@kept
def spectrum(edges: Array, amounts: Array) -> go.Figure:
    """How much of each frequency the loss has along a line. edges: turns per half-turn (bins + 1,)."""
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=amounts,
            width=np.diff(edges),
            marker={"color": QNN, "line": {"color": PAPER, "width": 1}},
            hovertemplate="%{x:.2f} turns per half-turn: %{y:.3f}<extra></extra>",
        )
    )
    figure.update_xaxes(title="frequency (turns per half-turn of t)", range=[0, edges[-1]])
    figure.update_yaxes(title="sum of |c|")
    return plain(figure, height=340, showlegend=False)


@kept
def first_losses(curves: Mapping[float, Array], chosen: float, span: tuple[float, float], unsure: float) -> go.Figure:
    """The loss of the first steps from starts of several widths; the chosen one thick.

    span: where the axis begins and ends, to be the same beside each other.
    unsure: the loss of a network that answers 0 to everything.
    """
    figure = go.Figure()
    for width, losses in curves.items():
        thick = width == chosen
        figure.add_scatter(
            x=np.arange(len(losses)),
            y=losses,
            mode="lines",
            name=f"±{width:g}",
            line={"color": QNN, "width": 5} if thick else {"color": NEUTRAL, "width": 1.5, "dash": "dot"},
            hovertemplate=f"width {width:g}, step %{{x}}: %{{y:.3f}}<extra></extra>",
            showlegend=False,
        )
    figure.add_hline(unsure, line={"color": CEILING, "dash": "dot", "width": 1})
    figure.update_xaxes(title="step")
    figure.update_yaxes(title="loss, all examples", range=list(span))
    ends = {f"±{width:g}": float(losses[-1]) for width, losses in curves.items()}
    return plain(figure, height=360, **end_names(ends, f"±{chosen:g}", LETTER * (span[1] - span[0])))
