"""Shots are a binomial of the exact expectation value, and training with them counts every circuit."""

from functools import cache
from itertools import islice

import numpy as np
import pytest
from scipy.stats import binom

from qnn_core.data.dataset import prepare
from qnn_core.data.images import Batch
from qnn_core.engines import build_engine
from qnn_core.errors import InputError
from qnn_core.machine.noise import Noise
from qnn_core.machine.noisy_training import machine_seconds, measured_gradient, train_with_shots
from qnn_core.machine.shots import (
    MAX_SHOTS,
    estimate,
    expected_accuracy,
    first_digit_probability,
    sample,
    shots_until_sure,
)
from qnn_core.training.loop import start
from qnn_core.training.losses import LOSSES, accuracy
from qnn_core.training.run import train
from tests.helpers import is_sentence, small


def test_means_have_the_binomials_mean_and_spread():
    rng = np.random.default_rng(0)
    f, shots = np.repeat([-0.9, -0.2, 0.0, 0.6], 20_000), 50
    means = sample(rng, f, shots).reshape(4, -1)
    assert set(np.unique(means)) <= set(2 * np.arange(shots + 1) / shots - 1)
    expected = np.array([-0.9, -0.2, 0.0, 0.6])
    spread = np.sqrt((1 - expected**2) / shots)
    np.testing.assert_allclose(means.mean(axis=1), expected, atol=4 * spread.max() / np.sqrt(20_000))
    np.testing.assert_allclose(means.std(axis=1), spread, rtol=0.03)


def test_certain_values_have_no_spread():
    rng = np.random.default_rng(0)
    assert sample(rng, [1.0, -1.0, 1 + 1e-12], 7).tolist() == [1, -1, 1]


def test_one_seed_one_answer():
    first, second = (estimate(np.random.default_rng(5), 0.3, 100) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("f", [-0.98, -0.3, 0.0, 0.7])
def test_the_interval_covers_as_often_as_it_says(f):
    rng = np.random.default_rng(1)
    found = [estimate(rng, f, 200) for _ in range(2000)]
    assert 0.93 < np.mean([one.low <= f <= one.high for one in found]) < 0.985
    for one in found:
        assert -1 <= one.low <= one.value <= one.high <= 1
        assert one.value == pytest.approx(2 * one.plus / one.shots - 1)


@pytest.mark.parametrize("shots", [1, 2, 7, 100])
def test_probability_of_the_first_digit(shots):
    for f in (-1, -0.4, 0, 0.1, 1):
        expected = binom.sf(shots / 2, shots, (1 + f) / 2) if shots % 2 else binom.sf(shots // 2, shots, (1 + f) / 2)
        assert first_digit_probability(f, shots) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("f", [0.9, -0.9, 0.3, 0.05])
def test_until_the_verdict_is_sure(f):
    shots = shots_until_sure(f)
    assert shots % 2 == 1
    right = lambda n: binom.sf(n // 2, n, (1 + abs(f)) / 2)  # noqa: E731
    assert right(shots) >= 0.99
    assert shots == 1 or right(shots - 2) < 0.99


def test_some_verdicts_are_never_sure():
    assert shots_until_sure(0.0) is None
    assert shots_until_sure(1e-6) is None
    assert shots_until_sure(1.0) == 1
    # 10⁻⁴ away from a draw: about (2.33/f)² shots
    assert shots_until_sure(1e-4) == pytest.approx((2.3263 / 1e-4) ** 2, rel=1e-3)


def test_expected_accuracy_is_what_sampling_gives():
    rng = np.random.default_rng(2)
    f, counts = rng.uniform(-1, 1, 30), rng.integers(1, 9, 30).astype(float)
    batch = Batch(np.zeros((30, 0)), np.arange(30), rng.choice([-1.0, 1.0], 30), counts, int(counts.sum()))
    for shots in (1, 10, 101):
        seen = [accuracy(sample(rng, f, shots), batch) for _ in range(4000)]
        assert expected_accuracy(f, batch, shots) == pytest.approx(np.mean(seen), abs=0.005)
    assert expected_accuracy(f, batch, None) == accuracy(f, batch)


@pytest.mark.parametrize("shots", [0, -3, MAX_SHOTS + 1, 1.5, True, "many"])
def test_impossible_shots(shots):
    for function in (
        lambda: sample(np.random.default_rng(0), 0.5, shots),
        lambda: estimate(np.random.default_rng(0), 0.5, shots),
        lambda: first_digit_probability(0.5, shots),
        lambda: next(train_with_shots(small(), shots, steps=1)),
    ):
        with pytest.raises(InputError) as caught:
            function()
        assert "1,000,000,000" in is_sentence(caught.value)


@pytest.mark.parametrize("f", [1.1, -2.0, float("nan")])
def test_impossible_expectations(f):
    with pytest.raises(InputError) as caught:
        sample(np.random.default_rng(0), f, 5)
    is_sentence(caught.value)


def test_training_by_parameter_shift_without_shots_is_exact_training():
    experiment = small(batch_size=None, learning_rate=0.05)
    records = list(train_with_shots(experiment, None, steps=3))
    batch, engine = prepare(experiment).train.whole, build_engine(experiment)
    values, jacobian = engine.value_and_jacobian(batch.images, start(experiment).weights)
    loss, slope = LOSSES["hinge"](values, batch)
    assert records[0].loss == pytest.approx(loss)
    gradient = np.tensordot(slope, jacobian, 1)
    moved = records[0].weights - start(experiment).weights
    # Adam's first step goes one learning rate against the sign of the gradient.
    clear = np.abs(gradient) > 1e-4
    assert clear.any()
    np.testing.assert_allclose(moved[clear], -0.05 * np.sign(gradient[clear]), rtol=0.01)


@pytest.fixture(scope="module")
def half_trained():
    """A network that is sure of some pictures, some of them rightly; the images it learns from."""
    experiment = small(start="narrow", batch_size=None, epochs=4, learning_rate=0.03)
    return experiment, train(experiment).weights, prepare(experiment).train.whole


@pytest.mark.parametrize(
    ("name", "shots"), [("hinge", 1), ("hinge", 10), ("hinge", 100), ("squared", 10), ("squared", 100)]
)
def test_the_gradient_from_shots_is_right_on_average(half_trained, name, shots):
    experiment, weights, batch = half_trained
    engine, rng, loss = build_engine(experiment), np.random.default_rng(7), LOSSES[name]
    exact = cache(lambda key: engine.value(batch.images, np.frombuffer(key).reshape(weights.shape)))
    values, jacobian = engine.value_and_jacobian(batch.images, weights)
    gradient = np.tensordot(loss(values, batch)[1], jacobian, 1)

    def measure(pixels, weights):
        return sample(rng, exact(weights.tobytes()), shots)

    found = np.array([measured_gradient(loss, measure, batch, weights)[1] for _ in range(4000)])
    share = np.tensordot(found, gradient, 2) / np.sum(gradient**2)
    assert share.std() / np.sqrt(len(share)) < 0.008, "or the next line would be luck"
    assert share.mean() == pytest.approx(1, abs=0.02)


def test_a_loss_that_shots_would_bias_is_refused():
    with pytest.raises(InputError) as caught:
        next(train_with_shots(small(loss="logistic"), 10, steps=1))
    assert "“Hinge” or “Squared”" in is_sentence(caught.value)
    assert next(train_with_shots(small(loss="logistic"), None, steps=1)).step == 1


def test_circuits_are_counted():
    experiment = small(batch_size=None)
    distinct = len(prepare(experiment).train.images)
    records = list(train_with_shots(experiment, 100, steps=3))
    # 8 weights: one value and 16 shifted circuits for each distinct image
    assert [record.circuits for record in records] == [17 * distinct, 34 * distinct, 51 * distinct]
    assert machine_seconds(17) == 17
    assert machine_seconds(10, shots=500, rate=2000) == 2.5


@pytest.mark.parametrize("noise", [None, Noise("depolarising", 0.01, 0.02)])
def test_training_with_shots_learns_and_repeats(noise):
    experiment = small(batch_size=None, learning_rate=0.03, start="narrow", seed=3)
    records = list(train_with_shots(experiment, 2000, noise, steps=40))
    again = list(islice(train_with_shots(experiment, 2000, noise, steps=40), 5))
    assert [record.loss for record in again] == [record.loss for record in records[:5]]
    first, last = (np.mean([r.loss for r in part]) for part in (records[:3], records[-3:]))
    assert last < first - 0.05
    assert all(0 <= record.test_accuracy <= 1 for record in records)
