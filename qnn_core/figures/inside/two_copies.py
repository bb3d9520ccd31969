"""Chart of the two ways to measure: copies needed by the number of qubits."""

from collections.abc import Sequence

import plotly.graph_objects as go

from qnn_core.figures.theme import CEILING, FAIR, QNN, style
from qnn_core.inside.two_copies import Needed


def copies_chart(needed: Sequence[Needed]) -> go.Figure:
    """Copies for the same chance of success: in twos, one at a time, and what one at a time cannot do without."""
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
            text=[str(number) for number in copies] if name != curves[1][0] else None,
            textposition="top center" if colour == FAIR else "bottom center",
            line={"color": colour, "dash": dash, "width": 4 if colour == QNN else 3},
            marker={"color": colour, "symbol": mark, "size": 12},
            hovertemplate=f"{name}, %{{x}} qubits: %{{y}} copies<extra></extra>",
        )
    figure.update_xaxes(title="qubits n of one copy", dtick=1, range=[0.7, qubits[-1] + 0.3])
    figure.update_yaxes(title="copies", rangemode="tozero", range=[-6, 1.15 * max(one.one for one in needed)])
    return style(figure, height=360, showlegend=True)
