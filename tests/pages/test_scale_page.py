"""Page 12 on another grid: the runs end beside logistic regression, the slopes come in, and Aer agrees."""

import re

import numpy as np
import pytest

from pages.ui.scale import ANYWHERE, NARROW, NO_XX
from qnn_core import Experiment, prepare, train
from qnn_core.figures.inside.scale import slopes_chart
from qnn_core.inside.scale import MEASURED_GRIDS, WITHOUT_XX, measured_slopes, scale_experiment, straight
from qnn_core.training.loop import engine_of, total_steps
from tests.helpers import read
from tests.visitor import sent

AER, SLOPES = "Check one picture with Aer", "The slopes at random weights"


@pytest.fixture(scope="module")
def runs():
    """The same runs, unwatched."""
    experiments = {
        NARROW: scale_experiment(Experiment(), 4, "narrow"),
        ANYWHERE: scale_experiment(Experiment(), 4, "uniform"),
        NO_XX: scale_experiment(Experiment(), 4, "uniform", WITHOUT_XX),
    }
    return {name: train(experiment) for name, experiment in experiments.items()}


@pytest.fixture(scope="module")
def visitor(visit):
    """Somebody who has chosen 4×4 and waited until nothing moves any more."""
    visitor = visit("12_scale").set("segmented_control", "scale_grid", 4)
    steps = total_steps(scale_experiment(Experiment(), 4, "narrow"))

    def done():
        ends = [trace["x"][-1:] for trace in visitor.drawn("Loss over")["data"]]
        return ends == [[steps]] * 3 and visitor.metrics["Logistic regression"] != "–"

    return visitor.tick_until(done)


def test_seventeen_qubits_are_said(visitor):
    assert any("**17 qubits**, 32 weights" in text for text in visitor.texts())
    assert "start='narrow'" in visitor.experiment()


def test_all_runs_end_with_their_metrics(visitor, runs):
    for name, run in runs.items():
        accuracy = run.history[-1]["test_accuracy"]
        assert visitor.metrics[name] == f"{accuracy:.4f}"
    assert visitor.metrics["Logistic regression"] == f"{straight(runs[NARROW].experiment).accuracy:.4f}"
    (words,) = [text for text in visitor.texts() if "narrow start took" in text]
    assert float(re.search(r"took ([\d.]+) s", words)[1]) > 0


def test_the_take_home_has_the_numbers_of_the_runs(visitor, runs):
    (words,) = [text for text in visitor.texts() if text.startswith("From a narrow start")]
    narrow, wide, _ = (run.history[-1]["test_accuracy"] for run in runs.values())
    for accuracy in (narrow, wide, straight(runs[NARROW].experiment).accuracy):
        assert f"{accuracy:.4f}" in words
    assert ("the start decides" in words) == (wide < narrow - 0.05)


def test_it_is_said_how_many_weights_moved(visitor, runs):
    run = runs[NARROW]
    count = np.count_nonzero(run.weights - run.initial_weights)
    assert count < run.weights.size
    assert any(f"{count} of {run.weights.size} weights have moved" in text for text in visitor.texts())
    assert any("The others stay exactly" in text for text in visitor.texts())


def test_each_start_has_its_own_curve(visitor, runs):
    figure = visitor.drawn("Loss over")
    assert f"{len(runs[NARROW].records):,} steps" in visitor.chart("Loss over").alt
    for (name, run), curve in zip(runs.items(), figure["data"], strict=True):
        assert curve["name"] == name
        loss = {record.step: record.loss for record in run.records}
        assert curve["y"] == [loss[step] for step in curve["x"]]


def test_the_measured_slopes_are_drawn(visitor):
    visitor.open(SLOPES).tick_until(
        lambda: len(visitor.drawn("Mean squared slope")["data"][1]["x"]) == len(MEASURED_GRIDS)
    )
    assert visitor.drawn("Mean squared slope") == sent(slopes_chart([measured_slopes(g) for g in MEASURED_GRIDS]))


def test_aer_agrees_about_one_picture(visitor, runs):
    assert not visitor.app.success  # nobody has asked
    visitor.open(AER).press("Ask Aer about one picture")
    text = visitor.app.success[0].value
    ours, aers = (float(number) for number in re.findall(r"[+-]\d\.\d{6}", text))
    assert read(re.search(r"difference is (\S+)\.$", text)[1]) < 1e-6
    assert aers == pytest.approx(ours, abs=1e-6)
    test, run = prepare(runs[NARROW].experiment).test, runs[NARROW]
    picture = test.images[test.row[:1]]
    assert ours == pytest.approx(engine_of(run.experiment).expectation(picture, run.weights)[0], abs=1e-6)


def test_an_answer_belongs_to_its_grid(visitor):
    visitor.press("Ask Aer about one picture")
    assert visitor.app.success
    visitor.set("segmented_control", "scale_grid", 7)
    assert not visitor.app.exception
    assert not visitor.app.success
    assert not visitor.app.error
    assert any("**50 qubits**" in text for text in visitor.texts())
