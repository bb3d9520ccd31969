"""Models side by side: who is right how often, and what nobody can do better."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from qnn_core.arrays import Array, Booleans
from qnn_core.contest.contenders import CONTENDERS, Contender
from qnn_core.data.labels import is_first
from qnn_core.figures.theme import CEILING, DASH, INK, NEUTRAL, ROLES, style


def _look(name: str) -> tuple[str, Contender]:
    """A model's colour, and the model."""
    contender = CONTENDERS[name]
    return ROLES.get(contender.mark.role, NEUTRAL), contender


BAND = 0.28
"""Half the width of a model's column."""


def seed_dots(rows: Sequence[dict[str, Any]], ceiling: float) -> go.Figure:
    """Every run of every model as a dot, the median as a bar, the 5–95 % band, the published figure hollow.

    rows: as `compare.table` makes them.
    """
    figure = go.Figure()
    for place, row in enumerate(rows):
        colour, contender = _look(row["name"])
        values = row["test_accuracies"]
        spread = np.linspace(-BAND, BAND, len(values)) if len(values) > 1 else np.zeros(1)
        box = {"type": "rect", "x0": place - 0.4, "x1": place + 0.4, "y0": row["low"], "y1": row["high"]}
        figure.add_shape(**box, fillcolor=colour, opacity=0.2, line_width=0, layer="below")
        figure.add_scatter(
            x=place + spread,
            y=values,
            mode="markers",
            marker={"color": colour, "symbol": contender.mark.symbol, "size": 9, "opacity": 0.75},
            hovertemplate=f"{row['model']}: %{{y:.4f}}<extra></extra>",
            showlegend=False,
        )
        median = {"x": [place - 0.4, place + 0.4], "y": [row["test_accuracy"]] * 2}
        figure.add_scatter(
            **median, mode="lines", line={"color": colour, "width": 4}, showlegend=False, hoverinfo="skip"
        )
        _published(figure, place, row["published"])
    _ceiling_line(figure, ceiling)
    names = [row["model"].replace(" (", "<br>(").replace(" of identical", "<br>of identical") for row in rows]
    figure.update_xaxes(
        tickvals=list(range(len(rows))), ticktext=names, range=[-0.6, len(rows) - 0.4], zeroline=False
    )
    lowest = min([0.5, *(value for row in rows for value in row["test_accuracies"])])
    figure.update_yaxes(title="test accuracy", range=[lowest - 0.03, 1.03])
    return style(figure, height=430)


def _published(figure: go.Figure, place: int, value: float | None) -> None:
    if value is None:
        return
    figure.add_scatter(
        x=[place],
        y=[value],
        mode="markers",
        marker={"symbol": "diamond-open", "size": 17, "color": INK, "line": {"width": 2.5}},
        name="published in the tutorial",
        legendgroup="published",
        showlegend=not any(trace.legendgroup == "published" for trace in figure.data),
        hovertemplate="published: %{y}<extra></extra>",
    )


def _ceiling_line(figure: go.Figure, ceiling: float) -> None:
    figure.add_hline(ceiling, line={"color": CEILING, "dash": "longdash", "width": 2})
    line = {"color": CEILING, "dash": "longdash", "width": 2}
    # A line across the chart has no entry in the legend; an empty trace has.
    figure.add_scatter(x=[None], y=[None], mode="lines", line=line, name=f"ceiling of these bits {ceiling:.3f}")


def pair_matrix(values: Mapping[tuple[int, int], float], title: str) -> go.Figure:
    """Accuracy for every pair of digits, symmetric; pairs not computed yet stay empty."""
    matrix = np.full((10, 10), np.nan)
    for (first, second), value in values.items():
        matrix[first, second] = matrix[second, first] = value
    digits = [str(digit) for digit in range(10)]
    text = [["" if np.isnan(value) else f"{value:.2f}" for value in row] for row in matrix]
    figure = go.Figure(
        go.Heatmap(
            z=matrix,
            x=digits,
            y=digits,
            text=text,
            texttemplate="%{text}",
            zmin=0.5,
            zmax=1.0,
            colorscale="Cividis",
            colorbar={"thickness": 12},
            hoverinfo="skip",
            xgap=1,
            ygap=1,
        )
    )
    # A heat map's cells cannot be clicked; unseen points over them can.
    cells = [(first, second) for first in range(10) for second in range(10) if first != second]
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=[digits[second] for _, second in cells],
        y=[digits[first] for first, _ in cells],
        customdata=[matrix[cell] for cell in cells],
        mode="markers",
        marker={"size": 32, "opacity": 0, "symbol": "square"},
        selected=unseen,
        unselected=unseen,
        showlegend=False,
        hovertemplate="%{y} or %{x}: %{customdata:.4f}<extra></extra>",
    )
    # Axes that cannot be zoomed take no clicks either.
    figure.update_xaxes(type="category", side="top", showgrid=False, constrain="domain")
    figure.update_yaxes(type="category", autorange="reversed", scaleanchor="x", showgrid=False)
    return style(figure, height=490, title={"text": title, "x": 0.02, "y": 0.99}).update_layout(margin_t=70)


def learning_curves(curves: Mapping[str, Mapping[int, Sequence[float]]], ceiling: float) -> go.Figure:
    """Test accuracy against the number of examples: median and 5–95 % band over the seeds, for each model.

    curves: model name → number of examples → accuracies.
    """
    figure = go.Figure()
    for name, curve in curves.items():
        colour, contender = _look(name)
        counts = sorted(curve)
        low, median, high = (
            [float(np.quantile(curve[count], share)) for count in counts] for share in (0.05, 0.5, 0.95)
        )
        band = {"x": [*counts, *reversed(counts)], "y": [*high, *reversed(low)], "fill": "toself"}
        hidden = {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        figure.add_scatter(**band, **hidden, mode="lines", fillcolor=colour, opacity=0.2)
        figure.add_scatter(
            x=counts,
            y=median,
            name=contender.title,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": DASH.get(colour, "solid")},
            marker={"symbol": contender.mark.symbol, "size": 9},
        )
    _ceiling_line(figure, ceiling)
    figure.update_xaxes(title="training examples", type="log", tickvals=[50, 100, 200, 500, 1000, 2000, 5000, 11000])
    figure.update_yaxes(title="test accuracy")
    return style(figure, height=400)


def confusion(verdicts: Booleans, labels: Array, digits: Sequence[int], name: str) -> go.Figure:
    """How many test images of each digit get which verdict. verdicts: first digit? (m,); labels: ±1 (m,)."""
    truth = is_first(labels)
    counts = [[int(np.sum((truth == t) & (verdicts == v))) for v in (True, False)] for t in (True, False)]
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=[f"says {digit}" for digit in digits],
            y=[f"is a {digit}" for digit in digits],
            text=counts,
            texttemplate="%{text:,}",
            textfont={"size": 20},
            colorscale="Greys",
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_xaxes(fixedrange=True, side="top")
    figure.update_yaxes(fixedrange=True, autorange="reversed")
    return style(figure, height=230, title={"text": name, "x": 0.02, "y": 0.98}).update_layout(margin_t=70)


def by_frequency(frequency: NDArray[np.int64], right: Mapping[str, Booleans]) -> go.Figure:
    """Accuracy on test images by how often their bits occur in the training images.

    frequency: (m,) occurrences. right: model name → whether each test image is right, (m,).
    """
    edges = [0, 1, 10, 100, 1000, np.inf]
    labels = ["never", "1–9", "10–99", "100–999", "1,000 or more"]
    groups = [(frequency >= low) & (frequency < high) for low, high in itertools.pairwise(edges)]
    shown = [index for index, group in enumerate(groups) if group.any()]
    figure = go.Figure()
    for name, values in right.items():
        colour, contender = _look(name)
        figure.add_bar(
            x=[f"{labels[index]}<br>({groups[index].sum():,} images)" for index in shown],
            y=[float(values[groups[index]].mean()) for index in shown],
            name=contender.title,
            marker={"color": colour, "pattern": {"shape": contender.mark.pattern}},
        )
    figure.update_xaxes(title="training images with the same bits")
    figure.update_yaxes(title="test accuracy", range=[0, 1.02])
    return style(figure, height=380, barmode="group")
