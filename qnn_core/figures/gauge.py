"""The verdict is where ⟨Z⟩ falls between −1, the second digit, and +1, the first."""

import numpy as np
import plotly.graph_objects as go

from qnn_core.figures.svg import Svg
from qnn_core.figures.theme import CLASS_SCALE, style

WIDTH, LEFT, TOP, HEIGHT = 420, 34, 78, 44
"""Of the gauge as SVG: whole width; left end, top and height of its scale, in pixels."""


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
    figure.add_vline(0, line={"color": "#444444", "width": 2, "dash": "dash"})
    figure.add_scatter(
        x=[expectation],
        y=[0.75],
        mode="markers",
        marker={"symbol": "triangle-down", "size": 22, "color": "#111111"},
        hoverinfo="skip",
    )
    figure.add_annotation(
        x=expectation,
        y=1.1,
        text=f"<b>⟨Z⟩ = {expectation:+.3f}</b>".replace("-", "−"),
        showarrow=False,
        yanchor="bottom",
        xanchor="center" if abs(expectation) < 0.75 else "right" if expectation > 0 else "left",
        bgcolor="#FFFFFF",  # near 0 it lies over the dashed line
    )
    figure.update_xaxes(
        range=[-1.04, 1.04],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=[f"−1: {digits[1]}", "−0.5", "0", "+0.5", f"+1: {digits[0]}"],
        fixedrange=True,
    )
    figure.update_yaxes(visible=False, range=[-0.55, 2.2], fixedrange=True)
    return style(figure, height=150, showlegend=False).update_layout(margin={"l": 20, "r": 20, "t": 4, "b": 4})


def gauge_svg(expectation: float, digits: tuple[int, int]) -> str:
    """The same as SVG text, which a browser shows without loading anything."""
    words = f"⟨Z⟩ = {expectation:+.3f}".replace("-", "−")
    svg = Svg(WIDTH, TOP + HEIGHT + 40, "The verdict", f"{words} on a scale from −1: {digits[1]} to +1: {digits[0]}")
    gradient = svg.add(svg.root, "linearGradient", id="class")
    for position, colour in CLASS_SCALE:
        svg.add(gradient, "stop", offset=position, stop_color=colour)
    length = WIDTH - 2 * LEFT
    svg.rect(svg.root, LEFT, TOP, length, HEIGHT, fill="url(#class)", class_="scale")
    for value, name in ((-1, f"−1: {digits[1]}"), (-0.5, "−0.5"), (0, "0"), (0.5, "+0.5"), (1, f"+1: {digits[0]}")):
        svg.text(svg.root, LEFT + length * (value + 1) / 2, TOP + HEIGHT + 20, name, size=16)
    svg.line(svg.root, WIDTH / 2, TOP - 12, WIDTH / 2, TOP + HEIGHT, stroke="#444444", stroke_dasharray="7 5")
    x = LEFT + length * (expectation + 1) / 2
    svg.add(svg.root, "path", d=f"M{x - 13:g} {TOP - 20:g} h26 l-13 18 z", fill="#111111", class_="pointer")
    svg.text(svg.root, min(max(x, 76), WIDTH - 76), TOP - 42, words, size=20, font_weight="bold")
    return str(svg)
