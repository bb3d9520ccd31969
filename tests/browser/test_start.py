"""The Start page in Chromium: the needle follows the pen, and stands where the eye is."""

import pytest

from tests.browser.lesson import DESKTOP, PHONE
from tests.browser.test_pad import THREE

STAND_IN = "No drawing yet"


@pytest.fixture
def page(lesson):
    """The Start page, with an empty pad."""
    lesson.open("?engine=contraction")
    lesson.tab.locator(".needle").wait_for()
    lesson.wait_for_text(STAND_IN)
    yield lesson
    assert lesson.complaints == []


def journey(page):
    return page.tab.locator(".living.journey").get_attribute("aria-label")


def test_the_needle_and_the_journey_move_while_the_pen_does(page):
    page.draw([THREE[:2]], lift=False)
    needles, journeys = {page.needle()}, {journey(page)}
    for place in THREE[2:]:
        page.tab.mouse.move(*page.on_pad(*place), steps=8)
        page.tab.wait_for_timeout(200)
        needles.add(page.needle())
        journeys.add(journey(page))
    page.tab.mouse.up()
    page.wait_for_text(STAND_IN, there=False)
    page.calm()
    assert len(needles) > 2
    assert len(journeys) > 1
    assert "+" in page.needle(), "a three is right of 0"


def test_what_to_draw_is_shown_palely_until_there_is_ink(page):
    looks = """canvas => {
        const all = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return Math.max(...all.filter((_, k) => k % 4 === 3));
    }"""
    canvas = page.tab.locator(".pad canvas")
    assert 0 < canvas.evaluate(looks) < 64
    page.draw([[(20, 270), (40, 270)]])
    assert canvas.evaluate(looks) == 255
    page.press("Clear")
    page.wait_for_text(STAND_IN)
    assert 0 < canvas.evaluate(looks) < 64


def boxes(page):
    return [page.tab.locator(name).first.bounding_box() for name in (".pad canvas", ".needle", ".living.journey")]


def test_pad_journey_and_needle_are_seen_together(page):
    pad, needle, journey = boxes(page)
    for box in (pad, needle, journey):
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= DESKTOP["height"]
    assert pad["x"] + pad["width"] <= min(journey["x"], needle["x"]) + 1
    page.tab.set_viewport_size(PHONE)
    page.tab.wait_for_timeout(500)
    pad, needle, journey = boxes(page)
    assert pad["y"] + pad["height"] <= needle["y"]
    assert needle["y"] + needle["height"] <= PHONE["height"], "the needle is not under the thumb"
    assert needle["y"] < journey["y"]
    assert page.overflow() <= 0


def test_a_card_leads_to_its_page(page):
    page.tab.locator(".st-key-route").get_by_role("link", name="12 Scale").click()
    page.tab.get_by_role("heading", name="Scale", exact=True).wait_for()
