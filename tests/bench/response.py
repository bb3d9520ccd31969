"""How soon the page answers one visitor: another page, Play, the pen; in Chromium, timed by the page itself.

python -m tests.bench.response
"""

import os
import statistics
import tempfile
from pathlib import Path

from pages import PAGES
from tests.bench.pages import STROKE, stroke
from tests.browser.conftest import FLAGS, serving
from tests.browser.test_look import FOLD, NAMES

VIEWPORT = {"width": 1280, "height": 800}
PLAY, PLAY_AER, TURN = "Play, first movement, contraction", "Play, first movement, Aer", "another page: {}"
PICTURE = "first picture: {}"
TARGETS = {PLAY: 0.2, PLAY_AER: 1.5, STROKE: 0.15} | {
    made.format(title): most for made, most in ((TURN, 0.4), (PICTURE, 1.0)) for title, _ in PAGES.values()
}
"""Seconds, as the project has set itself."""
WARM = {PLAY: 2_000, PLAY_AER: 20_000}
"""Milliseconds in which the workers have imported what they need."""
TIMES = 5
MOVED = """film => new Promise(resolve => {
    // From the click to the first frame in which the film stands elsewhere.
    const slider = film.querySelector('input[type=range]'), before = slider.value;
    const began = performance.now();
    film.querySelector('button.play').click();
    const look = () => {
        if (slider.value !== before) resolve((performance.now() - began) / 1000);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""
TURNED = """([name, heading, picture]) => new Promise(resolve => {
    // From the click to the first frame with the page's main picture, and to the first in which all of it stands.
    const links = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')];
    const link = links.find(one => one.innerText.includes(name));
    const began = performance.now();
    link.click();
    const here = () => document.querySelector('[data-testid=stMain] h2')?.innerText.trim() === heading;
    const whole = () => here()
        && [...document.querySelectorAll('[data-testid=stExpander]')].some(one => one.innerText.includes('just ran'))
        && !document.querySelector('[data-testid=stMain] [data-stale=true], [data-testid=stSkeleton]');
    const old = one => one.closest('[data-stale=true]') || (one.getRootNode().host && old(one.getRootNode().host));
    const shown = one => one.getBoundingClientRect().height > 8 && !old(one);
    const inside = root => [...root.querySelectorAll(picture)].some(shown)
        || [...root.querySelectorAll('*')].some(one => one.shadowRoot && inside(one.shadowRoot));
    let seen = null;
    const look = () => {
        const now = (performance.now() - began) / 1000;
        if (seen === null && here() && inside(document)) seen = now;
        if (seen !== null && whole()) resolve([seen, now]);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


def measure():
    """Name → seconds, the median of some times, or nothing if there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    log = Path(tempfile.mkdtemp()) / "log"
    with serving("app.py", log) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        found = _all(address, browser)
        browser.close()
    return found


def _all(address, browser):
    found = {}
    for name, engine in ((PLAY, "contraction"), (PLAY_AER, "aer")):
        found[name] = statistics.median(_first_movements(address, browser, engine, WARM[name]))
    tab = browser.new_page(viewport=VIEWPORT)
    found[STROKE] = stroke(tab, address)
    tab.close()
    return found | _turns(address, browser)


def _first_movements(address, browser, engine, warm):
    """Each of a run that nobody has asked for yet."""
    for seed in range(100, 100 + TIMES):
        tab = browser.new_page(viewport=VIEWPORT)
        tab.goto(f"{address}/train?engine={engine}&seed={seed}")
        tab.locator(".film .panel").first.wait_for(timeout=60_000)
        tab.wait_for_timeout(warm if seed == 100 else 1000)
        yield tab.locator(".film").evaluate(MOVED)
        tab.locator(".film button.play").click()
        tab.close()


def _turns(address, browser):
    """To every page, from all over the lesson, after a first look at each."""
    tab = browser.new_page(viewport=VIEWPORT)
    tab.goto(f"{address}/?engine=contraction")
    tab.get_by_text("The code that just ran").first.wait_for(timeout=60_000)
    headings, taken = _look_at_each(tab), {}
    pictures = {
        title: FOLD[name][0].rsplit(" ", 1)[-1] for name, (title, _) in zip(NAMES, PAGES.values(), strict=True)
    }
    for _ in range(TIMES):
        for name in headings:
            seconds = tab.evaluate(TURNED, [name, headings[name], pictures[name]])
            for made, taken_by in zip((PICTURE, TURN), seconds, strict=True):
                taken.setdefault(made.format(name), []).append(taken_by)
            tab.wait_for_timeout(700)
    tab.close()
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _look_at_each(tab):
    """Title in the menu → heading of the page."""
    headings = {}
    for name, _ in PAGES.values():
        tab.get_by_role("link", name=name, exact=True).first.click()
        tab.wait_for_timeout(4000)
        headings[name] = tab.locator("[data-testid=stMain] h2").first.inner_text().strip()
        assert headings[name]
    return headings


def main():
    """Print them."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    for name, seconds in measure().items():
        print(f"{name:>45}: {seconds:.3f} s   (at most {TARGETS[name]:g})")


if __name__ == "__main__":
    main()
