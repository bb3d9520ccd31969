"""One block is a cosine: closed form against contraction, Aer and a plain statevector."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.engines import build_engine
from qnn_core.errors import InputError
from qnn_core.inside.all_pictures import all_images, extremes, flips, image_of, number_of, occurrences
from qnn_core.inside.cosine import cosine_neuron, is_cosine, merged_weights
from qnn_core.inside.paths import hidden_cosines, path_terms
from tests.helpers import bits, closed_form, is_sentence, random_layers, small, statevector

ONE_COSINE = [
    ("XX", "ZZ"),
    ("XX", "XX", "ZZ", "ZZ"),
    ("XX", "ZZ", "XX"),
    ("ZZ", "XX"),
    ("ZZ",),
    ("XX",),
    ("YY",),
    ("XX", "YY"),
    ("XX", "YY", "YY", "XX"),
]
MORE_THAN_ONE = [("XX", "ZZ") * 2, ("ZZ", "XX") * 2, ("XX", "YY", "ZZ"), ("XX", "ZZ") * 3]


def drawn(seed, layers, n, images=6):
    rng = np.random.default_rng(seed)
    return bits(rng, images, n), rng.random((images, n)), rng.uniform(-2, 2 * np.pi, (len(layers), n))


@pytest.mark.parametrize("layers", ONE_COSINE)
def test_the_cosine_is_the_circuit(layers):
    pixels, grey, weights = drawn(len(layers), layers, 4)
    neuron = cosine_neuron(small(layers=layers), weights)
    for images in (pixels, grey):
        expected = [statevector(layers, image, weights) for image in images]
        np.testing.assert_allclose(neuron.expectation(images), expected, atol=1e-12)
    # f = −R·cos(Σ α z)
    cosine = -neuron.amplitude * np.cos((1 - 2 * pixels) @ neuron.turn)
    np.testing.assert_allclose(cosine, neuron.expectation(pixels), atol=1e-12)


@pytest.mark.parametrize("engine", ["aer", "contraction"])
def test_the_cosine_at_17_qubits(engine):
    layers = ("XX", "XX", "ZZ", "ZZ")
    pixels, _, weights = drawn(5, layers, 16, images=3)
    weights /= 20
    experiment = small(grid=4, layers=layers, engine=engine)
    found = build_engine(experiment).expectation(pixels, weights)
    assert np.abs(found).max() > 0.1
    np.testing.assert_allclose(cosine_neuron(experiment, weights).expectation(pixels), found, atol=1e-12)


@pytest.mark.parametrize("layers", [*ONE_COSINE, *MORE_THAN_ONE])
def test_several_blocks_are_a_sum_of_cosines(layers):
    pixels, _, weights = drawn(len(layers), layers, 9)
    network = hidden_cosines(small(grid=3, layers=layers), weights)
    expected = [statevector(layers, image, weights) for image in pixels]
    np.testing.assert_allclose(network(pixels), expected, atol=1e-12)
    by_hand = [sum(a * np.cos(b @ (1 - 2 * image) - c) for a, b, c in zip(*network, strict=True)) for image in pixels]
    np.testing.assert_allclose(by_hand, expected, atol=1e-12)
    if layers in MORE_THAN_ONE:
        assert len(network.size) > 1
    elif layers[-1] != "XX":  # a last XX layer changes nothing, but it is counted
        assert len(network.size) == 1


@given(st.integers(0, 2**32 - 1))
def test_random_layers_are_a_sum_of_cosines(seed):
    rng = np.random.default_rng(seed)
    layers = random_layers(rng, int(rng.integers(1, 8)))
    pixels, _, weights = drawn(seed, layers, 4)
    experiment = small(layers=layers)
    found = build_engine(experiment).expectation(pixels, weights)
    np.testing.assert_allclose(hidden_cosines(experiment, weights)(pixels), found, atol=1e-9)


def test_grouped_layers_add_up():
    _, _, weights = drawn(1, "abcd", 4)
    grouped = cosine_neuron(small(layers=("XX", "XX", "ZZ", "ZZ")), weights)
    single = cosine_neuron(small(layers=("XX", "ZZ")), np.stack([weights[:2].sum(0), weights[2:].sum(0)]))
    np.testing.assert_allclose(grouped.turn, single.turn)
    np.testing.assert_allclose(grouped.keep, single.keep)
    kinds, summed = merged_weights(small(layers=("XX", "XX", "ZZ", "ZZ")), weights)
    assert kinds == ("XX", "ZZ")
    np.testing.assert_allclose(summed[0], weights[0] + weights[1])


def test_the_dial_starts_at_minus_one_and_ends_at_the_verdict():
    pixels, _, weights = drawn(2, "ab", 9)
    neuron = cosine_neuron(small(grid=3), weights)
    for image, f in zip(pixels, closed_form(pixels, weights), strict=True):
        dial = neuron.dial(image)
        assert len(dial) == 10
        assert dial[0] == -1
        assert dial[-1].real == pytest.approx(f, abs=1e-12)
        np.testing.assert_allclose(np.abs(dial[1:] / dial[:-1]), neuron.keep, atol=1e-9)


@pytest.mark.parametrize("layers", [("XX", "ZZ", "XX", "ZZ"), ("ZZ", "XX", "ZZ"), ("YY", "ZZ"), ("XX", "YY", "ZZ")])
def test_interleaved_layers_are_refused(layers):
    assert not is_cosine(layers)
    with pytest.raises(InputError) as caught:
        cosine_neuron(small(layers=layers), np.zeros((len(layers), 4)))
    assert "more than one cosine" in is_sentence(caught.value)


def test_shapes_that_do_not_fit():
    experiment = small()
    neuron = cosine_neuron(experiment, np.zeros((2, 4)))
    for bad in (
        lambda: cosine_neuron(experiment, np.zeros((2, 5))),
        lambda: cosine_neuron(experiment, np.full((2, 4), np.nan)),
        lambda: neuron.expectation(np.zeros((3, 5))),
        lambda: neuron.expectation(np.zeros(4)),
        lambda: flips(experiment, np.zeros((2, 4)), np.zeros(5)),
        lambda: path_terms(experiment, np.zeros((2, 4)), np.full(4, 0.5)),
        lambda: all_images(small(grid=5), np.zeros((2, 25))),
    ):
        with pytest.raises(InputError) as caught:
            bad()
        is_sentence(caught.value)


@pytest.mark.parametrize(("grid", "length"), [(2, 1), (2, 4), (3, 3), (3, 5), (4, 2), (4, 4)])
def test_all_images_are_the_engines(grid, length):
    rng = np.random.default_rng(length)
    layers, n = random_layers(rng, length), grid**2
    experiment, weights = small(grid=grid, layers=layers), rng.uniform(0, 2 * np.pi, (length, n))
    table = all_images(experiment, weights)
    assert table.shape == (2 ** (n - n // 2), 2 ** (n // 2))
    numbers = rng.integers(0, 2**n, 50)
    pixels = image_of(numbers, n)
    assert np.array_equal(number_of(pixels), numbers)
    np.testing.assert_allclose(
        table.ravel()[numbers], build_engine(experiment).expectation(pixels, weights), atol=1e-12
    )


def test_flips_are_the_neighbours_in_the_table():
    rng = np.random.default_rng(3)
    experiment, weights = small(grid=3), rng.uniform(0, 2 * np.pi, (2, 9))
    table, image = all_images(experiment, weights).ravel(), bits(rng, 1, 9)[0]
    number = number_of(image[None])[0]
    np.testing.assert_allclose(
        flips(experiment, weights, image), [table[number ^ (1 << (8 - k))] for k in range(9)], atol=1e-12
    )


def test_extremes_are_the_largest_smallest_and_most_undecided(tutorial):
    rng = np.random.default_rng(4)
    experiment, weights = small(grid=4), rng.uniform(-0.2, 0.2, (2, 16))
    table = all_images(experiment, weights)
    found = extremes(table, tutorial.kept, 5)
    flat = table.ravel()
    assert found["first"].value[0] == flat.max()
    assert found["second"].value[0] == flat.min()
    np.testing.assert_allclose(np.sort(np.abs(flat))[:5], np.abs(found["undecided"].value), atol=1e-8)
    for some in found.values():
        for image, value, *counts in zip(*some, strict=True):
            assert value == flat[number_of(image[None])[0]]
            assert tuple(counts) == tutorial.kept.count(image)
    first, second = occurrences(tutorial.kept)
    assert first.sum() + second.sum() == len(tutorial.kept)


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "ZZ", "XX", "ZZ"), ("ZZ", "YY", "XX"), ("XX", "ZZ") * 3])
def test_the_paths_add_up_to_the_verdict(layers):
    rng = np.random.default_rng(6)
    weights, image = rng.uniform(0, 2 * np.pi, (len(layers), 4)), bits(rng, 1, 4)[0]
    terms = path_terms(small(layers=layers), weights, image)
    assert sum(term.value for term in terms) == pytest.approx(statevector(layers, image, weights), abs=1e-12)
    sizes = [abs(term.value) for term in terms]
    assert sizes == sorted(sizes, reverse=True)
    assert all(len(term.bra) == len(term.ket) == len(layers) for term in terms)
