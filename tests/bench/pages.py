"""What a class waits for: the first page, a moved threshold, a finished stroke; in Chromium."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORT = 8619
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def measure():
    """Name → seconds, or nothing if there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={PORT}"]
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            _until_it_answers()
            page.goto(f"http://localhost:{PORT}/")
            page.get_by_role("button", name="Train it").first.wait_for(timeout=60_000)
            found = {"first page after `streamlit run`, pictures and buttons": time.perf_counter() - began}
            page.get_by_alt_text("The expectation value is").wait_for(timeout=60_000)
            found["the same, a network trained and its verdict shown"] = time.perf_counter() - began
            found["threshold moved, page 3 redrawn"] = _threshold(page)
            found["stroke finished, verdict shown"] = _stroke(page)
            browser.close()
            return found
    finally:
        server.terminate()
        server.wait()


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
    """From an action to the first change of the texts that the selector finds; the median of five."""
    seconds = []
    for _ in range(5):
        before = page.locator(selector).all_inner_texts()
        began = time.perf_counter()
        act()
        while page.locator(selector).all_inner_texts() == before and time.perf_counter() - began < 20:
            time.sleep(0.01)
        seconds.append(time.perf_counter() - began)
        page.wait_for_timeout(1500)
    return sorted(seconds)[2]


def _threshold(page):
    page.goto(f"http://localhost:{PORT}/contradictions")
    slider = page.locator("[data-testid=stMain] [data-testid=stSlider] input[type=range]").first
    slider.wait_for(timeout=60_000, state="attached")
    page.wait_for_timeout(4000)
    slider.focus()
    return _seconds_to_change(page, "[data-testid=stMetricValue]", lambda: page.keyboard.press("ArrowRight"))


def _stroke(page):
    page.goto(f"http://localhost:{PORT}/draw")
    page.wait_for_selector("[data-testid=stMain] canvas", timeout=60_000)
    page.wait_for_timeout(6000)
    box = page.locator("[data-testid=stMain] canvas").first.bounding_box()
    places = iter(
        [(0.3, 0.2, 0.6, 0.3), (0.6, 0.3, 0.3, 0.5), (0.3, 0.5, 0.6, 0.6), (0.6, 0.6, 0.3, 0.8), (0.3, 0.3, 0.3, 0.7)]
    )

    def draw():
        x1, y1, x2, y2 = next(places)
        page.mouse.move(box["x"] + x1 * box["width"], box["y"] + y1 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + x2 * box["width"], box["y"] + y2 * box["height"], steps=4)
        page.mouse.up()

    return _seconds_to_change(page, "[data-testid=stMain]", draw)
