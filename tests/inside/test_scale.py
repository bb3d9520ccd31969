"""From 17 to 785 qubits."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from qnn_core.data.dataset import prepare
from qnn_core.engines import build_engine
from qnn_core.engines.mps import mps_expectation, second_opinion
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.figures.inside.scale import slopes_chart, starts_curve, state_chart
from qnn_core.inside.scale import (
    MEASURED_GRIDS,
    SIZES,
    WITHOUT_XX,
    Slopes,
    measured_slopes,
    moved,
    nearest_landmark,
    scale_experiment,
    state_size,
    straight,
)
from qnn_core.training.run import train
from tests.helpers import is_sentence, small


def test_narrow_learns_the_full_image_and_uniform_does_not():
    """MATHS section 3, Scale: 785 qubits, 1,568 weights."""
    narrow = train(scale_experiment(Experiment(), 28, "narrow"))
    assert narrow.weights.size == 1568
    assert moved(narrow.initial_weights, narrow.weights) == 784  # the XX half stays at 0
    assert narrow.history[-1]["test_accuracy"] >= 0.99
    uniform = train(scale_experiment(Experiment(), 28, "uniform").with_(epochs=1))
    assert uniform.history[-1]["loss"] == pytest.approx(1, abs=1e-6)


def test_the_panels_pictures_and_seed_are_kept():
    panel = Experiment(
        digits=(4, 9), threshold=0.3, resample="area", seed=7, loss="squared", epochs=9, layers=("YY",)
    )
    scaled = scale_experiment(panel, 14, "uniform")
    kept = {"digits", "threshold", "resample", "seed", "loss"}
    assert scaled.model_dump(include=kept) == panel.model_dump(include=kept)
    assert (scaled.grid, scaled.start, scaled.epochs, scaled.layers) == (14, "uniform", 3, ("XX", "ZZ"))


@pytest.mark.parametrize(("grid", "low"), [(7, 0.90), (14, 0.98)])
def test_the_sizes_between(grid, low):
    assert train(scale_experiment(Experiment(), grid, "narrow")).history[-1]["test_accuracy"] > low


@pytest.mark.parametrize("grid", MEASURED_GRIDS[:4])
def test_measured_slopes_follow_the_law(grid):
    found = measured_slopes(grid)
    assert found.n == grid**2
    assert found.measured == pytest.approx(found.law, rel=0.25)


def test_slopes_are_those_of_the_engine():
    rng = np.random.default_rng(0)
    engine, slopes = build_engine(small(grid=2)), []
    for _ in range(4000):
        _, jacobian = engine.value_and_jacobian(rng.integers(0, 2, (1, 4)) * 1.0, rng.uniform(-1, 1, (2, 4)))
        slopes.append(jacobian[0, 1, 0])
    assert np.mean(np.square(slopes)) == pytest.approx(measured_slopes(2).law, rel=0.1)


@pytest.mark.parametrize("grid", [2, 7, 14])
@pytest.mark.parametrize("encoding", ["basis", "angle"])
def test_aers_matrix_product_state_agrees(grid, encoding):
    experiment = small(grid=grid, encoding=encoding)
    rng = np.random.default_rng(grid)
    pixels = rng.integers(0, 2, grid**2) * 1.0 if encoding == "basis" else rng.random(grid**2)
    weights = rng.normal(0, 0.3 / grid, (2, grid**2))
    found = second_opinion(experiment, pixels, weights)
    assert found.aer == pytest.approx(found.contraction, abs=1e-9)
    assert abs(found.contraction) > 1e-6
    assert found.seconds > 0


def test_mps_refuses_what_would_take_minutes():
    experiment = small(grid=14, layers=("XX", "ZZ") * 2)
    with pytest.raises(InputError) as caught:
        mps_expectation(experiment, np.zeros(196), np.zeros((4, 196)))
    is_sentence(caught.value)


def test_state_sizes_in_words():
    assert state_size(17) == "2¹⁷ amplitudes, 10⁶ bytes"
    assert state_size(785) == "2⁷⁸⁵ amplitudes, 10²³⁸ bytes"
    assert nearest_landmark(17) == "that fits into a laptop"
    assert nearest_landmark(50) == "that fills 2 supercomputers of 10 PB"
    assert nearest_landmark(30) == "that fills 1 laptop of 16 GB"
    assert nearest_landmark(785) == "that is 10¹⁵⁶ amplitudes for each atom of the universe"


def test_without_xx_a_wide_start_fails_all_the_same():
    """MATHS section 2a: the pictures' slopes cancel also where ⟨Z⟩ has no plateau."""
    bare = train(scale_experiment(Experiment(), 28, "uniform", WITHOUT_XX).with_(epochs=1))
    assert bare.weights.shape == (1, 784)
    assert bare.history[-1]["test_accuracy"] < 0.6


@pytest.mark.parametrize(("grid", "accuracy"), [(4, 0.92), (7, 0.96)])
def test_logistic_regression_on_the_same_bits(grid, accuracy):
    experiment = scale_experiment(Experiment(), grid, "narrow")
    found, data = straight(experiment), prepare(experiment)
    assert found.parameters == grid**2 + 1
    assert found.accuracy == pytest.approx(accuracy, abs=0.02)
    # Example by example, without counting what repeats.
    every = LogisticRegression(max_iter=500).fit(data.train.images[data.train.row], data.train.labels)
    assert found.accuracy == pytest.approx(every.score(data.test.images[data.test.row], data.test.labels), abs=1e-3)


def test_charts():
    run = train(small())
    figure = starts_curve({"one": run.records, "two": [], "three": run.records}, 8, 1.5)
    assert [trace.name for trace in figure.data] == ["one", "two", "three"]
    assert figure.layout.yaxis.range[1] > 1.5
    assert list(slopes_chart([Slopes(4, 0.01, 0.02)]).data[1].y) == [-2]
    bars = state_chart([grid**2 + 1 for grid in SIZES]).data[0]
    assert list(bars.x) == sorted(bars.x)
    assert max(bars.x) == pytest.approx(236.3, abs=0.1)
