"""A living picture glides to what the page says, and follows the pen's line while the pen is down."""

from pathlib import Path

import pytest

from pages.ui import living
from qnn_core.figures.training.gauge import LEFT, WIDTH, gauge_svg

SCALE = WIDTH - 2 * LEFT


@pytest.fixture(params=["no-preference", "reduce"])
def page(chromium, request):
    """An empty page with the needle's script. turn(value) gives the pointer's place at once and when it has come."""
    tab = chromium.new_page(reduced_motion=request.param)
    tab.set_content("<div id=place style='width:420px'></div>")
    tab.evaluate(
        """async code => {
            const address = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
            const start = (await import(address)).default;
            const parentElement = document.getElementById('place');
            const place = () => {
                const box = document.querySelector('.pointer')?.getBoundingClientRect();
                return box && box.x + box.width / 2 - parentElement.getBoundingClientRect().x;
            };
            window.turn = async data => {
                start({data, parentElement});
                const going = document.getAnimations();
                const first = place();
                for (const glide of going) glide.currentTime = 100;
                const half = place();
                await Promise.all(going.map(glide => glide.finished));
                return [first, half, place()];
            };
        }""",
        (Path(living.__file__).parent / "living.js").read_text("utf-8"),
    )
    yield tab, request.param == "reduce"
    tab.close()


def turn(tab, value, number=1):
    return tab.evaluate("data => turn(data)", {"name": "needle", "number": number, **picture(value)})


def picture(value):
    return {"svg": gauge_svg(value, (3, 6)), "alt": f"about {value}", "widest": WIDTH}


def at(value):
    return pytest.approx(LEFT + SCALE * (value + 1) / 2, abs=0.6)


def test_it_glides_to_a_new_value_unless_movement_is_unwelcome(page):
    tab, still = page
    assert turn(tab, -0.5) == [at(-0.5)] * 3, "the first one stands at once"
    first, half, last = turn(tab, 0.7)
    assert (first, last) == (at(0.7 if still else -0.5), at(0.7))
    assert still or at(-0.4).expected < half < at(0.7).expected
    assert tab.locator(".living").get_attribute("aria-label") == "about 0.7"
    assert tab.locator(".living").count() == 1


def test_no_verdict_and_back(page):
    tab, _ = page
    turn(tab, 0.2)
    assert turn(tab, None) == [None] * 3
    assert turn(tab, -0.2)[2] == at(-0.2)


def said(tab):
    return tab.locator(".living").get_attribute("aria-label")


def test_it_follows_the_line_and_not_the_page_while_the_pen_is_down(page):
    tab, _ = page
    tell = "detail => document.dispatchEvent(new CustomEvent('pen-answer', {detail}))"
    turn(tab, 0.1)
    tab.evaluate("document.documentElement.dataset.pen = 'down'")
    tab.evaluate(tell, {"needle": picture(0.3), "journey": picture(0.4)})
    assert said(tab) == "about 0.3"
    turn(tab, 0.2)
    assert said(tab) == "about 0.3", "the page still speaks of the stroke before"
    tab.evaluate(tell, {"journey": picture(0.4)})
    assert said(tab) == "about 0.3"
    tab.evaluate("Object.assign(document.documentElement.dataset, {pen: 'lifted', drawing: 8})")
    turn(tab, 0.2, number=7)
    assert said(tab) == "about 0.3", "the page has not got the last stroke"
    turn(tab, 0.5, number=8)
    assert said(tab) == "about 0.5"
    tab.evaluate("delete document.documentElement.dataset.pen")
    turn(tab, 0.6, number=2)
    assert said(tab) == "about 0.6"
    assert tab.locator(".living").count() == 1


def test_a_sentence_is_text(page):
    tab, _ = page
    tell = "detail => document.dispatchEvent(new CustomEvent('pen-answer', {detail}))"
    first = {"text": "No <b>drawing</b> yet.", "loud": "", "trouble": False}
    tab.evaluate("data => turn(data).catch(() => {})", {"name": "sentence", "number": 1, **first})
    assert tab.locator("p.sentence span").text_content() == first["text"]
    tab.evaluate(tell, {"sentence": {"text": "Your drawing.", "loud": "It says 3.", "trouble": True}})
    assert tab.locator("p.sentence span").text_content() == "It says 3. Your drawing."
    assert tab.locator("p.sentence b").text_content() == "It says 3."
    assert tab.locator("p.sentence i").text_content() == "error"
    assert tab.locator("p.sentence").count() == 1
