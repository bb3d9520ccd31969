"""What a training worker does: slices of runs, in a process that is not the server's.

These functions live in qnn_core because a spawned worker imports them by name.
"""

import time
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.baselines import BASELINES, EpochRecord, train_epochs
from qnn_core.baselines.base import Network
from qnn_core.circuit import weights_shape
from qnn_core.data.dataset import prepare
from qnn_core.engines import ENGINES, GRADIENTS, build_engine
from qnn_core.experiment import Experiment
from qnn_core.training.loop import (
    DivergenceError,
    Record,
    TrainingState,
    advance,
    batch_images,
    engine_of,
    total_steps,
)
from qnn_core.workers.threads import one_thread
from qnn_core.workers.warm import in_background, wait_until_warm

TESTS_PER_RUN = 250
"""A long run looks at the test images about so often: enough points for a curve."""
HEAD_START = 2.0
"""A new worker waits so many seconds before it imports Qiskit, so that the first page has the processors."""


MOST_MOMENTS = 240
MOMENT_BYTES = 4_000_000
"""Weights are kept at about so many moments of a whole run, or at fewer if they would be larger than this."""
PIECE_SECONDS = 0.5
"""A part of a step should be back after about so long."""


class Slice(NamedTuple):
    """The state after a slice, its records, and the seconds it took.

    error: why the next step could not be taken, in one sentence; the state is the last good one.
    moments: steps on the way and at the end, with the weights (layers, n) after them.
    """

    state: TrainingState
    records: list[Record]
    seconds: float
    error: str | None = None
    moments: tuple[tuple[int, Array], ...] = ()


class Piece(NamedTuple):
    """A part of one step's gradient: f (k,) and its derivatives (k, layers, n) for some images of `images`."""

    values: Array
    jacobian: Array
    images: int
    seconds: float


class Pace(NamedTuple):
    """How fast this machine is: seconds of one circuit, and how many images the next step has."""

    circuit: float
    images: int


def warm_up() -> None:
    """Get a new worker ready in the background, while it may already take its first slice."""
    in_background(_import_everything)


def _import_everything() -> None:
    """Read the digits, then import scikit-learn and Qiskit and run one small circuit."""
    time.sleep(HEAD_START)
    experiment = Experiment(grid=2)
    prepare(Experiment())
    BASELINES["fair"].build(experiment)
    engine = build_engine(experiment)
    engine.value_and_jacobian(np.zeros((1, experiment.pixels)), np.zeros(weights_shape(experiment)))


def run_slice(experiment: Experiment, state: TrainingState, steps: int, seconds: float) -> Slice:
    """Take up to `steps` steps, but stop early after so many seconds. See training.advance."""
    if ENGINES[experiment.engine].needs_qiskit:
        wait_until_warm()
    began = time.perf_counter()
    records: list[Record] = []
    moments: list[tuple[int, Array]] = []
    every, error = moment_every(experiment), None
    budget = 1
    while len(records) < steps:
        due = min(budget, steps - len(records), every - state.step % every)
        try:
            state, new = advance(experiment, state, due, test_every=_test_every(experiment))
        except DivergenceError as stopped:
            state, new, error = stopped.state, stopped.records, str(stopped)
        records += new
        if new and state.step % every == 0:
            moments.append((state.step, state.weights))
        passed = time.perf_counter() - began
        if error or not new or passed > seconds:
            break
        # As many more as fit into what is left, going by the pace so far.
        budget = max(1, int((seconds - passed) * len(records) / passed))
    return Slice(state, records, time.perf_counter() - began, error, _with_the_end(moments, state))


def _with_the_end(moments: list[tuple[int, Array]], state: TrainingState) -> tuple[tuple[int, Array], ...]:
    end = (state.step, state.weights)
    return tuple(moments) if moments and moments[-1][0] == state.step else (*moments, end)


def moment_every(experiment: Experiment) -> int:
    """After how many steps the weights are kept: every one of a short run."""
    size = int(np.prod(weights_shape(experiment))) * np.dtype(float).itemsize
    most = min(MOST_MOMENTS, max(1, MOMENT_BYTES // size))
    return -(-total_steps(experiment) // most)


def in_pieces(experiment: Experiment) -> bool:
    """Whether a step takes so long that the images of its gradient are computed a few at a time."""
    return not ENGINES[experiment.engine].quick and GRADIENTS[experiment.gradient].jacobian is not None


def circuits_per_image(experiment: Experiment) -> int:
    """How many circuits the gradient needs for each image if it comes from shifted weights."""
    return 1 + 2 * int(np.prod(weights_shape(experiment)))


def measure_pace(experiment: Experiment, state: TrainingState) -> Pace:
    """Time one circuit, so that a run of minutes can say at once how long it will take."""
    wait_until_warm()
    images = batch_images(experiment, state.step)
    engine = engine_of(experiment)
    with one_thread:
        began = time.perf_counter()
        engine.value(images[:1], state.weights)
    return Pace(time.perf_counter() - began, len(images))


def run_piece(experiment: Experiment, state: TrainingState, first: int, last: int) -> Piece:
    """f and its derivatives for the images from number `first` up to `last` of the next step."""
    wait_until_warm()
    began = time.perf_counter()
    images = batch_images(experiment, state.step)
    with one_thread:
        values, jacobian = engine_of(experiment).value_and_jacobian(images[first:last], state.weights)
    return Piece(values, jacobian, len(images), time.perf_counter() - began)


def finish_step(experiment: Experiment, state: TrainingState, values: Array, jacobian: Array) -> Slice:
    """The step whose gradient has been computed in pieces."""
    wait_until_warm()
    began = time.perf_counter()
    error = None
    try:
        state, records = advance(experiment, state, 1, test_every=_test_every(experiment), known=(values, jacobian))
    except DivergenceError as stopped:
        state, records, error = stopped.state, stopped.records, str(stopped)
    return Slice(state, records, time.perf_counter() - began, error, _with_the_end([], state))


def _test_every(experiment: Experiment) -> int | None:
    """After how many steps the test set is looked at: a quick engine can afford it after every step of a short run.

    Where few test images are alike, a test costs more than a step, and is made more rarely.
    """
    if not ENGINES[experiment.engine].quick:
        return None
    steps, images = total_steps(experiment), len(prepare(experiment).test.images)
    batch = experiment.batch_size or images
    return max(1, steps // TESTS_PER_RUN, images // (2 * batch))


def run_epoch(
    name: str, experiment: Experiment, model: Network | None, epoch: int, same_examples: bool
) -> tuple[Network, list[EpochRecord]]:
    """One epoch of a baseline; a new one if `model` is None."""
    model = model or BASELINES[name].build(experiment)
    return model, train_epochs(model, experiment, epoch, 1, same_examples=same_examples)


def train_fair(experiment: Experiment) -> tuple[Network, float]:
    """The fair network after all its epochs, and the seconds that took."""
    baseline = BASELINES["fair"]
    began = time.perf_counter()
    model = baseline.build(experiment)
    train_epochs(model, experiment, 1, baseline.tutorial.epochs)
    return model, time.perf_counter() - began
