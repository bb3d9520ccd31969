"""The tutorial's counts are found again, and other settings say so."""

import numpy as np
import pytest

from qnn_core.baselines import BASELINES
from qnn_core.contest.contenders import run_contender
from qnn_core.contest.tutorial import (
    ACCURACIES,
    CONVERGED,
    FIRST_IN_LOG,
    PRINTED,
    SOURCES,
    published_accuracies,
    published_counts,
    published_run,
    published_runs,
    second_digits,
)
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.presets import PRESETS

TUTORIAL = Experiment(engine="contraction")


def test_every_count_is_the_tutorials():
    lines = published_counts(Experiment())
    assert len(lines) == len(PRINTED)
    for line in lines:
        assert line.here == line.published, line.what
        assert line.reason == "the same"


def test_other_settings_are_the_reason():
    lines = {line.what: line for line in published_counts(Experiment(threshold=0.3))}
    assert lines["different 4×4 pictures"].reason == "the same"
    changed = lines["different pictures after the threshold"]
    assert changed.here != changed.published
    assert "settings" in changed.reason


def test_a_preset_and_its_model_are_one_published_run():
    for name, published in (("tutorial-32", 0.6809), ("tutorial-64", 0.7964), ("to-the-end", None)):
        assert published_run(PRESETS[name].experiment) == published
    assert published_run(Experiment(seed=9, engine="contraction")) == 0.6809
    assert published_run(Experiment(learning_rate=0.002)) is None
    assert PRESETS["tutorial-32"].experiment == Experiment()


def test_figures_stand_only_beside_the_pictures_and_the_budget_they_belong_to():
    assert published_accuracies(TUTORIAL, "tutorial") == ACCURACIES
    assert published_accuracies(TUTORIAL, "same-steps") == {}
    assert published_accuracies(TUTORIAL.with_(threshold=0.4), "tutorial") == {}


@pytest.fixture(scope="module")
def outcome():
    return run_contender("fair", TUTORIAL, "tutorial")


def test_a_logit_is_counted_as_the_tutorial_does(outcome):
    # Keras: BinaryCrossentropy(from_logits=True) with the metric "accuracy", whose threshold stays 0.5.
    test = prepare(TUTORIAL).test
    model = BASELINES["fair"].build(TUTORIAL)
    train = prepare(TUTORIAL).kept
    for _ in range(20):
        model.partial_fit(train.images[train.row], train.labels, classes=[-1.0, 1.0])
    logit = model.decision_function(test.images)[test.row]
    assert outcome.tutorial_accuracy == np.mean((logit > 0.5) == (test.labels > 0))
    assert outcome.test_accuracy == pytest.approx(np.mean((logit > 0) == (test.labels > 0)))


def test_the_sign_decides_for_a_quantum_network():
    found = run_contender("qnn-32", TUTORIAL, "tutorial")
    assert found.tutorial_accuracy == found.test_accuracy


def test_every_published_run_has_a_line():
    lines = published_runs(TUTORIAL, [])
    assert [line.published for line in lines] == [0.6809, 0.7964, 0.8714, 0.999]
    assert [line.reason for line in lines] == ["not run here yet"] * 4
    words = [line.run.split(": ")[1] for line in lines]
    assert words == [
        "3 passes over 500 images, 32 at a time",
        "3 passes over 1,000 images, 32 at a time",
        "20 passes over all images, 128 at a time",
        "1 pass over all images, 128 at a time",
    ]


@pytest.mark.parametrize(
    ("here", "counted", "near", "reason"),
    [
        (
            (0.86, 0.8744, 0.8684),
            (0.86, 0.8744, 0.8684),
            (2, 2),
            "2 of 3 runs within ±0.003 of it by the sign of the logit, 2 as",
        ),
        ((0.86, 0.92, 0.9), (0.8714, 0.92, 0.9), (0, 1), "by the sign of the logit, 1 as Keras counts"),
        ((0.8745, 0.92, 0.8683), (0.8745, 0.92, 0.8683), (0, 0), "0 of 3 runs within"),
    ],
)
def test_the_share_of_runs_that_find_a_published_accuracy_again(outcome, here, counted, near, reason):
    runs = [
        outcome._replace(seed=seed, test_accuracy=accuracy, tutorial_accuracy=other)
        for seed, (accuracy, other) in enumerate(zip(here, counted, strict=True))
    ]
    line = next(line for line in published_runs(TUTORIAL, runs) if line.published == ACCURACIES["fair"])
    assert (line.near, line.near_counted, line.runs) == (*near, 3)
    assert reason in line.reason
    assert (line.here_low, line.here_high) == (min(here), max(here))
    assert line.here == pytest.approx(np.median(here))


def test_a_quantum_network_has_one_way_of_counting(outcome):
    runs = [outcome._replace(model="qnn-32", test_accuracy=accuracy) for accuracy in (0.68, 0.7)]
    assert published_runs(TUTORIAL, runs)[0].reason == "1 of 2 runs within ±0.003 of it"


def test_other_pictures_are_the_reason_for_other_accuracies(outcome):
    lines = published_runs(Experiment(threshold=0.3), [outcome])
    assert "settings" in next(line for line in lines if line.published == ACCURACIES["fair"]).reason


def test_the_log_begins_with_the_share_of_the_second_digit():
    right, images = second_digits(TUTORIAL)
    assert (right, images) == (958, 1968)
    assert round(right / images, 4) == FIRST_IN_LOG
    assert second_digits(TUTORIAL.with_(digits=(6, 3)))[0] == images - right


def test_each_source_is_named_with_its_address():
    assert all(source.address.startswith("https://") for source in SOURCES.values())
    assert len({source.title for source in SOURCES.values()}) == 3
    assert f"{CONVERGED:.0%}".replace("%", " %") in SOURCES["The tutorial"].about
