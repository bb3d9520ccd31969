"""Slices of the loss against the engine, the gradient's law against sampling, and starts of every width."""

import numpy as np
import pytest

from qnn_core.data.dataset import prepare
from qnn_core.engines import build_engine
from qnn_core.errors import InputError
from qnn_core.inside.landscape import losses_at, most_curved_plane, path_plane, random_plane, surface, training_path
from qnn_core.inside.plateau import first_steps, gradient_law, gradient_samples, spread_start
from qnn_core.training.loop import evaluate, start
from qnn_core.training.run import train
from tests.helpers import is_sentence, small

RUN = {"grid": 3, "examples": 300, "batch_size": None, "epochs": 60, "learning_rate": 0.03, "start": "narrow"}


@pytest.fixture(scope="module")
def path():
    return training_path(small(**RUN), 10)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"layers": ("XX", "XX", "ZZ", "ZZ")},
        {"layers": ("XX", "ZZ", "XX", "ZZ")},
        {"encoding": "angle"},
        {"loss": "logistic"},
    ],
    ids=str,
)
def test_losses_are_the_engines(changes):
    experiment = small(grid=3, **changes)
    images, rng = prepare(experiment).train, np.random.default_rng(0)
    weights = rng.uniform(0, 1, (5, len(experiment.layers), 9))
    expected = [evaluate(experiment, w, images)[0] for w in weights]
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(losses_at(experiment, weights, images), expected, atol=1e-12)


def test_planes_are_orthonormal_and_project_back(path):
    experiment = small(**RUN)
    images, rng = prepare(experiment).train, np.random.default_rng(1)
    for plane in (random_plane(rng, path[-1]), most_curved_plane(experiment, path[-1], images), path_plane(path)):
        basis = np.stack([plane.first.ravel(), plane.second.ravel()])
        np.testing.assert_allclose(basis @ basis.T, np.eye(2), atol=1e-12)
        coordinates = rng.normal(size=(6, 2))
        np.testing.assert_allclose(plane.project(plane.at(*coordinates.T)), coordinates, atol=1e-12)


def test_surface_is_read_at_its_coordinates(path):
    experiment = small(**RUN)
    images = prepare(experiment).train
    plane = random_plane(np.random.default_rng(2), path[-1])
    axis, losses = surface(experiment, plane, 0.5, 5, images)
    assert axis.tolist() == [-0.5, -0.25, 0, 0.25, 0.5]
    for row, column in ((0, 0), (1, 4), (2, 2)):
        weights = plane.centre + axis[column] * plane.first + axis[row] * plane.second
        assert losses[row, column] == pytest.approx(evaluate(experiment, weights, images)[0])


def test_the_most_curved_directions_bend_more_than_random_ones(path):
    experiment = small(**RUN)
    images = prepare(experiment).train

    def bend(direction):
        near = np.stack([path[-1] + step * direction for step in (-0.05, 0, 0.05)])
        low, middle, high = losses_at(experiment, near, images)
        return low + high - 2 * middle

    curved = most_curved_plane(experiment, path[-1], images)
    rng = np.random.default_rng(3)
    others = [bend(random_plane(rng, path[-1]).first) for _ in range(20)]
    assert bend(curved.first) > 2 * max(others)
    assert bend(curved.second) > np.mean(others)


def test_the_top_of_the_loss_bends_where_its_bottom_does(path):
    experiment = small(**RUN)
    images = prepare(experiment).train
    # One ZZ weight half a turn further changes the sign of f, and so of every bend: all eigenvalues are negative.
    top = path[-1].copy()
    top[1, 0] += 1
    low, high = losses_at(experiment, np.stack([path[-1], top]), images)
    assert low + high == pytest.approx(2)
    valley, hill = (most_curved_plane(experiment, centre, images) for centre in (path[-1], top))
    for one, other in ((valley.first, hill.first), (valley.second, hill.second)):
        assert abs(np.sum(one * other)) == pytest.approx(1, abs=1e-6)


def test_directions_point_where_the_given_ones_do():
    for seed in range(5):
        first, second = np.random.default_rng(seed).normal(size=(2, 8))
        plane = random_plane(np.random.default_rng(seed), np.zeros((2, 4)))
        np.testing.assert_allclose(plane.first.ravel(), first / np.linalg.norm(first), atol=1e-12)
        assert plane.second.ravel() @ second > 0


def test_the_plane_of_a_path_is_seen_from_its_end():
    # Far from the end all points lie in one direction; about their mean they vary more in another.
    away, across = np.eye(6)[:2]
    points = [10 * away + 3 * step * across for step in range(-3, 4)]
    path = np.array([*points, np.zeros(6)]).reshape(-1, 2, 3) + 0.7
    plane = path_plane(path)
    assert np.array_equal(plane.centre, path[-1])
    assert abs(plane.first.ravel() @ away) == pytest.approx(1)
    assert abs(plane.second.ravel() @ across) == pytest.approx(1)


def test_the_path_is_the_training(path):
    experiment = small(**RUN)
    run = train(experiment)
    assert len(path) == 7
    assert np.array_equal(path[0], start(experiment).weights)
    assert np.array_equal(path[-1], run.weights)
    # The plane of the path holds most of it.
    plane = path_plane(path)
    moved = np.linalg.norm((path - path[-1]).reshape(7, -1))
    assert np.linalg.norm(plane.project(path)) > 0.9 * moved


@pytest.mark.parametrize("width", [1.0, 0.3, 0.0])
@pytest.mark.parametrize("n", [4, 9, 16])
def test_the_law_is_what_random_starts_give(n, width):
    squares = gradient_samples(np.random.default_rng(n), n, width, 40_000) ** 2
    error = squares.std() / np.sqrt(len(squares))
    assert squares.mean() == pytest.approx(gradient_law(n, width), abs=5 * error + 1e-9)


def test_the_law_falls_by_three_quarters():
    assert gradient_law(26, 1) / gradient_law(25, 1) == pytest.approx(0.75)
    assert gradient_law(400, 0) == pytest.approx(np.pi**2)


def test_samples_are_the_engines_gradients():
    # The engine's derivative by the first ZZ weight, at starts of the same kind.
    experiment, rng = small(grid=3), np.random.default_rng(4)
    engine, slopes = build_engine(experiment), []
    for _ in range(3000):
        pixels = rng.integers(0, 2, (1, 9)).astype(float)
        slopes.append(engine.value_and_jacobian(pixels, spread_start(rng, experiment, 0.4))[1][0, 1, 0])
    squares = np.square(slopes)
    assert squares.mean() == pytest.approx(gradient_law(9, 0.4), abs=5 * squares.std() / np.sqrt(3000))


def test_starts_lie_within_their_width():
    rng = np.random.default_rng(5)
    for layers, last in ((("XX", "ZZ"), 1), (("ZZ", "XX"), 0), (("XX", "YY", "ZZ", "XX"), 2), (("XX",), 0)):
        experiment = small(layers=layers)
        weights = spread_start(rng, experiment, 0.1)
        weights[last, 0] -= 0.5
        assert np.abs(weights).max() <= 0.1
        assert np.abs(weights).min() > 0


def test_narrow_starts_learn_where_uniform_ones_do_not():
    experiment = small(grid=14, examples=200, batch_size=None, epochs=100, learning_rate=0.002)
    narrow, wide = (first_steps(experiment, width, 30) for width in (0.02, 1.0))
    assert len(narrow) == len(wide) == 30
    assert wide == pytest.approx(1, abs=1e-3)
    assert narrow[-1] < 0.7


@pytest.mark.parametrize(
    "bad",
    [
        lambda: spread_start(np.random.default_rng(0), small(), 1.5),
        lambda: spread_start(np.random.default_rng(0), small(), float("nan")),
        lambda: path_plane(np.zeros((1, 2, 4))),
        lambda: most_curved_plane(small(grid=11), np.zeros((2, 121)), prepare(small(grid=11)).train),
        lambda: losses_at(small(), np.zeros((3, 2, 5)), prepare(small()).train),
    ],
)
def test_bad_input(bad):
    with pytest.raises(InputError) as caught:
        bad()
    is_sentence(caught.value)
