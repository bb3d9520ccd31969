"""Chart of the two ways to measure: copies needed by the number of qubits."""

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, FAIR, QNN, style
from qnn_core.inside.two_copies import Needed


@kept
def copies_chart(needed: Sequence[Needed]) -> go.Figure:
    """Copies for the same chance of success: in twos, one at a time, and what one at a time cannot do without.

    On a logarithmic axis what doubles with each qubit is a straight line.
    """
    figure = go.Figure()
    qubits = [one.qubits for one in needed]
    curves = (
        ("one at a time", [one.one for one in needed], FAIR, "dash", "diamond"),
        ("one at a time: never fewer", [one.limit for one in needed], CEILING, "longdash", "line-ew-open"),
        ("two at a time", [one.two for one in needed], QNN, "solid", "triangle-up"),
    )
    for name, copies, colour, dash, mark in curves:
        figure.add_scatter(
            x=qubits,
            y=copies,
            name=name,
            mode="lines+markers+text",
            text=[str(number) for number in copies],
            textposition="top center" if colour == FAIR else "bottom center",
            line={"color": colour, "dash": dash, "width": 4 if colour == QNN else 3},
            marker={"color": colour, "symbol": mark, "size": 12},
            hovertemplate=f"{name}, %{{x}} qubits: %{{y}} copies<extra></extra>",
        )
    figure.update_xaxes(title="qubits n of one copy", dtick=1, range=[0.7, qubits[-1] + 0.3])
    most = max(one.one for one in needed)
    figure.update_yaxes(
        title="copies", type="log", tickvals=[1, 3, 10, 30, 100, 300], range=[-0.25, log10(most) + 0.2]
    )
    return style(figure, height=330, showlegend=True)
