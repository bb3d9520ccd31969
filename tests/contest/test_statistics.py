"""What is said of a difference between two models."""

from qnn_core.contest.contenders import run_contender
from qnn_core.contest.statistics import paired_sentence
from qnn_core.experiment import Experiment

TUTORIAL = Experiment(engine="contraction")


def test_no_pair_is_no_test():
    outcome = run_contender("majority", TUTORIAL, "tutorial")
    assert "same seeds" in paired_sentence([outcome])


def test_the_paired_sentence():
    outcomes = [
        run_contender(name, TUTORIAL.with_(seed=seed), "tutorial") for name in ("qnn-32", "fair") for seed in range(7)
    ]
    assert "same seeds" in paired_sentence(outcomes[:3])
    assert "are needed" in paired_sentence([*outcomes[:3], *outcomes[7:10]])
    sentence = paired_sentence(outcomes)
    assert "7 of 7 seeds" in sentence
    assert "no luck" in sentence
    swapped = paired_sentence(outcomes, quantum="fair", classical="qnn-32")
    assert "0 of 7 seeds" in swapped
