"""The CNN in slices: stop, go on, a lost worker, and the outcome at the end."""

from concurrent.futures import BrokenExecutor

import numpy as np
import pytest

pytest.importorskip("torch")

from qnn_core.baselines.convolution import BatchRecord, start
from qnn_core.experiment import Experiment
from qnn_core.live import cnn as live_cnn
from qnn_core.live.cnn import CNNJob, run_cnn_slice
from tests.live.fakes import ByHand


class Scripted(ByHand):
    """Ends each task with the next of some prepared results or exceptions, when it is told to."""

    def __init__(self, *answers):
        super().__init__()
        self.answers, self.calls = list(answers), []

    def submit(self, fn, /, *args):
        self.calls.append(args)
        return super().submit(lambda: self.answers.pop(0))

    def run(self):
        error = self.answers.pop(0) if isinstance(self.answers[0], Exception) else None
        super().run(error)


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
    job = CNNJob(Scripted(), Experiment())
    assert (job.batch_size, job.steps) == (128, 95)


def test_stop_and_go_on_and_a_lost_worker():
    state, record = start(0), BatchRecord(1, 0.5, 1.0)
    done = run_outcome()
    answers = [(state, [record], 1.0, None), BrokenExecutor(), (state._replace(step=1), [record], 1.0, done)]
    executor = Scripted(*answers)
    job = CNNJob(executor, Experiment())
    job.watch("ann")
    assert executor.calls == []
    job.want("ann")
    job.pause("ann")
    executor.run()
    assert (job.status(), len(job.records), job.seconds) == ("paused", 1, 1.0)
    assert job.words() == "batch 1 of 95, loss 0.500"
    assert job.seconds_left == 94
    job.want("ann")
    executor.run()
    while not executor.tasks:  # the lost slice is submitted again by a thread
        pass
    executor.run()
    assert job.status() == "done"
    assert job.outcome.seconds == 2.0
    assert executor.calls[1][1] is state
    assert executor.calls[2][1] is state


def test_the_slice_in_which_the_time_is_up_is_the_last():
    state = start(0)
    slices = [
        (state, [BatchRecord(step, 0.5, 1.0), BatchRecord(step + 1, 0.4, 1.0)], 0.75, None) for step in (1, 3, 5)
    ]
    executor = Scripted(*slices, (state, [], 0.0, run_outcome()))
    job = CNNJob(executor, Experiment(), "same-seconds")  # two seconds
    many = job.steps
    job.want("ann")
    totals = []
    for _ in range(4):
        totals.append(job.steps)
        executor.run()
    assert [*totals, job.steps] == [many, many, many, 6, 6]
    assert executor.calls[3][2] == 6
    assert (job.status(), job.outcome.seconds) == ("done", 2.25)


def test_time_does_not_end_a_budget_of_epochs():
    executor = Scripted((start(0), [BatchRecord(1, 0.5, 1.0)], 1e6, None))
    job = CNNJob(executor, Experiment())
    job.want("ann")
    executor.run()
    assert (job.status(), job.steps) == ("running", 95)


def test_a_failure_is_one_sentence():
    executor = Scripted(ZeroDivisionError())
    job = CNNJob(executor, Experiment())
    job.want("ann")
    executor.run()
    assert job.status() == "stopped"
    assert job.message.endswith(".")


def run_outcome():
    from qnn_core.contest.contenders import Outcome

    numbers = dict.fromkeys(Outcome._fields, 1)
    return Outcome(**{**numbers, "model": "cnn", "loss": "log", "verdicts": np.ones(3, bool)})
