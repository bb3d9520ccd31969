"""The threshold slide."""

import numpy as np
import pytest

from qnn_core.contest.thresholds import SlidePoint, in_order, slide_point, thresholds
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.figures.contest.thresholds import threshold_slide
from qnn_core.live.slices import train_fair
from qnn_core.training.run import train


def test_thresholds_cover_the_range_early_and_come_once():
    found = thresholds()
    assert sorted(found) == [t / 100 for t in range(2, 99, 2)]
    assert max(np.diff(sorted([0, *found[:7], 1]))) < 0.2


def test_a_point_of_the_tutorials_pictures():
    point = slide_point(Experiment(engine="contraction"))
    assert point.threshold == 0.5
    assert point.ceiling == pytest.approx(0.9227, abs=1e-4)
    experiment, test = Experiment(engine="contraction"), prepare(Experiment()).test
    assert point.quantum == train(experiment).history[-1]["test_accuracy"]
    model, _ = train_fair(experiment)
    right = (model.decision_function(test.images)[test.row] > 0) == (test.labels > 0)
    assert point.fair == pytest.approx(right.mean(), abs=1e-9)
    assert max(point.quantum, point.fair) < point.ceiling


def test_the_chart_is_sorted_and_grows_from_nothing():
    assert len(threshold_slide([], 0.5).data) == 3
    points = [SlidePoint(0.7, 0.9, 0.8, 0.85), SlidePoint(0.2, 0.95, 0.9, 0.93)]
    np.testing.assert_array_equal(in_order(points)[:, 0], [0.2, 0.7])
    assert list(threshold_slide(points, 0.5).data[1].x) == [0.2, 0.7]
