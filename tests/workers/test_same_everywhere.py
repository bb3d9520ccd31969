"""The same Experiment gives the same numbers with any number of workers and threads, and however a process begins."""

import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from qnn_core.contest.trials import run_trials
from qnn_core.experiment import Experiment
from qnn_core.training.run import train
from qnn_core.workers.pool import LocalPool
from tests.helpers import small

ENGINES = ("contraction", "aer")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
CLOSE = 1e-9
LARGE = Experiment(engine="contraction", grid=14, examples=200, epochs=2, layers=("XX", "ZZ", "XX"))
"""Matrices large enough for BLAS to share between threads."""


def numbers(experiment):
    """All that a run ends with: weights, losses, and the values of the test images."""
    run = train(experiment)
    losses = [record.loss for record in run.records]
    return np.concatenate([run.weights.ravel(), losses, run.test_expectation])


HERE = "print(json.dumps(numbers(Experiment.parse(sys.argv[1])).tolist()))"
IN_A_WORKER = "print(json.dumps(in_a_worker(Experiment.parse(sys.argv[1]), sys.argv[2]).tolist()))"


def in_a_worker(experiment, method):
    """The same from a process that begins by this method."""
    with ProcessPoolExecutor(1, multiprocessing.get_context(method)) as pool:
        return pool.submit(numbers, experiment).result()


def in_new_python(code, experiment, *arguments, **variables):
    """What the code prints there, given the Experiment and more arguments, with more environment variables."""
    command = [sys.executable, "-c", f"from {__name__} import *\n{code}", experiment.model_dump_json(), *arguments]
    environment = {**os.environ, **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    return np.array(json.loads(done.stdout))


def of_engine(name):
    return small(engine=name, examples=24, epochs=1, seed=5)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_number_of_workers(width):
    experiments = [small(seed=seed) for seed in range(5)]
    with LocalPool(width) as pool:
        found = {trial.experiment.seed: trial for trial in run_trials(experiments, pool)}
    for experiment in experiments:
        trial, run = found[experiment.seed], train(experiment)
        assert trial.error is None
        assert trial.test_accuracy == run.history[-1]["test_accuracy"]
        assert trial.test_loss == run.history[-1]["test_loss"]


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("engine", ENGINES)
def test_the_start_method(engine, method):
    if (engine, method) == ("aer", "fork"):
        pytest.skip("Aer's threads do not live on in a forked process; the pools here spawn theirs.")
    experiment = of_engine(engine)
    # In a new process: this one has threads by now, which a fork would tear apart.
    assert np.array_equal(in_new_python(IN_A_WORKER, experiment, method), numbers(experiment))


@pytest.mark.parametrize("experiment", [of_engine("contraction"), of_engine("aer"), LARGE], ids=[*ENGINES, "large"])
def test_the_number_of_threads(experiment):
    found = [in_new_python(HERE, experiment, **dict.fromkeys(THREADS, threads)) for threads in ("1", "2", "4")]
    for other in found[1:]:
        assert np.abs(np.subtract(other, found[0])).max() <= CLOSE
    assert np.abs(np.subtract(found[0], numbers(experiment))).max() <= CLOSE
