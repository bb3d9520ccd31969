"""A figure is drawn once for equal arguments, and stays as it was."""

from qnn_core.figures import theme
from qnn_core.figures.training.accuracies import accuracy_curves


def test_what_is_made_of_a_kept_figure_leaves_it_as_it_was():
    figure = accuracy_curves({"seed 0": ([0, 1], [0.5, 0.8])}, "seed 0", 0.9)
    before = figure.to_json()
    other = theme.adapted(figure, height=111, letters=33, dark=True)
    assert (other.layout.height, other.layout.font.size) == (111, 33)
    assert other.to_json() != before
    assert figure.to_json() == before
    assert accuracy_curves({"seed 0": ([0, 1], [0.5, 0.8])}, "seed 0", 0.9) is figure
    assert accuracy_curves({"seed 0": ([0, 1], [0.5, 0.7])}, "seed 0", 0.9) is not figure
