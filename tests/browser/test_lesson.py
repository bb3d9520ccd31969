"""The lesson in a real browser: what AppTest cannot do: the pad, the ticking and the address."""

import csv
import io
import time

import numpy as np
import pytest

from pages import PAGES
from qnn_core import Experiment, model_file, train
from qnn_core.contest.table import default_models
from tests.browser.lesson import DESKTOP, PHONE, PICTURES

STAND_IN = "No drawing yet"
THREE = [[(90, 60), (190, 60), (140, 130), (190, 180), (160, 230), (80, 220)]]
SIX = [[(190, 12), (150, 50), (110, 110), (95, 190), (140, 230), (185, 190), (140, 150), (100, 190)]]


@pytest.mark.slow
def test_draw_a_digit_read_the_verdict_and_clear(lesson):
    lesson.open("draw?engine=contraction")
    lesson.wait_for_text(STAND_IN)
    verdicts = []
    for strokes in (THREE, SIX):
        lesson.draw(strokes)
        lesson.wait_for_text(STAND_IN, there=False)
        lesson.calm()
        verdicts.append(lesson.metric("QNN says"))
        gauge = lesson.needle()
        assert ("+" in gauge) == (verdicts[-1] == "3")
        assert lesson.tab.get_by_alt_text("The picture at 28×28, shrunk to 4×4").is_visible()
        assert lesson.tab.locator(".circuit .row.lit").first.is_visible()
        kept = [lesson.metric(label) for label in ("QNN says", "Fair network says", "Seen in training")]
        lesson.go("4 Encode").go("8 Draw")
        assert STAND_IN not in lesson.text(), "the drawing is gone"
        assert kept == [lesson.metric(label) for label in ("QNN says", "Fair network says", "Seen in training")]
        lesson.press("Clear")
        lesson.wait_for_text(STAND_IN)
    lesson.go("4 Encode").go("8 Draw")
    lesson.wait_for_text(STAND_IN)  # what was cleared does not come back
    assert verdicts == ["3", "6"]
    assert lesson.complaints == []


def test_train_pause_switch_page_come_back_and_finish(lesson):
    experiment = Experiment(epochs=1, engine="contraction", learning_rate=0.05)
    lesson.open("train?engine=contraction&epochs=1&rate=0.05")
    assert lesson.step() == "step 0 of 16"
    loss = lesson.film_number("test hinge loss")
    lesson.tab.get_by_label("Speed").select_option("0.5")
    lesson.press("Play")
    lesson.wait_for_step(r"^step [2-9] of 16$")
    lesson.press("Pause")
    lesson.tab.locator(".film").get_by_role("button", name="Play").wait_for()
    lesson.settle()
    paused = lesson.step()
    assert 2 <= int(paused.split()[1]) < 16
    assert lesson.film_number("test hinge loss") != loss
    time.sleep(1.0)
    assert lesson.step() == paused
    lesson.go("2 Shrink")
    lesson.wait_for_text("Training done: step 16 of 16")  # where the film rests is another matter
    lesson.tab.get_by_role("link", name="Back to the training").click()
    lesson.tab.get_by_role("heading", name="Train", exact=True).wait_for()
    lesson.settle()
    assert lesson.step() == paused
    lesson.press("Play")
    lesson.wait_for_step(r"^step 16 of 16$")
    plain = train(experiment)
    assert lesson.film_number("test hinge loss") == f"{plain.history[-1]['test_loss']:.3f}"
    assert lesson.complaints == []


def test_the_first_point_with_aer_comes_soon(lesson):
    lesson.open("train?grid=2&examples=20&epochs=1")  # warms the workers
    lesson.press("Play")
    lesson.wait_for_step(r"^step 1 of 1$")
    lesson.press("Back to the tutorial")
    lesson.wait_for_step(r"^step 0 of 48$")
    lesson.settle()
    began = time.monotonic()
    lesson.press("Play")
    lesson.wait_for_step(r"^step [1-9]\d* of 48$")
    seconds = time.monotonic() - began
    print(f"\nThe first point with aer came {seconds:.1f} s after play.")
    assert seconds < 15
    lesson.press("Pause")


def test_an_address_opens_with_its_settings(lesson):
    address = "first=0&second=1&threshold=0.3&kinds=ZZ%2C+XX&engine=Exact+contraction&all_examples=true&picture=5"
    lesson.open(f"circuit?{address}")
    wanted = "Experiment(digits=(0, 1), threshold=0.3, layers=('ZZ', 'XX'), examples=None, engine='contraction')"
    assert lesson.experiment() == wanted
    assert lesson.tab.get_by_role("spinbutton", name="Picture (0 to").input_value() == "5"
    lesson.go("2 Shrink")
    assert lesson.experiment() == wanted
    assert "threshold=0.3" in lesson.tab.url
    lesson.tab.reload()
    lesson.settle()
    assert lesson.experiment() == wanted
    assert lesson.complaints == []


def test_a_bad_address_says_so(lesson):
    lesson.open("digits?threshold=7&colour=red&second=8")
    said = " ".join(lesson.alerts())
    assert "threshold='7'" in said
    assert "colour='red'" in said
    assert "Traceback" not in lesson.text()
    assert lesson.experiment() == "Experiment(digits=(3, 8))"


def test_a_preset_leads_to_its_training(lesson):
    lesson.open()
    lesson.tab.get_by_role("button", name="Train it").nth(2).click()
    lesson.wait_for_step(r"^step 0 of 96$")
    lesson.settle()
    assert lesson.experiment() == "Experiment(layers=('XX', 'XX', 'ZZ', 'ZZ'), examples=1000)"


@pytest.mark.slow
def test_files_can_be_taken_along(lesson):
    lesson.open("compare?engine=contraction")
    lesson.tab.locator("summary", has_text="Models, seeds, the CNN").click()
    lesson.tab.get_by_role("spinbutton", name="Seeds").fill("2")
    lesson.tab.keyboard.press("Enter")
    models = len(default_models())
    lesson.wait_for_text(f"of {10 * models} runs", there=False)
    lesson.wait_for_text(f"of {2 * models} runs", there=False)
    lesson.tab.locator("summary", has_text="The table").click()
    heading, *rows = csv.reader(lesson.saved("CSV").decode().splitlines())
    assert heading[0] == "model"
    assert all(len(row) == len(heading) for row in rows)
    assert {"QNN (32)", "Fair network"} <= {row[0] for row in rows}
    assert lesson.saved("Markdown").decode().count("\n") == len(rows) + 2
    lesson.go("6 Train")
    assert model_file.load(io.BytesIO(lesson.saved("Save this network"))).experiment.engine == "contraction"
    lesson.press("Play")
    lesson.tab.get_by_role("button", name="Pause").wait_for()
    for _ in range(5):  # while the page is drawn again and again
        content = lesson.saved("Save this network")
        assert model_file.load(io.BytesIO(content)).experiment.engine == "contraction"
    lesson.go("5 Circuit")
    lesson.wait_for_text("Training done: step 48 of 48")
    lesson.settle()
    assert lesson.saved("OpenQASM 3").startswith(b"OPENQASM 3")
    assert b"<svg" in lesson.saved("SVG")
    lesson.go("6 Train")
    for button, said in (("Save this network", "QNN says"), ("Save the fair network", "Fair network, from the file")):
        lesson.go("6 Train")
        content = lesson.saved(button)
        lesson.go("8 Draw").give("Ask a network from a file", "network.npz", content)
        lesson.wait_for_metric(said, "^[36]$")
    lesson.give("Ask a network from a file", "bad.npz", content[:1000])
    lesson.wait_for_text("The file is not a saved model")
    assert lesson.complaints == []


@pytest.mark.slow
def test_every_page_is_clean_described_and_fits_a_phone(lesson):
    """No complaints in the console, words for every picture, no sideways scrolling at 390×844."""
    trouble = {}
    lesson.open()
    for name, (title, _) in PAGES.items():
        lesson.tab.set_viewport_size(DESKTOP)
        if name != "0_start":
            lesson.go(title)
        lesson.tab.locator(PICTURES).first.wait_for(state="attached")
        lesson.settle()
        wide = lesson.overflow()
        lesson.tab.set_viewport_size(PHONE)
        lesson.tab.wait_for_timeout(400)
        found = {
            "pictures": lesson.pictures() or "none",
            "console": lesson.complaints[:],
            "without words": lesson.without_words(),
            "overflow": max(wide, lesson.overflow()),
        }
        if found["pictures"] == "none" or found["console"] or found["without words"] or found["overflow"] > 0:
            trouble[name] = found
        lesson.complaints.clear()
    assert not trouble


def test_a_slider_answers_at_once(lesson):
    lesson.open("contradictions?engine=contraction")
    lesson.tab.get_by_text("More: the counts of each step").click()
    slider = lesson.tab.get_by_role("slider", name="Threshold")
    seconds = []
    for _ in range(5):
        before = lesson.metric("Ceiling, test")
        slider.focus()
        began = time.monotonic()
        lesson.tab.keyboard.press("ArrowLeft")
        lesson.tab.wait_for_function(
            """before => [...document.querySelectorAll('[data-testid=stMetric]')].some(metric =>
                metric.innerText.includes('Ceiling, test') && !metric.innerText.includes(before))""",
            arg=before,
        )
        seconds.append(time.monotonic() - began)
    print(f"\nA threshold move took {np.median(seconds):.2f} s (slowest {max(seconds):.2f} s).")
    assert np.median(seconds) < 3
