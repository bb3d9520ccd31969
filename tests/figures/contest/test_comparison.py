"""Models side by side: every number put in is drawn, and at its place."""

import numpy as np
import pytest
from scipy.stats import binomtest

from qnn_core.contest.contenders import CONTENDERS
from qnn_core.contest.table import table
from qnn_core.contest.tutorial import ACCURACIES
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.figures.contest.comparison import by_frequency, confusion, learning_curves, pair_matrix, seed_dots
from tests.helpers import outcome

RUNS = {"qnn-32": [0.31, 0.87, 0.64], "qnn-64-interleaved": [0.9], "fair": [0.91, 0.88, 0.92, 0.89]}


@pytest.fixture
def rows():
    """The table of three models with one, three and four runs."""
    outcomes = [outcome(model, seed, accuracy) for model in RUNS for seed, accuracy in enumerate(RUNS[model])]
    return table(Experiment(), outcomes, published=ACCURACIES)


def called(figure, words):
    """The traces with these words in their name."""
    return [trace for trace in figure.data if words in (trace.name or "")]


def lines(figure, width):
    """The lines across the rows of the models, by their width."""
    return [
        trace for trace in figure.data if trace.mode == "lines" and trace.name is None and trace.line.width == width
    ]


def test_every_run_is_a_dot_in_the_row_of_its_model(rows):
    figure = seed_dots(rows)
    dots = [trace for trace in figure.data if trace.mode == "markers" and trace.name is None]
    assert [list(row.x) for row in dots] == [row["test_accuracies"] for row in rows] == list(RUNS.values())
    for place, row in enumerate(dots):
        assert np.abs(np.array(row.y) - place).max() < 0.4
        assert len(set(row.y)) == len(row.x)
    assert [name.replace("<br>", " ") for name in figure.layout.yaxis.ticktext] == [row["model"] for row in rows]
    assert list(figure.layout.yaxis.tickvals) == [0, 1, 2]
    bottom, top = figure.layout.yaxis.range
    assert top < 0  # the first model stands above the others
    assert bottom > 2
    low, high = figure.layout.xaxis.range
    assert low < min(RUNS["qnn-32"])
    assert high > ACCURACIES["fair"]


def test_median_band_and_interval_lie_in_the_row_of_their_model(rows):
    figure = seed_dots(rows)
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    intervals = [trace for trace in figure.data if trace.mode == "lines+markers"]
    parts = zip(lines(figure, 4), bands, intervals, RUNS.values(), strict=True)
    for place, (bar, band, interval, accuracies) in enumerate(parts):
        assert list(bar.x) == [np.median(accuracies)] * 2
        assert (band.x0, band.x1) == tuple(np.quantile(accuracies, [0.05, 0.95]))
        middle = sorted(accuracies)[(len(accuracies) - 1) // 2]
        expected = binomtest(round(middle * 1968), 1968).proportion_ci(0.95, method="wilson")
        assert tuple(interval.x) == pytest.approx((expected.low, expected.high))
        assert bar.y[0] < place < bar.y[1]
        assert band.y0 < place < band.y1
        assert interval.y[0] == interval.y[1]
        assert abs(interval.y[0] - place) < 0.5


def test_published_figures_are_marked(rows):
    published = called(seed_dots(rows), "published")
    assert [(*trace.y, *trace.x) for trace in published] == [
        (place, ACCURACIES[name]) for place, name in ((0, "qnn-32"), (2, "fair"))
    ]
    assert [trace.showlegend for trace in published] == [True, False]


def test_each_row_has_the_ceiling_of_what_its_model_sees():
    outcomes = [outcome(model, 0, 0.8) for model in ("qnn-32", "fair", "qnn-grey", "cnn")]
    figure = seed_dots(table(Experiment(), outcomes, published={}))
    order = [name.replace("<br>", " ") for name in figure.layout.yaxis.ticktext]
    ceilings = {order[round(np.mean(line.y))]: line.x[0] for line in lines(figure, 2)}
    bits, greys = (prepare(Experiment(encoding=name)).ceiling.test_best for name in ("basis", "angle"))
    titles = [CONTENDERS[name].title for name in ("qnn-32", "fair", "qnn-grey", "cnn")]
    assert ceilings == dict(zip(titles, (bits, bits, greys, 1.0), strict=True))
    assert all(np.ptp(line.y) == 1 for line in lines(figure, 2))
    assert len(called(figure, "ceiling")) == 1
    assert figure.layout.xaxis.range[1] > 1


def test_the_pair_matrix_is_symmetric_and_empty_where_nothing_is_known():
    values = {(3, 6): 0.71, (0, 9): 0.92, (4, 5): 0.6}
    heat, points = pair_matrix(values, "Test accuracy").data
    matrix = np.asarray(heat.z, float)
    np.testing.assert_array_equal(matrix, matrix.T)
    known = {(int(row), int(column)): matrix[row, column] for row, column in np.argwhere(~np.isnan(matrix))}
    assert known == values | {(second, first): value for (first, second), value in values.items()}
    written = {(row, column): text for row, line in enumerate(heat.text) for column, text in enumerate(line) if text}
    assert written == {pair: f"{value:.2f}" for pair, value in known.items()}
    assert list(heat.x) == list(heat.y) == list("0123456789")
    under_the_pointer = {
        (int(y), int(x)): value
        for x, y, value in zip(points.x, points.y, points.customdata, strict=True)
        if not np.isnan(value)
    }
    assert under_the_pointer == known


def test_the_lessons_pair_is_outlined_in_both_places():
    outlines = pair_matrix({}, "Test accuracy", (3, 6)).layout.shapes
    centres = {((shape.x0 + shape.x1) / 2, (shape.y0 + shape.y1) / 2) for shape in outlines}
    assert centres == {(3, 6), (6, 3)}
    assert not pair_matrix({}, "Test accuracy").layout.shapes


def test_every_pair_of_different_digits_can_be_clicked():
    points = pair_matrix({}, "Test accuracy").data[1]
    pairs = [(y, x) for x, y in zip(points.x, points.y, strict=True)]
    assert len(set(pairs)) == len(pairs) == 90
    assert all(first != second for first, second in pairs)


def test_learning_curves_are_medians_in_their_bands_by_rising_number_of_examples():
    rng = np.random.default_rng(0)
    curves = {name: {count: rng.uniform(0.5, 1, 5) for count in (1000, 50, 11_520)} for name in ("qnn-32", "fair")}
    figure = learning_curves(curves, 0.9)
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    for (name, curve), band in zip(curves.items(), bands, strict=True):
        (line,) = called(figure, CONTENDERS[name].title)
        assert list(line.x) == [50, 1000, 11_520]
        assert list(line.y) == [np.median(curve[count]) for count in line.x]
        ends = {count: [y for x, y in zip(band.x, band.y, strict=True) if x == count] for count in curve}
        assert ends == {count: list(np.quantile(curve[count], [0.95, 0.05])) for count in curve}
    assert figure.layout.shapes[0].y0 == 0.9
    assert len({(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in figure.data}) >= 3


def test_a_curve_that_is_still_empty_is_no_error():
    assert [trace.name for trace in learning_curves({}, 0.9).data] == ["ceiling of these pictures 0.900"]


def test_confusion_has_what_it_is_in_rows_and_what_is_said_in_columns():
    counts = {("is a 3", "says 3"): 40, ("is a 3", "says 6"): 3, ("is a 6", "says 3"): 20, ("is a 6", "says 6"): 1}
    labels = np.repeat([1.0, 1, -1, -1], list(counts.values()))
    verdicts = np.repeat([True, False, True, False], list(counts.values()))
    (heat,) = confusion(verdicts, labels, (3, 6), "QNN").data
    drawn = {(row, column): heat.z[i][j] for i, row in enumerate(heat.y) for j, column in enumerate(heat.x)}
    assert drawn == counts
    assert np.array_equal(heat.text, heat.z)


def test_rare_and_frequent_pictures_are_counted_in_their_bins():
    frequency = np.array([0, 1, 9, 9, 10, 99, 99, 99, 100, 999, 1000, 1000, 5000])
    right = frequency % 2 == 1  # so that a picture in the wrong bin moves two bars
    (bars,) = by_frequency(frequency, {"fair": right}).data
    assert [label.replace("<br>", " ") for label in bars.x] == [
        "never (1 images)",
        "1–9 (3 images)",
        "10–99 (4 images)",
        "100–999 (2 images)",
        "1,000 or more (3 images)",
    ]
    assert list(bars.y) == [0, 1, 0.75, 0.5, 0]


def test_bins_without_pictures_are_left_out_and_models_stand_side_by_side():
    frequency = np.array([0, 0, 150])
    right = {"qnn-32": np.array([True, False, False]), "fair": np.array([True, True, False])}
    figure = by_frequency(frequency, right)
    assert [(trace.name, list(trace.y)) for trace in figure.data] == [
        (CONTENDERS["qnn-32"].title, [0.5, 0]),
        (CONTENDERS["fair"].title, [1, 0]),
    ]
    assert list(figure.data[0].x) == list(figure.data[1].x) == ["never<br>(2 images)", "100–999<br>(1 images)"]
    assert len({trace.marker.color for trace in figure.data}) == 2
