"""The tutorial's CNN: its size, its steps in slices, its file."""

import pickle

import numpy as np
import pytest

from qnn_core.baselines import BASELINES, convolution
from qnn_core.contest.contenders import run_contender
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment

torch = pytest.importorskip("torch")

from qnn_core.baselines.cnn import CNNClassifier  # noqa: E402
from qnn_core.baselines.convolution import Trainer, logits, start  # noqa: E402

OPTIONS = {"seed": 3, "batch_size": 16, "learning_rate": 0.001}


@pytest.fixture(scope="module")
def few():
    train, _ = BASELINES["cnn"].images(Experiment())
    return train.images[train.row[:48]].astype(np.float32), train.labels[:48]


def advance(state, images, labels, steps):
    """So many steps from a state, and their records."""
    trainer = Trainer(state, **OPTIONS)
    records = [trainer.step(images, labels) for _ in range(steps)]
    return trainer.state, records


def test_slices_change_nothing(few):
    whole, records = advance(start(3), *few, 4)
    first, early = advance(start(3), *few, 3)
    before = [values.copy() for values in first.parameters]
    both, late = advance(first, *few, 1)
    assert (first.step, both.step) == (3, 4)
    for one, kept in zip(first.parameters, before, strict=True):
        np.testing.assert_array_equal(one, kept)  # a state is not touched by what is made of it
    assert [record.step for record in (*early, *late)] == [1, 2, 3, 4]
    assert [record.loss for record in (*early, *late)] == pytest.approx([record.loss for record in records])
    for one, other in zip(whole.parameters, both.parameters, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_it_learns_and_counts(few):
    images, labels = few
    model = CNNClassifier(epochs=6, batch_size=16, seed=1)
    losses = []
    model.fit(images, labels, progress=lambda records: losses.extend(record.loss for record in records))
    assert model.parameter_count == 1_198_721
    assert len(losses) == model.steps_taken == 6 * 3
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    assert model.score(images, labels) > 0.9
    assert set(model.predict(images)) <= {-1.0, 1.0}


def test_a_state_stays_as_it_was_while_its_trainer_goes_on(few):
    trainer = Trainer(start(3), **OPTIONS)
    trainer.step(*few)
    state = trainer.state
    kept = [values.copy() for values in (*state.parameters, *state.adam[0].values())]
    trainer.step(*few)
    for one, before in zip((*state.parameters, *state.adam[0].values()), kept, strict=True):
        np.testing.assert_array_equal(one, before)


def test_the_first_step_is_as_long_as_the_learning_rate(few):
    # Adam divides the gradient by its own size: what is left is its sign, but for ε.
    before = start(3)
    after, _ = advance(before, *few, 1)
    moved = [np.abs(one - other).max() for one, other in zip(after.parameters, before.parameters, strict=True)]
    assert moved == pytest.approx([OPTIONS["learning_rate"]] * len(moved), rel=1e-2)


def test_it_starts_as_keras_does():
    state, other = start(0), start(1)
    for name, values in state.network.items():
        assert (values.std() > 0) == name.endswith("weight")
        assert np.array_equal(values, start(0).network[name])
        assert np.array_equal(values, other.network[name]) == name.endswith("bias")
    convolution = state.network["2.weight"]  # 64 filters on 32 channels of 3×3
    limit = np.sqrt(6 / (9 * 32 + 9 * 64))
    assert 0.99 * limit < np.abs(convolution).max() <= limit
    assert convolution.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)


def test_a_state_needs_no_pytorch_to_be_sent(few):
    state, _ = advance(start(0), *few, 1)
    assert b"torch" not in pickle.dumps(state)


def test_dropout_is_off_when_asked(few):
    parameters = start(0).network
    np.testing.assert_array_equal(logits(parameters, few[0]), logits(parameters, few[0]))


def test_stopping_keeps_the_last_good_state(few):
    model = CNNClassifier(batch_size=16)

    def stop(records):
        if records[-1].step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.fit(*few, progress=stop)
    assert model.steps_taken == 2
    assert np.isfinite(model.decision_function(few[0])).all()


def test_wrong_images_are_refused(few):
    with pytest.raises(InputError, match="784"):
        CNNClassifier().fit(few[0][:, :16], few[1])
    with pytest.raises(InputError, match="3 classes"):
        CNNClassifier().fit(few[0], np.arange(48) % 3)


def test_without_pytorch_the_row_says_how_to_add_it(monkeypatch):
    monkeypatch.setattr(convolution, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install torch"):
        run_contender("cnn", Experiment(), "tutorial")


@pytest.mark.slow
def test_one_epoch_as_the_tutorial_trains_it():
    outcome = run_contender("cnn", Experiment(engine="contraction"), "tutorial")
    assert (outcome.parameters, outcome.steps) == (1_198_721, 95)
    assert outcome.test_accuracy >= 0.997
