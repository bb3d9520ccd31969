"""On page 9 the picture moves while a weight is dragged, and the page follows where it is let go."""

import re

import pytest


@pytest.fixture
def box(lesson):
    return lesson.open("box?engine=contraction")


def film(lesson, key):
    return lesson.tab.locator(f".st-key-{key} .film")


def needle(lesson):
    """⟨Z⟩ on the gauge of the weight's film."""
    return film(lesson, "weight_film").locator(".gauge text.big").text_content()


@pytest.mark.slow
def test_a_weight_is_dragged_and_the_page_follows_when_it_is_let_go(box):
    box.tab.get_by_text("Turn one weight").click()
    own, label = film(box, "weight_film"), "⟨Z⟩ of test image"
    own.scroll_into_view_if_needed()
    before, accuracy = needle(box), own.locator(".curves .key b").first
    assert box.metric(label) == before
    place = own.locator("input[type=range]").bounding_box()
    y, seen = place["y"] + place["height"] / 2, {accuracy.inner_text()}
    box.tab.mouse.move(place["x"] + place["width"] / 2, y)
    box.tab.mouse.down()
    for share in (0.6, 0.7, 0.8):
        box.tab.mouse.move(place["x"] + share * place["width"], y, steps=4)
        box.tab.wait_for_timeout(60)
        seen.add(accuracy.inner_text())
    dragged = needle(box)
    assert len(seen) > 2
    assert dragged != before
    assert box.metric(label) == before
    box.tab.mouse.up()
    box.wait_for_metric(label, rf"^(?!{re.escape(before)})")
    box.settle()
    assert box.metric(label) == needle(box)
    assert box.metric("Test accuracy") == accuracy.inner_text()
    box.press("Back to the trained weights")
    box.wait_for_metric(label, re.escape(before))
    box.settle()
    assert needle(box) == before
    assert box.complaints == []


def test_the_dial_turns_pixel_by_pixel_and_a_speed_is_for_all_films(box):
    dial = film(box, "dial_film")
    assert dial.locator(".place").inner_text() == "pixel 16 of 16"
    dial.get_by_role("button", name="Back to the start").click()
    assert dial.locator(".gauge text.big").text_content() == "−1.000"
    assert not dial.locator(".marked").is_visible()
    dial.locator("select").select_option("4")
    dial.get_by_role("button", name="Play").click()
    dial.locator(".place").filter(has_text="pixel 16 of 16").wait_for()
    box.settle()
    assert dial.locator(".gauge text.big").text_content() == box.metric("⟨Z⟩ of test image")
    assert dial.locator(".marked").is_visible()
    box.tab.get_by_text("Turn one weight").click()
    film(box, "weight_film").wait_for()
    box.tab.wait_for_function("[...document.querySelectorAll('.film select')].every(one => one.value === '4')")
    box.go("11 Noise and shots")
    box.tab.locator(".film .place").wait_for()
    assert box.tab.locator(".film select").input_value() == "4"
    assert box.complaints == []
