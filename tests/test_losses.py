"""The hinge loss and its derivative."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.losses import accuracy, hinge


def problem(seed, m=9):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, m), rng.choice([-1.0, 1.0], m), rng.integers(1, 6, m).astype(float)


@given(st.integers(0, 2**32 - 1))
def test_counts_stand_for_repeated_examples(seed):
    f, y, counts = problem(seed)
    times = counts.astype(int)
    many_f, many_y = np.repeat(f, times), np.repeat(y, times)
    loss, slope = hinge(f, y, counts)
    assert np.isclose(loss, np.mean(np.maximum(0, 1 - many_y * many_f)))
    assert np.isclose(accuracy(f, y, counts), np.mean(np.sign(many_f) == many_y))
    alone = np.ones(len(many_f))
    np.testing.assert_allclose(np.repeat(slope / counts, times), hinge(many_f, many_y, alone)[1], atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 2.0))
def test_the_derivative_is_the_derivative(seed, scale):
    f, y, counts = problem(seed)
    f = f * scale  # beyond ±1 the margin is negative
    _, slope = hinge(f, y, counts)
    for k, step in enumerate(np.eye(len(f)) * 1e-6):
        numeric = (hinge(f + step, y, counts)[0] - hinge(f - step, y, counts)[0]) / 2e-6
        assert abs(slope[k] - numeric) < 1e-8


def test_by_hand():
    loss, slope = hinge(np.array([1.0, -0.5, 0.0]), np.array([1.0, 1.0, -1.0]), np.array([1.0, 2.0, 1.0]))
    assert loss == (0 + 2 * 1.5 + 1) / 4
    assert slope.tolist() == [0.0, -0.5, 0.25]


def test_zero_counts_as_the_second_digit():
    assert accuracy(np.zeros(4), np.array([1.0, -1.0, -1.0, -1.0]), np.ones(4)) == 0.75
