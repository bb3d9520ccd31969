"""Every published figure of this experiment, each by its own source, beside what is counted and trained here.

The paper has the circuit. The tutorial has the code for it, counts of the pictures, and two sentences on accuracy.
A post ran the tutorial, extended it, and printed the accuracies that are mostly quoted.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from qnn_core.baselines import BASELINES
from qnn_core.contest.contenders import CONTENDERS, KERAS_THRESHOLD, Outcome, by_name
from qnn_core.data.dataset import prepare, report
from qnn_core.data.labels import is_first
from qnn_core.experiment import Experiment, Stage
from qnn_core.presets import PRESETS


class Source(NamedTuple):
    """Who published what. about: what of it this lesson looks at, in one sentence."""

    title: str
    address: str
    about: str


PAPER = Source(
    "E. Farhi and H. Neven, Classification with Quantum Neural Networks on Near Term Processors",
    "https://arxiv.org/abs/1802.06002",
    "the circuit: data qubits, one readout qubit, and layers of two-qubit gates between them.",
)
TUTORIAL = Source(
    "TensorFlow Quantum, MNIST classification",
    "https://www.tensorflow.org/quantum/tutorials/mnist",
    "the code: one XX and one ZZ layer, 500 examples, 3 epochs; the counts of pictures below; and that training to "
    "convergence should exceed 85 %, and that a classical network of similar size does as well in a fraction of the "
    "time.",
)
POST = Source(
    "MNIST Classification with Quantum Neural Network",
    "https://wilsonwongso.dev/posts/2020/07/mnist-qnn",
    "a run of the tutorial and of XX, XX, ZZ, ZZ on 1,000 examples, with the accuracies below.",
)
SOURCES = {"The paper": PAPER, "The tutorial": TUTORIAL, "The post": POST}
CONVERGED = 0.85
"""What training to convergence should exceed, says the tutorial."""
FIRST_IN_LOG = 0.4868
"""The test accuracy with which the post's log of the fair network begins."""
NEAR = 0.003
"""A run that ends so near to a published accuracy has found it again."""
ROUNDING = 1e-9
"""0.8744 is 0.003 from 0.8714, though not to the last bit."""
ACCURACIES = {"qnn-32": 0.6809, "qnn-64-grouped": 0.7964, "fair": 0.8714, "cnn": 0.999}
"""Model → its test accuracy in the post."""
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
    """One trained network of the post, with test accuracies.

    run: which one, and for how long. runs: how many this machine has made. here: their median, here_low, here_high:
    the least and the largest; NaN if there is no run yet. near: how many of them end within NEAR of the published
    one. near_counted: the same if a logit is counted as the tutorial's code does.
    """

    run: str
    published: float
    runs: int
    here: float
    here_low: float
    here_high: float
    near: int
    near_counted: int
    reason: str


def published_runs(experiment: Experiment, outcomes: Iterable[Outcome]) -> list[TrainedLine]:
    """The post's accuracies beside those of outcomes under its budget, one line for each network."""
    runs = by_name(outcomes)
    lines = []
    for name, published in ACCURACIES.items():
        contender, found = CONTENDERS[name], runs.get(name, [])
        here = [outcome.test_accuracy for outcome in found]
        near = [within(published, accuracies) for accuracies in (here, [one.tutorial_accuracy for one in found])]
        lines.append(
            TrainedLine(
                run=f"{contender.title}: {contender.allowances[BUDGET].words}",
                published=published,
                runs=len(found),
                here=float(np.median(here or [np.nan])),
                here_low=min(here, default=np.nan),
                here_high=max(here, default=np.nan),
                near=near[0],
                near_counted=near[1],
                reason=_reason(experiment, len(found), *near, has_logit=name in BASELINES),
            )
        )
    return lines


def within(published: float, accuracies: Sequence[float]) -> int:
    """How many of these accuracies are within NEAR of a published one."""
    return sum(abs(accuracy - published) <= NEAR + ROUNDING for accuracy in accuracies)


def _reason(experiment: Experiment, runs: int, near: int, near_counted: int, *, has_logit: bool) -> str:
    """How often a published accuracy is found again here; for a network with a logit, by both ways of counting."""
    if not runs:
        return "not run here yet"
    if not as_published(experiment):
        return "other pictures: the settings are not the tutorial's"
    of_runs = f"of {runs:,} run{'s' * (runs > 1)} within ±{NEAR:g} of it"
    if not has_logit:
        return f"{near:,} {of_runs}"
    return (
        f"{near:,} {of_runs} by the sign of the logit, {near_counted:,} as Keras counts: "
        f"a logit above {KERAS_THRESHOLD:g} is the first digit"
    )


def second_digits(experiment: Experiment) -> tuple[int, int]:
    """How many test images show the second digit, and of how many: right if everything is called a second digit."""
    labels = prepare(experiment).test.labels
    return int(np.sum(~is_first(labels))), len(labels)
