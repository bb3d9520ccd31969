"""Many runs: each Experiment once, nothing lost, whatever happens on the way."""

import json
import math
import os
import signal
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from qnn_core.__main__ import main
from qnn_core.contest import trials
from qnn_core.contest.trial import Trial, read_trials
from qnn_core.contest.trials import run_trial, run_trials, summary
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.workers.pool import LocalPool
from tests.helpers import is_sentence, small

EXPERIMENTS = [small(seed=seed) for seed in range(12)]


class Here(Executor):
    """Computes at once, in this process; the tasks whose numbers are in `lost` lose their worker."""

    width = 2

    def __init__(self, lost=()):
        self.lost, self.tasks = set(lost), []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.tasks.append(args[0])
        if len(self.tasks) - 1 in self.lost:
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def by_seed(found):
    return {trial.experiment.seed: trial for trial in found}


def numbers(trial):
    """All that does not depend on the clock."""
    return trial.model_copy(update={"seconds": 0.0})


@pytest.fixture
def expected():
    return {experiment.seed: numbers(run_trial(experiment)) for experiment in EXPERIMENTS}


def check(found, expected):
    assert len(found) == len(expected)
    assert {seed: numbers(trial) for seed, trial in by_seed(found).items()} == expected


@pytest.mark.parametrize("make", [Here, lambda: ThreadPoolExecutor(3), lambda: LocalPool(2)])
def test_any_executor_gives_each_experiment_once(make, expected):
    with make() as executor:
        check(list(run_trials([*EXPERIMENTS, EXPERIMENTS[0]], executor)), expected)


def test_a_trial_says_what_training_says():
    trial = run_trial(EXPERIMENTS[3])
    assert trial.error is None
    assert 0 <= trial.test_accuracy <= 1
    assert trial.seconds > 0
    last = trials.train(EXPERIMENTS[3]).history[-1]
    assert (trial.test_loss, trial.test_accuracy) == (last["test_loss"], last["test_accuracy"])


def test_a_trial_is_one_line_and_comes_back():
    trial = run_trial(EXPERIMENTS[0])
    assert "\n" not in trial.to_json()
    assert Trial.from_json(trial.to_json()) == trial
    failed = Trial(experiment=EXPERIMENTS[0], error="It broke.")
    back = Trial.from_json(failed.to_json())
    assert back.error == "It broke."
    assert math.isnan(back.test_accuracy)
    assert "NaN" not in failed.to_json()


def test_a_file_of_the_last_version_is_read():
    experiment = EXPERIMENTS[0].model_dump_json()
    numbers = '"train_loss": 0.5, "train_accuracy": 0.6, "test_loss": 0.7, "test_accuracy": 0.75, "seconds": 1.5'
    trial = Trial.from_json(f'{{"experiment": {experiment}, {numbers}, "error": null}}')
    assert (trial.experiment, trial.test_accuracy, trial.seconds) == (EXPERIMENTS[0], 0.75, 1.5)
    assert list(json.loads(trial.to_json())) == list(Trial.model_fields)
    assert '"test_accuracy": 0.75, "seconds": 1.5, "error": null}' in trial.to_json()


def test_a_failed_run_is_reported_and_the_rest_kept(monkeypatch):
    honest = trials.train

    def train(experiment, **options):
        if experiment.seed == 4:
            raise InputError("The weights stopped being finite numbers.")
        if experiment.seed == 5:
            raise ZeroDivisionError("oh")
        return honest(experiment, **options)

    monkeypatch.setattr(trials, "train", train)
    found = by_seed(run_trials(EXPERIMENTS, Here()))
    assert len(found) == 12
    assert found[4].error == "The weights stopped being finite numbers."
    assert found[5].error == "ZeroDivisionError: oh"
    assert {seed for seed, trial in found.items() if trial.error is None} == {*range(12)} - {4, 5}
    assert summary(list(found.values())).failed == 2


@pytest.mark.parametrize("lost", [{0}, {0, 1, 2, 5}, range(1, 20, 2)])
def test_runs_of_a_lost_worker_are_run_again(lost, expected):
    check(list(run_trials(EXPERIMENTS, Here(lost))), expected)


def test_a_run_that_always_loses_its_worker_is_given_up(expected):
    class Deadly(Here):
        def submit(self, fn, /, *args, **kwargs):
            self.lost = {len(self.tasks)} if EXPERIMENTS[7] in args[0] else set()
            return super().submit(fn, *args, **kwargs)

    found = by_seed(run_trials(EXPERIMENTS, Deadly()))
    assert "worker was lost" in is_sentence(found.pop(7).error)
    check(list(found.values()), {seed: trial for seed, trial in expected.items() if seed != 7})


def test_a_run_is_given_up_after_three_losses_with_others_and_three_alone():
    class Deadly(Here):
        def submit(self, fn, /, *args, **kwargs):
            self.lost = {len(self.tasks)} if EXPERIMENTS[0] in args[0] else set()
            return super().submit(fn, *args, **kwargs)

    executor = Deadly()
    found = by_seed(run_trials(EXPERIMENTS, executor))
    lost = [task for task in executor.tasks if EXPERIMENTS[0] in task]
    assert len(lost) == 6
    assert [len(task) for task in lost[3:]] == [1, 1, 1]
    assert "6 times" in is_sentence(found.pop(0).error)
    assert {trial.error for trial in found.values()} == {None}


def test_what_a_task_leaves_undone_comes_next():
    class OneOfEach(Executor):
        width = 0  # one task at a time

        def submit(self, fn, /, batch):
            future = Future()
            future.set_result([Trial(experiment=batch[0])])
            return future

    experiments = [small(seed=seed) for seed in range(40)]
    assert [trial.experiment for trial in run_trials(experiments, OneOfEach())] == experiments


@pytest.mark.parametrize("killed", [1, 2])
def test_a_killed_process_loses_nothing(expected, killed):
    with LocalPool(2) as pool:
        found = []
        for trial in run_trials(EXPERIMENTS, pool):
            if not found:
                for number in list(pool._pool._processes)[:killed]:
                    with suppress(ProcessLookupError):  # the pool itself ends the other one
                        os.kill(number, signal.SIGKILL)
            found.append(trial)
    check(found, expected)


def test_resumed_from_a_file(tmp_path, expected):
    file = tmp_path / "runs.jsonl"
    running = run_trials(EXPERIMENTS, Here(), file=file)
    first = [next(running) for _ in range(5)]
    running.close()
    assert read_trials(file) == first
    # The last line is only half written, and somebody's note is in between.
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:2], "a note", *lines[2:4], lines[4][:90]]))

    executor = Here()
    found = list(run_trials(EXPERIMENTS, executor, file=file))
    check(found, expected)
    assert found[:4] == first[:4]
    assert sum(len(task) for task in executor.tasks) >= 8
    again = Here()
    assert by_seed(run_trials(EXPERIMENTS, again, file=file)) == by_seed(found)
    assert again.tasks == []


def test_a_failed_run_is_tried_again_on_resume(tmp_path):
    file = tmp_path / "runs.jsonl"
    file.write_text(Trial(experiment=EXPERIMENTS[0], error="No memory.").to_json() + "\n")
    (found,) = run_trials(EXPERIMENTS[:1], Here(), file=file)
    assert found.error is None
    assert read_trials(file) == [found]


def test_runs_of_others_in_the_file_are_left_alone(tmp_path):
    file = tmp_path / "runs.jsonl"
    list(run_trials(EXPERIMENTS[:2], Here(), file=file))
    assert len(list(run_trials(EXPERIMENTS[2:4], Here(), file=file))) == 2
    assert len(read_trials(file)) == 4


def test_stopping_early_drops_what_waits():
    with LocalPool(1) as pool:
        running = run_trials([Experiment(engine="contraction", seed=seed) for seed in range(500)], pool)
        assert next(running).error is None
        running.close()


@pytest.mark.parametrize("name", ["", "missing/runs.jsonl"])
def test_a_file_that_cannot_be_used(tmp_path, name):
    with pytest.raises(InputError) as caught:
        list(run_trials(EXPERIMENTS[:1], Here(), file=tmp_path / name))
    is_sentence(caught.value)


def test_summary():
    accuracies = np.arange(101) / 100
    found = summary([Trial(experiment=Experiment(seed=s), test_accuracy=a) for s, a in enumerate(accuracies)])
    assert (found.runs, found.failed, found.published) == (101, 0, 0.6809)
    assert (found.mean, found.median, found.low, found.high) == pytest.approx((0.5, 0.5, 0.05, 0.95))
    assert summary([Trial(experiment=Experiment(threshold=0.4))]).published is None
    assert math.isnan(summary([Trial(experiment=Experiment(), error="no")]).mean)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "mean", "deviation"),
    [({}, 0.643, 0.107), ({"layers": ("XX", "XX", "ZZ", "ZZ"), "examples": 1000}, 0.763, 0.081)],
)
def test_the_tutorials_distribution(fields, mean, deviation):
    experiments = [Experiment(engine="contraction", seed=seed, **fields) for seed in range(100)]
    with LocalPool() as pool:
        found = summary(list(run_trials(experiments, pool)))
    # 100 runs know the mean to about 0.011 and the deviation to about 0.008.
    assert found.mean == pytest.approx(mean, abs=0.035)
    assert found.deviation == pytest.approx(deviation, abs=0.025)


def test_the_command_goes_on_with_its_file(tmp_path, capsys, monkeypatch):
    file = tmp_path / "runs.jsonl"
    options = ["trials", "--grid", "2", "--examples", "60", "--local", "--json", str(file)]
    monkeypatch.setattr("qnn_core.__main__.default_executor", lambda local: Here())
    assert main([*options, "--seeds", "0:2"]) == 0
    assert main([*options, "--seeds", "0:5"]) == 0
    assert "5 runs: test accuracy" in capsys.readouterr().out
    assert sorted(trial.experiment.seed for trial in read_trials(file)) == [0, 1, 2, 3, 4]
    assert {trial.experiment.engine for trial in read_trials(file)} == {"contraction"}


def test_the_summary_of_a_grid_that_aer_cannot_take():
    assert summary([Trial(experiment=Experiment(grid=5, engine="contraction"), test_accuracy=0.7)]).published is None
    assert (
        summary([Trial(experiment=Experiment(engine="contraction", seed=8), test_accuracy=0.7)]).published == 0.6809
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: "[" * 200_000,
        lambda line: line.replace('"seconds": 0.0', '"seconds": ' + "9" * 400),
        lambda line: line.replace("0.75", "null"),
        lambda line: line.replace("0.75", "NaN"),
        lambda line: line.replace('"error": null', '"error": 3'),
        lambda line: line[: len(line) // 2],
    ],
)
def test_a_damaged_line_is_no_run(tmp_path, spoil):
    good = Trial(experiment=EXPERIMENTS[0], train_loss=0.5, train_accuracy=0.6, test_loss=0.7, test_accuracy=0.75)
    bad = spoil(good.to_json())
    assert bad != good.to_json()
    file = tmp_path / "runs.jsonl"
    file.write_text(f"{bad}\n{Trial(experiment=EXPERIMENTS[1], error='It failed.').to_json()}\n")
    assert [trial.experiment for trial in read_trials(file)] == [EXPERIMENTS[1]]


def test_one_seed_is_not_many(capsys):
    assert main(["trials", "--seed", "5", "--seeds", "0:2", "--local"]) == 2
    assert "--seeds" in capsys.readouterr().err
