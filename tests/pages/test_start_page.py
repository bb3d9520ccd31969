"""The Start page: the pad's verdict, the cards of the route, the presets."""

import re

import numpy as np
import pytest

from pages import PAGES
from pages.ui import route
from pages.ui.models import good
from pages.ui.route import CARDS
from qnn_core import Experiment, prepare, train
from qnn_core.data.dataset import encoded
from qnn_core.training.loop import engine_of
from tests.pages.test_pad import THREE, Pads, desk, on_the_line, prepared

SMALL = {"engine": "contraction"}


@pytest.mark.parametrize("grid", [4, 7, 14, 28])
def test_the_network_of_the_pad_is_good(grid):
    experiment = Experiment(grid=grid, engine="contraction")
    accuracy = train(good(experiment)).history[-1]["test_accuracy"]
    assert accuracy > {4: 0.917, 7: 0.91, 14: 0.98, 28: 0.985}[grid]


@pytest.fixture(scope="module")
def network():
    """The network that the pad asks."""
    return train(good(Experiment()))


def journey(visitor):
    (alt,) = visitor.living("journey")
    return alt


def test_before_anybody_has_drawn_the_followed_picture_is_shown(visit, network):
    visitor = visit(picture=5)
    grey = prepare(Experiment())
    assert "training picture 5 stands in" in " ".join(visitor.texts())
    assert Pads(visitor).data()["ghost"], "nothing to draw after"
    assert "of 16 wires" in journey(visitor)
    assert len(grey.test) == 1968
    share = network.history[-1]["test_accuracy"]
    assert any(f"cross-entropy loss: right on {share:.1%} of 1,968" in text for text in visitor.texts())


def test_the_needle_follows_the_pen(visit, network):
    visitor = visit()
    pads = Pads(visitor)
    seen = {on_the_line(pads, points)["needle"]["alt"] for points in (THREE[:6], THREE[:8])}
    pads.strokes(THREE)
    assert on_the_line(pads, THREE)["needle"]["alt"] == visitor.needle
    assert on_the_line(pads, THREE)["journey"]["alt"] == journey(visitor)
    assert len({*seen, visitor.needle}) > 2
    bits = encoded(Experiment(), prepared(visitor)[None])
    value = float(engine_of(network.experiment).expectation(bits, network.weights)[0])
    assert visitor.needle == f"The expectation value is {value:+.3f}."
    assert f"on {int(bits.sum())} of 16 wires" in journey(visitor)
    assert desk(visitor.go("8_draw")).ink is not None  # it is the same drawing there


@pytest.mark.parametrize(("strokes", "says"), [([[140, 140]], "dot"), ([], "No drawing yet")])
def test_a_dot_and_nothing_get_a_sentence(visit, strokes, says):
    visitor = visit()
    Pads(visitor).strokes(*strokes, width=14)
    assert not visitor.app.exception
    assert says in " ".join(visitor.texts())


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"encoding": "angle", **SMALL},
        {"layers": "XX,ZZ,XX,ZZ", "grid": 3, **SMALL},
        {"layers": "YY", "grid": 2, **SMALL},
        {"grid": 7, "threshold": 0.95, **SMALL},
        {"layers": "XX,YY,ZZ,XX,ZZ", "grid": 2, **SMALL},
    ],
    ids=["tutorial", "grey", "two blocks", "YY", "7×7", "five layers"],
)
def test_every_card_has_a_picture_and_a_computed_sentence(visit, address):
    visitor = visit(**address)
    assert not visitor.app.exception
    for page in CARDS:
        (words,) = [alt for alt in visitor.pictures if alt.startswith(f"{PAGES[page][0]}: ")]
        words = words.removeprefix(f"{PAGES[page][0]}: ")
        assert words.endswith(".")
        assert len(words.split()) <= 18
        assert "nan" not in words


def test_cards_say_what_is_so(visit):
    visitor = visit("0_start", threshold=0.3, **SMALL)
    words = " ".join(visitor.pictures)
    data = prepare(Experiment(threshold=0.3))
    assert f"{data.counts.contradictory} small pictures" in words
    assert f"Nobody gets past {data.ceiling.test_best:.3f}" in words
    (scale,) = re.findall(r"785 qubits: trained in [\d.]+ s, right on ([\d.]+)%", words)
    assert float(scale) > 98
    assert np.isfinite(float(scale))


def test_a_card_does_not_follow_noise_for_a_minute(monkeypatch):
    monkeypatch.setattr(route, "noisy_expectation", None)  # it is not asked
    large = Experiment(grid=28, encoding="angle", layers=("XX", "ZZ", "XX", "ZZ"), engine="contraction")
    nothing = np.zeros(large.pixels)
    its = route.Followed(large, np.zeros((28, 28), np.uint8), nothing, nothing, 1.0, run=None)
    assert CARDS["11_noise"](its)[1] == "Every one of these gates can fail."
