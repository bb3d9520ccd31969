"""The loss along a line as its waves, against the loss itself."""

import numpy as np
import pytest

from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.inside.landscape import losses_at
from qnn_core.inside.ray import ray, waves
from tests.helpers import is_sentence, small


def along_a_line(experiment, centre, seed=0):
    rng = np.random.default_rng(seed)
    direction, images = ray(rng, experiment), prepare(experiment).train
    t = np.linspace(-5, 5, 41)
    return t, losses_at(experiment, centre + t[:, None, None] * direction, images), (centre, direction, images)


@pytest.mark.parametrize(
    "layers",
    [("XX", "ZZ"), ("ZZ",), ("ZZ", "XX"), ("XX", "XX", "ZZ", "ZZ")],
    ids=str,
)
@pytest.mark.parametrize("grid", [2, 4])
def test_the_waves_are_the_loss(layers, grid):
    experiment = small(grid=grid, layers=layers)
    # XX weights of whole half-turns turn no data qubit out of its line.
    centre = np.random.default_rng(1).uniform(-1, 1, (len(layers), grid**2))
    centre[[kind == "XX" for kind in layers]] = 1
    t, losses, line = along_a_line(experiment, centre)
    found = waves(experiment, *line)
    assert np.ptp(losses) > 0.05
    np.testing.assert_allclose(found.loss(t), losses, atol=1e-12)
    assert len(found.coefficient) == prepare(experiment).train.distinct


def test_the_coefficients_are_counts():
    experiment = small(grid=2)
    images = prepare(experiment).train
    found = waves(experiment, np.zeros((2, 4)), ray(np.random.default_rng(0), experiment), images)
    for number, coefficient in enumerate(found.coefficient):
        labels = images.labels[images.row == number]
        assert coefficient == pytest.approx(labels.sum() / len(images.labels))
    edges = np.linspace(0, 2, 9)
    assert found.spectrum(edges).sum() == pytest.approx(np.abs(found.coefficient).sum())


def test_far_away_the_waves_are_noise():
    experiment = small(grid=4, examples=None)
    direction = ray(np.random.default_rng(3), experiment)
    found = waves(experiment, np.zeros((2, 16)), direction, prepare(experiment).train)
    far = found.loss(np.random.default_rng(4).uniform(50, 5000, 4000))
    assert far.mean() == pytest.approx(1, abs=0.02)
    assert far.std() == pytest.approx(found.noise, rel=0.1)


def test_the_direction_is_one_layer():
    for layers, at in ((("XX", "ZZ"), 1), (("ZZ", "XX"), 0), (("XX", "YY", "ZZ", "XX"), 2)):
        direction = ray(np.random.default_rng(0), small(layers=layers))
        assert np.flatnonzero(np.abs(direction).sum(axis=1)).tolist() == [at]
        assert np.linalg.norm(direction) == pytest.approx(1)


@pytest.mark.parametrize(
    ("changes", "turned", "says"),
    [
        ({"loss": "logistic"}, 0.0, "hinge"),
        ({"loss": "squared"}, 0.0, "hinge"),
        ({"encoding": "angle"}, 0.0, "black and white"),
        ({"layers": ("XX", "ZZ", "XX", "ZZ")}, 0.0, "more than one cosine"),
        ({}, 0.3, "start narrow"),
    ],
)
def test_where_the_loss_is_no_such_sum(changes, turned, says):
    experiment = small(**changes)
    centre = np.zeros((len(experiment.layers), experiment.pixels))
    centre[0] = turned
    with pytest.raises(InputError) as caught:
        waves(experiment, centre, ray(np.random.default_rng(0), experiment), prepare(experiment).train)
    assert says in is_sentence(caught.value)
