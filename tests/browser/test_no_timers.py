"""A visitor presses Play and wanders about, while another tab is at work: no error, no empty page, nothing lost."""

import random
import re
import time

import pytest

from pages import PAGES
from qnn_core import Experiment, train
from tests.browser.lesson import Lesson

RUN = {"engine": "contraction", "epochs": 3000, "rate": 0.0005, "batch": 100}
"""15,000 steps: some seconds."""
TITLES = [title for title, _ in PAGES.values()]


def address(page, **changes):
    return f"{page}?" + "&".join(f"{key}={value}" for key, value in {**RUN, **changes}.items())


def wander(lesson, changes, seed=0):
    """Change the page again and again, sometimes before it is drawn; every page visited has to be there."""
    dice, empty = random.Random(seed), []
    for number in range(changes):
        title = dice.choice(TITLES)
        lesson.tab.get_by_role("link", name=title, exact=True).first.click()
        heading = lesson.tab.get_by_role("heading", name=title.split(" ", 1)[-1], exact=True)
        if dice.random() < 0.3:
            lesson.tab.wait_for_timeout(dice.random() * 300)  # on to the next page, half drawn or not
            continue
        if title == "Start":
            lesson.tab.get_by_text("Choose a run").wait_for()
        else:
            heading.wait_for()
        lesson.settle()
        if len(lesson.text()) < 100:
            empty.append((number, title))
    return empty


@pytest.mark.parametrize("changes", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_pages_are_changed_while_work_goes_on(lesson, chromium, server, changes):
    other = Lesson(chromium, server)
    other.open("compare?engine=contraction")
    lesson.open(address("train", seed=changes))
    lesson.press("Play")
    lesson.tab.get_by_role("button", name="Pause").wait_for()
    began = time.monotonic()
    assert wander(lesson, changes, seed=changes) == []
    print(f"\n{changes} page changes in {time.monotonic() - began:.0f} s.")
    lesson.go("6 Train")
    lesson.wait_for_text("The numbers of this film")
    lesson.tab.locator(".film .place").wait_for()
    lesson.tab.locator(".film input[type=range]").press("End")
    lesson.wait_for_step(r"^step 15000 of 15000$")
    lesson.settle()
    plain = train(
        Experiment(engine="contraction", epochs=3000, learning_rate=0.0005, batch_size=100, seed=changes),
        test_every=15_000,
    )
    assert lesson.film_number("test hinge loss") == f"{plain.records[-1].test_loss:.3f}"
    assert lesson.complaints == []
    other.settle()
    assert len(other.text()) > 100
    assert other.complaints == []
    other.close()


def test_nothing_fades_and_no_sign_runs_while_a_page_follows_its_work(lesson):
    lesson.open(address("train", seed=1, epochs=5000))
    lesson.press("Play")
    lesson.tab.get_by_role("button", name="Pause").wait_for()
    for _ in range(40):
        lesson.tab.wait_for_timeout(50)
        faded = lesson.tab.evaluate(
            """() => [...document.querySelectorAll('[data-testid=stMain] [data-stale]')]
                .filter(one => getComputedStyle(one).opacity < 1).length"""
        )
        assert faded == 0
        assert not lesson.tab.locator("[data-testid=stStatusWidget]").first.is_visible()
    lesson.press("Pause")


def test_a_click_is_answered_while_a_page_follows_its_work(lesson):
    lesson.open(address("train", seed=2, epochs=5000, batch=10))
    lesson.press("Play")
    lesson.tab.get_by_role("button", name="Pause").wait_for()
    lesson.wait_for_step("^step [1-9]")
    for name, answer in (("Pause", "Play"), ("Play", "Pause"), ("Pause", "Play")):
        began = time.monotonic()
        lesson.press(name)
        lesson.tab.get_by_role("button", name=answer).wait_for()
        print(f"\n{name}: {time.monotonic() - began:.2f} s")
        assert time.monotonic() - began < 5
    lesson.settle()
    assert lesson.complaints == []


def test_parameter_shift_says_how_far_it_is(lesson):
    """Before a single image is done; one takes seconds."""
    lesson.open("train?grid=2&examples=20&epochs=1")  # warms the workers
    lesson.press("Play")
    lesson.wait_for_step(r"^step 1 of 1$")
    lesson.open("train?gradient=parameter-shift")
    began = time.monotonic()
    lesson.press("Play")
    lesson.wait_for_text(re.compile(r"step 0 of 48, circuits [\d,]+ of [\d,]+ of the next, about"))
    print(f"\nHow long it takes was said {time.monotonic() - began:.1f} s after play.")
    lesson.wait_for_text(re.compile("circuits (65|130|195) of"))
    lesson.press("Pause")
    assert lesson.complaints == []
