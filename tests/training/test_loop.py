"""The training loop: against TensorFlow Quantum, against itself in slices, and against the known optimum."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.data.images import ImageSet
from qnn_core.engines import ENGINES, GRADIENTS, build_engine
from qnn_core.errors import InputError
from qnn_core.presets import PRESETS
from qnn_core.training.adam import Moments, adam_step
from qnn_core.training.loop import ONLY_AT_THE_END, Examples, advance, evaluate, examples_of, start, total_steps
from qnn_core.training.run import expectation_of_test, history, train
from qnn_core.training.starts import STARTS
from tests.helpers import bits, is_sentence, small

TUTORIAL = PRESETS["tutorial-32"].experiment


def same_state(one, other):
    """Bit for bit."""
    return (
        np.array_equal(one.weights, other.weights)
        and np.array_equal(one.moments.mean, other.moments.mean)
        and np.array_equal(one.moments.square, other.moments.square)
        and one[2:] == other[2:]
    )


def in_slices(experiment, sizes, executor=None):
    """State and records of a run cut into slices of these sizes, again and again."""
    state, records, k = start(experiment), [], 0
    while state.step < total_steps(experiment):
        arguments = (experiment, state, sizes[k % len(sizes)])
        state, new = executor.submit(advance, *arguments).result() if executor else advance(*arguments)
        records += new
        k += 1
    return state, records


@pytest.fixture(scope="module")
def worker():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


# The TensorFlow Quantum run


@pytest.mark.parametrize("engine", ["contraction", pytest.param("aer", marks=pytest.mark.slow)])
def test_reproduces_tensorflow_quantum(tfq, engine):
    experiment = TUTORIAL.with_(shuffle=False, engine=engine)
    begin = start(experiment, tfq["w0"])
    assert np.array_equal(begin.weights.ravel(), tfq["w0"])
    np.testing.assert_allclose(expectation_of_test(experiment, begin.weights), tfq["f0"], atol=1e-5)

    run = train(experiment, initial_weights=tfq["w0"])
    np.testing.assert_allclose(run.weights.ravel(), tfq["w1"], atol=1e-5)
    np.testing.assert_allclose(run.test_expectation, tfq["f1"], atol=1e-5)
    keras = tfq["hist"]
    np.testing.assert_allclose([row["loss"] for row in run.history], keras["loss"], atol=1e-5)
    np.testing.assert_allclose([row["test_loss"] for row in run.history], keras["val_loss"], atol=1e-5)

    # Keras's accuracy averages batches equally; ours averages examples.
    batches = np.reshape([record.accuracy for record in run.records], (3, 16))
    np.testing.assert_allclose(batches.mean(axis=1), keras["hacc"], atol=1e-6)
    assert np.abs([row["accuracy"] for row in run.history] - batches.mean(axis=1)).max() > 1e-4
    right = (run.test_expectation > 0) == (examples_of(experiment).test.labels > 0)
    last = np.mean([right[k : k + 32].mean() for k in range(0, len(right), 32)])
    assert last == pytest.approx(keras["val_hacc"][-1], abs=1e-6)
    assert run.history[-1]["test_accuracy"] == pytest.approx(right.mean())


def test_the_comparison_would_notice_a_difference(tfq):
    shuffled = train(TUTORIAL.with_(shuffle=True, engine="contraction"), initial_weights=tfq["w0"])
    assert np.abs(shuffled.weights.ravel() - tfq["w1"]).max() > 1e-4


# One Experiment, the same bits


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batch_size", [16, 60, None])
def test_in_one_go_in_slices_and_in_a_worker(worker, engine, batch_size):
    experiment = small(engine=engine, batch_size=batch_size, epochs=3)
    whole = in_slices(experiment, [10_000])
    for other in (in_slices(experiment, [1]), in_slices(experiment, [3, 1, 2]), in_slices(experiment, [4], worker)):
        assert same_state(whole[0], other[0])
        assert whole[1] == other[1]
    run = worker.submit(train, experiment, slice_steps=5).result()
    assert np.array_equal(run.weights, whole[0].weights)
    assert run.records == whole[1]
    assert np.array_equal(run.test_expectation, expectation_of_test(experiment, whole[0].weights))


def test_the_tutorial_in_a_worker(worker):
    experiment = TUTORIAL.with_(engine="contraction")
    here, there = train(experiment), worker.submit(train, experiment, slice_steps=7).result()
    assert np.array_equal(here.weights, there.weights)
    assert np.array_equal(here.test_expectation, there.test_expectation)
    assert here.records == there.records


def test_the_test_set_may_be_looked_at_only_at_the_end():
    experiment = small()
    _, records = advance(experiment, start(experiment), 10**6, test_every=ONLY_AT_THE_END)
    assert [record.step for record in records if record.test_loss is not None] == [total_steps(experiment)]


def test_going_back_to_a_state_and_on_again():
    experiment = small()
    middle, _ = advance(experiment, start(experiment), 3)
    kept = middle.weights.copy()
    one = advance(experiment, middle, 3)
    two = advance(experiment, middle, 3)
    assert same_state(one[0], two[0])
    assert np.array_equal(middle.weights, kept)


@given(st.integers(0, 2**32 - 1))
def test_the_seed_decides(seed):
    experiment = small(seed=seed, epochs=1)
    first, second = train(experiment), train(experiment)
    assert np.array_equal(first.weights, second.weights)
    other = train(experiment.with_(seed=(seed + 1) % 2**32))
    assert not np.array_equal(first.initial_weights, other.initial_weights)


def test_the_seed_decides_the_order_too():
    weights = start(small()).weights
    one, other = (train(small(seed=seed), initial_weights=weights) for seed in (0, 1))
    assert [r.loss for r in one.records] != [r.loss for r in other.records]
    fixed = [train(small(seed=seed, shuffle=False), initial_weights=weights).records for seed in (0, 1)]
    assert fixed[0] == fixed[1]


def test_shuffling_shows_every_example_once_in_each_epoch():
    experiment = small(learning_rate=1e-12, batch_size=7, epochs=3)
    train_set = examples_of(experiment).train
    weights = start(experiment).weights
    f = build_engine(experiment).expectation(train_set.images, weights)[train_set.row]
    losses = np.maximum(0, 1 - train_set.labels * f)
    _, records = advance(experiment, start(experiment), 10_000)
    epochs = [record.epoch_loss for record in records if record.epoch_loss is not None]
    np.testing.assert_allclose(epochs, [losses.mean()] * 3, atol=1e-8)
    batches = np.reshape([record.loss for record in records], (3, -1))
    assert not np.allclose(batches[0], batches[1])


# What a step is


def test_a_step_is_adam_on_the_mean_gradient():
    experiment = small(shuffle=False, layers=("XX", "ZZ", "YY"))
    examples = examples_of(experiment).train
    images, labels = examples.images[examples.row], examples.labels
    engine = build_engine(experiment)
    state = start(experiment)
    weights, moments = state.weights, Moments(np.zeros((3, 4)), np.zeros((3, 4)))
    for step, begin in enumerate([0, 16, 32, 48, 0, 16], 1):
        batch = slice(begin, begin + 16)
        # One example after the other, as a reader of MATHS section 5 would write it.
        gradients = []
        for image, label in zip(images[batch], labels[batch], strict=True):
            f, slope = engine.value_and_jacobian(image[None], weights)
            gradients.append(-label * slope[0] if 1 - label * f[0] > 0 else np.zeros((3, 4)))
        weights, moments = adam_step(weights, np.mean(gradients, axis=0), moments, step, 0.001)
    found, records = advance(experiment, state, 6)
    np.testing.assert_allclose(found.weights, weights, atol=1e-12)
    assert [record.step for record in records] == [1, 2, 3, 4, 5, 6]
    assert [record.epoch for record in records] == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_full_batch_is_the_mini_batch_of_all(engine):
    fields = {"shuffle": False, "epochs": 1, "engine": engine, "layers": ("XX", "ZZ", "XX")}
    full, mini = small(batch_size=None, **fields), small(batch_size=60, **fields)
    one, two = (advance(e, start(e), 1)[0] for e in (full, mini))
    # After one step Adam's running mean is a tenth of the gradient.
    np.testing.assert_allclose(one.moments.mean, two.moments.mean, atol=1e-12)
    examples = examples_of(full).train
    engine_ = build_engine(full)
    f, slope = engine_.value_and_jacobian(examples.images[examples.row], start(full).weights)
    upstream = np.where(1 - examples.labels * f > 0, -examples.labels, 0) / 60
    gradient = np.einsum("m,mlk->lk", upstream, slope)
    np.testing.assert_allclose(one.moments.mean * 10, gradient, atol=1e-12)
    assert np.abs(gradient).max() > 1e-4


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_and_gradient_trains_alike(engine, gradient):
    reference = train(small())
    run = train(small(engine=engine, gradient=gradient))
    np.testing.assert_allclose(run.weights, reference.weights, atol=1e-9)
    assert run.experiment.engine == engine


def test_grouped_layers_train_as_with_a_doubled_learning_rate():
    rng = np.random.default_rng(3)
    twice = TUTORIAL.with_(layers=("XX", "XX", "ZZ", "ZZ"), engine="contraction")
    once = TUTORIAL.with_(learning_rate=0.002, engine="contraction")
    weights = rng.uniform(0, 2 * np.pi, (4, 16))
    long = train(twice, initial_weights=weights)
    short = train(once, initial_weights=weights[::2] + weights[1::2])
    np.testing.assert_allclose(long.weights[::2] + long.weights[1::2], short.weights, atol=1e-6)
    np.testing.assert_allclose([r.loss for r in long.records], [r.loss for r in short.records], atol=1e-6)
    slower = train(once.with_(learning_rate=0.001), initial_weights=weights[::2] + weights[1::2])
    assert np.abs(slower.weights - short.weights).max() > 1e-3


# Records


def test_records_of_an_epoch():
    experiment = small(batch_size=16, epochs=2)
    run = train(experiment)
    assert total_steps(experiment) == len(run.records) == 8
    sizes = np.array([16, 16, 16, 12])
    for epoch in range(2):
        records = run.records[4 * epoch : 4 * epoch + 4]
        assert all(r.epoch_loss is r.test_loss is r.test_accuracy is None for r in records[:-1])
        assert records[-1].epoch_loss == pytest.approx(sizes @ [r.loss for r in records] / 60)
        assert records[-1].epoch_accuracy == pytest.approx(sizes @ [r.accuracy for r in records] / 60)
    assert [row["epoch"] for row in run.history] == [1, 2]
    test = examples_of(experiment).test
    assert run.history[-1]["test_accuracy"] == np.mean((run.test_expectation > 0) == (test.labels > 0))
    assert run.history[-1]["test_loss"] == pytest.approx(np.maximum(0, 1 - test.labels * run.test_expectation).mean())
    assert run.history == history(run.records)
    assert run.seconds > 0


def test_test_every():
    run = train(small(epochs=3), test_every=5, slice_steps=4)
    assert [r.step for r in run.records if r.test_loss is not None] == [5, 10, 12]


def test_the_budget_is_kept_and_the_end_is_the_end():
    experiment = small()
    state, records = advance(experiment, start(experiment), 3)
    assert (state.step, len(records)) == (3, 3)
    state, records = advance(experiment, state, 1000)
    assert (state.step, len(records)) == (8, 5)
    again, records = advance(experiment, state, 1000)
    assert again is state
    assert records == []


def test_progress_sees_every_record_once():
    seen = []
    run = train(small(), slice_steps=3, progress=seen.append)
    assert [record for new in seen for record in new] == run.records
    assert [len(new) for new in seen] == [3, 3, 2]


def test_examples_of_ones_own_without_a_test_set():
    rng = np.random.default_rng(0)
    images = bits(rng, 30, 4)
    # Whether two pixels are alike: one of the questions that a cosine of the pixels' signs can answer.
    own = Examples(ImageSet.of(images, np.where(images[:, 0] == images[:, 1], 1.0, -1.0)), None)
    experiment = small(epochs=40, learning_rate=0.05)
    assert total_steps(experiment, own) == 80
    state, records = advance(experiment, start(experiment), 80, examples=own)
    assert all(record.test_loss is None for record in records)
    assert evaluate(experiment, state.weights, own.train)[1] > 0.9


def test_report_has_the_run():
    run = train(small())
    report = run.report()
    assert list(report) == ["experiment", "history", "initial_weights", "weights", "test_expectation", "seconds"]
    assert np.array_equal(report["weights"], run.weights)
    assert np.array_equal(report["initial_weights"], start(small()).weights)


# Where it starts


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("ZZ", "XX"), ("XX", "YY", "XX"), ("XX",), ("ZZ",) * 3])
def test_every_start(name, layers):
    for grid in (2, 5, 28):
        experiment = small(start=name, layers=layers, grid=grid)
        weights = start(experiment).weights
        assert weights.shape == (len(layers), grid**2)
        assert np.isfinite(weights).all()
        assert not np.array_equal(weights, start(experiment.with_(seed=1)).weights)
        assert np.array_equal(weights, start(experiment).weights)


def test_uniform_start():
    weights = start(small(grid=28, layers=("XX", "ZZ") * 1)).weights
    assert 0 <= weights.min() < 0.05
    assert 2 * np.pi - 0.05 < weights.max() < 2 * np.pi
    assert weights.mean() == pytest.approx(np.pi, abs=0.15)


@pytest.mark.parametrize("grid", [4, 7, 14, 28])
def test_narrow_start_is_off_the_plateau(grid):
    images = (np.random.default_rng(0).random((50, grid**2)) > 0.8).astype(float)

    def expectation(kind):
        experiment = small(grid=grid, start=kind)
        return np.abs(build_engine(experiment).expectation(images, start(experiment).weights))

    def slope(kind):
        experiment = small(grid=grid, start=kind)
        return np.abs(build_engine(experiment).value_and_jacobian(images, start(experiment).weights)[1]).max()

    # MATHS section 2: R² ≈ (3/4)^n at uniform weights, R = 1 at narrow ones.
    assert slope("narrow") > 1
    assert slope("narrow") > 3 * slope("uniform")
    if grid >= 14:
        assert expectation("uniform").max() < 1e-6


@pytest.mark.parametrize("layers", [("ZZ", "XX"), ("XX", "ZZ", "XX"), ("YY", "XX", "XX")])
def test_narrow_start_can_move_when_the_last_layer_is_xx(layers):
    # A last XX layer commutes with what is measured; small weights there alone would be a standstill.
    experiment = small(grid=4, start="narrow", layers=layers)
    images = bits(np.random.default_rng(0), 20, 16)
    _, slopes = build_engine(experiment).value_and_jacobian(images, start(experiment).weights)
    assert np.abs(slopes).max() > 1


def test_narrow_start_by_definition():
    weights = start(small(start="narrow", grid=28, layers=("XX", "ZZ"))).weights
    assert not weights[0].any()
    assert weights[1, 0] == 0.5
    assert weights[1, 1:].std() == pytest.approx(0.02 / np.sqrt(784 / 16), rel=0.1)


BAD_WEIGHTS = {
    "NaN": np.full(8, np.nan),
    "infinite": np.array([np.inf, *range(7)]),
    "too few": np.zeros(7),
    "too many": np.zeros(64),
    "none": np.zeros(0),
    "words": np.array(["a"] * 8),
    "complex": np.ones(8) * 1j,
    "objects": np.array([None] * 8),
}


@pytest.mark.parametrize("name", BAD_WEIGHTS)
def test_bad_initial_weights(name):
    for function in (start, partial(train, initial_weights=BAD_WEIGHTS[name])):
        with pytest.raises(InputError) as caught:
            function(small(), BAD_WEIGHTS[name]) if function is start else function(small())
        is_sentence(caught.value)


def test_initial_weights_are_copied_and_may_be_flat():
    weights = np.linspace(0, 1, 8)
    state = start(small(), weights)
    weights[0] = 9
    assert state.weights[0, 0] == 0
    assert state.weights.shape == (2, 4)


def test_weights_that_run_away_stop_the_run(monkeypatch):
    experiment = small()
    good, _ = advance(experiment, start(experiment), 2)
    kept = good.weights.copy()
    monkeypatch.setattr(
        "qnn_core.training.loop.adam_step", lambda weights, gradient, moments, step, rate: (weights * np.nan, moments)
    )
    with pytest.raises(InputError) as caught:
        advance(experiment, good, 2)
    assert "step 3" in is_sentence(caught.value)
    assert np.array_equal(good.weights, kept)


# What training reaches


def accuracies(experiment, seeds):
    return np.array([train(experiment.with_(seed=seed)).history[-1]["test_accuracy"] for seed in range(seeds)])


@pytest.mark.parametrize(
    ("changes", "mean", "spread"),
    [
        ({}, 0.643, 0.107),
        ({"examples": 1000}, 0.713, 0.094),
        ({"examples": 1000, "layers": ("XX", "XX", "ZZ", "ZZ")}, 0.763, 0.081),
    ],
    ids=["32 weights, 500", "32 weights, 1000", "64 weights, 1000"],
)
def test_the_tutorials_accuracies_are_draws_from_a_distribution(changes, mean, spread):
    found = accuracies(TUTORIAL.with_(engine="contraction", **changes), 60)
    assert abs(found.mean() - mean) < 3 * spread / np.sqrt(60)
    # The standard error of a standard deviation is about spread/√(2·60).
    assert abs(found.std(ddof=1) - spread) < 3 * spread / np.sqrt(120)


def test_trained_to_the_end(to_the_end):
    last = to_the_end.history[-1]
    assert last["loss"] == pytest.approx(0.314, abs=0.001)
    assert last["accuracy"] == pytest.approx(0.8845, abs=0.003)
    assert last["test_accuracy"] == pytest.approx(0.877, abs=0.003)


def test_every_seed_reaches_the_same_end(to_the_end):
    for seed in (1, 2):
        run = train(to_the_end.experiment.with_(seed=seed), slice_steps=1000, test_every=1000)
        assert run.history[-1]["loss"] == pytest.approx(0.314, abs=0.001)


def test_interleaved_layers_go_further(to_the_end):
    experiment = to_the_end.experiment.with_(
        layers=("XX", "ZZ", "XX", "ZZ"), epochs=400, learning_rate=0.01, start="uniform"
    )
    run = train(experiment, slice_steps=400, test_every=400)
    assert run.history[-1]["loss"] < to_the_end.history[-1]["loss"] - 0.02


def test_785_qubits_from_the_narrow_start_and_from_the_plateau():
    fields = {"grid": 28, "examples": 1000, "epochs": 1, "engine": "contraction"}
    narrow = train(TUTORIAL.with_(start="narrow", **fields)).history[-1]
    uniform = train(TUTORIAL.with_(start="uniform", **fields)).history[-1]
    assert narrow["test_accuracy"] > 0.9
    assert uniform["test_loss"] == pytest.approx(1, abs=1e-4)
