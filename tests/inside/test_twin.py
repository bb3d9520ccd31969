"""The classical twin is what the circuit computes, and is trained as it is."""

import numpy as np
import pytest

from qnn_core.engines import build_engine
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.twin import TWIN_LAYERS, TwinEngine
from qnn_core.training.loop import advance, start, total_steps
from qnn_core.training.run import train
from tests.helpers import bits, closed_form, small, statevector

STEP = 1e-6


@pytest.mark.parametrize("grid", [2, 3])
def test_the_turns_of_a_network_give_its_answers_but_for_their_length(grid):
    rng = np.random.default_rng(grid)
    experiment, weights, pixels = small(grid=grid), rng.uniform(0, 1, (2, grid**2)), bits(rng, 8, grid**2)
    neuron = cosine_neuron(experiment, weights)
    answers = TwinEngine(experiment).expectation(pixels, neuron.turn[None] / np.pi)
    np.testing.assert_allclose(neuron.amplitude * answers, closed_form(pixels, weights), atol=1e-12)


def test_it_is_the_circuit_of_its_layers_on_bits():
    rng = np.random.default_rng(1)
    weights, pixels = rng.uniform(-1, 1, (1, 4)), bits(rng, 6, 4)
    expected = [statevector(TWIN_LAYERS, image, weights) for image in pixels]
    found = TwinEngine(small(layers=TWIN_LAYERS)).expectation(pixels, weights)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_slopes_are_finite_differences():
    rng = np.random.default_rng(2)
    engine, pixels, weights = TwinEngine(small()), rng.random((5, 4)), rng.uniform(-1, 1, (1, 4))
    jacobian = engine.value_and_jacobian(pixels, weights)[1]
    for k in range(4):
        shift = np.zeros((1, 4))
        shift[0, k] = STEP
        ahead, behind = (engine.expectation(pixels, weights + s * shift) for s in (1, -1))
        np.testing.assert_allclose(jacobian[:, 0, k], (ahead - behind) / (2 * STEP), atol=1e-7)
    upstream = rng.normal(size=5)
    pulled = engine.value_and_pullback(pixels, weights)[1](upstream)
    np.testing.assert_allclose(pulled, np.tensordot(upstream, jacobian, 1), atol=1e-12)


def test_it_trains_as_the_circuit_of_its_layers():
    experiment = small(layers=TWIN_LAYERS, epochs=3)
    state, _ = advance(experiment, start(experiment), total_steps(experiment), engine=TwinEngine(experiment))
    np.testing.assert_allclose(state.weights, train(experiment).weights, atol=1e-9)
    assert build_engine(experiment).shape == TwinEngine(experiment).shape == state.weights.shape
