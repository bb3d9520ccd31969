"""A run that is watched gives the numbers of a run that is not, whatever is pressed or breaks on the way."""

import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from qnn_core.baselines import BASELINES, train_epochs
from qnn_core.errors import InputError
from qnn_core.live.runs import LiveRun
from qnn_core.live.slices import run_slice
from qnn_core.training.run import train
from tests.helpers import is_sentence, small

SMALL = small(examples=80, epochs=3)
"""15 steps."""


class Inline:
    """Runs a task at once. breaks: (name of the function, how often) → the error that it ends with instead."""

    def __init__(self, error=None, name="run_slice", after=0, times=10**9):
        self.error, self.name, self.after, self.times = error, name, after, times
        self.calls = []

    def submit(self, fn, /, *args):
        future = Future()
        seen = sum(name == fn.__name__ for name, _ in self.calls)
        self.calls.append((fn.__name__, args))
        if self.error and fn.__name__ == self.name and self.after <= seen < self.after + self.times:
            future.set_exception(self.error)
        else:
            future.set_result(fn(*args))
        return future

    def steps_asked(self):
        """How many steps each slice was allowed to take."""
        return [args[2] for name, args in self.calls if name == "run_slice"]


class Never:
    """Takes tasks and never ends them."""

    def __init__(self):
        self.futures = []

    def submit(self, fn, /, *args):
        self.futures.append(Future())
        return self.futures[-1]


def to_the_end(run, executor, seconds=60.0):
    """Tick until the run stops by itself."""
    until = time.monotonic() + seconds
    while run.going or run.busy:
        run.tick(executor)
        if run.busy and not isinstance(executor, Inline):
            time.sleep(0.01)
        assert time.monotonic() < until, run.status
    return run


def assert_same_as_train(run):
    """Weights and batch records of the live run are bit for bit those of train()."""
    plain = train(run.experiment)
    assert np.array_equal(run.state.weights, plain.weights)
    assert [record[:6] for record in run.records] == [record[:6] for record in plain.records]
    assert run.records[-1] == plain.records[-1]


def fair_alone(experiment, epochs, same_examples=False):
    model = BASELINES["fair"].build(experiment)
    return train_epochs(model, experiment, 1, epochs, same_examples=same_examples)


def test_a_new_run_is_ready_and_does_nothing():
    run, executor = LiveRun(SMALL), Inline()
    run.tick(executor)
    assert (run.status, run.state.step, run.steps, run.records) == ("ready", 0, 15, [])
    assert not executor.calls
    assert np.array_equal(run.snapshots[0][1], run.state.weights)


@pytest.mark.parametrize("pace", [1, 4, None])
def test_slices_change_nothing(pace):
    run, executor = LiveRun(SMALL, pace=pace), Inline()
    run.play()
    to_the_end(run, executor)
    assert run.status == "done"
    assert run.complete
    assert_same_as_train(run)
    assert run.snapshots[-1][0] == run.steps
    assert [step for step, _ in run.snapshots] == sorted({step for step, _ in run.snapshots})


def test_pace_is_the_most_steps_of_a_slice():
    run, executor = LiveRun(SMALL, pace=4), Inline()
    run.play()
    to_the_end(run, executor)
    assert executor.steps_asked() == [4, 4, 4, 4]
    assert [step for step, _ in run.snapshots] == [0, 4, 8, 12, 15]


def test_the_fair_network_trains_beside_it():
    run = LiveRun(SMALL)
    run.play()
    to_the_end(run, Inline())
    assert [record.epoch for record in run.fair_records] == list(range(1, run.fair_epochs + 1))
    assert run.fair_records == fair_alone(SMALL, run.fair_epochs)


def test_the_fair_network_can_be_held_to_the_same_examples():
    few, all_kept = (LiveRun(SMALL, same_examples=same) for same in (True, False))
    for run in (few, all_kept):
        run.step_once()
        to_the_end(run, Inline())
    assert few.fair_records == fair_alone(SMALL, 1, same_examples=True)
    assert few.fair_records != all_kept.fair_records


def test_pause_keeps_the_slice_on_its_way_and_play_goes_on():
    run, executor = LiveRun(SMALL, pace=4), Inline()
    run.play()
    run.tick(executor)
    run.pause()
    assert (run.status, run.state.step, run.busy) == ("paused", 0, True)
    run.tick(executor)
    run.tick(executor)
    assert (run.status, run.state.step, run.busy) == ("paused", 4, False)
    assert len(executor.steps_asked()) == 1
    run.play()
    to_the_end(run, executor)
    assert_same_as_train(run)


def test_one_step_is_one_step_and_one_epoch():
    run, executor = LiveRun(SMALL), Inline()
    for pressed in (1, 2):
        run.step_once()
        assert run.status == "stepping"
        to_the_end(run, executor)
        assert (run.status, run.state.step, len(run.fair_records)) == ("paused", pressed, pressed)
    run.play()
    to_the_end(run, executor)
    assert_same_as_train(run)


def test_reset_goes_back_to_the_same_weights_and_forgets_what_is_on_its_way():
    run, never = LiveRun(SMALL, same_examples=True, pace=3), Never()
    first = run.state.weights
    run.play()
    to_the_end(run, Inline())
    run.reset()
    assert (run.status, run.state.step, run.records, run.fair_records) == ("ready", 0, [], [])
    assert (run.same_examples, run.pace) == (True, 3)
    assert np.array_equal(run.state.weights, first)
    run.play()
    run.tick(never)
    run.reset()
    assert all(future.cancelled() for future in never.futures)
    assert not run.busy
    run.play()
    to_the_end(run, Inline())
    assert_same_as_train(run)


def test_a_run_alone_stays_alone_after_a_reset():
    run, executor = LiveRun(SMALL, alone=True), Inline()
    for _ in range(2):
        run.play()
        to_the_end(run, executor)
        assert (run.status, run.fair_epochs, run.fair_records) == ("done", 0, [])
        assert {name for name, _ in executor.calls} == {"run_slice"}
        assert_same_as_train(run)
        run.reset()
        assert (run.alone, run.status) == (True, "ready")


def test_nothing_is_submitted_twice_while_a_slice_is_on_its_way():
    run, never = LiveRun(SMALL), Never()
    run.play()
    for _ in range(5):
        run.tick(never)
    assert len(never.futures) == 2  # one slice and one epoch
    run.pause()
    run.play()
    run.tick(never)
    assert len(never.futures) == 2


@pytest.mark.parametrize("name", ["run_slice", "run_epoch"])
def test_what_a_lost_worker_did_is_done_again(name):
    run, executor = LiveRun(SMALL, pace=4), Inline(BrokenExecutor(), name, after=1, times=2)
    run.play()
    for _ in range(3):
        run.tick(executor)
    assert run.status == "running"
    is_sentence(run.message)
    to_the_end(run, executor)
    assert run.status == "done"
    assert_same_as_train(run)
    assert run.fair_records == fair_alone(SMALL, run.fair_epochs)


def test_an_input_error_stops_with_its_sentence_and_the_last_good_state():
    trouble = InputError("The weights stopped being finite numbers in step 9; lower the learning rate.")
    run, executor = LiveRun(SMALL, pace=4), Inline(trouble, after=2, times=1)
    run.play()
    to_the_end(run, executor)
    assert (run.status, run.message) == ("failed", str(trouble))
    assert (run.state.step, len(run.records)) == (8, 8)
    run.play()  # the trouble is over: it goes on from there
    assert run.message == ""
    to_the_end(run, executor)
    assert_same_as_train(run)


def test_any_other_error_stops_with_a_sentence_too():
    run = LiveRun(SMALL)
    run.play()
    to_the_end(run, Inline(ZeroDivisionError("secret path /home")))
    assert run.status == "failed"
    assert "ZeroDivisionError" in is_sentence(run.message)
    assert "secret" not in run.message


@pytest.mark.parametrize("press", ["play", "step_once"])
def test_a_finished_run_stays_finished(press):
    run, executor = LiveRun(SMALL), Inline()
    run.play()
    to_the_end(run, executor)
    calls, weights = len(executor.calls), run.state.weights
    getattr(run, press)()
    to_the_end(run, executor)
    assert run.status == "done"
    assert len(executor.calls) == calls
    assert run.state.weights is weights


def test_a_run_as_it_stands_can_be_kept():
    run = LiveRun(SMALL)
    run.step_once()
    to_the_end(run, Inline())
    kept = run.as_run()
    assert np.array_equal(kept.weights, run.state.weights)
    assert np.array_equal(kept.initial_weights, LiveRun(SMALL).state.weights)
    assert np.abs(kept.test_expectation).max() <= 1


def test_wait_ends_with_the_slice_or_with_patience():
    run, never = LiveRun(SMALL), Never()
    run.wait(1.0)  # nothing to wait for
    run.play()
    run.tick(never)
    began = time.monotonic()
    run.wait(0.05)
    assert 0.04 < time.monotonic() - began < 2
    never.futures[0].set_result(run_slice(SMALL, run.state, 1, 1.0))
    run.wait(60)
    run.tick(never)
    assert run.state.step == 1


def test_on_a_thread():
    run = LiveRun(SMALL, pace=4)
    with ThreadPoolExecutor(2) as executor:
        run.play()
        to_the_end(run, executor)
    assert run.status == "done"
    assert_same_as_train(run)


def test_in_processes_that_are_killed_on_the_way(workers):
    experiment = small(examples=400, epochs=60)
    run = LiveRun(experiment, pace=300)
    run.play()
    run.tick(workers)
    inner = workers._pool
    assert isinstance(inner, ProcessPoolExecutor)
    for process in list(inner._processes.values()):
        process.kill()
    to_the_end(run, workers, 120)
    assert run.status == "done"
    assert_same_as_train(run)
    assert len(run.fair_records) == run.fair_epochs


@pytest.mark.parametrize("name", ["run_slice", "run_epoch"])
def test_a_worker_that_always_stops_is_given_up(name):
    run, executor = LiveRun(SMALL, pace=4), Inline(BrokenExecutor(), name)
    run.play()
    to_the_end(run, executor)
    assert run.status == "failed"
    assert "3 times" in is_sentence(run.message)
    assert sum(call == name for call, _ in executor.calls) == 3
    executor.error = None
    run.play()
    to_the_end(run, executor)
    assert (run.status, run.state.step) == ("done", 15)


def test_a_step_that_was_lost_is_taken_again():
    run, executor = LiveRun(SMALL), Inline(BrokenExecutor(), times=1)
    run.step_once()
    to_the_end(run, executor)
    assert (run.status, run.state.step) == ("paused", 1)
    assert executor.steps_asked() == [1, 1]


def test_a_longer_run_does_not_train_the_fair_network_for_longer():
    run = LiveRun(SMALL.with_(epochs=30), pace=1)
    run.play()
    to_the_end(run, Inline())
    assert (run.state.step, len(run.fair_records)) == (150, BASELINES["fair"].tutorial.epochs)


def test_one_step_waits_for_the_slice_that_is_still_out():
    run, executor = LiveRun(SMALL, alone=True), Never()
    run.play()
    run.tick(executor)
    run.pause()
    run.step_once()
    for _ in range(3):
        run.tick(executor)
    assert (run.status, len(executor.futures)) == ("stepping", 1)
