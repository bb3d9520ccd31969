"""The threshold under the hand: pictures move while it is dragged, and the desk follows where it is let go."""

import re

import numpy as np
import pytest

from qnn_core import Experiment, prepare
from qnn_core.data.dataset import shrunken
from qnn_core.training.budget import to_the_end
from qnn_core.training.run import train


class Hand:
    """Holds the slider of the only film. sent: how many messages the page has sent since it was taken."""

    def __init__(self, lesson):
        self.tab, self.sent = lesson.tab, 0
        self.slider = lesson.tab.locator(".film input[type=range]")
        self.low, self.high = (float(self.slider.get_attribute(end)) for end in ("min", "max"))

    def take(self, sockets):
        self.slider.scroll_into_view_if_needed()
        for socket in sockets:
            socket.on("framesent", lambda _: self._count())
        self.tab.mouse.move(*self._place(float(self.slider.input_value())))
        self.tab.mouse.down()
        return self

    def _count(self):
        self.sent += 1

    def to(self, threshold):
        self.tab.mouse.move(*self._place(threshold), steps=6)
        self.tab.wait_for_timeout(80)

    def release(self):
        self.tab.mouse.up()

    def _place(self, threshold):
        box, thumb = self.slider.bounding_box(), 26
        share = (threshold - self.low) / (self.high - self.low)
        return box["x"] + thumb / 2 + share * (box["width"] - thumb), box["y"] + box["height"] / 2


@pytest.fixture
def sockets(lesson):
    """The connections of the tab with the server."""
    found = []
    lesson.tab.on("websocket", lambda socket: found.extend([socket]))
    return found


def bits(lesson, title):
    """What is written into the cells of a panel."""
    panel = lesson.tab.locator(f".film .panel[aria-label='{title}']")
    return [int(text) for text in panel.locator("svg text").all_text_contents()]


def wait_for_address(lesson, words):
    lesson.tab.wait_for_function("words => location.href.includes(words)", arg=words)


def test_contradictions_move_with_the_hand_and_nothing_is_sent_meanwhile(lesson, sockets):
    lesson.open("contradictions?engine=contraction")
    lesson.tab.locator(".film figure").first.wait_for()
    grey = shrunken(Experiment()).train[0]
    hand, seen = Hand(lesson).take(sockets), []
    for threshold in (0.2, 0.8, 0.31):
        hand.to(threshold)
        at = float(hand.slider.input_value())
        assert at == pytest.approx(threshold, abs=0.02)
        frame = np.floor(at * 100 + 1e-6) / 100
        assert bits(lesson, "The followed picture") == pytest.approx((grey > at).astype(int), abs=0)
        counts = prepare(Experiment(threshold=frame)).counts
        assert lesson.film_number("different pictures") == f"{counts.unique:,}"
        assert lesson.film_number("with both labels") == f"{counts.contradictory:,}"
        seen.append(lesson.tab.locator(".film figcaption").all_inner_texts())
        assert "threshold=" not in lesson.tab.url
    assert hand.sent == 0
    assert len(set(map(str, seen))) == 3
    hand.release()
    wait_for_address(lesson, "threshold=0.3")
    lesson.settle()
    place = lesson.step()
    threshold = float(place.split()[1])
    assert f"threshold={threshold}" in lesson.tab.url
    ceiling = prepare(Experiment(threshold=threshold)).ceiling.test_best
    lesson.tab.get_by_text("More: the counts of each step").click()
    assert lesson.film_number("ceiling, test") == lesson.metric("Ceiling, test") == f"{ceiling:.4f}"
    lesson.tab.reload()
    lesson.settle()
    assert lesson.step() == place
    assert lesson.complaints == []


def test_the_panel_moves_the_film_and_the_film_the_panel(lesson, sockets):
    lesson.open("encode?engine=contraction")
    lesson.tab.locator(".film .bars").wait_for()
    lesson.tab.locator("[data-testid=stSidebar] summary").filter(has_text="Picture").click()
    slider = lesson.tab.locator("[data-testid=stSidebar]").get_by_role("slider", name="Threshold")
    slider.press("ArrowRight")
    lesson.wait_for_step(r"^threshold 0\.51$")
    hand = Hand(lesson).take(sockets)
    hand.to(0.2)
    hand.release()
    place = lesson.step().split()[1]
    wait_for_address(lesson, f"threshold={place}")
    lesson.tab.locator("[data-testid=stSidebar]").get_by_text(re.compile(rf"^{place}0?$")).first.wait_for()
    slider.press("ArrowLeft")
    lesson.wait_for_step(rf"^threshold {float(place) - 0.01:g}$")
    assert lesson.complaints == []


def test_networks_are_filled_in_and_a_drag_shows_another_one_at_once(lesson, sockets):
    lesson.open("train?engine=contraction&keep_trained=true&threshold=0.3&seed=21")
    lesson.wait_for_step(r"^threshold 0\.3$")
    hand = Hand(lesson)
    assert (hand.low, hand.high) == (0.02, 0.98)
    hand.take([])
    for _ in range(4):  # frames come in between, but the slider stays under the hand
        lesson.tab.wait_for_timeout(300)
        assert float(hand.slider.input_value()) == pytest.approx(0.3, abs=0.011)
    hand.release()
    lesson.tab.get_by_text(re.compile("of 49 thresholds")).wait_for(state="detached")
    lesson.settle()
    hand, accuracies = Hand(lesson).take(sockets), []
    for threshold in (0.51, 0.71):
        hand.to(threshold)
        frame = np.floor(float(hand.slider.input_value()) * 50 + 1e-6) / 50
        accuracies.append(lesson.film_number("test accuracy"))
        end = train(to_the_end(Experiment(threshold=frame, seed=21))).history[-1]
        assert accuracies[-1] == f"{end['test_accuracy']:.3f}"
    assert hand.sent == 0
    assert accuracies[0] != accuracies[1]
    hand.release()
    wait_for_address(lesson, "threshold=0.7")
    assert "keep_trained=true" in lesson.tab.url
    assert lesson.complaints == []


def test_a_network_is_trained_where_the_slider_is_let_go(lesson, sockets):
    lesson.open("train?engine=contraction&keep_trained=true&threshold=0.1&seed=22")
    lesson.wait_for_step(r"^threshold 0\.1$")
    hand = Hand(lesson).take(sockets)
    hand.to(0.9)
    hand.release()
    wait_for_address(lesson, "threshold=0.9")
    lesson.tab.locator(".film dd").first.get_by_text("0.9", exact=True).wait_for()
    assert lesson.step() == "threshold 0.9"
    end = train(to_the_end(Experiment(threshold=0.9, seed=22))).history[-1]
    assert lesson.film_number("test accuracy") == f"{end['test_accuracy']:.3f}"
    assert lesson.complaints == []
