"""Charts of one pixel uploaded again and again: what it says, and the frequencies in that."""

import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, NEUTRAL, QNN, style

SHOWN_FREQUENCIES = 12


@kept
def fit_chart(grey: Array, wanted: Array, says: Array) -> go.Figure:
    """What is wanted and what the circuit says, over the grey value; the left half is the mirror image."""
    figure = go.Figure()
    figure.add_scatter(
        x=grey, y=wanted, name="wanted", mode="lines", line={"color": NEUTRAL, "dash": "dot", "width": 3}
    )
    figure.add_scatter(x=grey, y=says, name="⟨Z⟩ of the qubit", mode="lines", line={"color": QNN, "width": 4})
    figure.update_xaxes(title="grey x", range=[-1, 1], tickvals=[-1, -0.5, 0, 0.5, 1])
    figure.update_yaxes(title="⟨Z⟩", range=[-1.15, 1.15], tickvals=[-1, 0, 1])
    return style(figure, height=320, showlegend=True)


@kept
def spectrum_chart(wanted: Array, says: Array, uploads: int) -> go.Figure:
    """How much of each frequency: (k,) each. A line where the uploads end."""
    figure = go.Figure()
    frequencies = list(range(SHOWN_FREQUENCIES + 1))
    figure.add_bar(
        x=frequencies,
        y=wanted[: SHOWN_FREQUENCIES + 1],
        name="wanted",
        marker={"color": "rgba(0,0,0,0)", "line": {"color": NEUTRAL, "width": 2}},
    )
    figure.add_bar(
        x=frequencies, y=says[: SHOWN_FREQUENCIES + 1], name="the qubit", marker={"color": QNN}, width=0.45
    )
    figure.add_vline(uploads + 0.5, line={"color": CEILING, "dash": "longdash", "width": 2})
    figure.add_annotation(
        x=uploads + 0.6, y=1.0, yref="paper", text="no circuit with so few uploads", xanchor="left", showarrow=False
    )
    figure.update_xaxes(title="frequency k of cos πkx and sin πkx", dtick=1)
    figure.update_yaxes(title="size")
    return style(figure, height=320, showlegend=True, barmode="overlay")
