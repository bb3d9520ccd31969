"""The losses and their slopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import rel_entr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error

from qnn_core import Experiment, InputError, prepare, train
from qnn_core.data.images import Batch
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import ONLY_AT_THE_END, engine_of, evaluate
from qnn_core.training.losses import EPSILON, LOGISTIC_SCALE, LOSSES, Loss, accuracy, logistic
from tests.helpers import is_sentence

SKLEARN = {
    "hinge": hinge_loss,
    "cross-entropy": lambda y, f: log_loss(y, (1 + f) / 2, labels=[-1, 1]),
    "squared": mean_squared_error,
    "logistic": lambda y, f: log_loss(y, 1 / (1 + np.exp(-4 * f)), labels=[-1, 1]),
}
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


def batch(row, labels, counts):
    """A batch whose images do not matter here."""
    row, counts = np.array(row), np.array(counts, float)
    return Batch(np.zeros((max(row) + 1, 0)), row, np.array(labels, float), counts, int(counts.sum()))


def problem(seed, images=6, m=9):
    """f of some images, and a batch of them, some with both labels and some with none."""
    rng = np.random.default_rng(seed)
    row = np.append(rng.integers(0, images, m - 1), images - 1)
    return rng.uniform(-1, 1, images), batch(row, rng.choice([-1.0, 1.0], m), rng.integers(1, 6, m))


@each_loss
@given(st.integers(0, 2**32 - 1))
def test_counts_stand_for_repeated_examples(loss, seed):
    f, counted = problem(seed)
    row, y = (np.repeat(values, counted.counts.astype(int)) for values in (counted.row, counted.labels))
    value, slope = loss(f, counted)
    assert np.isclose(value, SKLEARN[loss.name](y, f[row]))
    assert np.isclose(accuracy(f, counted), np.mean(np.sign(f[row]) == y))
    again, same_slope = loss(f, batch(row, y, np.ones(len(row))))
    assert np.isclose(again, value)
    np.testing.assert_allclose(same_slope, slope, atol=1e-13)


@each_loss
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 2.0))
def test_the_slope_is_the_derivative(loss, seed, scale):
    f, examples = problem(seed)
    # Beyond ±1, as where a logit is trained: there the hinge is flat, and the cross-entropy has no meaning.
    f = f if loss.name == "cross-entropy" else f * scale
    _, slope = loss(f, examples)
    for k, step in enumerate(np.eye(len(f)) * 1e-6):
        numeric = (loss(f + step, examples)[0] - loss(f - step, examples)[0]) / 2e-6
        assert slope[k] == pytest.approx(numeric, rel=1e-4, abs=1e-8)


@each_loss
def test_a_certain_answer_gives_finite_numbers(loss):
    """Also one that rounding, or a shot that fails, has put a little beyond ±1."""
    for margin in (1.0, -1.0, 1 + 1e-15, -1 - 1e-15):
        for label in (1, -1):
            value, slope = loss(np.array([margin * label]), batch([0], [label], [1]))
            assert np.isfinite(value)
            assert np.isfinite(slope).all()
            assert value >= -1e-15
            assert slope[0] * label <= 1e-14, "more f of the right sign never is a larger loss"


@each_loss
def test_a_wholly_wrong_answer_is_worst_and_pulls_hardest(loss):
    values, slopes = loss.of_margin(np.linspace(-1, 1, 2001))
    assert (np.diff(values) < 0).all()
    assert (np.diff(slopes) >= -1e-12).all(), "convex"
    assert slopes[0] <= -1


def test_cross_entropy_goes_on_along_its_tangent():
    cross_entropy = LOSSES["cross-entropy"].of_margin
    edge = 2 * EPSILON - 1  # where the probability is EPSILON
    (at_edge,), (steep,) = cross_entropy(np.array([edge]))
    assert at_edge == pytest.approx(-np.log(EPSILON))
    assert steep == pytest.approx(-0.5 / EPSILON)
    (below,), (as_steep,) = cross_entropy(np.array([-1.0]))
    assert as_steep == pytest.approx(steep)
    assert below == pytest.approx(at_edge + steep * (-1 - edge)) == pytest.approx(1 - np.log(EPSILON))


def test_by_hand():
    f, examples = np.array([1.0, -0.5, 0.0]), batch([0, 1, 2, 1], [1, 1, -1, -1], [1, 2, 1, 4])
    loss, slope = LOSSES["hinge"](f, examples)
    assert loss == (0 + 2 * 1.5 + 1 + 4 * 0.5) / 8
    assert slope.tolist() == [-1 / 8, (4 - 2) / 8, 1 / 8]
    loss, slope = LOSSES["squared"](f, examples)
    assert loss == (0 + 2 * 2.25 + 1 + 4 * 0.25) / 8
    assert slope.tolist() == [0, (4 * 2 * 0.5 - 2 * 2 * 1.5) / 8, 2 / 8]
    assert LOSSES["cross-entropy"](f, examples)[0] == pytest.approx(
        -(2 * np.log(0.25) + np.log(0.5) + 4 * np.log(0.75)) / 8
    )


def test_cross_entropy_is_the_surprise_at_the_label():
    """Kullback and Leibler's divergence of one shot's distribution from certainty."""
    f = np.linspace(-0.9, 0.9, 7)
    ours = LOSSES["cross-entropy"](f, batch(range(7), np.ones(7), np.ones(7)))[0]
    assert ours == pytest.approx(rel_entr(1.0, (1 + f) / 2).mean())


def test_logistic_is_the_loss_of_logistic_regression():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(60, 3)), rng.choice([-1, 1], 60)
    fitted = LogisticRegression(C=np.inf).fit(X, y)
    logit = fitted.decision_function(X)
    of_logit = Loss("logit", "Logit", "", logistic(1.0))
    loss, slope = of_logit(logit, batch(range(60), y, np.ones(60)))
    assert loss == pytest.approx(log_loss(y, fitted.predict_proba(X)))
    np.testing.assert_allclose(slope @ X, 0, atol=1e-3)  # trained to the end


@pytest.mark.parametrize("scale", [0.0, -4.0, float("inf"), float("nan")])
def test_a_logistic_scale_that_is_not_positive(scale):
    with pytest.raises(InputError) as caught:
        logistic(scale)
    assert "scale" in is_sentence(caught.value)


def test_a_steep_logistic_loss_does_not_overflow():
    loss, slope = logistic(1e300)(np.array([-1.0, 0.0, 1.0]))
    assert loss.tolist() == [1e300, pytest.approx(np.log(2)), 0]
    assert slope.tolist() == [-1e300, pytest.approx(-0.5e300), 0]


def test_what_a_network_pays_that_answers_nothing():
    unsure = {name: loss.unsure for name, loss in LOSSES.items()}
    assert unsure == pytest.approx({"hinge": 1, "cross-entropy": np.log(2), "squared": 1, "logistic": np.log(2)})


def test_losses_with_a_linear_slope_are_named():
    for loss in LOSSES.values():
        slopes = loss.of_margin(np.linspace(-1, 1, 9))[1]
        assert loss.linear == np.allclose(np.diff(slopes, 2), 0)


def test_zero_counts_as_the_second_digit():
    assert accuracy(np.zeros(2), batch([0, 0, 1, 1], [1, -1, -1, -1], np.ones(4))) == 0.75


FIGURES = {
    "hinge": (0.3138, 0.8845, 0.8770),
    "cross-entropy": (0.2307, 0.9115, 0.9182),
    "squared": (0.2696, 0.9151, 0.9187),
    "logistic": (0.2121, 0.9155, 0.9197),
}
"""MATHS section 2a: training loss, training accuracy, test accuracy."""


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_decides_the_accuracy(name):
    loss, trained, tested = FIGURES[name]
    run = to_the_end(Experiment(loss=name))
    data, weights = prepare(run), train(run, test_every=ONLY_AT_THE_END).weights
    assert evaluate(run, weights, data.train) == pytest.approx((loss, trained), abs=3e-4)
    assert evaluate(run, weights, data.test)[1] == pytest.approx(tested, abs=1e-3)
    assert (weights[0] == 0).all(), "from a narrow start no XX weight ever moves"
    # It is the end: the loss falls no more, whatever weight is moved.
    values, pullback = engine_of(run).value_and_pullback(data.train.images, weights)
    slope = pullback(LOSSES[name](values, data.train.whole)[1])
    assert np.abs(slope).max() < 0.02


def test_logistic_scale_is_that_of_the_lesson():
    assert LOGISTIC_SCALE == 4
