"""A run is an Experiment trained to its end."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.training.loop import DivergenceError, Record, TrainingState, advance, engine_of, start, total_steps

WATCHED_STEPS = 16
"""Steps between two reports to somebody who watches."""


@dataclass(frozen=True)
class Run:
    """A finished training run.

    initial_weights, weights: half-turns (layers, n). test_expectation: f of every test image in file order.
    seconds: wall time from the first step to the last.
    """

    experiment: Experiment
    initial_weights: Array
    weights: Array
    records: list[Record]
    test_expectation: Array
    seconds: float

    @property
    def history(self) -> list[dict[str, Any]]:
        """One row for each epoch, as Keras reports them."""
        return history(self.records)

    def report(self) -> dict[str, Any]:
        """The run as the `train` command prints it."""
        return {
            "experiment": self.experiment.model_dump(mode="json"),
            "history": self.history,
            "initial_weights": self.initial_weights.tolist(),
            "weights": self.weights.tolist(),
            "test_expectation": self.test_expectation.tolist(),
            "seconds": self.seconds,
        }


class DivergedRunError(DivergenceError):
    """The weights of a whole run stopped being finite numbers. run: all of it until then."""

    def __init__(self, message: str, state: TrainingState, records: list[Record], run: Run) -> None:
        super().__init__(message, state, records)
        self.args, self.run = (message, state, records, run), run


def history(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Epoch number, training averages and test metrics of each finished epoch that was tested."""
    return [
        {
            "epoch": round(record.epoch),
            "loss": record.epoch_loss,
            "accuracy": record.epoch_accuracy,
            "test_loss": record.test_loss,
            "test_accuracy": record.test_accuracy,
        }
        for record in records
        if record.epoch_loss is not None and record.test_loss is not None
    ]


def train(
    experiment: Experiment,
    *,
    initial_weights: Array | None = None,
    slice_steps: int | None = None,
    test_every: float | None = None,
    progress: Callable[[list[Record]], object] | None = None,
) -> Run:
    """Run an Experiment to its end.

    initial_weights: half-turns, instead of those that the seed gives. test_every: as in `advance`.
    progress: called with the records of each slice of slice_steps steps; how the run is cut changes nothing.
    Raises InputError as `start` does, and DivergedRunError with the run until then.
    """
    state = start(experiment, initial_weights)
    initial, records = state.weights, list[Record]()
    steps = total_steps(experiment)
    budget = slice_steps or (WATCHED_STEPS if progress else steps)
    began = time.perf_counter()

    def run() -> Run:
        return Run(
            experiment=experiment,
            initial_weights=initial,
            weights=state.weights,
            records=records,
            test_expectation=expectation_of_test(experiment, state.weights),
            seconds=seconds,
        )

    while state.step < steps:
        try:
            state, new = advance(experiment, state, budget, test_every=test_every)
        except DivergenceError as stopped:
            state, records, seconds = stopped.state, records + stopped.records, time.perf_counter() - began
            raise DivergedRunError(stopped.message, state, records, run()) from None
        records += new
        if progress:
            progress(new)
    seconds = time.perf_counter() - began
    return run()


def expectation_of_test(experiment: Experiment, weights: Array) -> Array:
    """f of every test image in file order, (m,)."""
    test = prepare(experiment).test
    return engine_of(experiment).value(test.images, weights)[test.row]
