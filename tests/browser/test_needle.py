"""The needle glides: it is seen where it was, then where it belongs."""

from pathlib import Path

import pytest

from pages.ui import needle
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
        (Path(needle.__file__).parent / "needle.js").read_text("utf-8"),
    )
    yield tab, request.param == "reduce"
    tab.close()


def turn(tab, value):
    return tab.evaluate("data => turn(data)", {"svg": gauge_svg(value, (3, 6)), "alt": f"about {value}"})


def at(value):
    return pytest.approx(LEFT + SCALE * (value + 1) / 2, abs=0.6)


def test_it_glides_to_a_new_value_unless_movement_is_unwelcome(page):
    tab, still = page
    assert turn(tab, -0.5) == [at(-0.5)] * 3, "the first one stands at once"
    first, half, last = turn(tab, 0.7)
    assert (first, last) == (at(0.7 if still else -0.5), at(0.7))
    assert still or at(-0.4).expected < half < at(0.7).expected
    assert tab.locator(".needle").get_attribute("aria-label") == "about 0.7"
    assert tab.locator(".needle").count() == 1


def test_no_verdict_and_back(page):
    tab, _ = page
    turn(tab, 0.2)
    assert turn(tab, None) == [None] * 3
    assert turn(tab, -0.2)[2] == at(-0.2)
