"""The images that a network finds hardest: surely wrong first, then hardly right."""

import numpy as np

from qnn_core.arrays import Array, Integers
from qnn_core.data.dataset import prepare
from qnn_core.engines import contracted
from qnn_core.experiment import Experiment
from qnn_core.training.loop import engine_of


def hardest(experiment: Experiment, weights: Array, count: int = 5) -> Integers:
    """Rows of the test images with the smallest margins, the smallest first; no two show the same pixels.

    The margin is label · ⟨Z⟩: −1 is surely wrong, 0 undecided, +1 surely right. weights: half-turns (layers, n).
    Returns int (at most count,): fewer if there are not so many different pictures.
    """
    test = prepare(experiment).test
    values = engine_of(contracted(experiment)).expectation(test.images, weights)
    # margin = y · ⟨Z⟩
    margin = test.labels * values[test.row]
    # Rounded, so that equal margins stay equal on every machine; then the image that comes first in the file wins.
    order = np.argsort(np.round(margin, 9), kind="stable")
    _, first = np.unique(test.row[order], return_index=True)
    return order[np.sort(first)[:count]]
