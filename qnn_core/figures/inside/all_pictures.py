"""All pictures that 16 black and white pixels can show, each at its ⟨Z⟩."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array, Integers
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CLASS_SCALE, INK, NEUTRAL, READ_POINT, plain

BINS = 81


@kept
def all_histogram(values: Array, here: float) -> go.Figure:
    """How many of all images fall to each ⟨Z⟩; here: where the chosen image is."""
    counts, edges = np.histogram(values, BINS, (-1, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure(
        go.Bar(
            x=middles,
            y=counts,
            width=np.diff(edges),
            marker={"color": middles, "colorscale": CLASS_SCALE, "cmin": -1, "cmax": 1, "line": {"width": 0.5}},
            hovertemplate="%{y:,} images near ⟨Z⟩ = %{x:.2f}<extra></extra>",
        )
    )
    figure.update_traces(marker_line_color=NEUTRAL)
    figure.add_vline(
        here,
        line={"color": INK, "width": 3, "dash": "dash"},
        annotation_text="this picture",
        annotation_position="top left" if here > 0 else "top right",
    )
    figure.update_xaxes(title="⟨Z⟩", range=[-1.02, 1.02], fixedrange=True)
    figure.update_yaxes(title="images", fixedrange=True)
    return plain(figure, height=380, showlegend=False)


def half_order(turn: Array) -> Integers:
    """Patterns of some pixels ordered by how far they turn the dial together. turn: α, radians (k,)."""
    patterns = np.arange(2 ** len(turn))[:, None] >> np.arange(len(turn) - 1, -1, -1) & 1
    return np.argsort((1 - 2 * patterns) @ turn, kind="stable")


@kept
def all_map(values: Array, rows: Integers, columns: Integers, marked: tuple[int, int] | None = None) -> go.Figure:
    """Every image as one point: its first pixels choose the row, the others the column.

    values: (rows, columns) as `flips.all_images`. rows, columns: the order to draw them in. marked: row and
    column of one image, in the order of `values`.
    """
    figure = go.Figure(
        go.Heatmap(
            z=values[np.ix_(rows, columns)].astype(np.float32),
            zmin=-1,
            zmax=1,
            colorscale=CLASS_SCALE,
            x0=0,
            y0=0,
            hovertemplate="⟨Z⟩ = %{z:.3f}<extra></extra>",
            showscale=False,
        )
    )
    if marked is not None:
        figure.add_scatter(
            x=[int(np.flatnonzero(columns == marked[1])[0])],
            y=[int(np.flatnonzero(rows == marked[0])[0])],
            mode="markers",
            marker={"symbol": "x", "size": 16, "color": READ_POINT, "line": {"color": INK, "width": 2}},
            hovertemplate="the marked picture<extra></extra>",
        )
    figure.update_xaxes(title="lower half of the picture", showticklabels=False, constrain="domain", fixedrange=True)
    figure.update_yaxes(
        title="upper half", showticklabels=False, scaleanchor="x", constrain="domain", fixedrange=True
    )
    return plain(figure, height=380, showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8})
