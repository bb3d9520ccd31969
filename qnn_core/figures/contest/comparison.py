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
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, DASH, DEPTH_SCALE, INK, INK_SCALE, NEUTRAL, ROLES, style


def _look(name: str) -> tuple[str, Contender]:
    """A model's colour, and the model."""
    contender = CONTENDERS[name]
    return ROLES.get(contender.mark.role, NEUTRAL), contender


CEILING_LINE: dict[str, Any] = {"color": CEILING, "dash": "longdash", "width": 2}
LONGEST_TITLE = 20
"""Characters of a title that stands in one line."""
HALF, REACH, BELOW = 0.2, 0.32, 0.4
"""Of a model's row: half the height of its dots, half that of its band, and how far below stands the interval."""


@kept
def seed_dots(rows: Sequence[dict[str, Any]], places: int = 0) -> go.Figure:
    """A row for each model: its runs as dots, their median and band, an interval, its ceiling, the published figure.

    The band holds 5 to 95 % of the runs. The interval below it is that of the median run, for other test images.
    rows: as `contest.table.table` makes them. places: for so many there is room at least, so that nothing moves when
    more come.
    """
    traces, bands, places = [], [], max(places, len(rows))
    for place, row in enumerate(rows):
        traces += _row(place, row)
        bands.append(_band(place, row))
    published = {place: row["published"] for place, row in enumerate(rows) if row["published"] is not None}
    traces += [_published(place, value, named=not number) for number, (place, value) in enumerate(published.items())]
    traces.append(_ceiling_key("ceiling of what it sees"))
    ends = [row[name] for row in rows for name in ("interval_low", "interval_high", "ceiling")]
    ends += published.values()
    ends += [value for row in rows for value in row["test_accuracies"]]
    yaxis = {
        "tickvals": list(range(len(rows))),
        "ticktext": [_folded(row["model"]) for row in rows],
        "tickfont": {"size": 15},
        "range": [places - 0.4, -0.6],
        "zeroline": False,
        "fixedrange": True,
    }
    xaxis = {
        "title": {"text": "test accuracy"},
        "range": [min(ends) - 0.01, max(ends) + 0.01],
        "fixedrange": True,
    }
    # All at once: Plotly takes a millisecond and more for everything that is added later.
    figure = go.Figure(traces, {"shapes": bands, "xaxis": xaxis, "yaxis": yaxis})
    return style(figure, height=84 + 38 * places)


def _row(place: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces of a model's row: its ceiling, its runs, their median, the interval."""
    colour, contender = _look(row["name"])
    values = row["test_accuracies"]
    spread = np.linspace(-HALF, HALF, len(values)) if len(values) > 1 else np.zeros(1)
    runs = {
        "x": values,
        "y": place + spread,
        "mode": "markers",
        "marker": {"color": colour, "symbol": contender.mark.symbol, "size": 9, "opacity": 0.75},
        "hovertemplate": f"{row['model']}: %{{x:.4f}}<extra></extra>",
        "showlegend": False,
    }
    interval = {
        "x": [row["interval_low"], row["interval_high"]],
        "y": [place + BELOW] * 2,
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2},
        "marker": {"symbol": "line-ns", "size": 8, "line": {"color": colour, "width": 2}},
        "hovertemplate": "95 % interval: %{x:.4f}<extra></extra>",
        "showlegend": False,
    }
    return [
        _across(row["ceiling"], place, 0.5, CEILING_LINE),
        runs,
        _across(row["test_accuracy"], place, REACH, {"color": colour, "width": 4}),
        interval,
    ]


def _band(place: int, row: dict[str, Any]) -> dict[str, Any]:
    """The shape behind a model's row in which most of its runs lie."""
    colour, _ = _look(row["name"])
    box = {"type": "rect", "y0": place - REACH, "y1": place + REACH, "x0": row["low"], "x1": row["high"]}
    return {**box, "fillcolor": colour, "opacity": 0.2, "line": {"width": 0}, "layer": "below"}


def _folded(title: str) -> str:
    """A long title in two lines, so that a phone has room for the chart."""
    if len(title) <= LONGEST_TITLE:
        return title
    words = title.split()
    return f"{' '.join(words[:2])}<br>{' '.join(words[2:])}"


def _across(value: float, place: int, reach: float, line: dict[str, Any]) -> dict[str, Any]:
    """A line across a model's row at an accuracy."""
    ends = {"x": [value] * 2, "y": [place - reach, place + reach]}
    return {**ends, "mode": "lines", "line": line, "showlegend": False, "hoverinfo": "skip"}


def _published(place: int, value: float, *, named: bool) -> dict[str, Any]:
    """The figure that somebody else printed for the model of a row; named: it stands for all in the legend."""
    return {
        "x": [value],
        "y": [place],
        "mode": "markers",
        "marker": {"symbol": "diamond-open", "size": 17, "color": INK, "line": {"width": 2.5}},
        "name": "published in the post",
        "legendgroup": "published",
        "showlegend": named,
        "hovertemplate": "published: %{x}<extra></extra>",
    }


def _ceiling_key(name: str) -> dict[str, Any]:
    """An entry of the legend for the lines of the ceiling, which have none: an empty trace has."""
    return {"x": [None], "y": [None], "mode": "lines", "line": CEILING_LINE, "name": name}


def _ceiling_line(figure: go.Figure, ceiling: float) -> None:
    figure.add_hline(ceiling, line=CEILING_LINE)
    figure.add_trace(_ceiling_key(f"ceiling of these pictures {ceiling:.3f}"))


@kept
def pair_matrix(values: Mapping[tuple[int, int], float], title: str, here: Sequence[int] = ()) -> go.Figure:
    """Accuracy for every pair of digits, symmetric; pairs not computed yet stay empty.

    here: the two digits of the lesson, whose cells are outlined.
    """
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
            colorscale=DEPTH_SCALE,
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
    for x, y in itertools.permutations(here, 2):
        figure.add_shape(type="rect", x0=x - 0.5, x1=x + 0.5, y0=y - 0.5, y1=y + 0.5, line={"color": INK, "width": 4})
    # Axes that cannot be zoomed take no clicks either.
    figure.update_xaxes(type="category", side="top", showgrid=False, constrain="domain")
    figure.update_yaxes(type="category", autorange="reversed", scaleanchor="x", showgrid=False)
    return style(figure, height=490, title={"text": title, "x": 0.02, "y": 0.99}).update_layout(margin_t=70)


@kept
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


@kept
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
            colorscale=INK_SCALE,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_xaxes(fixedrange=True, side="top")
    figure.update_yaxes(fixedrange=True, autorange="reversed")
    return style(figure, height=230, title={"text": name, "x": 0.02, "y": 0.98}).update_layout(margin_t=70)


@kept
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
