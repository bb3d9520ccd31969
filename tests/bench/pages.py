"""What a class waits for: the first page, a moved threshold; and how a stroke is timed; in Chromium.

The page itself takes the times: asking it from outside again and again would slow it down.
"""

import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
PORT = 8619
VIEWPORT = {"width": 1280, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


FIRST_PAGE = """
window.seen = {};
setInterval(() => {
    const note = (name, there) => { if (there && !(name in seen)) seen[name] = Date.now() / 1000; };
    const shown = [...document.querySelectorAll('[data-testid=stMain] img')].filter(one => one.naturalWidth);
    const parts = [...document.querySelectorAll('[data-testid=stMain] *')];
    const has = name => document.querySelector(name) || parts.some(one => one.shadowRoot?.querySelector(name));
    note('usable', shown.length && has('.pad canvas'));
    note('verdict', has('.needle'));
}, 20);
"""
CHANGE = """selector => {
    const texts = () => [...document.querySelectorAll(selector)].map(one => one.textContent).join('|');
    const before = texts();
    let start = null;
    window.taken = null;
    for (const name of ['pointerup', 'keydown'])
        addEventListener(name, () => { start = performance.now(); }, {capture: true, once: true});
    const observer = new MutationObserver(() => {
        if (start === null || texts() === before) return;
        window.taken = (performance.now() - start) / 1000;
        observer.disconnect();
    });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
FINAL = """() => {
    // From pen-up to the last answer of the pen's line, which needle and sentence have shown by then.
    let start = null;
    window.taken = null;
    window.listening?.abort();
    window.listening = new AbortController();
    const { signal } = window.listening;
    addEventListener('pointerup', () => { start = performance.now(); }, {capture: true, once: true, signal});
    document.addEventListener('pen-answer', () => {
        if (start !== null) window.taken = (performance.now() - start) / 1000;
    }, {signal});
}"""
USABLE = "first page after `streamlit run`, pictures and buttons"
VERDICT = "the same, a network trained and its verdict shown"
THRESHOLD = "threshold moved, counts of page 3 shown"
STROKE = "stroke finished, its verdict shown"
TARGETS = {USABLE: 4.0, THRESHOLD: 0.3}
"""Seconds, as the project has set itself."""
WAIT = 2500
"""Milliseconds in which every change has long been drawn."""


def measure():
    """Name → seconds, or nothing if there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        usable, verdict = np.median([_first_page(browser) for _ in range(3)], axis=0)
        with _server():
            page = browser.new_page(viewport=VIEWPORT)
            return {
                USABLE: usable,
                VERDICT: verdict,
                THRESHOLD: _threshold(page),
            }


@contextmanager
def _server():
    """A dashboard that answers; yields when it was started, in seconds of the epoch."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={PORT}"]
    began = time.time()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers()
        yield began
    finally:
        server.terminate()
        server.wait()


def _first_page(browser):
    """Seconds from the command to a first page that can be used, and to its verdict."""
    with _server() as began:
        page = browser.new_page(viewport=VIEWPORT)
        page.add_init_script(FIRST_PAGE)
        page.goto(f"http://localhost:{PORT}/")
        page.wait_for_timeout(10_000)
        seen = page.evaluate("seen")
        page.close()
    return seen["usable"] - began, seen["verdict"] - began


def _until_it_answers():
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server does not answer")


def _seconds_to_change(page, selector, act):
    """From the key or the end of the stroke to the first change of these texts; the median."""
    seconds = []
    for _ in range(5):
        page.evaluate(CHANGE, selector)
        act()
        page.wait_for_timeout(WAIT)
        seconds.append(page.evaluate("taken"))
    return statistics.median(value for value in seconds if value is not None)


def _threshold(page):
    page.goto(f"http://localhost:{PORT}/contradictions")
    slider = page.locator("[data-testid=stMain] [data-testid=stSlider] input[type=range]").first
    slider.wait_for(timeout=60_000, state="attached")
    page.wait_for_timeout(4000)
    slider.focus()
    return _seconds_to_change(page, "[data-testid=stMetricValue]", lambda: page.keyboard.press("ArrowRight"))


def stroke(page, address):
    """The last stroke of a three, which changes its picture; undone again and again."""
    page.goto(f"{address}/draw")
    canvas = page.locator(".pad canvas")
    canvas.wait_for(timeout=60_000)
    page.wait_for_timeout(6000)
    box = canvas.bounding_box()

    def move(points):
        for x, y in points:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)

    def press(points):
        move(points[:1])
        page.mouse.down()
        move(points[1:])

    press([(0.3, 0.2), (0.7, 0.2), (0.5, 0.5)])
    page.mouse.up()
    seconds = []
    for _ in range(9):
        press([(0.5, 0.5), (0.7, 0.65), (0.6, 0.85), (0.3, 0.8)])
        # The pen goes up before the last points have their answer.
        page.evaluate(FINAL)
        page.mouse.up()
        page.wait_for_timeout(WAIT)
        seconds.append(page.evaluate("taken"))
        page.get_by_role("button", name="Undo").click()
        page.wait_for_timeout(WAIT)
    return statistics.median(seconds)
