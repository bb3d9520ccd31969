"""The films of pages 9 and 11 show what is computed directly, and exactly the weight that stands there."""

import json

import numpy as np
import pytest

from qnn_core.circuit import wrap
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import CosineNeuron, cosine_neuron
from qnn_core.live.film import MOST_FRAMES
from qnn_core.live.films.dial import dial_film
from qnn_core.live.films.flips import MEASUREMENTS, flips_film
from qnn_core.live.films.noise import STRONGEST, coarse_to_fine, noise_film, strengths, under_noise
from qnn_core.live.films.weight import ACCURACY, PICTURE, weight_film
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.machine.shots import expected_accuracy
from qnn_core.training.loop import engine_of
from qnn_core.training.losses import accuracy
from qnn_core.training.run import train
from tests.helpers import is_sentence

TUTORIAL = Experiment(engine="contraction")
INTERLEAVED = TUTORIAL.with_(layers=("XX", "ZZ", "XX", "ZZ"))
LARGE = TUTORIAL.with_(grid=28)
MOST_BYTES = 1_000_000


def panel(film, title):
    """The panel with this heading."""
    return next(one for one in film.panels if one.title == title)


def uniform(experiment, seed=0):
    """Random weights, as training begins with them: far more than one turn."""
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (len(experiment.layers), experiment.pixels))


def picture_of(experiment, number=4):
    return prepare(experiment).test.images[number]


@pytest.fixture(scope="module")
def trained():
    return train(TUTORIAL).weights


# ---------------------------------------------------------------- the dial


def test_the_dial_is_that_of_the_neuron(trained):
    neuron, pixels = cosine_neuron(TUTORIAL, trained), picture_of(TUTORIAL)
    film = dial_film(neuron, pixels)
    hand = neuron.dial(pixels)
    assert film.positions.tolist() == list(range(17))
    assert np.array_equal(panel(film, "The dial").points, hand)
    assert film.table()["⟨Z⟩ so far"][-1] == pytest.approx(engine_of(TUTORIAL).value(pixels[None], trained)[0])
    assert film.table()["Now: length of the hand"] == pytest.approx(np.abs(hand))
    assert panel(film, "The pixels").marked == (-1, *range(16))
    assert panel(film, "The dial").to_data()["points"][0] == [-1, 0]


def test_a_dial_of_any_number_of_pixels():
    neuron = CosineNeuron(np.full(5, 0.3), np.tile([0.0, 0.0, 1.0], (5, 1)))
    assert len(dial_film(neuron, np.zeros(5))) == 6


def test_a_dial_of_many_pixels_adds_several_at_once():
    neuron, pixels = cosine_neuron(LARGE, uniform(LARGE)), picture_of(LARGE)
    film = dial_film(neuron, pixels)
    assert len(film) == MOST_FRAMES
    after = film.positions.astype(int)
    assert (after[0], after[-1]) == (0, 784)
    assert set(np.diff(after)) == {3, 4}
    assert np.array_equal(panel(film, "The dial").points, neuron.dial(pixels)[after])
    assert panel(film, "The pixels").marked == tuple(after - 1)
    assert len(json.dumps(film.to_data())) < MOST_BYTES


# ---------------------------------------------------------------- random flips


def test_pixels_flip_and_the_mean_becomes_the_answer():
    weights = np.random.default_rng(2).uniform(-0.15, 0.15, (2, 16))
    neuron, pixels = cosine_neuron(TUTORIAL, weights), picture_of(TUTORIAL)
    film = flips_film(TUTORIAL, neuron, pixels)
    assert film.positions.tolist() == list(range(1, MEASUREMENTS + 1))
    chance = panel(film, "How likely each pixel flips").values
    np.testing.assert_allclose(chance[0], np.sin(np.pi * weights[0] / 2) ** 2, atol=1e-12)
    drawn = panel(film, "The pixels as they come out").values
    assert (drawn != pixels).sum(axis=1).mean() == pytest.approx(chance[0].sum(), abs=0.25)
    answers = -np.cos((1 - 2 * drawn) @ (np.pi * weights[1]))
    mean = panel(film, "The mean so far")
    np.testing.assert_allclose(mean.series[0].y, np.cumsum(answers) / film.positions, atol=1e-12)
    exact = engine_of(TUTORIAL).value(pixels[None], weights)[0]
    assert mean.levels[0].y == pytest.approx(exact)
    assert mean.series[0].y[-1] == pytest.approx(exact, abs=0.15)
    assert flips_film(TUTORIAL, neuron, pixels).to_data() == film.to_data()
    assert flips_film(TUTORIAL.with_(seed=1), neuron, pixels).name != film.name


def test_flips_of_many_pixels_are_fewer_frames():
    film = flips_film(LARGE, cosine_neuron(LARGE, uniform(LARGE)), picture_of(LARGE))
    assert 20 <= len(film) < MEASUREMENTS
    assert len(json.dumps(film.to_data())) < MOST_BYTES


# ---------------------------------------------------------------- one weight


@pytest.mark.parametrize("experiment", [TUTORIAL, INTERLEAVED, TUTORIAL.with_(encoding="angle", grid=2)])
def test_every_frame_of_a_weight_is_the_direct_one(experiment):
    weights, test, layer, pixel = uniform(experiment), prepare(experiment).test, 1, 2
    picture = picture_of(experiment)
    film = weight_film(experiment, weights, layer, pixel, picture, truth=-1.0)
    table = film.table()
    for frame in (0, 17, film.rest, 60, len(film) - 1):
        turned = weights.copy()
        turned[layer, pixel] = film.positions[frame]
        values = engine_of(experiment).value(test.images, turned)
        own = float(engine_of(experiment).value(picture[None], turned)[0])
        assert table[ACCURACY][frame] == accuracy(values, test.whole)
        assert table[PICTURE][frame] == pytest.approx(own, abs=1e-12)
        assert table["This picture's ⟨Z⟩: ⟨Z⟩"][frame] == table[PICTURE][frame]
        cells = panel(film, f"Weights, ZZ layer {layer + 1}")
        assert np.array_equal(cells.values[frame], turned[layer])
        assert cells.marked[frame] == pixel
        if experiment is TUTORIAL:
            np.testing.assert_allclose(
                panel(film, "The dial").points[frame], cosine_neuron(experiment, turned).dial(picture)
            )
    kinds = [one.kind for one in film.panels]
    assert ("dial" in kinds) == (experiment is not INTERLEAVED)
    assert panel(film, PICTURE).truth == -1


@pytest.mark.parametrize("now", [0.0, 0.0123456789, 0.5, 0.500001, -1.0, 1.0, 0.9999, 5.7, -0.0249999])
def test_the_weight_that_stands_there_is_a_frame_exactly(now):
    weights = uniform(TUTORIAL)
    weights[0, 3] = now
    film = weight_film(TUTORIAL, weights, 0, 3, picture_of(TUTORIAL))
    assert film.positions[film.rest] == wrap(now)
    assert len(film) in {81, 82}
    assert np.diff(film.positions).min() > 1e-4  # told apart by the player too
    assert np.abs(film.positions).max() <= 1
    assert np.diff(film.positions).max() < 0.03


def test_films_of_other_weights_have_other_names():
    weights, picture = uniform(TUTORIAL), picture_of(TUTORIAL)
    name = weight_film(TUTORIAL, weights, 0, 3, picture).name
    others = [
        weight_film(TUTORIAL, weights, 1, 3, picture),
        weight_film(TUTORIAL, weights, 0, 4, picture),
        weight_film(TUTORIAL, uniform(TUTORIAL, 1), 0, 3, picture),
        weight_film(TUTORIAL, weights, 0, 3, picture_of(TUTORIAL, 7)),
    ]
    assert len({name, *(film.name for film in others)}) == 5


def test_a_weight_among_many_is_small_and_draws_only_the_hand():
    film = weight_film(LARGE, uniform(LARGE), 1, 400, picture_of(LARGE))
    assert panel(film, "The dial").points.shape == (len(film), 1)
    assert len(json.dumps(film.to_data())) < MOST_BYTES
    own = film.table()["The dial: real part"]
    assert own == pytest.approx(film.table()[PICTURE], abs=1e-9)


@pytest.mark.parametrize(
    "wrong", [{"layer": 2}, {"pixel": 16}, {"picture": np.zeros(3)}, {"weights": np.zeros((3, 16))}, {"truth": 3}]
)
def test_a_weight_that_does_not_fit(wrong):
    given = {"weights": np.zeros((2, 16)), "layer": 0, "pixel": 0, "picture": np.zeros(16), **wrong}
    with pytest.raises(InputError) as refused:
        weight_film(TUTORIAL, **given)
    is_sentence(refused.value)


# ---------------------------------------------------------------- noise


def film_of_noise(weights, channel="depolarising", readout=0.0, gate=0.01, **options):
    values = {each: under_noise(TUTORIAL, weights, channel, each) for each in (0.0, 0.01, 0.1)}
    own = {each: float(of_all[4]) for each, of_all in values.items()}
    noise = Noise(channel, gate, readout)
    return noise_film(TUTORIAL, weights, noise, values, own=own, picture=picture_of(TUTORIAL), **options)


@pytest.mark.parametrize(("channel", "readout"), [("depolarising", 0.0), ("amplitude-damping", 0.1)])
def test_noise_is_that_of_the_machine(trained, channel, readout):
    weights, test = uniform(TUTORIAL) if readout else trained, prepare(TUTORIAL).test
    film = film_of_noise(weights, channel, readout, truth=1.0, shots=30)
    table = film.table()
    assert film.positions.tolist() == [0, 1, 10]
    assert film.rest == 1
    clean = engine_of(TUTORIAL).value(test.images, weights)[test.row]
    for i, percent in enumerate(film.positions):
        values = noisy_expectation(TUTORIAL, weights, test.images, Noise(channel, percent / 100, readout))
        single = values[test.row]
        assert table["Accuracy: any number of shots"][i] == np.mean(is_first(single) == is_first(test.labels))
        assert table["Accuracy: 30 shots"][i] == pytest.approx(expected_accuracy(values, test.whole, 30))
        assert table["Size of ⟨Z⟩: largest of all"][i] == pytest.approx(np.abs(values).max())
        assert table["Size of ⟨Z⟩: this picture"][i] == pytest.approx(abs(values[4]))
        assert table["This picture"][i] == pytest.approx(values[4])
        assert table["Verdicts: flipped by noise"][i] == np.count_nonzero(is_first(single) != is_first(clean))
        firsts = panel(film, "All test pictures").first[i]
        assert firsts[20:].sum() == np.count_nonzero(is_first(single[test.labels > 0]))
        assert firsts.sum() == np.count_nonzero(test.labels > 0)


def test_verdicts_are_hidden_before_a_prediction(trained):
    titles = [one.title for one in film_of_noise(trained, verdicts=False).panels]
    assert titles == ["Size of ⟨Z⟩", "This picture"]
    assert film_of_noise(trained, verdicts=False).name == film_of_noise(trained).name


def test_a_film_of_noise_begins_without_noise(trained):
    values = {0.01: under_noise(TUTORIAL, trained, "dephasing", 0.01)}
    with pytest.raises(InputError) as refused:
        noise_film(TUTORIAL, trained, Noise(), values, own={0.01: 0.5}, picture=picture_of(TUTORIAL))
    is_sentence(refused.value)


def test_only_what_is_known_of_both_is_shown(trained):
    values = {each: under_noise(TUTORIAL, trained, "dephasing", each) for each in (0.0, 0.01, 0.1)}
    film = noise_film(TUTORIAL, trained, Noise(), values, own={0.0: 0.5, 0.1: 0.4}, picture=picture_of(TUTORIAL))
    assert film.positions.tolist() == [0, 10]


@pytest.mark.parametrize("steps", [40, 10])
def test_the_range_is_seen_early(steps):
    all_of_them = tuple(round(0.1 * k / steps, 6) for k in range(steps + 1))
    order = coarse_to_fine(all_of_them, 0.02)
    assert order[:3] == [0.02, 0.0, 0.1]
    assert sorted(order) == list(all_of_them)
    gaps = [np.diff(sorted(order[:known])).max() for known in range(3, len(order) + 1)]
    assert gaps == sorted(gaps, reverse=True)


def test_fewer_strengths_where_each_takes_long_and_none_where_it_takes_minutes():
    assert strengths(TUTORIAL)[:9] == (0, 0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.0175, 0.02)
    assert strengths(TUTORIAL)[-1] == 0.1
    assert strengths(TUTORIAL, STRONGEST)[-2:] == (0.975, 1.0)
    coarse = strengths(TUTORIAL.with_(grid=8, layers=("XX", "ZZ", "XX")))
    assert coarse == (0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1)
    with pytest.raises(InputError) as refused:
        strengths(LARGE.with_(layers=("XX", "ZZ", "XX", "ZZ")))
    is_sentence(refused.value)
    assert "784 pixels" in str(refused.value)
