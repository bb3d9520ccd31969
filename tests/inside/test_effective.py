"""How many of a network's weights count, against what is known of each kind of network."""

import numpy as np
import pytest

from qnn_core.data.dataset import prepare
from qnn_core.engines import build_engine
from qnn_core.experiment import Experiment
from qnn_core.inside import effective
from qnn_core.inside.effective import effective_on_digits, effective_parameters


def counted(layers, grid=4, encoding="basis", **changes):
    return effective_parameters(
        Experiment(layers=layers, grid=grid, encoding=encoding, engine="contraction", **changes)
    )


@pytest.mark.parametrize("grid", [2, 3, 4, 7])
def test_black_and_white_pictures(grid):
    n = grid**2
    assert counted(("XX", "ZZ"), grid) == n + 1  # a phase for each pixel, and R
    assert counted(("XX", "YY"), grid) == n + 1
    assert counted(("ZZ", "XX"), grid) == counted(("ZZ",), grid) == n  # the last layer changes nothing
    assert counted(("XX",), grid) == 0
    assert counted(("YY",), grid) == 1  # only R: asked along y, a bit is neither 0 nor 1
    assert counted(("XX", "XX", "ZZ", "ZZ"), grid) == counted(("XX", "ZZ", "XX"), grid) == n + 1


@pytest.mark.parametrize("grid", [3, 4, 7])
def test_grey_pictures_and_more_blocks_use_every_merged_weight(grid):
    n = grid**2
    assert counted(("XX", "ZZ"), grid, "angle") == counted(("XX", "XX", "ZZ", "ZZ"), grid, "angle") == 2 * n
    assert counted(("XX", "ZZ", "XX", "ZZ"), grid) == 4 * n


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("ZZ", "XX"), ("XX", "YY", "ZZ"), ("XX", "ZZ", "XX", "ZZ")])
def test_large_grids_follow_from_small_ones(monkeypatch, layers):
    direct = counted(layers, 7)
    effective._rank.cache_clear()
    monkeypatch.setattr(effective, "MOST_WEIGHTS", 16 * len(layers))
    assert counted(layers, 7) == direct
    effective._rank.cache_clear()


def test_all_785_qubits():
    assert counted(("XX", "ZZ"), 28) == 785


def test_only_the_network_matters():
    one = counted(("XX", "ZZ"), digits=(0, 1), threshold=0.98, seed=5, examples=2)
    assert one == counted(("XX", "ZZ"))


def test_weights_that_do_not_count_really_change_nothing():
    # 32 weights but 17 ways: 15 directions of the weights leave ⟨Z⟩ of every picture as it is.
    experiment = Experiment(engine="contraction")
    rng = np.random.default_rng(3)
    weights, pixels = rng.uniform(-0.2, 0.2, (2, 16)), rng.integers(0, 2, (300, 16)).astype(float)
    engine = build_engine(experiment)
    values, jacobian = engine.value_and_jacobian(pixels, weights)
    _, _, directions = np.linalg.svd(jacobian.reshape(300, 32))
    moved = [np.abs(engine.expectation(pixels, weights + 1e-4 * d.reshape(2, 16)) - values).max() for d in directions]
    ways = effective_parameters(experiment)
    assert max(moved[ways:]) < 1e-6 < min(moved[:ways])


def on_digits(layers, **changes):
    return effective_on_digits(Experiment(layers=layers, engine="contraction", **changes))


def test_the_digits_themselves_tell_fewer_numbers_apart():
    # On bits f = −R·cos(α·z): as many numbers as directions that the signs z of the pictures span, and R.
    for digits in ((3, 6), (0, 1)):
        signs = 1 - 2 * prepare(Experiment(digits=digits)).kept.images
        spanned = np.linalg.matrix_rank(signs)
        assert spanned < 16
        assert on_digits(("XX", "ZZ"), digits=digits) == on_digits(("XX", "XX", "ZZ", "ZZ"), digits=digits)
        assert on_digits(("XX", "ZZ"), digits=digits) == spanned + 1
        assert on_digits(("ZZ", "XX"), digits=digits) == spanned
    assert on_digits(("XX", "ZZ")) == 16
    assert on_digits(("XX", "ZZ", "XX", "ZZ")) == 64


def test_too_many_slopes_are_not_counted():
    assert on_digits(("XX", "ZZ"), grid=28) is None
