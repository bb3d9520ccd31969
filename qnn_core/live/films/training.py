"""The film of a training run: loss, accuracy, the heaps of all test pictures, the weights."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.baselines import EpochRecord
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import digit_of
from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.branches import Branch
from qnn_core.live.film import FILMS, MOST_FRAMES, Film, moments
from qnn_core.live.films.common import heaps_of, heaps_panel, name_of
from qnn_core.live.panels import (
    Cells,
    Curve,
    Curves,
    Gauge,
    Level,
    Number,
    Numbers,
    Panel,
)
from qnn_core.shelf import MIB, Shelf
from qnn_core.training.loop import Record, engine_of
from qnn_core.training.losses import LOSSES, Loss, accuracy
from qnn_core.training.starts import fitting_weights

MOST_BYTES_OF_CELLS = 600_000
"""All weights of all frames, one byte each; a third more on the way to the browser."""
MOST_POINTS = 250
"""Of a curve of batches."""
MOST_BRANCHES = 5
"""Earlier runs behind a run; more are a tangle."""


class Look(NamedTuple):
    """All test images at one moment: the loss, accuracy, and counts (bins,) of both digits over ⟨Z⟩."""

    loss: float
    accuracy: float
    first: Array
    second: Array

    @property
    def undecided(self) -> float:
        """Share of the images in the two bins at the middle: with the bins of the films, |⟨Z⟩| ≤ 0.05."""
        both, middle = self.first + self.second, len(self.first) // 2
        return float(both[middle - 1 : middle + 1].sum() / both.sum())


LOOKS = Shelf[Look]("frames", 16 * MIB)
"""All test images at each moment that somebody has watched; about 1 kB each, at 28×28 13."""


@FILMS.keeps
def training_film(
    experiment: Experiment,
    snapshots: Sequence[tuple[int, Array]],
    records: Sequence[Record],
    *,
    pinned: Array | None = None,
    truth: float | None = None,
    fair: Sequence[EpochRecord] | None = None,
    fair_epochs: int = 1,
    behind: Sequence[Branch] = (),
    total: int | None = None,
    name: str | None = None,
) -> Film:
    """What training does: loss, accuracy, the heaps of all test images, a pinned picture's verdict, the weights.

    snapshots: step and weights in half-turns (layers, n), by rising step; the frames. Too many are thinned.
    pinned: encoded pixels (n,) of one picture; truth: its label. fair: epochs of the fair network so far, which has
    fair_epochs; with it, accuracy is drawn over the share of each network's own training. total: steps planned.
    behind: other runs; the panel of the loss has those with the same loss only, as others cannot be compared.
    name: tells this run from others of the same Experiment; from its first weights if None.
    Raises InputError if there is no snapshot or something does not fit.
    """
    if not snapshots:
        raise InputError("There is no moment of this run to show; give the weights of one step at least.")
    if len(behind) > MOST_BRANCHES:
        raise InputError(f"{len(behind)} runs behind this one are a tangle; choose {MOST_BRANCHES} at most.")
    weights_count = len(experiment.layers) * experiment.pixels
    shown = moments(len(snapshots), max(2, min(MOST_FRAMES, MOST_BYTES_OF_CELLS // weights_count)))
    steps = np.array([snapshots[place][0] for place in shown], float)
    weights = np.array([fitting_weights(experiment, snapshots[place][1]) for place in shown])
    network = _network(experiment)
    looks = [_look(network, moment.tobytes()) for moment in weights]
    end = max(float(total or 0), steps[-1], 1.0)
    losses, accuracies = np.array([one.loss for one in looks]), np.array([one.accuracy for one in looks])
    loss = LOSSES[experiment.loss]
    numbers = [
        Number("step", steps, "d", f" of {total}" if total else ""),
        Number(f"test {loss.words}", losses, token="qnn"),
        Number("test accuracy", accuracies, token="qnn"),
    ]
    panels: list[Panel] = [
        heaps_panel(experiment, [one.first for one in looks], [one.second for one in looks]),
        _loss_panel(loss, records, steps, losses, behind, end),
        _accuracy_panel(experiment, records, steps, accuracies, behind, end, fair, fair_epochs),
        Numbers("Now", tuple(numbers)),
    ]
    if pinned is not None:
        panels.append(_verdict_panel(experiment, weights, check_image(pinned, experiment.pixels), truth))
    for number, kind in enumerate(experiment.layers):
        title = f"Weights, {kind} layer {number + 1}"
        panels.append(Cells(title, experiment.grid, experiment.grid, weights[:, number], "weight"))
    title = f"Training on {experiment.digits[0]} and {experiment.digits[1]}"
    planned = float(total) if total and total >= steps[-1] else None
    key = name or name_of(experiment, snapshots[0][1])
    return Film(f"training {key}", title, tuple(panels), steps, "step", total=planned)


def look(experiment: Experiment, weights: Array) -> Look:
    """All test images with these weights (layers, n); the last ones asked for are kept."""
    return _look(_network(experiment), np.ascontiguousarray(weights, float).tobytes())


def _network(experiment: Experiment) -> Experiment:
    """What decides how the test images look with some weights."""
    return contracted(experiment.only(Stage.PICTURE, Stage.NETWORK, also=("loss",)))


def _loss_panel(
    loss: Loss, records: Sequence[Record], steps: Array, losses: Array, behind: Sequence[Branch], end: float
) -> Curves:
    """The loss of each batch and of the test set, over the steps."""
    tested = {record.step: record.test_loss for record in records if record.test_loss is not None}
    test = {**tested, **dict(zip(steps.tolist(), losses, strict=True))}
    series = [
        *(_branch(branch, branch.steps, branch.losses) for branch in behind if branch.loss == loss.name),
        _faint("each batch", _thin([(record.step, record.loss) for record in records])),
        _curve("QNN, test", sorted(test.items()), "qnn"),
    ]
    return Curves("Loss", "step", loss.words, tuple(filter(None, series)), steps, x_range=(0, end))


def _accuracy_panel(
    experiment: Experiment,
    records: Sequence[Record],
    steps: Array,
    accuracies: Array,
    behind: Sequence[Branch],
    end: float,
    fair: Sequence[EpochRecord] | None,
    fair_epochs: int,
) -> Curves:
    """Test accuracy under the ceiling; with the fair network, over the share of each network's own training."""
    tested = {record.step: record.test_accuracy for record in records if record.test_accuracy is not None}
    test = {**tested, **dict(zip(steps.tolist(), accuracies, strict=True))}
    share = 1.0 if fair is None else 100 / end
    series: list[Curve | None] = [
        _branch(branch, [share * step for step in branch.steps], branch.accuracies) for branch in behind
    ]
    if fair:
        points = [(100 * record.epoch / fair_epochs, record.test_accuracy) for record in fair]
        series.append(_curve("fair network", points, "classical"))
    series.append(_curve("QNN", [(share * step, value) for step, value in sorted(test.items())], "qnn"))
    best = prepare(experiment).ceiling.test_best
    return Curves(
        "Accuracy",
        "step" if fair is None else "share of its own training, %",
        "test accuracy",
        tuple(filter(None, series)),
        share * steps,
        (Level(f"ceiling {best:.3f}", best),),
        (0, share * end),
    )


def _verdict_panel(experiment: Experiment, weights: Array, pixels: Array, truth: float | None) -> Gauge:
    """⟨Z⟩ of one picture at each moment."""
    engine = engine_of(contracted(experiment))
    values = [float(engine.value(pixels[None], moment)[0]) for moment in weights]
    names = (f"+1: {digit_of(experiment.digits, 1)}", f"−1: {digit_of(experiment.digits, -1)}")
    picture = pixels.reshape(experiment.grid, experiment.grid)
    return Gauge("The pinned picture", np.array(values), names, picture, truth)


@LOOKS.keeps
def _look(experiment: Experiment, weights: bytes) -> Look:
    test = prepare(experiment).test
    moment = np.frombuffer(weights).reshape(len(experiment.layers), experiment.pixels)
    expectation = engine_of(experiment).value(test.images, moment)
    first, second = heaps_of(expectation, test)
    return Look(LOSSES[experiment.loss](expectation, test.whole)[0], accuracy(expectation, test.whole), first, second)


def _faint(name: str, points: Sequence[tuple[float, float]]) -> Curve | None:
    if not points:
        return None
    x, y = np.array(points, float).T
    return Curve(name, x, y, "qnn", "dotted", "", "faint")


def _branch(branch: Branch, x: Sequence[float], y: Sequence[float]) -> Curve:
    return Curve(branch.name, np.asarray(x, float), np.asarray(y, float), "qnn", "solid", "", "behind")


def _thin(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [points[place] for place in moments(len(points), MOST_POINTS)] if points else []


def _curve(name: str, points: Sequence[tuple[float, float]], token: str) -> Curve:
    x, y = np.array(points, float).T
    return Curve(name, x, y, token)
