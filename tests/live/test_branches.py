"""A run that is drawn behind another one is that run, however often it was put down."""

import pytest

from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.live import branches, slices
from qnn_core.live.branches import branch_of
from qnn_core.training.loop import evaluate, start
from qnn_core.training.run import train
from qnn_core.workers.unfinished import Unfinished
from tests.helpers import small


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_it_is_the_run(loss):
    experiment = small(loss=loss, epochs=3)
    run, found = train(experiment, test_every=1), branch_of(experiment)
    before = evaluate(experiment, start(experiment).weights, prepare(experiment).test)
    assert list(found.steps) == [0, *(record.step for record in run.records)]
    assert list(found.losses) == pytest.approx([before[0], *(record.test_loss for record in run.records)])
    assert list(found.accuracies) == pytest.approx([before[1], *(record.test_accuracy for record in run.records)])
    assert found.loss == loss


def test_it_is_put_down_and_taken_up(monkeypatch):
    experiment, times = small(epochs=5), 0
    whole = branch_of(experiment)
    monkeypatch.setattr(branches, "SLICE_SECONDS", 0.0)
    found = branch_of(experiment)
    while isinstance(found, Unfinished):
        found, times = found.function(*found.arguments), times + 1
    assert times > 3
    assert found == whole


def test_weights_that_are_no_numbers_are_a_sentence(monkeypatch):
    def lost(experiment, state, steps, seconds):
        return slices.Slice(state, [], 0.0, "The weights stopped being finite numbers.")

    monkeypatch.setattr(branches, "run_slice", lost)
    with pytest.raises(InputError, match="finite"):
        branch_of(small())
