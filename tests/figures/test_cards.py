"""The cards' small pictures show the numbers that they were given."""

from xml.etree import ElementTree

import numpy as np
import pytest

from qnn_core.figures import cards, theme


def parts(svg, name):
    return [element for element in ElementTree.fromstring(svg).iter() if element.get("class") == name]


def points(path):
    return [tuple(map(float, one.split())) for one in path.get("d").replace("M", "").split("L")]


def test_ink_is_where_the_pixels_are():
    picture = np.zeros((4, 4))
    picture[1, 2], picture[3, 0] = 1.0, 0.3
    svg = cards.pair_card(np.zeros((28, 28), np.uint8), picture, "two")
    dark, pale = sorted(parts(svg, "ink"), key=lambda path: path.get("fill"))
    side = cards.HEIGHT - 2 * cards.MARGIN
    x = cards.WIDTH - cards.MARGIN - side
    assert (dark.get("d"), pale.get("d")) == ("M2 1h1v1h-1z", "M0 3h1v1h-1z")
    places = [group.get("transform") for group in ElementTree.fromstring(svg).iter() if group.get("transform")]
    assert places[-1] == f"translate({x:g} {cards.MARGIN:g}) scale({side / 4:.5g})"


def test_the_longer_bar_has_the_larger_count():
    more, less = parts(cards.shares_card(np.ones(16), (30, 10), (3, 6)), "share")
    assert float(more.get("width")) == pytest.approx(3 * float(less.get("width")), rel=1e-4)
    assert (more.get("fill"), less.get("fill")) == (theme.FIRST, theme.SECOND)


def test_a_falling_curve_falls():
    (curve,) = parts(cards.curve_card([3, 2, 0.5], "loss"), "curve")
    (_, high), (_, middle), (_, low) = points(curve)
    assert high < middle < low
    assert (low - high) / (middle - high) == pytest.approx(2.5, abs=0.01)


def test_bars_are_shares_of_the_width():
    whole, half = parts(cards.bars_card([("all", 1.0, theme.QNN), ("half", 0.5, theme.QNN)], "bars"), "bar")
    assert float(whole.get("width")) == 2 * float(half.get("width"))


@pytest.mark.parametrize(("angle", "colour"), [(0.2, theme.FIRST), (np.pi - 0.2, theme.SECOND), (-0.2, theme.FIRST)])
def test_the_hand_points_where_it_should(angle, colour):
    (hand,) = parts(cards.dial_card(angle, 0.8), "hand")
    across, up = (float(hand.get(f"{axis}2")) - float(hand.get(f"{axis}1")) for axis in "xy")
    assert np.arctan2(-up, across) == pytest.approx(angle, abs=1e-3)
    assert hand.get("stroke") == colour


def test_one_gate_for_each_pixel_that_is_set():
    assert len(parts(cards.wires_card(np.array([0, 1, 0, 1.0])), "gate")) == 2
    assert len(parts(cards.wires_card(np.ones(784)), "gate")) == 8


@pytest.mark.parametrize("qubits", [16, 784])
def test_every_qubit_is_a_dot_in_the_card(qubits):
    (dots,) = parts(cards.star_card(qubits), "qubits")
    places = np.array([one.split()[:2] for one in dots.get("d").split("M")[1:]], float)
    assert len(places) == qubits
    assert ((places > 0) & (places < [cards.WIDTH, cards.HEIGHT])).all()


def test_a_ring_has_as_many_gates_as_qubits():
    assert len(parts(cards.ring_card(8), "neighbour")) == 8


def test_layers_have_blocks_and_a_lesson_has_stops():
    assert len(parts(cards.layers_card(("XX", "ZZ") * 4, 16), "layer")) == 8
    assert len(parts(cards.digits_card(np.full((3, 28, 28), 255, np.uint8), [1, -1, 1]), "picture")) == 3
    stops = parts(cards.timeline_svg([("Start", 5), ("1 Digits", 10)]), "stop")
    widths = [float(stop.find("{http://www.w3.org/2000/svg}rect").get("width")) for stop in stops]
    assert widths[1] == 2 * widths[0]
