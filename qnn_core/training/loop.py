"""Training is one loop: look at a batch, see which way the loss falls, take an Adam step.

`start` makes the first state, `advance` takes some steps and returns the next state with the records
that the curves plot. Both are pure: a state can be kept, sent to another process, or gone back to.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from qnn_core.arrays import Array, Integers
from qnn_core.circuit import weights_shape
from qnn_core.data.dataset import prepare
from qnn_core.data.images import Batch, ImageSet
from qnn_core.engines import Engine, build_engine
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.training.adam import Moments, adam_step
from qnn_core.training.losses import accuracy, hinge
from qnn_core.workers.threads import one_thread

WEIGHTS_STREAM, ORDER_STREAM = 0, 1
"""The seed gives one generator for the weights and one for the order of each epoch."""


MOST_TURNS = 10**6
"""Of weights from outside, in half-turns: their angles are still known to ten digits."""


class TrainingState(NamedTuple):
    """Everything the next step needs.

    weights: half-turns (layers, n). moments: Adam's memory. step: steps taken so far.
    loss_sum, right: of the examples of the running epoch, for its averages.
    """

    weights: Array
    moments: Moments
    step: int = 0
    loss_sum: float = 0.0
    right: float = 0.0


class Record(NamedTuple):
    """What one step showed.

    step: counted from 1. epoch: in passes over the examples, so 0.5 is half of the first.
    loss, accuracy: of the step's batch, before the step changed the weights.
    epoch_loss, epoch_accuracy: at the end of an epoch, averages over its examples as they passed.
    test_loss, test_accuracy: where the test set was looked at, with the new weights.
    """

    step: int
    epoch: float
    loss: float
    accuracy: float
    epoch_loss: float | None = None
    epoch_accuracy: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None


class DivergenceError(InputError):
    """The weights stopped being finite numbers.

    state, records: the last good state, and what was recorded since the call that raised this began.
    run: from `train`, all of the run until then.
    """

    run: "Run"

    def __init__(self, message: str, state: TrainingState, records: list[Record]) -> None:
        super().__init__(message, state, records)  # all of them, so that it can come from another process
        self.message, self.state, self.records = message, state, records

    def __str__(self) -> str:
        return self.message


class Examples(NamedTuple):
    """What is trained on and what is tested with."""

    train: ImageSet
    test: ImageSet | None


@dataclass(frozen=True)
class Start(Part):
    """`draw(rng, kinds, n)`: initial weights in half-turns, (layers, n)."""

    draw: Callable[[np.random.Generator, tuple[str, ...], int], Array]


def _uniform(rng: np.random.Generator, kinds: tuple[str, ...], n: int) -> Array:
    return rng.uniform(0, 2 * np.pi, (len(kinds), n))


def _narrow(rng: np.random.Generator, kinds: tuple[str, ...], n: int) -> Array:
    """All weights 0 but one layer's, which are small; R ≈ 1 at any n (MATHS section 3, Scale)."""
    weights = np.zeros((len(kinds), n))
    # An XX layer at the end commutes with what is measured, so the last layer of another kind has to start.
    layer = max((index for index, kind in enumerate(kinds) if kind != "XX"), default=0)
    weights[layer] = rng.normal(0, 0.02 / np.sqrt(n / 16), n)
    weights[layer, 0] = 0.5
    return weights


STARTS: Family[Start] = Family(
    "start",
    Start("uniform", "Anywhere", "Uniform in [0, 2π) half-turns, TensorFlow Quantum's default.", _uniform),
    Start("narrow", "Narrow", "Almost zero, one pixel at half a turn: starts off the plateau.", _narrow),
)


def start(experiment: Experiment, initial_weights: Array | None = None) -> TrainingState:
    """The state before the first step.

    initial_weights: half-turns, layers·n of them in circuit order, instead of those that the seed gives.
    Raises InputError if they do not fit.
    """
    shape = weights_shape(experiment)
    if initial_weights is None:
        rng = np.random.default_rng((experiment.seed, WEIGHTS_STREAM))
        weights = STARTS[experiment.start].draw(rng, experiment.layers, experiment.pixels)
    else:
        weights = fitting_weights(experiment, initial_weights)
    return TrainingState(weights, Moments(np.zeros(shape), np.zeros(shape)))


def fitting_weights(experiment: Experiment, weights: Array) -> Array:
    """Weights from outside, (layers, n) or all in one row, as (layers, n). Raises InputError if they do not fit."""
    layers, n = weights_shape(experiment)
    if np.size(weights) != layers * n:
        raise InputError(f"There are {np.size(weights)} weights, but this network has {layers * n}; choose others.")
    if np.shape(weights) not in {(layers, n), (layers * n,)}:
        raise InputError(f"The weights have shape {np.shape(weights)}, but this network needs {(layers, n)}.")
    if np.asarray(weights).dtype.kind not in "fiu":
        raise InputError("The weights are not real numbers; choose others.")
    weights = np.array(weights, float).reshape(layers, n)
    if not np.isfinite(weights).all():
        raise InputError("Some weights are not finite numbers; choose others.")
    if np.abs(weights).max() > MOST_TURNS:
        raise InputError(f"Some weights are beyond ±{MOST_TURNS:,} half-turns, where angles lose their digits.")
    return weights


def total_steps(experiment: Experiment, examples: Examples | None = None) -> int:
    """Steps of the whole run."""
    return experiment.epochs * _steps_per_epoch(experiment, examples or examples_of(experiment))


def advance(
    experiment: Experiment,
    state: TrainingState,
    budget: int,
    *,
    examples: Examples | None = None,
    test_every: int | None = None,
) -> tuple[TrainingState, list[Record]]:
    """Take up to `budget` steps; fewer only at the end of the run.

    examples: instead of those that the Experiment names.
    test_every: look at the test set after so many steps (and at the end), not after every epoch.
    Returns the new state and one record for each step. How a run is cut into slices changes nothing.
    Raises DivergenceError, with the last good state, if the weights stop being finite.
    """
    examples = examples or examples_of(experiment)
    engine = engine_of(experiment)
    batches = _steps_per_epoch(experiment, examples)
    total = experiment.epochs * batches
    records: list[Record] = []
    with one_thread:
        for _ in range(min(budget, total - state.step)):
            after, record = _step(experiment, engine, examples.train, batches, state)
            if not np.isfinite(after.weights).all():
                words = f"The weights stopped being finite numbers in step {after.step}; lower the learning rate."
                raise DivergenceError(words, state, records)
            state = after
            due = state.step % (test_every or batches) == 0 or state.step == total
            if due and examples.test is not None:
                test_loss, test_accuracy = evaluate(engine, state.weights, examples.test)
                record = record._replace(test_loss=test_loss, test_accuracy=test_accuracy)
            records.append(record)
    return state, records


def evaluate(engine: Engine, weights: Array, images: ImageSet) -> tuple[float, float]:
    """Hinge loss and accuracy of a labelled set, for weights that fit; each distinct image is run once."""
    batch = images.whole
    expectation = engine.value(batch.images, weights)
    return hinge(expectation, batch)[0], accuracy(expectation, batch)


def examples_of(experiment: Experiment) -> Examples:
    """Training and test examples that the Experiment names."""
    data = prepare(experiment)
    return Examples(data.train, data.test)


def engine_of(experiment: Experiment) -> Engine:
    """The Experiment's engine, kept for the next slice."""
    names = {"layers", "grid", "engine", "gradient"}
    return _engine(Experiment(**experiment.model_dump(include=names)))


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
    executor: Executor | None = None,
    slice_steps: int = 16,
    test_every: int | None = None,
    progress: Callable[[list[Record]], object] | None = None,
) -> Run:
    """Run an Experiment to its end.

    executor: any concurrent.futures.Executor, which then computes every slice; None computes here.
    progress: called with the records of each slice. Raises InputError as `start` does, and DivergenceError with the
    run until then.
    """
    state = start(experiment, initial_weights)
    initial, records = state.weights, list[Record]()
    steps = total_steps(experiment)
    began = time.perf_counter()

    def run() -> Run:
        seconds = time.perf_counter() - began
        test = expectation_of_test(experiment, state.weights)
        return Run(experiment, initial, state.weights, records, test, seconds)

    while state.step < steps:
        try:
            if executor is None:
                state, new = advance(experiment, state, slice_steps, test_every=test_every)
            else:
                state, new = executor.submit(advance, experiment, state, slice_steps, test_every=test_every).result()
        except DivergenceError as stopped:
            state, records = stopped.state, records + stopped.records
            stopped.run = run()
            raise
        records += new
        if progress:
            progress(new)
    return run()


def expectation_of_test(experiment: Experiment, weights: Array) -> Array:
    """f of every test image in file order, (m,)."""
    test = prepare(experiment).test
    return engine_of(experiment).value(test.images, weights)[test.row]


def _steps_per_epoch(experiment: Experiment, examples: Examples) -> int:
    """Batches in one pass; the last may be smaller."""
    return -(-len(examples.train) // (experiment.batch_size or len(examples.train)))


def _step(
    experiment: Experiment, engine: Engine, train: ImageSet, batches: int, state: TrainingState
) -> tuple[TrainingState, Record]:
    """One Adam step on the next batch."""
    epoch, number = divmod(state.step, batches)
    batch = _batch(experiment, train, batches, epoch, number)
    expectation, pullback = engine.value_and_pullback(batch.images, state.weights)
    loss, upstream = hinge(expectation, batch)
    right = accuracy(expectation, batch)
    gradient = pullback(upstream)
    step = state.step + 1
    weights, moments = adam_step(state.weights, gradient, state.moments, step, experiment.learning_rate)
    loss_sum = (state.loss_sum if number else 0.0) + loss * batch.total
    right_sum = (state.right if number else 0.0) + right * batch.total
    record = Record(step, step / batches, loss, right)
    if number == batches - 1:
        record = record._replace(epoch_loss=loss_sum / len(train), epoch_accuracy=right_sum / len(train))
    return TrainingState(weights, moments, step, loss_sum, right_sum), record


def _batch(experiment: Experiment, train: ImageSet, batches: int, epoch: int, number: int) -> Batch:
    if batches == 1:
        return train.whole
    order = _order(experiment.seed if experiment.shuffle else None, epoch, len(train))
    size = experiment.batch_size or len(train)
    return train.batch(order[number * size : (number + 1) * size])


@lru_cache(maxsize=4)
def _order(seed: int | None, epoch: int, examples: int) -> Integers:
    """The order of the examples in one epoch; a function of seed and epoch, so any slice can ask for it."""
    if seed is None:
        return np.arange(examples)
    return np.random.default_rng((seed, ORDER_STREAM, epoch)).permutation(examples)


@lru_cache(maxsize=4)
def _engine(experiment: Experiment) -> Engine:
    return build_engine(experiment)
