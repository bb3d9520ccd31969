"""A sweep over thresholds says of each what `prepare` says."""

import numpy as np
import pytest

from qnn_core.data.dataset import prepare, shrunken
from qnn_core.data.sweep import MOST_GROUPS, sweep, usual_thresholds
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from tests.helpers import is_sentence

TUTORIAL = Experiment(engine="contraction")


@pytest.mark.parametrize("remove", ["grey", "binary", "off"])
@pytest.mark.parametrize("changes", [{}, {"grid": 2}, {"grid": 9, "digits": (8, 1)}, {"resample": "area"}], ids=str)
def test_each_point_is_that_of_prepare(remove, changes):
    experiment = TUTORIAL.with_(remove_contradictions=remove, **changes)
    thresholds = [0, 0.07, 0.333, 0.5, 0.8, 0.98]
    points = {point.threshold: point for point in sweep(experiment, thresholds)}
    for threshold in thresholds:
        try:
            data = prepare(experiment.with_(threshold=threshold))
        except InputError:
            assert threshold not in points
            continue
        point = points[threshold]
        assert (point.kept, point.counts, point.ceiling) == (len(data.kept), data.counts, data.ceiling)
        wrong = np.minimum(data.kept.first, data.kept.second)
        assert [min(one.first, one.second) for one in point.worst] == sorted(wrong[wrong > 0])[::-1][:MOST_GROUPS]


def test_originals_become_the_picture_they_stand_beside():
    grey = shrunken(TUTORIAL)
    for point in sweep(TUTORIAL)[::7]:
        data = prepare(TUTORIAL.with_(threshold=point.threshold))
        for one in point.worst:
            assert data.kept.count(one.bits) == (one.first, one.second)
            for original, label in zip(one.originals, (1, -1), strict=True):
                assert np.array_equal(grey.train[original] > point.threshold, one.bits)
                assert grey.train_labels[original] == label
                assert original in data.kept_rows


def test_the_usual_thresholds_and_the_own_one():
    usual = usual_thresholds(TUTORIAL)
    assert (usual[0], usual[-1], len(usual)) == (0.01, 0.99, 99)
    assert [point.threshold for point in sweep(TUTORIAL)] == list(usual)
    own = TUTORIAL.with_(threshold=0.333)
    assert [point.threshold for point in sweep(own)] == sorted([*usual, 0.333])
    assert sweep(TUTORIAL) is sweep(TUTORIAL.with_(threshold=0.7, seed=4))
    assert 20 <= len(usual_thresholds(TUTORIAL.with_(grid=28))) <= 30


@pytest.mark.parametrize("bad", [{"encoding": "angle"}, {}], ids=["grey", "beyond"])
def test_no_threshold_to_sweep(bad):
    with pytest.raises(InputError) as refused:
        sweep(TUTORIAL.with_(**bad), [0.5, 1.0])
    is_sentence(refused.value)
