"""The checks of the exercises, against numbers that are computed another way."""

import numpy as np
import pytest

from qnn_core import Experiment, prepare
from qnn_core.contest.exercises import EXERCISES, Work, accuracy_of, pixel_effects
from qnn_core.inside.cosine import cosine_neuron
from tests.helpers import is_sentence

TUTORIAL = Experiment(engine="contraction")


def check(name, **work):
    finding = EXERCISES[name].check(Work(work.pop("experiment", TUTORIAL), **work))
    is_sentence(f"Not yet. {finding.words}")
    return finding


@pytest.mark.parametrize("name", EXERCISES)
def test_nothing_made_is_not_yet_done(name):
    assert not check(name).done


def test_worse_than_a_coin(to_the_end):
    upside_down = to_the_end.weights.copy()
    upside_down[-1, 0] += 1  # one more half-turn of one phase turns every sign over
    good, bad = (accuracy_of(TUTORIAL, weights) for weights in (to_the_end.weights, upside_down))
    assert good + bad == pytest.approx(1)
    assert not check("chance", weights=to_the_end.weights).done
    found = check("chance", weights=upside_down)
    assert found.done
    assert f"{bad:.1%}" in found.words


@pytest.mark.parametrize(
    ("qnn", "fair", "cnn", "done"), [(0.5, 2.0, -3.0, True), (0.5, 2.0, 3.0, False), (0.5, -2.0, -3.0, False)]
)
def test_fooling_the_cnn(qnn, fair, cnn, done):
    found = check("cnn", verdicts={"qnn": qnn, "fair": fair, "cnn": cnn})
    assert found.done == done
    assert "The QNN says 3" in found.words


def test_without_a_cnn_it_is_said_how_to_get_one():
    assert check("cnn", verdicts={"qnn": 1.0, "fair": 1.0}, missing_cnn="Install it.").words == "Install it."


def test_pixel_effects_are_those_of_the_clock_hand(to_the_end):
    """Turning pixel k over turns the hand by 2·α_k, on every picture."""
    test = prepare(TUTORIAL).test
    neuron = cosine_neuron(TUTORIAL, to_the_end.weights)
    signs = 1 - 2 * test.images[test.row]
    angle = signs @ neuron.turn
    expected = [
        np.mean(np.abs(np.cos(angle - 2 * signs[:, k] * turn) - np.cos(angle))) * neuron.amplitude
        for k, turn in enumerate(neuron.turn)
    ]
    effects = pixel_effects(TUTORIAL, to_the_end.weights)
    np.testing.assert_allclose(effects, expected, atol=1e-12)
    best = int(np.argmax(effects))
    assert check("pixel", pixel=best, trained=to_the_end.weights).done
    worst = check("pixel", pixel=int(np.argmin(effects)), trained=to_the_end.weights)
    assert not worst.done
    assert "15" in worst.words


def test_pixels_that_cannot_be_asked():
    assert "from 0 to 15" in check("pixel", pixel=16, trained=np.zeros((2, 16))).words
    assert "7 × 7" in check("pixel", experiment=TUTORIAL.with_(grid=8), pixel=0, trained=np.zeros((2, 64))).words


def test_beating_the_fair_network(to_the_end):
    own = accuracy_of(TUTORIAL, to_the_end.weights)
    assert check("seventeen", weights=to_the_end.weights, fair=own - 0.001).done
    assert not check("seventeen", weights=to_the_end.weights, fair=own).done
    assert not check("seventeen", weights=to_the_end.weights).done
    assert "Your 17 numbers" in check("seventeen", weights=to_the_end.weights, fair=own).words
    for layers, count in ((("ZZ", "XX"), 16), (("YY",), 1)):
        other = TUTORIAL.with_(layers=layers)
        words = check("seventeen", experiment=other, weights=np.zeros((len(layers), 16)), fair=own).words
        assert f"Your {count} number" in words
    two = TUTORIAL.with_(layers=("XX", "ZZ", "XX", "ZZ"))
    assert "XX, ZZ" in check("seventeen", experiment=two, weights=np.zeros((4, 16)), fair=0.1).words
