"""The chart of several runs over one another."""

import numpy as np

from qnn_core.figures.ends import spread
from qnn_core.figures.training.accuracies import accuracy_curves

CURVES = {"seed 3": ([0, 4], [0.5, 0.7]), "seed 1": ([0, 2, 4], [0.4, 0.6, 0.7])}


def notes(figure):
    return {note.text: note.y for note in figure.layout.annotations}


def test_a_curve_for_each_run_and_the_chosen_one_thick():
    figure = accuracy_curves(CURVES, "seed 3", 0.92)
    assert [(line.name, list(line.y)) for line in figure.data] == [
        ("seed 3", [0.5, 0.7]),
        ("seed 1", [0.4, 0.6, 0.7]),
    ]
    thick, thin = (line.line.width for line in figure.data)
    assert thick > thin
    assert [shape.y0 for shape in figure.layout.shapes] == [0.92]


def test_names_stand_at_the_ends_and_apart():
    found = notes(accuracy_curves(CURVES, "seed 3", 0.92))
    assert {"<b>seed 3</b>", "seed 1", "ceiling 0.920"} == set(found)
    assert np.isclose((found["<b>seed 3</b>"] + found["seed 1"]) / 2, 0.7)
    assert abs(found["<b>seed 3</b>"] - found["seed 1"]) > 0.03


def test_places_are_spread_about_where_they_were():
    assert spread([0.1, 0.5, 0.9], 0.2) == [0.1, 0.5, 0.9]
    np.testing.assert_allclose(spread([0.5, 0.5, 0.5], 0.1), [0.4, 0.5, 0.6])


def test_the_published_figure_is_a_level_of_its_own():
    figure = accuracy_curves(CURVES, "", 0.92, published=0.6809)
    assert [shape.y0 for shape in figure.layout.shapes] == [0.92, 0.6809]
    assert len({shape.line.dash for shape in figure.layout.shapes}) == 2
    assert notes(figure)["published 0.6809"] == 0.6809


def test_a_closer_look_below_the_ceiling():
    figure = accuracy_curves(CURVES, "", 0.92, lowest=0.65, dashed=True)
    low, high = figure.layout.yaxis.range
    assert low == 0.65
    assert 0.92 < high < 0.96
    assert len({line.line.dash for line in figure.data}) == 2
    assert np.isclose(high - 0.92, 0.027)
