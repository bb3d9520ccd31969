"""The hardest test images are those with the smallest margins, each another picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core import Experiment, prepare
from qnn_core.data.dataset import pair_of
from qnn_core.engines import contracted
from qnn_core.inside.hard import hardest
from qnn_core.training.loop import engine_of, start


def margins(experiment, weights):
    test = prepare(experiment).test
    values = engine_of(contracted(experiment)).expectation(test.images, weights)[test.row]
    return np.where(pair_of(experiment).test_labels > 0, values, -values)


def check(experiment, weights, count):
    found, test = hardest(experiment, weights, count), prepare(experiment).test
    margin = margins(experiment, weights)
    assert len(found) == min(count, len(test.images))
    shown = test.row[found]
    assert len(set(shown)) == len(found)
    assert (np.diff(margin[found]) >= -1e-8).all()
    # No image is harder, unless the list has one with its picture.
    others = ~np.isin(test.row, shown)
    assert not others.any() or margin[others].min() >= margin[found].max() - 1e-8
    for row in found:
        assert margin[row] <= margin[test.row == test.row[row]].min() + 1e-8
    np.testing.assert_array_equal(found, hardest(experiment, weights, count))
    return margin[found]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_any_weights(seed, count):
    experiment = Experiment()
    check(experiment, np.random.default_rng(seed).uniform(-1, 1, start(experiment).weights.shape), count)


@pytest.mark.parametrize(
    "changes",
    [{"grid": 2, "threshold": 0.3}, {"encoding": "angle", "grid": 3}, {"digits": (0, 1)}],
    ids=str,
)
def test_other_networks(changes):
    experiment = Experiment(**changes)
    check(experiment, start(experiment).weights, 5)


def test_a_trained_network_has_hard_ones(to_the_end):
    assert (check(to_the_end.experiment, to_the_end.weights, 5) < -0.5).all()
