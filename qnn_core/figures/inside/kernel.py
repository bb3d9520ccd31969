"""Charts of the kernel: how alike pictures are, and what can be learnt from that."""

from collections.abc import Sequence

import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, FAIR, INK_SCALE, NEUTRAL, QNN, plain, style
from qnn_core.inside.kernel import LEARNERS, SIZES, Memory, Point

LOOKS = {"fidelity": (QNN, "solid", "triangle-up"), "gaussian": (NEUTRAL, "dot", "square")}
"""Learner → colour, dash and mark; another one looks like a classical model."""
LOW, HIGH = 0.85, 0.96


@kept
def matrix_chart(matrix: Array, digits: tuple[int, int]) -> go.Figure:
    """Each picture against each, the first digit's before as many of the second one's; a frame around each digit."""
    each = len(matrix) // 2
    figure = go.Figure(
        go.Heatmap(
            z=matrix,
            zmin=0,
            zmax=1,
            colorscale=INK_SCALE,
            showscale=False,
            hovertemplate="pictures %{x} and %{y}: %{z:.3f}<extra></extra>",
        )
    )
    for first in (-0.5, each - 0.5):
        ends = {"x0": first, "y0": first, "x1": first + each, "y1": first + each}
        figure.add_shape(type="rect", line={"color": NEUTRAL}, **ends)
    places, words = [(each - 1) / 2, each + (each - 1) / 2], [f"digit {digit}" for digit in digits]
    axis = {"tickvals": places, "ticktext": words, "constrain": "domain", "showgrid": False}
    return plain(figure, height=320, xaxis=axis, yaxis={**axis, "autorange": "reversed", "scaleanchor": "x"})


@kept
def learning_chart(points: Sequence[Point], memory: Memory) -> go.Figure:
    """Test accuracy by the number of training images, beside what the memory has of all of them."""
    figure = go.Figure()
    figure.add_hline(memory.test, line={"color": CEILING, "dash": "longdash", "width": 2})
    figure.add_annotation(
        x=0.98,
        xref="paper",
        y=memory.test,
        text="on bits, from all images",
        xanchor="right",
        yanchor="top",
        showarrow=False,
    )
    for name, learner in LEARNERS.items():
        mine = sorted((point.examples, point.accuracy) for point in points if point.learner == name)
        colour, dash, mark = LOOKS.get(name, (FAIR, "dash", "diamond"))
        figure.add_scatter(
            x=[examples for examples, _ in mine],
            y=[accuracy for _, accuracy in mine],
            name=learner.title,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3},
            marker={"color": colour, "symbol": mark, "size": 11},
            hovertemplate="%{x} images: %{y:.4f}<extra></extra>",
        )
    heights = [memory.test, *(point.accuracy for point in points), LOW, HIGH]
    figure.update_xaxes(title="training images", type="log", tickvals=list(SIZES), range=[1.85, 3.6])
    figure.update_yaxes(title="test accuracy", range=[min(heights) - 0.01, max(heights) + 0.01])
    return style(figure, height=320, showlegend=True)
