"""Every published figure of this experiment, beside what is counted and trained here, and why they may differ."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, KERAS_THRESHOLD, Outcome, by_name
from qnn_core.data.dataset import report
from qnn_core.experiment import Experiment, Stage
from qnn_core.presets import PRESETS

ACCURACIES = {"qnn-32": 0.6809, "qnn-64-grouped": 0.7964, "fair": 0.8714, "cnn": 0.999}
"""Model → its published test accuracy."""
RUNS = {"tutorial-32": "qnn-32", "tutorial-64": "qnn-64-grouped"}
"""Preset → the model whose published run it is."""
BUDGET = "tutorial"
"""The budget under which the published runs were made."""
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


def as_published(experiment: Experiment) -> bool:
    """Whether these are the pictures of the published runs."""
    return experiment.only(Stage.PICTURE) == type(experiment)()


def published_accuracies(experiment: Experiment, budget: str) -> dict[str, float]:
    """The published test accuracies by model; none for other pictures or another budget than theirs."""
    return ACCURACIES if budget == BUDGET and as_published(experiment) else {}


def published_run(experiment: Experiment) -> float | None:
    """The published test accuracy of this very run, whatever its seed and engine; None if there is none."""

    def settings(one: Experiment) -> dict[str, object]:
        return one.model_dump(exclude={*one.fields(Stage.ENGINE), "seed"})

    for name, model in RUNS.items():
        if settings(PRESETS[name].experiment) == settings(experiment):
            return ACCURACIES[model]
    return None


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
    runs = by_name(outcomes)
    lines = []
    for name, published in ACCURACIES.items():
        contender = CONTENDERS[name]
        budget = contender.allowances[BUDGET]
        examples = "all images" if budget.examples is None else f"{budget.examples:,} examples"
        run = f"{contender.title}: {examples}, {budget.epochs} epoch{'s' * (budget.epochs > 1)}"
        here = [outcome.test_accuracy for outcome in runs.get(name, [])] or [np.nan]
        counted = [outcome.tutorial_accuracy for outcome in runs.get(name, [])] or [np.nan]
        ends = (min(here), max(here), min(counted), max(counted))
        lines.append(
            TrainedLine(
                run=run,
                published=published,
                here=float(np.median(here)),
                here_low=ends[0],
                here_high=ends[1],
                counted_low=ends[2],
                counted_high=ends[3],
                reason=_reason(published, ends, other_pictures=not as_published(experiment)),
            )
        )
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
