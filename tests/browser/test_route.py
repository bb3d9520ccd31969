"""The lesson of 45 minutes, walked with a mouse, with a finger on a phone, and with the keyboard alone."""

import re

import pytest

from pages import PAGES
from pages.ui.teach import ROUTES, STEPS
from tests.browser.lesson import PHONE, Lesson

MOST_TABS = 150


class Mouse:
    """Clicks."""

    phone = False

    def __init__(self, lesson):
        self.lesson = lesson

    def press(self, role, name):
        """The one link or button with this name."""
        self.lesson.tab.get_by_role(role, name=name, exact=True).first.click()

    def menu(self, title):
        """Another page, by the menu."""
        self.press("link", title)


class Finger(Mouse):
    """Taps, on a phone, where the menu is folded away."""

    phone = True

    def press(self, role, name):
        place = self.lesson.tab.get_by_role(role, name=name, exact=True).first
        place.scroll_into_view_if_needed()
        self.lesson.tab.wait_for_timeout(300)  # a page that still glides takes a tap for a swipe
        place.tap()

    def menu(self, title):
        tab = self.lesson.tab
        tab.get_by_test_id("stExpandSidebarButton").tap()
        self.press("link", title)
        tab.get_by_role("heading", name=title, exact=True).wait_for()
        tab.wait_for_timeout(500)
        if tab.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "false":
            tab.get_by_role("button", name="Collapse sidebar").tap(force=True)
            tab.locator("[data-testid=stSidebar][data-collapsed=true]").wait_for(state="attached")


class Keyboard(Mouse):
    """Tab until the focus is there, then Enter."""

    def press(self, role, name):
        self.lesson.tab.get_by_role(role, name=name, exact=True).first.wait_for()
        for _ in range(MOST_TABS):
            self.lesson.tab.keyboard.press("Tab")
            focused = self.lesson.tab.evaluate("document.activeElement.innerText ?? ''")
            if re.search(rf"(^|\n){re.escape(name)}$", focused.strip()):
                self.lesson.tab.keyboard.press("Enter")
                return
        pytest.fail(f"The keyboard does not reach {name}.")


@pytest.mark.slow
@pytest.mark.parametrize("hand", [Mouse, Finger, Keyboard])
def test_the_route_of_45_minutes(chromium, server, hand):
    lesson = Lesson(chromium, server, has_touch=hand.phone)
    try:
        if hand.phone:
            lesson.tab.set_viewport_size(PHONE)
        hand = hand(lesson)
        lesson.open("?engine=contraction")
        hand.press("link", "Teach this")
        lesson.tab.get_by_role("heading", name="Teach", exact=True).wait_for()
        lesson.settle()
        for name in ROUTES[45]:
            title = PAGES[STEPS[name].page][0]
            hand.press("button", f"Open {title}")
            lesson.tab.wait_for_url(lambda url: "teach" not in url)
            lesson.settle()
            heading = "A quantum neural network, opened" if title == "Start" else title.lstrip("0123456789 ")
            lesson.tab.get_by_role("heading", name=heading, exact=True).wait_for()
            hand.menu("Teach")
            lesson.tab.get_by_role("heading", name="Teach", exact=True).wait_for()
            lesson.settle()
        assert lesson.complaints == []
    finally:
        lesson.close()
