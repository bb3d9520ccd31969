"""The CNN trains in slices too: its batches show, and it can be stopped."""

import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qnn_core.baselines import BASELINES
from qnn_core.baselines.cnn import CNNClassifier
from qnn_core.baselines.convolution import BatchRecord, CNNState, Trainer, start
from qnn_core.contest.contenders import CONTENDERS, Outcome, score
from qnn_core.data.dataset import pair_of
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.tasks import Executor
from qnn_core.model_file import baseline_to_bytes
from qnn_core.workers.pool import GIVEN_UP, MOST_LOSSES, error_of, is_lost

SLICE_SECONDS = 1.0


def run_cnn_slice(
    experiment: Experiment, state: CNNState | None, total: int, batch_size: int, learning_rate: float
) -> tuple[CNNState, list[BatchRecord], float, Outcome | None]:
    """About a second of training; the outcome comes with the last slice. Raises InputError without PyTorch."""
    began = time.perf_counter()
    train, _ = BASELINES["cnn"].images(experiment)
    images = train.images[train.row].astype(np.float32)
    state = state or start(experiment.seed)
    trainer = Trainer(state, seed=experiment.seed, batch_size=batch_size, learning_rate=learning_rate)
    records: list[BatchRecord] = []
    while state.step + len(records) < total and time.perf_counter() - began < SLICE_SECONDS:
        records.append(trainer.step(images, train.labels))
    state = trainer.state
    seconds = time.perf_counter() - began
    return state, records, seconds, None if state.step < total else _outcome(experiment, state, batch_size)


def _outcome(experiment: Experiment, state: CNNState, batch_size: int) -> Outcome:
    model = CNNClassifier.of(state)
    train, _ = BASELINES["cnn"].images(experiment)
    return score(BASELINES["cnn"], experiment, model, len(train), batch_size, 0.0)


@dataclass
class LiveCNN:
    """One CNN in training. status: "ready", "running", "stopped", "done" or "failed"; seconds: spent training."""

    experiment: Experiment
    budget: str = "tutorial"
    status: str = "ready"
    message: str = ""
    state: CNNState | None = None
    records: list[BatchRecord] = field(default_factory=list)
    seconds: float = 0.0
    outcome: Outcome | None = None
    _slice: Future[Any] | None = None
    _losses: int = 0

    def __post_init__(self) -> None:
        self._allowance = CONTENDERS["cnn"].allowance(self.budget)
        self.batch_size = self._allowance.batch_size or 128
        images = len(pair_of(self.experiment).train_images)
        self.steps = self._allowance.steps_on(images)

    @property
    def seconds_left(self) -> float:
        """At the pace so far."""
        return self.seconds / max(1, len(self.records)) * (self.steps - len(self.records))

    def to_bytes(self) -> bytes:
        """The network as it stands, for a file."""
        parameters = self.state.parameters if self.state else []
        return baseline_to_bytes("cnn", self.experiment, parameters, self.records)

    def play(self) -> None:
        """Start or go on."""
        self.status, self.message, self._losses = "running", "", 0

    def stop(self) -> None:
        """After the slice that is on its way."""
        self.status = "stopped"

    def tick(self, executor: Executor) -> None:
        """Collect a finished slice and submit the next."""
        if self._slice is not None and self._slice.done():
            done, self._slice = self._slice, None
            self._collect(done)
        if self.status == "running" and self._slice is None:
            how = (self.steps, self.batch_size, self._allowance.learning_rate)
            self._slice = executor.submit(run_cnn_slice, self.experiment, self.state, *how)

    def _collect(self, future: Future[Any]) -> None:
        error = error_of(future)
        if error is None:
            self._losses = 0
            self.state, records, seconds, outcome = future.result()
            self.records += records
            self.seconds += seconds
            if self.seconds >= self._allowance.seconds:
                self.steps = len(self.records)  # the time is up: this was the last step
            if outcome is not None:
                self.outcome, self.status = outcome._replace(seconds=self.seconds), "done"
        elif is_lost(error):
            self._losses += 1
            if self._losses >= MOST_LOSSES:
                self.status, self.message = "failed", GIVEN_UP
        else:
            self.status = "failed"
            self.message = str(error) if isinstance(error, InputError) else "The training stopped; start it again."
