"""A figure is drawn once for equal arguments, and stays as it was."""

import numpy as np
import plotly.graph_objects as go
import pytest

from qnn_core.figures import kept as module
from qnn_core.figures import theme
from qnn_core.figures.kept import kept
from qnn_core.figures.training.accuracies import accuracy_curves
from qnn_core.shelf import MIB, Shelf


@pytest.fixture
def drawn(monkeypatch):
    """A function that draws, on a shelf of its own, and the titles that it drew."""
    monkeypatch.setattr(module, "FIGURES", Shelf("figures of a test", MIB))
    titles = []

    @kept
    def line(y, *, title="line"):
        titles.append(title)
        return go.Figure({"type": "scatter", "y": y}, {"title": {"text": title}})

    return line, titles


def test_equal_arguments_give_the_same_figure(drawn):
    line, titles = drawn
    assert line(np.arange(3.0)) is line(np.array([0.0, 1.0, 2.0]))
    assert titles == ["line"]


@pytest.mark.parametrize(
    ("arguments", "options"), [((np.arange(3.0) + 1e-12,), {}), ((np.arange(3.0),), {"title": "other"})]
)
def test_anything_else_is_drawn_anew(drawn, arguments, options):
    line, titles = drawn
    first = line(np.arange(3.0))
    assert line(*arguments, **options) is not first
    assert len(titles) == 2


def test_what_is_made_of_a_kept_figure_leaves_it_as_it_was():
    figure = accuracy_curves({"seed 0": ([0, 1], [0.5, 0.8])}, "seed 0", 0.9)
    before = figure.to_json()
    other = theme.adapted(figure, height=111, letters=33, dark=True)
    assert (other.layout.height, other.layout.font.size) == (111, 33)
    assert other.to_json() != before
    assert figure.to_json() == before
