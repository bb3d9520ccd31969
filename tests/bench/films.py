"""How large films are, and how many frames a second the player draws while every core is busy.

python -m tests.bench.films
"""

import json
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from qnn_core import Experiment, prepare
from qnn_core.live.films.training import training_film
from qnn_core.training.loop import advance, start
from tests.browser.conftest import FLAGS, serving

VIEWPORT = {"width": 1280, "height": 800}
SECONDS = 6
COUNT = """film => {
    const slider = film.querySelector('input');
    film.drawn = {frames: 0, begun: performance.now(), slowest: 0};
    let before = slider.value, last = performance.now();
    const look = now => {
        if (slider.value !== before) {
            film.drawn.frames++;
            film.drawn.slowest = Math.max(film.drawn.slowest, now - last);
            [before, last] = [slider.value, now];
        }
        film.drawn.seconds = (now - film.drawn.begun) / 1000;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
FILMS = {
    "tutorial, 49 frames": "film=training&start",
    "tutorial and 5 earlier runs": "film=training&start&behind=5",
    "240 frames": "film=long&start",
    "28×28, 17 frames": "film=large&start",
}


def sizes():
    """Name → frames, kB of JSON, and seconds to compute."""
    for name, changes in (
        ("tutorial", {}),
        ("19 epochs", {"epochs": 19}),
        ("4 layers", {"epochs": 19, "layers": ("XX", "ZZ", "XX", "ZZ")}),
        ("28×28, 1 epoch", {"grid": 28, "epochs": 1}),
        ("28×28, 240 steps", {"grid": 28, "epochs": 15}),
    ):
        experiment = Experiment.parse({"engine": "contraction", **changes})
        snapshots, records = _run(experiment)
        picture = prepare(experiment).test.images[0]
        began = time.perf_counter()
        film = training_film(experiment, snapshots, records, pinned=picture, total=len(records))
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        training_film(experiment, snapshots, records, pinned=picture, total=len(records))
        again = time.perf_counter() - began
        yield name, len(film), len(json.dumps(film.to_data())) / 1000, seconds, again


def _run(experiment):
    """Snapshots and records; large pictures only wander, which is as large a film."""
    state = start(experiment)
    snapshots, records = [(0, state.weights)], []
    if experiment.grid > 8 and experiment.epochs > 1:
        rng = np.random.default_rng(0)
        steps = range(1, 16 * experiment.epochs + 1)
        return snapshots + [(k, state.weights + rng.normal(0, 0.01 * k, state.weights.shape)) for k in steps], records
    while True:
        state, new = advance(experiment, state, 1, test_every=1)
        if not new:
            return snapshots, records
        records += new
        snapshots.append((state.step, state.weights))


def pace(address, browser):
    """Name → frames drawn in a second, and the longest wait between two of them in milliseconds."""
    for name, film in FILMS.items():
        tab = browser.new_page(viewport=VIEWPORT)
        tab.goto(f"{address}/?{film}")
        player = tab.locator(".film")
        player.locator(".panel").first.wait_for(timeout=60_000)
        tab.wait_for_timeout(1000)
        tab.locator(".film select").select_option("0.5")  # so that the film does not end
        tab.locator(".film button.play").click()
        player.evaluate(COUNT)
        tab.wait_for_timeout(1000 * SECONDS)
        drawn = player.evaluate("film => film.drawn")
        tab.close()
        yield name, drawn["frames"] / drawn["seconds"], drawn["slowest"]


def busy():
    """Keep one core busy."""
    while True:
        sum(range(100_000))


def main():
    """Print both."""
    from playwright.sync_api import sync_playwright

    for name, frames, size, seconds, again in sizes():
        print(f"{name:>28}: {frames:3} frames, {size:4.0f} kB, {seconds:.3f} s to compute, {again:.3f} s again")
    log = Path(tempfile.mkdtemp()) / "log"
    with serving("tests/browser/player_app.py", log) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        for load in (0, os.cpu_count()):
            workers = [multiprocessing.Process(target=busy, daemon=True) for _ in range(load)]
            for worker in workers:
                worker.start()
            for name, rate, slowest in pace(address, browser):
                print(f"{name:>28}: {rate:3.0f} frames/s, at worst {slowest:3.0f} ms, {load} cores kept busy")
            for worker in workers:
                worker.terminate()
        browser.close()


if __name__ == "__main__":
    main()
