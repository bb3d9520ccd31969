"""What a training worker does: slices of runs, in a process that is not the server's.

These functions live in qnn_core because a spawned worker imports them by name.
"""

import time
from typing import NamedTuple

import numpy as np

from qnn_core.baselines import BASELINES, EpochRecord, train_epochs
from qnn_core.baselines.base import Network
from qnn_core.circuit import weights_shape
from qnn_core.data.dataset import prepare
from qnn_core.engines import ENGINES, build_engine
from qnn_core.experiment import Experiment
from qnn_core.training.loop import DivergenceError, Record, TrainingState, advance, total_steps
from qnn_core.workers.warm import in_background, wait_until_warm

TESTS_PER_RUN = 250
"""A long run looks at the test images about so often: enough points for a curve."""
HEAD_START = 2.0
"""A new worker waits so many seconds before it imports Qiskit, so that the first page has the processors."""


class Slice(NamedTuple):
    """The state after a slice, its records, and the seconds it took.

    error: why the next step could not be taken, in one sentence; the state is the last good one.
    """

    state: TrainingState
    records: list[Record]
    seconds: float
    error: str | None = None


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
    budget = 1
    while len(records) < steps:
        try:
            state, new = advance(
                experiment, state, min(budget, steps - len(records)), test_every=_test_every(experiment)
            )
        except DivergenceError as stopped:
            seconds = time.perf_counter() - began
            return Slice(stopped.state, records + stopped.records, seconds, str(stopped))
        records += new
        passed = time.perf_counter() - began
        if not new or passed > seconds:
            break
        # As many more as fit into what is left, going by the pace so far.
        budget = max(1, int((seconds - passed) * len(records) / passed))
    return Slice(state, records, time.perf_counter() - began)


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
