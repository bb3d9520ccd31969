"""Runs that cannot go on keep what was good; runs that cannot end are refused with what would fit."""

import numpy as np
import pytest

from qnn_core import training
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live import LiveRun
from qnn_core.training import advance, start
from qnn_core.worker import run_slice
from tests.helpers import is_sentence, small
from tests.test_trials import Here


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


def test_a_live_run_stops_and_says_so(diverging):
    run = LiveRun(diverging, alone=True)
    run.play()
    for _ in range(5):
        run.tick(Here())
    assert (run.status, run.state.step, len(run.records)) == ("failed", 6, 6)
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
