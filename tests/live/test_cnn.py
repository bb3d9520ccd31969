"""The CNN in slices: stop, go on, a lost worker, and the outcome at the end."""

from concurrent.futures import BrokenExecutor, Future

import numpy as np
import pytest

pytest.importorskip("torch")

from qnn_core.baselines.convolution import BatchRecord, start
from qnn_core.experiment import Experiment
from qnn_core.live import cnn as live_cnn
from qnn_core.live.cnn import LiveCNN, run_cnn_slice


class Scripted:
    """Hands out prepared results or exceptions, one for each submit."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def submit(self, fn, /, *args):
        self.calls.append(args)
        future, answer = Future(), self.answers.pop(0)
        future.set_exception(answer) if isinstance(answer, Exception) else future.set_result(answer)
        return future


def test_a_real_slice_and_the_outcome(monkeypatch):
    monkeypatch.setattr(live_cnn, "SLICE_SECONDS", 0.0)
    state, records, seconds, outcome = run_cnn_slice(Experiment(), None, 5, 8, 0.001)
    assert (state.step, records, outcome) == (0, [], None)
    monkeypatch.setattr(live_cnn, "SLICE_SECONDS", 60.0)
    state, records, seconds, outcome = run_cnn_slice(Experiment(), state, 2, 8, 0.001)
    assert [record.step for record in records] == [1, 2]
    assert outcome.parameters == 1_198_721
    assert (outcome.steps, outcome.examples_seen) == (2, 16)
    assert 0 < outcome.test_accuracy < 1
    assert len(outcome.verdicts) == 1968
    assert seconds > 0


def test_it_counts_the_tutorials_epoch():
    live = LiveCNN(Experiment())
    assert (live.batch_size, live.steps) == (128, 95)


def test_stop_and_go_on_and_a_lost_worker():
    state, record = start(0), BatchRecord(1, 0.5, 1.0)
    done = run_outcome()
    answers = [(state, [record], 1.0, None), BrokenExecutor(), (state._replace(step=1), [record], 1.0, done)]
    executor, live = Scripted(*answers), LiveCNN(Experiment())
    live.tick(executor)
    assert executor.calls == []
    live.play()
    live.tick(executor)
    live.stop()
    live.tick(executor)
    assert (live.status, len(live.records), live.seconds) == ("stopped", 1, 1.0)
    live.play()
    for _ in range(3):
        live.tick(executor)
    assert live.status == "done"
    assert live.outcome.seconds == 2.0
    assert executor.calls[1][1] is state
    assert executor.calls[2][1] is state


def test_the_slice_in_which_the_time_is_up_is_the_last():
    live = LiveCNN(Experiment(), "same-seconds")  # two seconds
    state, many = start(0), live.steps
    slices = [
        (state, [BatchRecord(step, 0.5, 1.0), BatchRecord(step + 1, 0.4, 1.0)], 0.75, None) for step in (1, 3, 5)
    ]
    executor = Scripted(*slices, (state, [], 0.0, run_outcome()))
    live.play()
    totals = []
    for _ in range(5):
        live.tick(executor)
        totals.append(live.steps)
    assert totals == [many, many, many, 6, 6]
    assert executor.calls[3][2] == 6
    assert (live.status, live.outcome.seconds) == ("done", 2.25)


def test_time_does_not_end_a_budget_of_epochs():
    live, state = LiveCNN(Experiment()), start(0)
    executor = Scripted((state, [BatchRecord(1, 0.5, 1.0)], 1e6, None), (state, [], 0.0, None))
    live.play()
    for _ in range(2):
        live.tick(executor)
    assert (live.status, live.steps) == ("running", 95)


def test_a_failure_is_one_sentence():
    executor, live = Scripted(ZeroDivisionError()), LiveCNN(Experiment())
    live.play()
    live.tick(executor)
    live.tick(executor)
    assert live.status == "failed"
    assert live.message.endswith(".")


def run_outcome():
    from qnn_core.contest.contenders import Outcome

    numbers = dict.fromkeys(Outcome._fields, 1)
    return Outcome(**{**numbers, "model": "cnn", "loss": "log", "verdicts": np.ones(3, bool)})


def test_a_worker_that_always_stops_is_given_up():
    executor, live = Scripted(*[BrokenExecutor()] * 3), LiveCNN(Experiment())
    live.play()
    for _ in range(6):
        live.tick(executor)
    assert live.status == "failed"
    assert "3 times" in live.message
    assert len(executor.calls) == 3
