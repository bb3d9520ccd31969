"""The runs of a server: each Experiment is trained once, whoever watches, and what was computed is kept."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from qnn_core.arrays import Array
from qnn_core.baselines import BASELINES, EpochRecord, Network
from qnn_core.engines import ENGINES, contracted
from qnn_core.experiment import Experiment
from qnn_core.live.job import Job, Kept, Queue, Task
from qnn_core.live.slices import (
    PIECE_SECONDS,
    Pace,
    Piece,
    Slice,
    circuits_per_image,
    finish_step,
    in_pieces,
    measure_pace,
    moment_every,
    run_epoch,
    run_piece,
    run_slice,
)
from qnn_core.shelf import MIB, weigh
from qnn_core.training.loop import Record, start, total_steps
from qnn_core.training.run import Run, expectation_of_test
from qnn_core.workers.unfinished import SLICE_SECONDS

FAIR = "fair"
ROOM = 64 * MIB
"""For all runs of a server; one at 28×28 takes up to 4 MiB, the tutorial's 50 kB."""
RECORD_BYTES = 300
FIRST_SECONDS = 0.02
"""The first slice of a run is short: somebody has just pressed Play."""


class RunJob(Job):
    """One Experiment's run, and the fair network that trains beside it.

    A run is a function of its Experiment: it is wanted or not. Where its film rests is the watcher's business.

    snapshots: (step, weights) at many moments, the first at step 0; they only grow. steps: of the whole run.
    every: steps between two of them.
    records, fair_records: of the steps and epochs so far. seconds: spent computing.
    same_examples: the fair network sees only the examples that the quantum network sees.
    alone: no fair network trains beside it.
    """

    at_once = 2

    def __init__(
        self, turns: Queue, experiment: Experiment, *, same_examples: bool = False, alone: bool = False
    ) -> None:
        super().__init__(turns)
        self.experiment, self.same_examples = experiment, same_examples
        self.steps, self.every = total_steps(experiment), moment_every(experiment)
        self.fair_epochs = 0 if alone else BASELINES[FAIR].tutorial.epochs
        self._reset()

    def _reset(self) -> None:
        self.state = start(self.experiment)
        self.snapshots: list[tuple[int, Array]] = [(0, self.state.weights)]
        self.records: list[Record] = []
        self.seconds = 0.0
        self.fair_model: Network | None = None
        self.fair_records: list[EpochRecord] = []
        self._until = 0
        self._pace: Pace | None = None
        self._pieces: list[Piece] = []

    @property
    def about(self) -> str:
        return self.experiment.model_dump_json(exclude_defaults=True)

    def want(self, visitor: str, until: int | None = None) -> None:
        """Compute it to the end, or only up to this step."""
        with self._changed:
            self._until = max(self._until, self.steps if until is None else min(until, self.steps))
            super().want(visitor)

    def pause(self, visitor: str) -> None:
        with self._changed:
            super().pause(visitor)
            if not self._wanted_by:
                self._until = self.state.step

    def forget(self) -> None:
        """Back to the first weights; everything computed is dropped."""
        with self._changed:
            super().forget()
            self._reset()

    @property
    def trained(self) -> bool:
        """All steps of the quantum network are done."""
        return self.state.step >= self.steps

    @property
    def complete(self) -> bool:
        """Both networks are done."""
        return self.trained and len(self.fair_records) >= self.fair_epochs

    def at(self, step: int | None = None) -> tuple[int, Array]:
        """The last moment that was kept up to this step, and its weights (layers, n); None: as far as it is."""
        moments = self.snapshots[: len(self.snapshots)]
        if step is None:
            return moments[-1]
        return moments[max(0, bisect_right(moments, step, key=lambda moment: moment[0]) - 1)]

    def next_moment(self, step: int) -> int | None:
        """The first step after this one whose weights were kept, if it has been computed."""
        return next((moment for moment, _ in self.snapshots if moment > step), None)

    def fair_until(self, step: int) -> list[EpochRecord]:
        """The fair network's records when the quantum network is at a step, both going at the same pace."""
        return self.fair_records[: self._fair_epoch(step)]

    def as_run(self, step: int | None = None) -> Run:
        """The run up to a step, or as far as it is, for a file."""
        step, weights = self.at(step)
        test = expectation_of_test(contracted(self.experiment), weights)
        return Run(
            experiment=self.experiment,
            initial_weights=self.snapshots[0][1],
            weights=weights,
            records=self.records[:step],
            test_expectation=test,
            seconds=self.seconds,
        )

    @property
    def nbytes(self) -> int:
        moments = sum(weights.nbytes for _, weights in self.snapshots[:])
        pieces = sum(piece.jacobian.nbytes for piece in self._pieces[:])
        return moments + pieces + RECORD_BYTES * (len(self.records) + len(self.fair_records)) + weigh(self.fair_model)

    def progress(self, visitor: str | None = None) -> tuple[int, int]:
        return self.state.step, self.steps

    @property
    def circuits(self) -> tuple[int, int] | None:
        """Circuits done of the step on its way, and of how many; None if it is not known."""
        with self._changed:
            per_image = circuits_per_image(self.experiment)
            if self._pieces:
                return per_image * self._images_done, per_image * self._pieces[0].images
            if self._pace and self.state.step == 0:
                return 0, per_image * self._pace.images
            return None

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; before the first image is done, at that of one circuit."""
        with self._changed:
            done = self.state.step + (self._images_done / self._pieces[0].images if self._pieces else 0)
            if done:
                return self.seconds / done * (self.steps - done)
            if self._pace:
                return self._pace.circuit * circuits_per_image(self.experiment) * self._pace.images * self.steps
            return None

    @property
    def first_step_waits(self) -> bool:
        """Nothing is done yet, and the worker that does it may have to load its simulator first."""
        return self.state.step == 0 and self.circuits is None and ENGINES[self.experiment.engine].needs_qiskit

    def words(self, visitor: str | None = None) -> str:
        text = f"step {self.state.step:,} of {self.steps:,}"
        circuits = self.circuits
        return f"{text}, circuits {circuits[0]:,} of {circuits[1]:,} of the next" if circuits else text

    def tasks(self, visitor: str) -> Iterator[tuple[Hashable, Task]]:
        """A slice of the run and an epoch of the fair network, side by side."""
        if self.state.step < self._until:
            yield "steps", self._slice()
        if len(self.fair_records) < self._fair_epoch(self._until):
            epoch = len(self.fair_records) + 1
            yield "epoch", (run_epoch, (FAIR, self.experiment, self.fair_model, epoch, self.same_examples))

    def is_background(self, key: Hashable) -> bool:
        """The film moves with the steps; the fair network takes much longer, and is only a curve beside it."""
        return key == "epoch"

    def take(self, key: Hashable, result: Any) -> None:
        if key == "epoch":
            self.fair_model, records = result
            self.fair_records += records
            return
        if isinstance(result, Pace):
            self._pace = result
            return
        self.seconds += result.seconds
        if isinstance(result, Piece):
            self._pieces.append(result)
            return
        self._take_slice(result)

    def _take_slice(self, done: Slice) -> None:
        self._pieces = []
        self.state = done.state
        self.records += done.records
        self.snapshots += [moment for moment in done.moments if moment[0] > self.snapshots[-1][0]]
        if done.error:
            self.failed = True
            self.message = f"{done.error} Step {self.state.step:,} is the last good one; it is kept."

    def _slice(self) -> Task:
        if not in_pieces(self.experiment):
            seconds = SLICE_SECONDS if self.records else min(FIRST_SECONDS, SLICE_SECONDS)
            return run_slice, (self.experiment, self.state, self._until - self.state.step, seconds)
        if self._pace is None:
            return measure_pace, (self.experiment, self.state)
        done = self._images_done
        if self._pieces and done == self._pieces[0].images:
            values = np.concatenate([piece.values for piece in self._pieces])
            jacobian = np.concatenate([piece.jacobian for piece in self._pieces])
            return finish_step, (self.experiment, self.state, values, jacobian)
        return run_piece, (self.experiment, self.state, done, done + self._images_at_once())

    @property
    def _images_done(self) -> int:
        return sum(len(piece.values) for piece in self._pieces)

    def _images_at_once(self) -> int:
        """As many as fit into PIECE_SECONDS, going by the last piece; one at least."""
        if not self._pieces:
            return 1
        last = self._pieces[-1]
        return max(1, int(PIECE_SECONDS * len(last.values) / max(last.seconds, 1e-6)))

    def _fair_epoch(self, step: int) -> int:
        """The epoch of the fair network that belongs to a step."""
        return -(-self.fair_epochs * step // self.steps)


class Runs:
    """The runs of a server by Experiment; safe to use from many threads. room: bytes for all, as far as it can be."""

    def __init__(self, turns: Queue, room: int = ROOM) -> None:
        self._turns, self._kept = turns, Kept[RunJob]("runs", room)

    def get(self, experiment: Experiment, *, same_examples: bool = False, alone: bool = False) -> RunJob:
        """The run of an Experiment, shared by all who ask for it. Raises InputError if it cannot be prepared."""
        return self._kept.get(
            (experiment, same_examples, alone),
            lambda: RunJob(self._turns, experiment, same_examples=same_examples, alone=alone),
        )

    def peek(self, experiment: Experiment, *, same_examples: bool = False, alone: bool = False) -> RunJob | None:
        """The same if there is one already."""
        return self._kept.peek((experiment, same_examples, alone))

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
