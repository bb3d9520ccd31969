"""One weight alone moves ⟨Z⟩ along one sine, whatever the layers, the gate and the encoding."""

import numpy as np
import pytest

from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.one_weight import one_weight, with_weight
from qnn_core.training.loop import engine_of
from tests.helpers import is_sentence, small

NETWORKS = [
    small(),
    small(layers=("ZZ", "XX")),
    small(layers=("XX", "YY", "ZZ")),
    small(layers=("XX", "ZZ", "XX", "ZZ")),
    small(layers=("XX", "XX", "ZZ"), encoding="angle"),
]


@pytest.mark.parametrize("experiment", NETWORKS, ids=lambda one: " ".join(one.layers))
def test_three_places_tell_all_others(experiment):
    rng = np.random.default_rng(0)
    weights = rng.uniform(0, 2 * np.pi, (len(experiment.layers), experiment.pixels))
    pixels = rng.random((6, 4)) if experiment.encoding == "angle" else 1.0 * rng.integers(0, 2, (6, 4))
    at = rng.uniform(-1, 1, 5)

    def value(turned):
        return engine_of(contracted(experiment)).value(pixels, turned)

    for layer in range(len(weights)):
        for pixel in range(experiment.pixels):
            directly = [value(with_weight(weights, layer, pixel, place)) for place in at]
            np.testing.assert_allclose(one_weight(value, weights, layer, pixel).at(at), directly, atol=1e-12)


def test_the_other_weights_stay():
    weights = np.arange(8.0).reshape(2, 4)
    turned = with_weight(weights, 1, 2, 0.5)
    assert np.argwhere(turned != weights).tolist() == [[1, 2]]
    assert weights[1, 2] == 6


def test_rounding_is_no_verdict():
    def value(turned):
        return np.array([np.cos(np.pi * turned[0, 0]), 1e-17])

    assert one_weight(value, np.zeros((1, 1)), 0, 0).at([0.5, 1]).tolist() == [[0, 0], [-1, 0]]


@pytest.mark.parametrize(("layer", "pixel"), [(2, 0), (0, 16), (-1, 0)])
def test_a_weight_that_is_not_there(layer, pixel):
    with pytest.raises(InputError) as refused:
        one_weight(engine_of(Experiment(engine="contraction")).value, np.zeros((2, 16)), layer, pixel)
    is_sentence(refused.value)
