"""Runs that cannot go on keep what was good; runs that cannot end are refused with what would fit."""

import pickle

import numpy as np
import pytest

from qnn_core import model_file
from qnn_core.__main__ import main
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.runs import RunJob
from qnn_core.live.slices import run_slice
from qnn_core.training import loop as training
from qnn_core.training.loop import DivergenceError, advance, start
from qnn_core.training.run import DivergedRunError, train
from tests.helpers import is_sentence, small
from tests.live.fakes import Inline


@pytest.fixture
def diverging(monkeypatch):
    """Adam's step 7 gives weights that are no numbers."""
    honest = training.adam_step

    def adam_step(weights, gradient, moments, step, rate):
        new, moments = honest(weights, gradient, moments, step, rate)
        return (new * np.nan if step == 7 else new), moments

    monkeypatch.setattr(training, "adam_step", adam_step)
    return small(epochs=5)


@pytest.mark.parametrize("steps", [1, 3, 20])
def test_the_last_good_state_of_a_slice_is_kept(diverging, steps):
    good, _ = advance(diverging, start(diverging), 6)
    state = start(diverging)
    while True:
        result = run_slice(diverging, state, steps, 60)
        state = result.state
        if result.error:
            break
    assert "finite" in is_sentence(result.error)
    assert state.step == 6
    np.testing.assert_array_equal(state.weights, good.weights)


def test_a_run_that_diverges_brings_what_it_has(diverging):
    until, records = advance(diverging, start(diverging), 6)
    with pytest.raises(DivergedRunError, match="in step 7") as caught:
        train(diverging, slice_steps=4)
    run = caught.value.run
    np.testing.assert_array_equal(run.weights, until.weights)
    np.testing.assert_array_equal(run.initial_weights, start(diverging).weights)
    assert run.records == caught.value.records == records
    assert run.seconds > 0
    copy = pickle.loads(pickle.dumps(caught.value))
    np.testing.assert_array_equal(copy.run.weights, until.weights)


def test_divergence_survives_the_way_from_another_process(diverging):
    with pytest.raises(DivergenceError) as caught:
        advance(diverging, start(diverging), 20)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == is_sentence(str(caught.value))
    assert copy.records == caught.value.records
    np.testing.assert_array_equal(copy.state.weights, caught.value.state.weights)


def test_the_command_saves_the_last_good_step(diverging, tmp_path, capsys):
    file = str(tmp_path / "model.npz")
    options = "--grid 2 --examples 60 --batch-size 16 --epochs 5 --engine contraction"
    assert main(["train", *options.split(), "--save", file]) == 2
    assert "Step 6 is the last good one" in capsys.readouterr().err
    good, _ = advance(diverging, start(diverging), 6)
    np.testing.assert_array_equal(model_file.load(file).weights, good.weights)


def test_a_live_run_stops_and_says_so(diverging):
    run = RunJob(Inline(), diverging, alone=True)
    run.want("ann")
    assert (run.status(), run.state.step, len(run.records)) == ("stopped", 6, 6)
    assert "Step 6 is the last good one" in is_sentence(run.message)


@pytest.mark.parametrize(
    "fields", [{"layers": ("XX", "ZZ") * 6}, {"layers": ("XX", "ZZ") * 4, "grid": 28}, {"layers": ("XX", "ZZ") * 5}]
)
def test_a_refusal_names_what_fits(fields):
    with pytest.raises(InputError) as caught:
        Experiment.parse({"engine": "contraction", **fields})
    advice = is_sentence(caught.value).rsplit("; ", 1)[1]
    layers = advice.split(" on this grid")[0].split(", ")
    assert Experiment.parse({"engine": "contraction", **fields, "layers": layers})
    assert len(layers) < len(fields["layers"])
