"""A run that is looked at beside others: how well it does on the test images, from its first step to its last."""

from collections.abc import Sequence
from typing import NamedTuple

from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.slices import run_slice
from qnn_core.training.loop import TrainingState, evaluate, start, total_steps
from qnn_core.workers.unfinished import SLICE_SECONDS, Unfinished

Point = tuple[int, float, float]
"""A step, and the loss and the accuracy on the test images after it."""


class Branch(NamedTuple):
    """Another run, drawn pale behind the one that is watched: its test losses and accuracies at some of its steps.

    loss: of which kind its losses are; only those of one kind can be compared.
    """

    name: str
    steps: Sequence[float]
    losses: Sequence[float]
    accuracies: Sequence[float]
    loss: str = "hinge"


def branch_of(
    experiment: Experiment, begun: tuple[TrainingState, tuple[Point, ...]] | None = None
) -> Branch | Unfinished:
    """Train to the end and look at the test images on the way, before the first step too; for a worker.

    It takes about SLICE_SECONDS at a time. begun: where it was put down.
    Raises InputError if the weights stop being finite numbers.
    """
    if begun is None:
        first = start(experiment)
        begun = first, ((0, *evaluate(experiment, first.weights, prepare(experiment).test)),)
    (state, points), steps = begun, total_steps(experiment)
    done = run_slice(experiment, state, steps - state.step, SLICE_SECONDS)
    if done.error:
        raise InputError(done.error)
    points += tuple(
        (record.step, record.test_loss, record.test_accuracy)
        for record in done.records
        if record.test_loss is not None and record.test_accuracy is not None
    )
    if done.state.step < steps:
        return Unfinished(branch_of, (experiment, (done.state, points)))
    places, losses, accuracies = zip(*points, strict=True)
    return Branch("", places, losses, accuracies, experiment.loss)
