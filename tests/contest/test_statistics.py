"""Two kinds of luck: McNemar's test and the interval against other computations, and what is said of two models."""

from math import comb

import numpy as np
import pytest
from scipy.stats import binomtest

from qnn_core.contest.contenders import run_contender
from qnn_core.contest.statistics import (
    accuracy_interval,
    band,
    duel,
    mcnemar,
    median_run,
    over_seeds,
    probability,
    right,
    who_is_ahead,
)
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.machine.shots import wilson
from tests.helpers import outcome

TUTORIAL = Experiment(engine="contraction")
TRUTH = prepare(TUTORIAL).test.labels > 0


def answers(model, wrong, seed=0):
    """A run of a model that errs on these test images."""
    verdicts = TRUTH.copy()
    verdicts[list(wrong)] ^= True
    return outcome(model, seed, accuracy=1 - len(wrong) / len(TRUTH), verdicts=verdicts)


@pytest.mark.parametrize(("ones", "others"), [(0, 0), (0, 1), (3, 3), (2, 9), (40, 125), (10, 11)])
def test_mcnemar_is_the_toss_of_a_coin(ones, others):
    first = np.array([True] * ones + [False] * others + [True, False])
    second = np.array([False] * ones + [True] * others + [True, False])
    found = mcnemar(first, second)
    assert (found.first_only, found.second_only) == (ones, others)
    tosses, fewer = ones + others, min(ones, others)
    tail = sum(comb(tosses, k) for k in range(fewer + 1)) / 2**tosses
    assert found.chance == pytest.approx(min(1.0, 2 * tail), rel=1e-9)
    assert mcnemar(second, first).chance == pytest.approx(found.chance)


def test_the_interval_of_an_accuracy_is_wilsons():
    for hits in (0, 1, 984, 1726, 1967, 1968):
        expected = binomtest(hits, 1968).proportion_ci(0.95, method="wilson")
        assert wilson(hits, 1968) == pytest.approx((expected.low, expected.high), abs=1e-12)
    run = answers("fair", range(100))
    low, high = accuracy_interval(run)
    assert low < run.test_accuracy < high
    assert (low, high) == pytest.approx(wilson(len(TRUTH) - 100, len(TRUTH)))


def test_the_median_run_is_a_run():
    runs = [outcome("fair", seed, accuracy) for seed, accuracy in enumerate((0.9, 0.7, 0.8, 0.6))]
    assert median_run(runs).test_accuracy == 0.7  # the lower one of the two in the middle
    assert median_run(runs[:3]).test_accuracy == 0.8
    alike = [outcome("fair", seed, 0.8) for seed in (4, 2, 3)]
    assert median_run(alike).seed == 2


def test_the_band_holds_most_runs():
    runs = [outcome("fair", seed, seed / 100) for seed in range(101)]
    assert band(runs) == pytest.approx((0.05, 0.95))


def test_a_run_is_right_where_its_verdict_is_the_label():
    found = right(TUTORIAL, answers("fair", [3, 5]))
    assert np.flatnonzero(~found).tolist() == [3, 5]


def test_a_duel_counts_the_images_of_the_median_runs():
    quantum = [answers("qnn-32", range(width), seed) for seed, width in enumerate((30, 200, 90))]
    fair = [answers("fair", range(80, 120))]
    found = duel(TUTORIAL, quantum, fair)
    assert (found.first, found.second, found.images) == (1968 - 90, 1968 - 40, 1968)
    assert found.lead == -50
    assert found.disagreement[:2] == (30, 80)
    assert not found.is_luck
    assert duel(TUTORIAL, fair, fair).is_luck


def test_who_is_ahead_and_whether_it_is_luck():
    fair, quantum = answers("fair", range(40)), answers("qnn-32", range(30, 140))
    for pair in (("qnn-32", "fair"), ("fair", "qnn-32")):
        said = who_is_ahead(TUTORIAL, [fair, quantum], *pair)
        assert said.startswith("Fair network is ahead of QNN (32), by 70 of the 1,968 test images.")
        assert "right on 130: Fair network on 100, QNN (32) on 30." in said
        assert f"no luck (McNemar’s test, p = {probability(binomtest(30, 130).pvalue)})" in said
    near = answers("qnn-32", range(43))
    assert "That may be luck (McNemar’s test, p = 0.25)" in who_is_ahead(TUTORIAL, [fair, near], "qnn-32", "fair")


def test_who_stands_level_and_who_is_not_there():
    fair = answers("fair", range(40))
    same, other = answers("qnn-32", range(40)), answers("qnn-32", range(1, 41))
    assert "agree on all 1,968" in who_is_ahead(TUTORIAL, [fair, same], "qnn-32", "fair")
    assert "stand level: each is right on 1,928" in who_is_ahead(TUTORIAL, [fair, other], "qnn-32", "fair")
    assert who_is_ahead(TUTORIAL, [fair], "qnn-32", "fair") == "Run QNN (32) to compare QNN (32) and Fair network."
    assert "two different" in who_is_ahead(TUTORIAL, [fair], "fair", "fair")


def test_the_luck_of_the_start_is_said_apart():
    runs = [outcome("fair", seed, 0.9 + seed / 100) for seed in range(3)]
    assert over_seeds(runs[:1], ["fair"]) == ""
    said = over_seeds(runs, ["fair", "qnn-32"])
    assert "3 seeds" in said
    assert "Fair network 0.901 to 0.919" in said


@pytest.mark.parametrize(
    ("chance", "words"),
    [(1.0, "1"), (0.25, "0.25"), (0.0341, "0.034"), (2.1e-11, "2·10⁻¹¹"), (9.7e-5, "1·10⁻⁴"), (0.0, "below 10⁻³⁰⁰")],
)
def test_probabilities_are_written_for_a_class(chance, words):
    assert probability(chance) == words


def test_with_the_same_loss_the_lessons_two_networks_stand_level_and_with_the_hinge_loss_they_do_not():
    fair = run_contender("fair", TUTORIAL, "convergence")
    hinge, same = (run_contender("qnn-32", TUTORIAL, budget) for budget in ("convergence", "same-loss"))
    behind, level = duel(TUTORIAL, [hinge], [fair]), duel(TUTORIAL, [same], [fair])
    assert behind.lead < -70
    assert behind.disagreement.chance < 1e-9
    assert abs(level.lead) < 10
    assert level.is_luck
