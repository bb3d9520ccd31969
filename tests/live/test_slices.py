"""What a worker does in one slice: whole steps, in the time it is given, and nothing that train() would not do."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from qnn_core.baselines import BASELINES, train_epochs
from qnn_core.baselines.base import images_of
from qnn_core.data.dataset import prepare
from qnn_core.live import slices as worker
from qnn_core.live.slices import TESTS_PER_RUN, run_epoch, run_slice, train_fair
from qnn_core.training.loop import advance, start, total_steps
from qnn_core.training.run import train
from tests.helpers import small

SMALL = small(examples=80, epochs=3)
"""15 steps."""


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves 0.1 s for each step taken."""
    now = [0.0]

    def slow_advance(experiment, state, budget, **options):
        state, records = advance(experiment, state, budget, **options)
        now[0] += 0.1 * len(records)
        return state, records

    monkeypatch.setattr(worker, "advance", slow_advance)
    monkeypatch.setattr(worker.time, "perf_counter", lambda: now[0])
    return now


def test_a_slice_takes_as_many_steps_as_asked():
    done = run_slice(SMALL, start(SMALL), 7, 60.0)
    assert (done.state.step, len(done.records)) == (7, 7)
    assert done.seconds > 0


def test_a_slice_ends_when_its_time_is_over(clock):
    done = run_slice(SMALL, start(SMALL), 1000, 0.55)
    assert 5 <= len(done.records) <= 7
    assert done.seconds == pytest.approx(0.1 * len(done.records))


def test_a_slice_takes_one_step_at_least(clock):
    assert run_slice(SMALL, start(SMALL), 1000, 0.0).state.step == 1


def test_a_slice_ends_with_the_run():
    assert run_slice(SMALL, start(SMALL), 1000, 60.0).state.step == total_steps(SMALL) == 15


def test_slices_of_any_length_are_the_run():
    state, records = start(SMALL), []
    for steps in (1, 2, 5, 100):
        done = run_slice(SMALL, state, steps, 60.0)
        state, records = done.state, records + done.records
    plain = train(SMALL)
    assert np.array_equal(state.weights, plain.weights)
    assert [record[:6] for record in records] == [record[:6] for record in plain.records]


def test_the_contraction_is_tested_often_and_aer_after_each_epoch():
    long = small(examples=100, batch_size=1, epochs=5)
    tested = [record.step for record in run_slice(long, start(long), 1000, 60.0).records if record.test_loss]
    assert 50 <= len(tested) <= 2 * TESTS_PER_RUN
    assert tested[-1] == 500
    aer = small(examples=20, batch_size=4, epochs=2, engine="aer")
    tested = [record.step for record in run_slice(aer, start(aer), 1000, 60.0).records if record.test_loss]
    assert tested == [5, 10]


def test_where_few_test_images_are_alike_a_test_waits_for_half_as_many_examples():
    grey = small(grid=4, encoding="angle", epochs=40)
    images = len(prepare(grey).test.images)
    every, steps = images // (2 * grey.batch_size), total_steps(grey)
    assert 20 < every < steps / 2
    records = run_slice(grey, start(grey), steps, 60.0).records
    tested = [record.step for record in records if record.test_loss is not None]
    assert tested == [*range(every, steps, every), steps]


def test_the_weights_on_the_way_come_along():
    done = run_slice(SMALL, start(SMALL), 7, 60.0)
    assert [step for step, _ in done.moments] == list(range(1, 8))
    for step, weights in done.moments:
        assert np.array_equal(weights, advance(SMALL, start(SMALL), step)[0].weights)
    assert [step for step, _ in run_slice(SMALL, done.state, 3, 60.0).moments] == [8, 9, 10]


def test_both_engines_take_the_same_steps():
    fast, aer = (run_slice(e, start(e), 3, 60.0) for e in (SMALL, SMALL.with_(engine="aer")))
    np.testing.assert_allclose(fast.state.weights, aer.state.weights, atol=1e-9)


@pytest.mark.parametrize("same", [True, False])
def test_epochs_one_by_one_are_the_baselines_training(same):
    model, records = None, []
    for epoch in (1, 2, 3):
        model, new = run_epoch("fair", SMALL, model, epoch, same)
        records += new
    assert records == train_epochs(BASELINES["fair"].build(SMALL), SMALL, 1, 3, same_examples=same)
    assert len(images_of(SMALL, same_examples=True)) == 80


def test_train_fair_is_all_epochs():
    model, seconds = train_fair(SMALL)
    other = BASELINES["fair"].build(SMALL)
    train_epochs(other, SMALL, 1, BASELINES["fair"].tutorial.epochs)
    pixels = images_of(SMALL).images
    assert np.array_equal(model.decision_function(pixels), other.decision_function(pixels))
    assert seconds > 0


def test_what_travels_between_processes_can_be_pickled():
    state = start(SMALL)
    done = pickle.loads(pickle.dumps(run_slice(*pickle.loads(pickle.dumps((SMALL, state, 2, 60.0))))))
    assert np.array_equal(done.state.weights, run_slice(SMALL, state, 2, 60.0).state.weights)


AFTER_WARM_UP = """
import os, threading
from qnn_core import Experiment
from qnn_core.circuit import build_circuit
from qnn_core.workers.warm import in_background, wait_until_warm

def copy():
    return build_circuit(Experiment(grid=2)).circuit.copy()

in_background(copy)
wait_until_warm()
for _ in range(50):
    thread = threading.Thread(target=copy)
    thread.start()
    thread.join()
os._exit(0)
"""


def test_qiskit_survives_the_warm_up():
    """Qiskit 2.6.2 crashes the process if the thread that imported it has ended."""
    ended = subprocess.run([sys.executable, "-c", AFTER_WARM_UP], check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
