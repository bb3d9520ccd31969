"""What the tutorial printed, beside what is counted here, and why they may differ."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, KERAS_THRESHOLD, Outcome
from qnn_core.contest.table import as_published, table
from qnn_core.data.dataset import report
from qnn_core.experiment import Experiment

PRINTED = {
    "training images of both digits": (12_049, ("train_images",)),
    "test images of both digits": (1_968, ("test_images",)),
    "different 4×4 pictures": (10_387, ("grey", "unique")),
    "of them carrying the first digit": (4_961, ("grey", "first")),
    "of them carrying the second digit": (5_475, ("grey", "second")),
    "of them carrying both": (49, ("grey", "contradictory")),
    "images kept": (11_520, ("examples_kept",)),
    "different pictures after the threshold": (193, ("binary", "unique")),
    "… carrying the first digit": (124, ("binary", "first")),
    "… carrying the second digit": (113, ("binary", "second")),
    "… carrying both": (44, ("binary", "contradictory")),
}
"""What is counted → the tutorial's figure, and where the figure of this machine stands in `dataset.report`."""


class Line(NamedTuple):
    """One count of the tutorial. reason: why `here` differs, or that it does not."""

    what: str
    published: int
    here: int
    reason: str


def published_counts(experiment: Experiment) -> list[Line]:
    """The tutorial's counts beside those of the Experiment's pictures."""
    found = report(experiment)
    other = "" if as_published(experiment) else "other pictures: the settings are not the tutorial's"
    lines = []
    for what, (published, path) in PRINTED.items():
        here: Any = found
        for key in path:
            here = here[key]
        lines.append(Line(what, published, here, "the same" if here == published else other or "other data"))
    return lines


class TrainedLine(NamedTuple):
    """One trained network of the tutorial, with test accuracies.

    run: which one, and for how long. here: the median, here_low, here_high: the least and the largest of the runs of
    this machine; counted_low, counted_high: the same as the tutorial's code counts. NaN if there is no run yet.
    """

    run: str
    published: float
    here: float
    here_low: float
    here_high: float
    counted_low: float
    counted_high: float
    reason: str


def published_runs(experiment: Experiment, outcomes: Iterable[Outcome]) -> list[TrainedLine]:
    """The tutorial's accuracies beside those of outcomes under its budget, one line for each network."""
    rows = {row["name"]: row for row in table(outcomes, published=True)}
    lines = []
    for name, contender in CONTENDERS.items():
        if contender.published is None:
            continue
        budget = contender.allowances["tutorial"]
        examples = "all images" if budget.examples is None else f"{budget.examples:,} examples"
        run = f"{contender.title}: {examples}, {budget.epochs} epoch{'s' * (budget.epochs > 1)}"
        here = rows[name]["test_accuracies"] if name in rows else [np.nan]
        counted = rows[name]["tutorial_accuracies"] if name in rows else [np.nan]
        ends = (min(here), max(here), min(counted), max(counted))
        reason = _reason(contender.published, ends, other_pictures=not as_published(experiment))
        lines.append(TrainedLine(run, contender.published, float(np.median(here)), *ends, reason))
    return lines


def _reason(published: float, ends: tuple[float, float, float, float], *, other_pictures: bool) -> str:
    """Why a run's accuracy is not the published one."""
    low, high, counted_low, counted_high = ends
    if np.isnan(low):
        return "not run here yet"
    if other_pictures:
        return "other pictures: the settings are not the tutorial's"
    if low <= published <= high:
        return "another seed and another order: the published run is one of many draws"
    if counted_low <= published <= counted_high:
        return f"Keras counts a logit as the first digit above {KERAS_THRESHOLD:g}, not above 0"
    return "outside of the runs made here: another seed and order, and other software"
