"""Adam as Keras has it, against the textbook form with a bias-corrected mean and square."""

import numpy as np
import pytest

from qnn_core.training.adam import Moments, adam_step


def walk(gradients, learning_rate):
    w = np.zeros(gradients.shape[1:])
    moments = Moments(np.zeros_like(w), np.zeros_like(w))
    path = []
    for step, gradient in enumerate(gradients, 1):
        w, moments = adam_step(w, gradient, moments, step, learning_rate)
        path.append(w)
    return np.array(path), moments


def test_against_the_textbook_form():
    gradients = np.random.default_rng(0).normal(size=(50, 2, 3))
    path, _ = walk(gradients, 0.01)
    w = np.zeros((2, 3))
    for t in range(1, 51):
        powers = np.arange(t)[::-1][:, None, None]
        m = (0.1 * 0.9**powers * gradients[:t]).sum(axis=0) / (1 - 0.9**t)
        v = (0.001 * 0.999**powers * gradients[:t] ** 2).sum(axis=0) / (1 - 0.999**t)
        # Keras divides by √v + ε before the correction, so ε shrinks with it.
        w = w - 0.01 * m / (np.sqrt(v) + 1e-7 / np.sqrt(1 - 0.999**t))
        np.testing.assert_allclose(path[t - 1], w, atol=1e-12)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_the_first_step_is_the_learning_rate_whatever_the_gradient(size):
    path, _ = walk(np.array([[[size, -size]]]), 0.001)
    np.testing.assert_allclose(path[0], [[-0.001, 0.001]], rtol=0.01)


def test_epsilon_is_that_of_keras():
    # A gradient of ε/√(1 − β2) makes √v equal ε: half a step.
    path, _ = walk(np.array([[1e-7 / np.sqrt(0.001)]]), 0.001)
    assert path[0, 0] == pytest.approx(-0.0005, rel=1e-9)


def test_no_gradient_no_step_and_nothing_is_changed_in_place():
    start = Moments(np.zeros(3), np.zeros(3))
    w = np.arange(3.0)
    again, _ = adam_step(w, np.zeros(3), start, 1, 0.1)
    assert np.array_equal(again, w)
    adam_step(w, np.ones(3), start, 1, 0.1)
    assert w.tolist() == [0, 1, 2]
    assert start.mean.tolist() == start.square.tolist() == [0, 0, 0]


def test_moments_are_running_means():
    _, moments = walk(np.full((5000, 1), 3.0), 1e-6)
    assert moments.mean[0] == pytest.approx(3.0)
    assert moments.square[0] == pytest.approx(9.0, rel=0.01)
