"""A run that somebody watches: play, pause, one step, reset, with the fair network training beside it.

It never computes: `tick` collects a finished slice from an executor and submits the next one. A slice
that is lost with its worker is submitted again, because every state is kept here, but not for ever.
"""

from collections import Counter
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import TypeVar

from qnn_core.arrays import Array
from qnn_core.baselines import BASELINES, EpochRecord, Network
from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.slices import Slice, run_epoch, run_slice
from qnn_core.live.tasks import Executor
from qnn_core.training.loop import Record, TrainingState, start, total_steps
from qnn_core.training.run import Run, expectation_of_test
from qnn_core.workers.pool import GIVEN_UP, MOST_LOSSES, error_of, is_lost

Result = TypeVar("Result")

SLICE_SECONDS = 0.35
FAIR = "fair"


@dataclass
class LiveRun:
    """One Experiment's run and its fair companion.

    status: "ready", "running", "stepping", "paused", "done" or "failed". message: one sentence if something happened.
    snapshots: (step, weights) at the end of every slice, the first at step 0. seconds: spent computing.
    pace: most steps in one slice; None for as many as fit in SLICE_SECONDS.
    alone: no fair network trains beside it.
    same_examples: the fair network sees only the examples that the quantum network sees.
    """

    experiment: Experiment
    same_examples: bool = False
    pace: int | None = None
    alone: bool = False
    status: str = "ready"
    message: str = ""
    state: TrainingState = field(init=False)
    records: list[Record] = field(init=False, default_factory=list)
    snapshots: list[tuple[int, Array]] = field(init=False)
    seconds: float = 0.0
    fair_model: Network | None = None
    fair_records: list[EpochRecord] = field(default_factory=list)
    _slice: Future[Slice] | None = None
    _epoch: Future[tuple[Network, list[EpochRecord]]] | None = None
    _stepped: bool = False
    _losses: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.state = start(self.experiment)
        self.snapshots = [(0, self.state.weights)]
        self.steps = total_steps(self.experiment)
        self.fair_epochs = 0 if self.alone else BASELINES[FAIR].tutorial.epochs

    @property
    def trained(self) -> bool:
        """All steps of the quantum network are done."""
        return self.state.step >= self.steps

    @property
    def complete(self) -> bool:
        """Both networks are done."""
        return self.trained and len(self.fair_records) >= self.fair_epochs

    @property
    def busy(self) -> bool:
        """A slice is on its way."""
        return self._slice is not None or self._epoch is not None

    def as_run(self) -> Run:
        """The run as it stands, for a file."""
        test = expectation_of_test(contracted(self.experiment), self.state.weights)
        return Run(self.experiment, self.snapshots[0][1], self.state.weights, self.records, test, self.seconds)

    @property
    def going(self) -> bool:
        """The page should tick."""
        return self.status in {"running", "stepping"}

    def play(self) -> None:
        """Go on from the last state."""
        self.message, self._losses = "", Counter()
        self.status = "done" if self.complete else "running"

    def pause(self) -> None:
        """Stop after the slice that is on its way."""
        if self.going:
            self.status = "paused"

    def step_once(self) -> None:
        """One step of the quantum network and one epoch of the fair one, then pause."""
        self.play()
        if self.status == "running":
            self.status, self._stepped = "stepping", False

    def wait(self, seconds: float) -> None:
        """Wait for the slice that is on its way, but not longer than this."""
        if self._slice is not None:
            wait([self._slice], seconds)

    def reset(self) -> None:
        """Back to the same initial weights."""
        for future in (self._slice, self._epoch):
            if future:
                future.cancel()
        self.__dict__.update(LiveRun(self.experiment, self.same_examples, self.pace, self.alone).__dict__)

    def tick(self, executor: Executor) -> None:
        """Collect what is finished and submit what is next."""
        self._collect()
        if not self.going:
            return
        if self.complete:
            self.status = "done"
        elif self.status == "running":
            self._submit(executor, self.pace or self.steps)
        elif not self._stepped and not self.busy:
            self._submit(executor, 1)
            self._stepped = True
        elif not self.busy:
            self.status = "paused"

    def _submit(self, executor: Executor, steps: int) -> None:
        if self._slice is None and not self.trained:
            self._slice = executor.submit(run_slice, self.experiment, self.state, steps, SLICE_SECONDS)
        if self._epoch is None and len(self.fair_records) < self.fair_epochs:
            epoch = len(self.fair_records) + 1
            self._epoch = executor.submit(
                run_epoch, FAIR, self.experiment, self.fair_model, epoch, self.same_examples
            )

    def _collect(self) -> None:
        if self._slice is not None and self._slice.done():
            done, self._slice = self._slice, None
            result = self._result(done, "slice")
            if result is not None:
                self.state = result.state
                self.records += result.records
                self.seconds += result.seconds
                self.snapshots.append((self.state.step, self.state.weights))
                if result.error:
                    self.status = "failed"
                    self.message = f"{result.error} Step {self.state.step:,} is the last good one; it is kept."
        if self._epoch is not None and self._epoch.done():
            done_epoch, self._epoch = self._epoch, None
            epoch = self._result(done_epoch, "epoch")
            if epoch is not None:
                self.fair_model, records = epoch
                self.fair_records += records

    def _result(self, future: Future[Result], what: str) -> Result | None:
        """What the worker returned, or None and a message; the last good state stays."""
        error = error_of(future)
        if error is None:
            self._losses[what] = 0
            return future.result()
        if is_lost(error):
            self._losses[what] += 1
            self._stepped = False
            self.message = "A worker stopped; its slice is being run again."
            if self._losses[what] >= MOST_LOSSES:
                self.status, self.message = "failed", GIVEN_UP
            return None
        self.status = "failed"
        known = isinstance(error, InputError)
        self.message = str(error) if known else f"The run stopped ({type(error).__name__}); press play to try again."
        return None
