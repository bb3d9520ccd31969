"""The CNN trains in slices too: its batches show, and it can be stopped."""

import time
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from qnn_core.baselines import BASELINES
from qnn_core.baselines.cnn import CNNClassifier
from qnn_core.baselines.convolution import BatchRecord, CNNState, Trainer, start
from qnn_core.contest.contenders import CONTENDERS, Outcome, score
from qnn_core.data.dataset import pair_of
from qnn_core.experiment import Experiment
from qnn_core.live.job import Job, Queue, Task
from qnn_core.model_file import baseline_to_bytes
from qnn_core.shelf import weigh

SLICE_SECONDS = 1.0
RECORD_BYTES = 200


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
    if state.step < total:
        return state, records, seconds, None
    return state, records, seconds, _outcome(experiment, state, batch_size, learning_rate)


def _outcome(experiment: Experiment, state: CNNState, batch_size: int, learning_rate: float) -> Outcome:
    model = CNNClassifier.of(state)
    train, _ = BASELINES["cnn"].images(experiment)
    return score(BASELINES["cnn"], experiment, model, len(train), batch_size, 0.0, learning_rate)


class CNNJob(Job):
    """One CNN in training. seconds: spent training; outcome: when it is done."""

    def __init__(self, turns: Queue, experiment: Experiment, budget: str = "tutorial") -> None:
        super().__init__(turns)
        self.experiment = experiment
        self._allowance = CONTENDERS["cnn"].allowance(budget)
        self.batch_size = self._allowance.batch_size or 128
        self.steps = self._allowance.steps_on(len(pair_of(experiment).train_images))
        self.state: CNNState | None = None
        self.records: list[BatchRecord] = []
        self.seconds = 0.0
        self.outcome: Outcome | None = None

    @property
    def complete(self) -> bool:
        return self.outcome is not None

    @property
    def nbytes(self) -> int:
        return weigh(self.state) + weigh(self.outcome) + RECORD_BYTES * len(self.records)

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far."""
        done = len(self.records)
        return self.seconds / done * (self.steps - done) if done else None

    def progress(self, visitor: str | None = None) -> tuple[int, int]:
        # The last slice counts the right answers too.
        return self.steps if self.complete else min(len(self.records), self.steps - 1), self.steps

    def words(self, visitor: str | None = None) -> str:
        loss = f", loss {self.records[-1].loss:.3f}" if self.records else ""
        return f"batch {len(self.records):,} of {self.steps:,}{loss}"

    def to_bytes(self) -> bytes:
        """The network as it stands, for a file."""
        parameters = self.state.parameters if self.state else []
        return baseline_to_bytes("cnn", self.experiment, parameters, self.records)

    def tasks(self, visitor: str) -> Iterator[tuple[Hashable, Task]]:
        if not self.complete:
            how = (self.steps, self.batch_size, self._allowance.learning_rate)
            yield "slice", (run_cnn_slice, (self.experiment, self.state, *how))

    def take(self, key: Hashable, result: Any) -> None:
        self.state, records, seconds, outcome = result
        self.records += records
        self.seconds += seconds
        if self.seconds >= self._allowance.seconds:
            self.steps = len(self.records)  # the time is up: this was the last step
        if outcome is not None:
            self.outcome = outcome._replace(seconds=self.seconds)
