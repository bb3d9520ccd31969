"""The verdict is where ⟨Z⟩ falls between −1, the second digit, and +1, the first."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.figures.theme import CLASS_SCALE, style


def gauge(expectation: float, digits: tuple[int, int]) -> go.Figure:
    """A scale from −1 to +1 with a pointer at the expectation value."""
    figure = go.Figure(
        go.Heatmap(
            z=[np.linspace(-1, 1, 201)],
            x=np.linspace(-1, 1, 201),
            colorscale=CLASS_SCALE,
            zmin=-1,
            zmax=1,
            showscale=False,
            hoverinfo="skip",
        )
    )
    figure.add_scatter(
        x=[expectation],
        y=[0.75],
        mode="markers+text",
        marker={"symbol": "triangle-down", "size": 22, "color": "#111111"},
        text=[f"<b>⟨Z⟩ = {expectation:+.3f}</b>".replace("-", "−")],
        textposition="top center" if abs(expectation) < 0.75 else f"top {'left' if expectation > 0 else 'right'}",
        hoverinfo="skip",
    )
    figure.add_vline(0, line={"color": "#444444", "width": 2, "dash": "dash"})
    figure.update_xaxes(
        range=[-1.04, 1.04],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=[f"−1: {digits[1]}", "−0.5", "0", "+0.5", f"+1: {digits[0]}"],
        fixedrange=True,
    )
    figure.update_yaxes(visible=False, range=[-0.55, 2.2], fixedrange=True)
    return style(figure, height=150, showlegend=False).update_layout(margin={"l": 20, "r": 20, "t": 4, "b": 4})
