"""One run can be luck; many runs, each with its own seed, show how much of it was."""

import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qnn_core.contest.trial import Trial, append, read_trials
from qnn_core.contest.tutorial import published_run
from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.loop import ONLY_AT_THE_END, evaluate
from qnn_core.training.run import train
from qnn_core.workers.pool import default_executor, error_of, is_lost

BATCH, BATCH_SECONDS = 16, 0.4
"""Runs that one task takes with it, and the time after which it comes back with those it has done."""
MOST_LOSSES = 3
"""A run whose worker was lost so often runs alone; lost alone as often again, it is reported as failed."""


def run_trial(experiment: Experiment) -> Trial:
    """Run one Experiment to its end; a failure becomes a Trial with its error."""
    began = time.perf_counter()
    try:
        weights = train(experiment, test_every=ONLY_AT_THE_END).weights
        seconds = time.perf_counter() - began
        data = prepare(experiment)
        train_loss, train_accuracy = evaluate(experiment, weights, data.train)
        test_loss, test_accuracy = evaluate(experiment, weights, data.test)
        return Trial(
            experiment=experiment,
            train_loss=train_loss,
            train_accuracy=train_accuracy,
            test_loss=test_loss,
            test_accuracy=test_accuracy,
            seconds=seconds,
        )
    except InputError as error:
        message = str(error)
    except Exception as error:  # whatever it was, the other runs go on
        message = f"{type(error).__name__}: {error}"
    return Trial(experiment=experiment, seconds=time.perf_counter() - began, error=message)


def run_batch(experiments: Sequence[Experiment], seconds: float = BATCH_SECONDS) -> list[Trial]:
    """Run the first one, and more until the time is up; what is left is for another task."""
    began, done = time.perf_counter(), list[Trial]()
    for experiment in experiments:
        done.append(run_trial(experiment))
        if time.perf_counter() - began > seconds:
            break
    return done


def run_trials(
    experiments: Iterable[Experiment],
    executor: Executor,
    *,
    file: Path | None = None,
) -> Iterator[Trial]:
    """Run Experiments on any executor and yield each Trial as it finishes, in no fixed order.

    file: JSON lines; every Trial is appended to it, and an Experiment that it already holds is not run
    again (one that failed is).
    To stop early, close the iterator: what is on its way is dropped. Raises InputError if the file cannot
    be used.
    """
    todo = dict.fromkeys(experiments)
    for trial in read_trials(file, todo) if file else []:
        if trial.error is None:
            del todo[trial.experiment]
            yield trial
    for trial in _Queue(todo, executor).finished():
        if file:
            append(trial, file)
        yield trial


class _Queue:
    """The runs that wait and the tasks that are on their way."""

    def __init__(self, experiments: Iterable[Experiment], executor: Executor) -> None:
        self.waiting = deque(experiments)
        self.tasks: dict[Future[list[Trial]], list[Experiment]] = {}
        self.losses: Counter[Experiment] = Counter()
        self.executor = executor

    def finished(self) -> Iterator[Trial]:
        """Submit and collect until nothing is left."""
        try:
            self._fill()
            while self.tasks:
                done, _ = wait(self.tasks, return_when=FIRST_COMPLETED)
                for task in done:
                    yield from self._collect(task, self.tasks.pop(task))
                self._fill()
        finally:
            for task in self.tasks:
                task.cancel()

    def _fill(self) -> None:
        """Two tasks for each worker: one that runs and one that waits, so that others get their turn too."""
        limit = 2 * int(getattr(self.executor, "width", os.cpu_count() or 1)) or 1
        while self.waiting and len(self.tasks) < limit:
            suspect = self.losses[self.waiting[0]] >= MOST_LOSSES
            if suspect and self.tasks:
                return
            # The last runs are spread evenly over the workers.
            size = 1 if suspect else max(1, min(BATCH, len(self.waiting) // limit))
            batch = [self.waiting.popleft() for _ in range(size)]
            self.tasks[self.executor.submit(run_batch, batch)] = batch
            if suspect:
                return

    def _collect(self, task: Future[list[Trial]], batch: list[Experiment]) -> Iterator[Trial]:
        error = error_of(task)
        if error is None:
            trials = task.result()
            self.waiting.extendleft(reversed(batch[len(trials) :]))
            yield from trials
        elif not is_lost(error):
            yield from (Trial(experiment=one, error=f"{type(error).__name__}: {error}") for one in batch)
        else:
            yield from self._after_loss(batch)

    def _after_loss(self, batch: list[Experiment]) -> Iterator[Trial]:
        """Put the runs of a lost worker at the end of the queue; give up one that was lost alone."""
        self.losses.update(batch)
        for experiment in batch:
            if self.losses[experiment] >= 2 * MOST_LOSSES:
                times = self.losses[experiment]
                yield Trial(
                    experiment=experiment, error=f"Its worker was lost {times} times; it may need too much memory."
                )
            else:
                self.waiting.append(experiment)


class Summary(NamedTuple):
    """Test accuracies of the runs that ended well. low, high: 5 and 95 %.

    published: the post's accuracy with these settings, if it has one.
    """

    runs: int
    failed: int
    mean: float
    deviation: float
    median: float
    low: float
    high: float
    published: float | None


def summary(trials: Sequence[Trial]) -> Summary:
    """The distribution of test accuracies over runs that differ only in their seed."""
    accuracies = [trial.test_accuracy for trial in trials if trial.error is None]
    numbers = np.array(accuracies or [np.nan])
    low, middle, high = np.quantile(numbers, [0.05, 0.5, 0.95])
    published = published_run(trials[0].experiment) if trials else None
    return Summary(
        runs=len(accuracies),
        failed=len(trials) - len(accuracies),
        mean=float(numbers.mean()),
        deviation=float(numbers.std()),
        median=float(middle),
        low=float(low),
        high=float(high),
        published=published,
    )


__all__ = ["Summary", "Trial", "default_executor", "read_trials", "run_trial", "run_trials", "summary"]
