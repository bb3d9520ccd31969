"""Random flips against the statevector: the enumeration, the draws, and the chances themselves."""

import numpy as np
import pytest

from qnn_core.errors import InputError
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.flips import RandomFlips
from tests.helpers import bits, is_sentence, small, statevector

COSINES = (
    ("XX", "ZZ"),
    ("XX", "XX", "ZZ", "ZZ"),
    ("XX", "YY"),
    ("ZZ", "XX"),
    ("XX", "ZZ", "XX"),
    ("YY",),
    ("XX",),
)


def flips_of(layers, weights, pixels):
    experiment = small(grid=round(len(pixels) ** 0.5), layers=layers)
    return RandomFlips.of(cosine_neuron(experiment, weights), pixels)


@pytest.mark.parametrize("layers", COSINES, ids="-".join)
def test_enumerating_the_flips_is_the_statevector(layers):
    rng = np.random.default_rng(len(layers))
    for n in (4, 9):
        weights = rng.uniform(-1, 2 * np.pi, (len(layers), n))
        for pixels in (bits(rng, 1, n)[0], rng.random(n)):
            found = flips_of(layers, weights, pixels).mean()
            assert found == pytest.approx(statevector(layers, pixels, weights), abs=1e-12)


def test_all_65536_ways_at_17_qubits():
    rng = np.random.default_rng(5)
    weights, pixels = rng.uniform(-0.2, 0.2, (2, 16)), bits(rng, 1, 16)[0]
    flips = flips_of(("XX", "ZZ"), weights, pixels)
    expected = statevector(("XX", "ZZ"), pixels, weights)
    assert abs(expected) > 0.1
    assert flips.mean() == pytest.approx(expected, abs=1e-12)
    # The product formula, where E[s] = cos θ·z stands for the two signs.
    factors = np.cos(flips.phase) + 1j * (2 * flips.paper - 1) * np.sin(flips.phase)
    assert -np.prod(factors).real == pytest.approx(expected, abs=1e-12)


def test_a_pixel_flips_as_often_as_the_xx_weight_says():
    rng = np.random.default_rng(0)
    weights, pixels = rng.uniform(0, 2, (2, 9)), bits(rng, 1, 9)[0]
    flip = flips_of(("XX", "ZZ"), weights, pixels).flip(pixels)
    np.testing.assert_allclose(flip, np.sin(np.pi * weights[0] / 2) ** 2, atol=1e-12)
    weights[0] = 0
    assert not flips_of(("XX", "ZZ"), weights, pixels).flip(pixels).any()
    weights[0] = 1  # a whole half-turn: every pixel is its opposite
    np.testing.assert_allclose(flips_of(("XX", "ZZ"), weights, pixels).flip(pixels), 1)


def test_draws_come_out_as_their_chances_and_their_mean_is_the_answer():
    rng = np.random.default_rng(1)
    weights, pixels = rng.uniform(-0.5, 0.5, (2, 4)), bits(rng, 1, 4)[0]
    flips = flips_of(("XX", "ZZ"), weights, pixels)
    drawn = flips.drawn(rng, 40_000)
    assert set(np.unique(drawn)) == {0, 1}
    np.testing.assert_allclose((drawn != pixels).mean(axis=0), flips.flip(pixels), atol=0.01)
    expected = statevector(("XX", "ZZ"), pixels, weights)
    assert abs(expected) > 0.1
    assert flips.answers(drawn).mean() == pytest.approx(expected, abs=0.02)


def test_what_does_not_fit():
    for bad in (
        lambda: flips_of(("XX", "ZZ"), np.zeros((2, 25)), np.zeros(25)).mean(),
        lambda: RandomFlips.of(cosine_neuron(small(), np.zeros((2, 4))), np.zeros(3)),
    ):
        with pytest.raises(InputError) as caught:
            bad()
        is_sentence(caught.value)
