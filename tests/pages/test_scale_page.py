"""Page 12 on another grid: both runs end, the slopes come in, and Aer agrees."""

import re

import numpy as np
import pytest

from qnn_core import Experiment, prepare, train
from qnn_core.figures.inside.scale import slopes_chart
from qnn_core.inside.scale import MEASURED_GRIDS, measured_slopes, scale_experiment
from qnn_core.training.loop import engine_of, total_steps
from tests.visitor import sent

STARTS = ("narrow", "uniform")


@pytest.fixture(scope="module")
def runs():
    """The same two runs, unwatched."""
    return {start: train(scale_experiment(Experiment(), 4, start)) for start in STARTS}


@pytest.fixture(scope="module")
def visitor(visit):
    """Somebody who has chosen 4×4 and waited until nothing moves any more."""
    visitor = visit("12_scale").set("segmented_control", "scale_grid", 4)
    steps = total_steps(scale_experiment(Experiment(), 4, "narrow"))

    def done():
        ends = [trace["x"][-1:] for trace in visitor.drawn("Loss over")["data"]]
        measured = visitor.drawn("Mean squared slope")["data"][1]
        return ends == [[steps]] * 2 and len(measured["x"]) == len(MEASURED_GRIDS)

    return visitor.tick_until(done)


def test_seventeen_qubits_are_said(visitor):
    assert any("**17 qubits**, 32 weights" in text for text in visitor.texts())
    assert "start='narrow'" in visitor.experiment()


def test_both_runs_end_with_their_metrics(visitor, runs):
    for start, run in runs.items():
        accuracy, losses = run.history[-1]["test_accuracy"], [record.loss for record in run.records[-20:]]
        assert visitor.metrics[f"{start.title()}: accuracy"] == f"{accuracy:.4f}"
        assert visitor.metrics[f"{start.title()}: loss"] == f"{np.mean(losses):.4f}"
    assert float(visitor.metrics["Seconds"]) > 0


def test_each_start_has_its_own_curve(visitor, runs):
    figure = visitor.drawn("Loss over")
    assert f"{len(runs['narrow'].records):,} steps" in visitor.chart("Loss over").alt
    for start, curve in zip(STARTS, figure["data"], strict=True):
        assert start in curve["name"]
        loss = {record.step: record.loss for record in runs[start].records}
        assert curve["y"] == [loss[step] for step in curve["x"]]


def test_the_measured_slopes_are_drawn(visitor):
    assert visitor.drawn("Mean squared slope") == sent(slopes_chart([measured_slopes(g) for g in MEASURED_GRIDS]))


def test_aer_agrees_about_one_picture(visitor, runs):
    assert not visitor.app.success  # nobody has asked
    visitor.press("Ask Aer about one picture")
    text = visitor.app.success[0].value
    ours, aers = (float(number) for number in re.findall(r"[+-]\d\.\d{6}", text))
    assert float(re.search(r"difference is (\S+)\.$", text)[1]) < 1e-6
    assert aers == pytest.approx(ours, abs=1e-6)
    test, run = prepare(runs["narrow"].experiment).test, runs["narrow"]
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
