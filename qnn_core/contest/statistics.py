"""Is a difference between two models more than luck?

There are two kinds of luck. One is in the test images: others would have given another accuracy. McNemar's test and
the interval of an accuracy speak of it. The other is in the start: trained from another seed, the same network ends
elsewhere. The band over the seeds shows it. A test over seeds would say nothing of the test images.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Booleans
from qnn_core.contest.contenders import CONTENDERS, Outcome, by_name
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import is_first
from qnn_core.experiment import Experiment
from qnn_core.machine.shots import wilson
from qnn_core.words import power

LUCK = 0.05
"""What happens by chance more seldom than this is not called luck."""
BAND = (0.05, 0.95)
"""The quantiles between which most runs lie."""


class Disagreement(NamedTuple):
    """Two models on the same test images.

    first_only, second_only: images on which only the one is right. chance: how often two equally good models would
    differ by so much or more, if each of these images fell to either by the toss of a coin (McNemar 1947,
    MATHS section 6a).
    """

    first_only: int
    second_only: int
    chance: float


class Duel(NamedTuple):
    """Two models by the median run of each. first, second: test images on which each is right, of `images`."""

    first: int
    second: int
    images: int
    disagreement: Disagreement

    @property
    def lead(self) -> int:
        """How many more test images the first is right on."""
        return self.first - self.second

    @property
    def is_luck(self) -> bool:
        """Whether two equally good models may well differ by so much."""
        return self.disagreement.chance >= LUCK


def mcnemar(first: Booleans, second: Booleans) -> Disagreement:
    """McNemar's test for two models. first, second: whether each is right, for every test image, (m,)."""
    from scipy.stats import binomtest

    ones, others = int(np.sum(first & ~second)), int(np.sum(second & ~first))
    chance = float(binomtest(ones, ones + others).pvalue) if ones + others else 1.0
    return Disagreement(ones, others, chance)


def median_run(outcomes: Iterable[Outcome]) -> Outcome:
    """The run in the middle by test accuracy: the lower one of two, and of equal ones that of the first seed."""
    ranked = sorted(outcomes, key=lambda outcome: (outcome.test_accuracy, outcome.seed))
    middle = ranked[(len(ranked) - 1) // 2].test_accuracy
    return next(outcome for outcome in ranked if outcome.test_accuracy == middle)


def accuracy_interval(outcome: Outcome) -> tuple[float, float]:
    """The 95 % interval of a run's test accuracy: what other test images could have given (Wilson 1927)."""
    images = len(outcome.verdicts)
    return wilson(round(outcome.test_accuracy * images), images)


def band(outcomes: Iterable[Outcome]) -> tuple[float, float]:
    """The 5 and 95 % quantiles of the test accuracy over the runs: the luck of the start."""
    low, high = np.quantile([outcome.test_accuracy for outcome in outcomes], BAND)
    return float(low), float(high)


def right(experiment: Experiment, outcome: Outcome) -> Booleans:
    """Whether the run is right, for every test image of the Experiment in file order, (m,)."""
    return outcome.verdicts == is_first(prepare(experiment).test.labels)


def duel(experiment: Experiment, first: Iterable[Outcome], second: Iterable[Outcome]) -> Duel:
    """Two models against each other, by the median run of each, on the Experiment's test images."""
    one, other = (right(experiment, median_run(runs)) for runs in (first, second))
    return Duel(int(one.sum()), int(other.sum()), len(one), mcnemar(one, other))


def who_is_ahead(experiment: Experiment, outcomes: Iterable[Outcome], one: str, other: str) -> str:
    """Which of two models is ahead, by how many test images, and whether that is luck, in plain sentences."""
    runs = by_name(outcomes)
    titles = {name: CONTENDERS[name].title for name in (one, other)}
    if one == other:
        return f"Choose two different models; {titles[one]} stands level with itself."
    if missing := [titles[name] for name in (one, other) if name not in runs]:
        return f"Run {' and '.join(missing)} to compare {titles[one]} and {titles[other]}."
    found = duel(experiment, runs[one], runs[other])
    if found.lead < 0:
        one, other = other, one
        found = duel(experiment, runs[one], runs[other])
    ones, others, chance = found.disagreement
    if not ones + others:
        return f"{titles[one]} and {titles[other]} stand level: they agree on all {found.images:,} test images."
    images = f"{found.images:,} test images"
    each = f"{titles[one]} on {ones:,}, {titles[other]} on {others:,}"
    differ = f"Only one of the two is right on {ones + others:,}: {each}."
    if not found.lead:
        level = f"{titles[one]} and {titles[other]} stand level"
        return f"{level}: each is right on {found.first:,} of the {images}. {differ}"
    luck = "That may be luck" if found.is_luck else "That is no luck"
    return (
        f"{titles[one]} is ahead of {titles[other]}, by {found.lead:,} of the {images}. {differ} "
        f"{luck} (McNemar’s test, p = {probability(chance)})."
    )


def over_seeds(outcomes: Iterable[Outcome], names: Sequence[str]) -> str:
    """How far the runs of each model lie apart, in one plain sentence; nothing if there is one run each."""
    runs = {name: found for name, found in by_name(outcomes).items() if name in names and len(found) > 1}
    if not runs:
        return ""
    count = max(len(found) for found in runs.values())
    ends = {name: band(found) for name, found in runs.items()}
    parts = [f"{CONTENDERS[name].title} {low:.3f} to {high:.3f}" for name, (low, high) in ends.items()]
    return f"Over {count} seeds, the luck of the start, test accuracy is (5 to 95 %): {', '.join(parts)}."


def probability(chance: float) -> str:
    """A probability as a class reads it: 0.034, or 2·10⁻¹¹ if it is small."""
    if chance >= 0.001:
        return f"{chance:.2g}"
    if chance == 0:
        return f"below {power(10, -300)}"
    exponent = int(np.floor(np.log10(chance)))
    digit = round(chance / 10.0**exponent)
    return f"{digit}·{power(10, exponent)}" if digit < 10 else f"1·{power(10, exponent + 1)}"
