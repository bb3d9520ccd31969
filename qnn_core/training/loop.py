"""Training is one loop: look at a batch, see which way the loss falls, take an Adam step.

`start` makes the first state, `advance` takes some steps and returns the next state with the records
that the curves plot. Both are pure: a state can be kept, sent to another process, or gone back to.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.data.images import Batch, ImageSet
from qnn_core.engines import Engine, build_engine
from qnn_core.engines.base import with_jacobian
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.training.adam import Moments, adam_step
from qnn_core.training.losses import LOSSES, accuracy
from qnn_core.training.order import batch_rows, steps_per_epoch
from qnn_core.training.starts import fitting_weights, initial_weights
from qnn_core.workers.threads import one_thread

ONLY_AT_THE_END = math.inf
"""Instead of a number of steps: the test set is looked at only when the run has ended."""


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
    """

    def __init__(self, message: str, state: TrainingState, records: list[Record]) -> None:
        super().__init__(message, state, records)  # all of them, so that it can come from another process
        self.message, self.state, self.records = message, state, records

    def __str__(self) -> str:
        return self.message


class Examples(NamedTuple):
    """What is trained on and what is tested with."""

    train: ImageSet
    test: ImageSet | None


def start(experiment: Experiment, weights: Array | None = None) -> TrainingState:
    """The state before the first step.

    weights: half-turns, layers·n of them in circuit order, instead of those that start and seed give.
    Raises InputError if they do not fit.
    """
    first = initial_weights(experiment) if weights is None else fitting_weights(experiment, weights)
    return TrainingState(first, Moments(np.zeros_like(first), np.zeros_like(first)))


def total_steps(experiment: Experiment, examples: Examples | None = None) -> int:
    """Steps of the whole run."""
    count = len((examples or examples_of(experiment)).train)
    return experiment.epochs * steps_per_epoch(count, experiment.batch_size)


def advance(
    experiment: Experiment,
    state: TrainingState,
    budget: int,
    *,
    examples: Examples | None = None,
    test_every: float | None = None,
    known: tuple[Array, Array] | None = None,
    engine: Engine | None = None,
) -> tuple[TrainingState, list[Record]]:
    """Take up to `budget` steps; fewer only at the end of the run.

    examples: instead of those that the Experiment names.
    test_every: look at the test set after so many steps and at the end; ONLY_AT_THE_END; None: after every epoch.
    known: f and its derivatives for `batch_images` of the first step, if somebody has computed them already.
    engine: instead of the one that the Experiment names, for what is trained alike but is another function.
    Returns the new state and one record for each step. How a run is cut into slices changes nothing.
    Raises DivergenceError, with the last good state, if the weights stop being finite.
    """
    examples = examples or examples_of(experiment)
    engine = engine or engine_of(experiment)
    batches = steps_per_epoch(len(examples.train), experiment.batch_size)
    total = experiment.epochs * batches
    records: list[Record] = []
    with one_thread:
        for _ in range(min(budget, total - state.step)):
            after, record = _step(experiment, engine, examples.train, batches, state, known)
            known = None
            if not np.isfinite(after.weights).all():
                words = f"The weights stopped being finite numbers in step {after.step}; lower the learning rate."
                raise DivergenceError(words, state, records)
            state = after
            due = state.step % (test_every or batches) == 0 or state.step == total
            if due and examples.test is not None:
                test_loss, test_accuracy = evaluate(experiment, state.weights, examples.test, engine)
                record = record._replace(test_loss=test_loss, test_accuracy=test_accuracy)
            records.append(record)
    return state, records


def evaluate(
    experiment: Experiment, weights: Array, images: ImageSet, engine: Engine | None = None
) -> tuple[float, float]:
    """The Experiment's loss, and the accuracy, of a labelled set for weights that fit.

    weights: half-turns (layers, n). Each distinct image is run once. engine: as in `advance`.
    """
    batch = images.whole
    expectation = (engine or engine_of(experiment)).value(batch.images, weights)
    return LOSSES[experiment.loss](expectation, batch)[0], accuracy(expectation, batch)


def examples_of(experiment: Experiment) -> Examples:
    """Training and test examples that the Experiment names."""
    data = prepare(experiment)
    return Examples(data.train, data.test)


def engine_of(experiment: Experiment) -> Engine:
    """The Experiment's engine, kept for the next slice."""
    return _engine(experiment.only(Stage.NETWORK, Stage.ENGINE))


def batch_images(experiment: Experiment, step: int) -> Array:
    """The distinct images (d, n) that a step looks at, counted from 0."""
    return _batch(experiment, examples_of(experiment).train, step).images


def _step(
    experiment: Experiment,
    engine: Engine,
    train: ImageSet,
    batches: int,
    state: TrainingState,
    known: tuple[Array, Array] | None,
) -> tuple[TrainingState, Record]:
    """One Adam step on the next batch."""
    number = state.step % batches
    batch = _batch(experiment, train, state.step)
    expectation, pullback = with_jacobian(*known) if known else engine.value_and_pullback(batch.images, state.weights)
    loss, upstream = LOSSES[experiment.loss](expectation, batch)
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


def _batch(experiment: Experiment, train: ImageSet, step: int) -> Batch:
    """The examples of a step, counted from 0."""
    if steps_per_epoch(len(train), experiment.batch_size) == 1:
        return train.whole
    seed = experiment.seed if experiment.shuffle else None
    return train.batch(batch_rows(seed, step, len(train), experiment.batch_size))


@lru_cache(maxsize=8)
def _engine(network: Experiment) -> Engine:
    return build_engine(network)
