"""The network without entanglement, its slopes, and its training."""

import numpy as np
import pytest

from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.inside.product import ProductEngine, product_expectation, train_product
from qnn_core.training.loop import evaluate
from qnn_core.training.run import train
from tests.helpers import bits, is_sentence, random_layers, small

STEP = 1e-6


@pytest.mark.parametrize("length", [1, 2, 4, 7])
@pytest.mark.parametrize("grid", [2, 3])
def test_slopes_are_finite_differences(length, grid):
    rng = np.random.default_rng(length)
    experiment = small(grid=grid, layers=random_layers(rng, length))
    engine, weights = ProductEngine(experiment), rng.uniform(0, 1, (length, grid**2))
    for pixels in (bits(rng, 3, grid**2), rng.random((3, grid**2))):
        values, jacobian = engine.value_and_jacobian(pixels, weights)
        np.testing.assert_allclose(values, product_expectation(experiment, weights, pixels), atol=1e-12)
        for place in np.ndindex(weights.shape):
            shift = np.zeros_like(weights)
            shift[place] = STEP
            ahead, behind = (product_expectation(experiment, weights + s * shift, pixels) for s in (1, -1))
            np.testing.assert_allclose(jacobian[:, *place], (ahead - behind) / (2 * STEP), atol=1e-7)


def test_slopes_are_right_where_a_factor_is_zero():
    experiment, weights = small(layers=("ZZ", "XX", "ZZ")), np.full((3, 4), 0.5)
    engine, pixels = ProductEngine(experiment), bits(np.random.default_rng(0), 4, 4)
    jacobian = engine.value_and_jacobian(pixels, weights)[1]
    assert np.isfinite(jacobian).all()
    shift = np.zeros((3, 4))
    shift[0, 1] = STEP
    ahead, behind = (engine.expectation(pixels, weights + s * shift) for s in (1, -1))
    np.testing.assert_allclose(jacobian[:, 0, 1], (ahead - behind) / (2 * STEP), atol=1e-7)


def test_one_block_trains_as_the_network_itself():
    experiment = small(grid=3, epochs=4)
    np.testing.assert_allclose(train_product(experiment), train(experiment).weights, atol=1e-9)


def test_two_blocks_are_trained_on_what_they_are_and_not_on_the_network():
    experiment = small(
        grid=3, layers=("XX", "ZZ") * 2, examples=None, batch_size=None, epochs=150, learning_rate=0.02
    )
    own, entangled, test = train_product(experiment), train(experiment).weights, prepare(experiment).test
    engine = ProductEngine(experiment)
    assert np.abs(own - entangled).max() > 0.01
    assert evaluate(experiment, own, test, engine)[0] < evaluate(experiment, entangled, test, engine)[0] - 0.01
    assert evaluate(experiment, entangled, test)[0] < 0.9


def test_weights_and_pictures_that_do_not_fit():
    for bad in (
        lambda: product_expectation(small(), np.zeros((2, 4)), np.zeros((1, 5))),
        lambda: ProductEngine(small()).expectation(np.zeros((1, 4)), np.zeros((3, 4))),
    ):
        with pytest.raises(InputError) as caught:
            bad()
        is_sentence(caught.value)
