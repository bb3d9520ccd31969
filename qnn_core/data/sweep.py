"""What each threshold makes of all pictures, counted on their bits: no data set is built for it.

`prepare` says the same of one threshold in full; here a hundred of them take a fifth of a second.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Booleans, Integers
from qnn_core.data import digits
from qnn_core.data.contradictions import Ceiling
from qnn_core.data.dataset import DATA, Shrunken, shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import Counts, distinct_rows
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage

MOST_GROUPS = 4
"""Contradictory pictures that are kept of a threshold."""
ONE_INTEGER = 64
"""So many bits are compared as one number; of larger pictures fewer thresholds are counted."""
FINE = tuple(k / 100 for k in range(1, 100))
COARSE = tuple(k / 100 for k in range(2, 100, 4))


class Contradiction(NamedTuple):
    """A picture that carries both labels.

    bits: 0 or 1, (n,). first, second: how many training images of either digit became it.
    originals: the numbers of one training image of each digit among them.
    """

    bits: Array
    first: int
    second: int
    originals: tuple[int, int]


class Point(NamedTuple):
    """The pictures at one threshold.

    kept: training images after the removal. counts: of their bits. ceiling: as of `prepare`.
    worst: contradictory pictures, at most MOST_GROUPS, those first of which more are labelled wrongly at best.
    """

    threshold: float
    kept: int
    counts: Counts
    ceiling: Ceiling
    worst: tuple[Contradiction, ...]


def usual_thresholds(experiment: Experiment) -> tuple[float, ...]:
    """Every hundredth; of large pictures every fourth one, so that the sweep takes no longer."""
    return FINE if experiment.pixels <= ONE_INTEGER else COARSE


def sweep(experiment: Experiment, thresholds: Iterable[float] | None = None) -> list[Point]:
    """The pictures at each threshold, by rising threshold; those where a digit has no picture left are not in it.

    thresholds: in [0, 1); the usual ones and the Experiment's own if None, which is kept for the next time.
    Raises InputError for an encoding without bits.
    """
    if not ENCODINGS[experiment.encoding].makes_bits:
        raise InputError("This encoding keeps every grey, so the threshold does nothing; choose black and white.")
    if thresholds is not None:
        return _points(experiment, sorted(set(map(float, thresholds))))
    pictures = experiment.only(Stage.PICTURE).model_copy(update={"threshold": 0.0})
    usual = _usual(digits.data_folder(), pictures)
    if experiment.threshold in usual_thresholds(experiment):
        return usual
    return sorted([*usual, *_points(experiment, [experiment.threshold])], key=lambda point: point.threshold)


@DATA.keeps
def _usual(folder: Path, pictures: Experiment) -> list[Point]:
    return _points(pictures, usual_thresholds(pictures))


def _points(experiment: Experiment, thresholds: Iterable[float]) -> list[Point]:
    grey = shrunken(experiment)
    everything = np.concatenate([grey.train, grey.test])
    examples = np.arange(len(grey.train))
    if experiment.remove_contradictions == "grey":
        examples = np.flatnonzero(grey.train_set.consistent)
    shown: set[int] = set()
    found = (_point(experiment, grey, everything > threshold, examples, threshold, shown) for threshold in thresholds)
    return [point for point in found if point is not None]


def _point(
    experiment: Experiment, grey: Shrunken, bits: Booleans, examples: Integers, threshold: float, shown: set[int]
) -> Point | None:
    """One threshold, None if a digit has no picture left. bits: of all training, then all test images.

    examples: which training images are left before the threshold. shown: originals of other thresholds, which are
    shown again where they can be; those shown here are added.
    """
    if not 0 <= threshold < 1:
        raise InputError(f"The threshold is {threshold:g}, but has to be from 0 up to, but not including, 1.")
    example, row = distinct_rows(bits)
    split, count = len(grey.train), len(example)
    first, second = _both(row[:split][examples], grey.train_labels[examples], count)
    if experiment.remove_contradictions == "binary":
        single = (first == 0) | (second == 0)
        first, second = first * single, second * single
    if not first.any() or not second.any():
        return None
    test_first, test_second = _both(row[split:], grey.test_labels, count)
    kept, tested = int(first.sum() + second.sum()), len(grey.test)
    wrong = np.minimum(first, second)
    worst = [k for k in np.argsort(-wrong, kind="stable")[:MOST_GROUPS] if wrong[k]]
    return Point(
        threshold=threshold,
        kept=kept,
        counts=Counts(*(int(np.count_nonzero(one)) for one in (first + second, first, second, wrong))),
        ceiling=Ceiling(
            train=float(np.maximum(first, second).sum() / kept),
            test=float(np.where(first > second, test_first, test_second).sum() / tested),
            test_best=float(np.maximum(test_first, test_second).sum() / tested),
        ),
        worst=tuple(
            Contradiction(
                bits[example[k]].astype(float),
                int(first[k]),
                int(second[k]),
                _originals(examples[row[:split][examples] == k], grey.train_labels, shown),
            )
            for k in worst
        ),
    )


def _both(row: Integers, labels: Array, count: int) -> tuple[Integers, Integers]:
    """How many examples of the first and of the second digit show each of `count` distinct pictures."""
    mine = is_first(labels)
    return np.bincount(row[mine], minlength=count), np.bincount(row[~mine], minlength=count)


def _originals(examples: Integers, labels: Array, shown: set[int]) -> tuple[int, int]:
    """One of these examples of each digit: one that is shown anyway, else the first in file order."""
    mine = is_first(labels[examples])
    chosen = tuple(
        next((one for one in side if one in shown), side[0])
        for side in (examples[mine].tolist(), examples[~mine].tolist())
    )
    shown.update(chosen)
    return chosen[0], chosen[1]
