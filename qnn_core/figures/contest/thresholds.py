"""The threshold slide: three accuracies over all thresholds, as far as they are known."""

from collections.abc import Iterable

import plotly.graph_objects as go

from qnn_core.contest.thresholds import SlidePoint, in_order
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, DASH, FAIR, QNN, SYMBOL, style


@kept
def threshold_slide(points: Iterable[SlidePoint], here: float) -> go.Figure:
    """Test accuracy over the threshold; `here` is the threshold of the Experiment."""
    rows = in_order(points)
    figure = go.Figure()
    for column, name, colour in ((1, "ceiling", CEILING), (2, "QNN", QNN), (3, "fair network", FAIR)):
        figure.add_scatter(
            x=rows[:, 0],
            y=rows[:, column],
            name=name,
            mode="lines" if colour == CEILING else "lines+markers",
            line={"color": colour, "dash": DASH[colour], "width": 3},
            marker={"size": 7, "symbol": SYMBOL[colour]},
        )
    figure.add_vline(here, line={"color": CEILING, "width": 1}, annotation_text=f"threshold {here:g}")
    figure.update_xaxes(title="threshold", range=[0, 1])
    lowest = rows[:, 1:].min() if len(rows) else 0.5
    figure.update_yaxes(title="test accuracy", range=[lowest - 0.05, 1.02])
    return style(figure, height=360)
