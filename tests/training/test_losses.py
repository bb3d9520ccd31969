"""The hinge loss and its derivative."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.data.images import Batch
from qnn_core.training.losses import accuracy, hinge


def batch(row, labels, counts):
    """A batch whose images do not matter here."""
    row, counts = np.array(row), np.array(counts, float)
    return Batch(np.zeros((max(row) + 1, 0)), row, np.array(labels, float), counts, int(counts.sum()))


def problem(seed, images=6, m=9):
    """f of some images, and a batch of them, some with both labels and some with none."""
    rng = np.random.default_rng(seed)
    row = np.append(rng.integers(0, images, m - 1), images - 1)
    return rng.uniform(-1, 1, images), batch(row, rng.choice([-1.0, 1.0], m), rng.integers(1, 6, m))


@given(st.integers(0, 2**32 - 1))
def test_counts_stand_for_repeated_examples(seed):
    f, counted = problem(seed)
    row, y = (np.repeat(values, counted.counts.astype(int)) for values in (counted.row, counted.labels))
    loss, slope = hinge(f, counted)
    assert np.isclose(loss, np.mean(np.maximum(0, 1 - y * f[row])))
    assert np.isclose(accuracy(f, counted), np.mean(np.sign(f[row]) == y))
    again, same_slope = hinge(f, batch(row, y, np.ones(len(row))))
    assert np.isclose(again, loss)
    np.testing.assert_allclose(same_slope, slope, atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 2.0))
def test_the_derivative_is_the_derivative(seed, scale):
    f, examples = problem(seed)
    f = f * scale  # beyond ±1 the margin is negative
    _, slope = hinge(f, examples)
    for k, step in enumerate(np.eye(len(f)) * 1e-6):
        numeric = (hinge(f + step, examples)[0] - hinge(f - step, examples)[0]) / 2e-6
        assert abs(slope[k] - numeric) < 1e-8


def test_by_hand():
    loss, slope = hinge(np.array([1.0, -0.5, 0.0]), batch([0, 1, 2, 1], [1, 1, -1, -1], [1, 2, 1, 4]))
    assert loss == (0 + 2 * 1.5 + 1 + 4 * 0.5) / 8
    assert slope.tolist() == [0.0, (4 - 2) / 8, 1 / 8]


def test_zero_counts_as_the_second_digit():
    assert accuracy(np.zeros(2), batch([0, 0, 1, 1], [1, -1, -1, -1], np.ones(4))) == 0.75
