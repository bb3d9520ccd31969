"""A run that is watched gives the numbers of a run that is not, whoever watches and whatever breaks on the way."""

import os
import signal
import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from qnn_core.baselines import BASELINES, train_epochs
from qnn_core.errors import InputError
from qnn_core.live import slices
from qnn_core.live.runs import RunJob, Runs
from qnn_core.training.loop import start
from qnn_core.training.run import train
from qnn_core.workers.turns import Turns
from qnn_core.workers.unfinished import SLICE_SECONDS
from tests.helpers import is_sentence, small
from tests.live.fakes import ByHand, Inline

SMALL = small(examples=80, epochs=3)
"""15 steps."""


def wanted(executor, experiment=SMALL, until=None, **options):
    """A run that Ann wants."""
    run = RunJob(executor, experiment, **options)
    run.want("ann", until)
    return run


def finish(run, seconds=60.0):
    """Watch until it stops by itself."""
    deadline = time.monotonic() + seconds
    while run.active:
        run.watch("ann")
        run.wait(0.2)
        assert time.monotonic() < deadline, run.status()
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
    executor = Inline()
    run = RunJob(executor, SMALL)
    run.watch("ann")
    assert (run.status(), run.state.step, run.steps, run.records) == ("ready", 0, 15, [])
    assert not executor.calls
    assert np.array_equal(run.at()[1], start(SMALL).weights)


def test_it_trains_to_the_end_by_itself():
    run = wanted(Inline())
    assert (run.status(), run.complete, run.progress()) == ("done", True, (15, 15))
    assert_same_as_train(run)
    assert run.words() == "step 15 of 15"
    assert run.seconds > 0


@pytest.mark.parametrize("seconds", [0.0, 10.0])
def test_slices_change_nothing_and_every_moment_of_a_short_run_is_kept(monkeypatch, seconds):
    monkeypatch.setattr("qnn_core.live.runs.SLICE_SECONDS", seconds)
    executor = Inline()
    run = wanted(executor)
    assert_same_as_train(run)
    assert [step for step, _ in run.snapshots] == list(range(16))
    assert len(executor.steps_asked()) == (15 if seconds == 0 else 1)
    for step in (0, 4, 15):
        plain, *_ = slices.advance(SMALL, start(SMALL), step)
        assert np.array_equal(run.at(step)[1], plain.weights)


def test_the_tutorials_run_has_49_moments():
    run = wanted(Inline(), small(grid=4, examples=500, batch_size=32, epochs=3), alone=True)
    assert [step for step, _ in run.snapshots] == list(range(49))


def test_the_first_slice_is_short_so_that_something_moves(monkeypatch):
    monkeypatch.setattr("qnn_core.live.runs.FIRST_SECONDS", 0.0)
    executor = Inline()
    wanted(executor, alone=True)
    seconds = [arguments[3] for name, arguments in executor.calls if name == "run_slice"]
    assert seconds[0] == 0.0
    assert set(seconds[1:]) == {SLICE_SECONDS}


def test_a_long_run_keeps_a_bounded_number_of_moments(monkeypatch):
    for name in ("FIRST_SECONDS", "SLICE_SECONDS"):  # in one slice, however slow the machine is
        monkeypatch.setattr(f"qnn_core.live.runs.{name}", 60.0)
    long = small(examples=200, batch_size=1, epochs=5)
    run = wanted(Inline(), long, alone=True)
    assert run.steps == 1000
    assert 150 < len(run.snapshots) <= slices.MOST_MOMENTS + 2
    assert [step % run.every for step, _ in run.snapshots] == [0] * len(run.snapshots)
    assert run.at(7)[0] == 5
    assert run.next_moment(5) == 10
    assert_same_as_train(run)


def test_one_computation_for_all_who_watch():
    executor = ByHand()
    runs = Runs(executor)
    for number in range(30):
        runs.get(SMALL).watch(f"visitor {number}")
    runs.get(SMALL).want("teacher")
    for number in range(30):
        runs.get(SMALL).want(f"visitor {number}")
    assert len(executor.tasks) == 2  # one slice and one epoch
    while executor.tasks:
        executor.run()
    assert runs.peek(SMALL).complete
    assert len(runs) == 1
    assert_same_as_train(runs.peek(SMALL))


def test_the_steps_of_a_film_go_before_the_fair_network():
    executor = ByHand()
    wanted(executor)
    assert {fn.__name__ for _, fn, _ in executor.tasks} == {"run_slice", "run_epoch"}
    assert executor.behind == {"run_epoch"}


def test_variants_of_a_run_are_separate():
    runs = Runs(Inline())
    kinds = [{}, {"same_examples": True}, {"alone": True}]
    assert len({id(runs.get(SMALL, **kind)) for kind in kinds}) == 3
    assert runs.peek(SMALL.with_(seed=1)) is None
    runs.clear()
    assert len(runs) == 0


def test_runs_are_bounded():
    one = wanted(Inline()).nbytes
    assert one > sum(weights.nbytes for _, weights in wanted(Inline()).snapshots)
    runs = Runs(Inline(), room=int(2.5 * one))
    for seed in range(5):
        runs.get(SMALL.with_(seed=seed)).want("ann")
    assert [seed for seed in range(5) if runs.peek(SMALL.with_(seed=seed))] == [2, 3, 4], "the last one was empty"
    runs.get(SMALL.with_(seed=9))
    assert [seed for seed in range(5) if runs.peek(SMALL.with_(seed=seed))] == [3, 4]


def test_the_fair_network_trains_beside_it():
    run = wanted(Inline())
    assert [record.epoch for record in run.fair_records] == list(range(1, run.fair_epochs + 1))
    assert run.fair_records == fair_alone(SMALL, run.fair_epochs)
    assert run.fair_until(0) == []
    assert run.fair_until(run.steps) == run.fair_records


def test_the_fair_network_can_be_held_to_the_same_examples():
    few, all_kept = (wanted(Inline(), same_examples=same) for same in (True, False))
    assert few.fair_records == fair_alone(SMALL, few.fair_epochs, same_examples=True)
    assert few.fair_records != all_kept.fair_records


def test_a_run_alone():
    executor = Inline()
    run = wanted(executor, alone=True)
    assert (run.status(), run.fair_epochs, run.fair_records) == ("done", 0, [])
    assert {name for name, _ in executor.calls} == {"run_slice"}


def test_it_can_be_wanted_up_to_a_step():
    executor = Inline()
    run = wanted(executor, until=1)
    assert (run.status(), run.state.step, len(run.fair_records)) == ("paused", 1, -(-run.fair_epochs // run.steps))
    run.want("ann", 2)
    assert (run.state.step, executor.steps_asked()) == (2, [1, 1])
    run.want("bob")
    assert run.complete
    assert_same_as_train(run)


def test_pause_keeps_the_slice_on_its_way_and_play_goes_on(monkeypatch):
    monkeypatch.setattr("qnn_core.live.runs.SLICE_SECONDS", 0.0)
    executor = ByHand()
    run = wanted(executor, alone=True)
    executor.run()
    run.pause("ann")
    executor.run()
    assert (run.status(), run.state.step, executor.tasks) == ("paused", 2, [])
    run.want("ann")
    while executor.tasks:
        executor.run()
    assert_same_as_train(run)


def test_a_run_as_it_stands_can_be_kept_and_as_it_was():
    run = wanted(Inline())
    for step in (None, 15, 4):
        kept = run.as_run(step)
        assert np.array_equal(kept.weights, run.at(step)[1])
        assert np.array_equal(kept.initial_weights, start(SMALL).weights)
        assert kept.records == run.records[:step]
        assert np.abs(kept.test_expectation).max() <= 1


@pytest.mark.parametrize("name", ["run_slice", "run_epoch"])
def test_what_a_lost_worker_did_is_done_again(monkeypatch, name):
    monkeypatch.setattr("qnn_core.live.runs.SLICE_SECONDS", 0.0)
    run = finish(wanted(Inline(BrokenExecutor(), name, after=1, times=2)))
    assert run.status() == "done"
    assert_same_as_train(run)
    assert run.fair_records == fair_alone(SMALL, run.fair_epochs)


def test_an_input_error_stops_with_its_sentence_and_the_last_good_state(monkeypatch):
    monkeypatch.setattr("qnn_core.live.runs.SLICE_SECONDS", 0.0)
    trouble = InputError("The weights stopped being finite numbers in step 9; lower the learning rate.")
    run = wanted(Inline(trouble, after=8, times=1))
    assert (run.status(), run.message) == ("stopped", str(trouble))
    assert (run.state.step, len(run.records)) == (8, 8)
    run.want("ann")  # the trouble is over: it goes on from there
    assert run.message == ""
    assert_same_as_train(run)


@pytest.mark.parametrize("name", ["run_slice", "run_epoch"])
def test_a_worker_that_always_stops_is_given_up(name):
    executor = Inline(BrokenExecutor(), name)
    run = finish(wanted(executor))
    assert run.status() == "stopped"
    assert "3 times" in is_sentence(run.message)
    executor.error = None
    run.want("ann")
    assert finish(run).status() == "done"
    assert_same_as_train(run)


def test_a_finished_run_stays_finished():
    executor = Inline()
    run = wanted(executor)
    calls, weights = len(executor.calls), run.state.weights
    run.want("ann")
    assert (run.status(), len(executor.calls)) == ("done", calls)
    assert run.state.weights is weights


def test_a_forgotten_run_begins_again():
    run = wanted(Inline())
    run.forget()
    assert (run.status(), run.state.step, run.records, run.fair_records) == ("ready", 0, [], [])
    run.want("ann")
    assert_same_as_train(run)


def test_a_longer_run_does_not_train_the_fair_network_for_longer():
    run = wanted(Inline(), SMALL.with_(epochs=30))
    assert (run.state.step, len(run.fair_records)) == (150, BASELINES["fair"].tutorial.epochs)


def test_on_threads_in_turn():
    with ThreadPoolExecutor(2) as executor:
        turns = Turns(executor)
        runs = [wanted(turns, SMALL.with_(seed=seed)) for seed in range(4)]
        for run in runs:
            assert finish(run).status() == "done"
            assert_same_as_train(run)
        turns.shutdown()


def test_in_processes_that_are_killed_on_the_way(workers):
    experiment = small(examples=400, epochs=150)
    turns = Turns(workers)
    run = wanted(turns, experiment)
    for _ in range(2):
        step = run.state.step
        wait_while(run, lambda step=step: run.state.step == step and run.active)
        # There is none for a moment, while a broken pool is replaced.
        wait_while(run, lambda: not any(one.is_alive() for one in list(workers._pool._processes.values())))
        victim = next(one for one in list(workers._pool._processes.values()) if one.is_alive())
        os.kill(victim.pid, signal.SIGKILL)
        victim.join(10)
    assert_undisturbed(run)
    turns.shutdown()


def wait_while(run, condition, seconds=60):
    """Look at a run, as a page does, as long as this is so."""
    until = time.monotonic() + seconds
    while condition():
        assert time.monotonic() < until
        run.watch("ann")
        time.sleep(0.005)


def assert_undisturbed(run):
    """It comes to its end, with the numbers that it would have had anyway."""
    finish(run, 120)
    assert (run.status(), run.message) == ("done", "")
    assert_same_as_train(run)
    assert run.fair_records == fair_alone(run.experiment, run.fair_epochs)


SHIFTED = small(examples=40, batch_size=20, epochs=1, engine="aer", gradient="parameter-shift")
"""Two steps with Aer."""


def test_a_step_by_parameter_shift_comes_in_pieces_and_gives_the_same(monkeypatch):
    monkeypatch.setattr("qnn_core.live.runs.PIECE_SECONDS", 0.0)
    executor = ByHand()
    run = wanted(executor, SHIFTED, alone=True)
    seen = []
    while executor.tasks:
        executor.run()
        seen.append((run.state.step, run.circuits))
    per_image = slices.circuits_per_image(SHIFTED)
    images = len(slices.batch_images(SHIFTED, 0))
    assert images > 2
    assert per_image == 17
    assert seen[: images + 2] == [(0, (k * 17, images * 17)) for k in range(images + 1)] + [(1, None)]
    assert run.complete
    assert_same_as_train(run)
    assert [step for step, _ in run.snapshots] == [0, 1, 2]


def test_pieces_that_are_lost_are_done_again(monkeypatch):
    monkeypatch.setattr("qnn_core.live.runs.PIECE_SECONDS", 0.0)
    run = finish(wanted(Inline(BrokenExecutor(), "run_piece", after=2, times=2), SHIFTED, alone=True))
    assert_same_as_train(run)


def test_the_words_of_a_slow_run():
    executor = ByHand()
    run = wanted(executor, SHIFTED, alone=True)
    assert (run.words(), run.seconds_left) == ("step 0 of 2", None)
    executor.run()  # a single circuit tells how long all of them will take
    images = len(slices.batch_images(SHIFTED, 0))
    assert run.words() == f"step 0 of 2, circuits 0 of {17 * images:,} of the next"
    assert run.seconds_left == pytest.approx(run._pace.circuit * 17 * images * 2)
    executor.run()
    assert run.words().startswith("step 0 of 2, circuits 17 of ")
    assert run.seconds_left == pytest.approx(run.seconds * (2 * images - 1), rel=1e-9)


def test_all_processes_are_killed_at_once_and_the_pool_with_them(workers):
    experiment = small(examples=400, epochs=150)
    turns = Turns(workers)
    run = wanted(turns, experiment)
    for _ in range(2):
        step, pool = run.state.step, workers._pool
        wait_while(run, lambda step=step: run.state.step == step and run.active)
        for number in list(pool._processes):
            with suppress(ProcessLookupError):  # the pool itself ends the others when one is gone
                os.kill(number, signal.SIGKILL)
        wait_while(run, lambda pool=pool: not pool._broken and run.active)
    assert_undisturbed(run)
    turns.shutdown()
