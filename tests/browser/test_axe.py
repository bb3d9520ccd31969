"""axe finds nothing of ours in any part of any page, in both themes; test_look.py has the first look at each."""

from contextlib import suppress

import pytest

from tests.browser.axe import STREAMLITS, violations
from tests.browser.lesson import DESKTOP, Lesson
from tests.browser.test_look import NAMES

CHOICES = {"draw": "source", "box": "part", "compare": "section", "hard": "hard_part"}
"""Page → the key of the control that chooses what it shows."""
MOST_PARTS = 12
"""Expanders of a page, with those inside others."""


def unfold(lesson):
    """Open every part of the page, and those inside them."""
    from playwright.sync_api import TimeoutError as NotYetError

    closed = lesson.tab.locator(".stExpander details:not([open]) > summary")
    for _ in range(MOST_PARTS):
        if not closed.count():
            break
        with suppress(NotYetError):
            closed.first.click(timeout=5000)  # one may be gone: a page that follows its work is drawn again
            lesson.tab.wait_for_timeout(800)
    lesson.tab.mouse.move(DESKTOP["width"] - 1, 1)
    lesson.tab.wait_for_timeout(1500)


def shown(lesson, name):
    """What a page shows, one after the other: yields the words of the choice."""
    yield ""
    choice = lesson.tab.locator(f".st-key-{CHOICES[name]} button") if name in CHOICES else None
    for words in choice.all_inner_texts()[1:] if choice else []:
        choice.filter(has_text=words).first.click()
        lesson.tab.wait_for_timeout(1500)
        yield words


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_of_ours_in_any_part(chromium, server, theme):
    lesson = Lesson(chromium, server, color_scheme=theme)
    wrong, met = {}, set()
    for name in NAMES:
        lesson.open(name)
        for words in shown(lesson, name):
            unfold(lesson)
            if found := violations(lesson.tab, met):
                wrong[name, words] = found
    lesson.close()
    assert not wrong
    assert met == set(STREAMLITS), "What Streamlit does not do any more is no excuse any more."
