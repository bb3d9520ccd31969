"""Every page as a class sees it: the picture above the fold, nothing axe complains of, nothing from elsewhere."""

from urllib.parse import urlsplit

import pytest

from pages import PAGES
from tests.browser.lesson import PHONE, Lesson

NAMES = [name.split("_", 1)[1] if place else "" for place, name in enumerate(PAGES)]
FOLDED = ("digits", "shrink", "contradictions", "encode", "train")
"""Pages whose picture and control have to be seen without scrolling."""
STREAMLITS_OWN = {
    "aria-allowed-attr": "Streamlit's expanders and sliders name states that their roles do not have.",
    "aria-required-children": "Streamlit's segmented controls are radio groups of its own making.",
    "label-title-only": "Streamlit's upload field has a title and no label.",
    "landmark-complementary-is-top-level": "Streamlit's sidebar stands inside another landmark.",
    "landmark-unique": "Streamlit makes a section of each part of the menu.",
    "nested-interactive": "Streamlit puts the help button into the label of its control.",
    "region": "Streamlit's toasts and its own decoration stand outside of all landmarks.",
    "scrollable-region-focusable": "Streamlit's sidebar scrolls and cannot be focused itself.",
}
"""Rules of axe that parts of Streamlit break, which we cannot mend from outside, and where."""
PICTURES = "[data-testid=stPlotlyChart], .film .stage, [data-testid=stMain] img, .needle, canvas"
CONTROLS = "[data-testid=stMain] :is(button, [role=slider], input, [role=radiogroup]), .film .play"


def violations(lesson):
    """What axe finds: rule → the elements, without what Streamlit does itself."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(lesson.tab).response["violations"]
    return {
        rule["id"]: [" ".join(map(str, node["target"])) for node in rule["nodes"]][:3]
        for rule in found
        if rule["id"] not in STREAMLITS_OWN
    }


def box(lesson, selector):
    """The box of the first such element in the main part that is seen."""
    return lesson.tab.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect())
            .filter((one) => one.width > 40 && one.height > 8).map(({left, top, right, bottom}) =>
            ({left, top, right, bottom}))[0]""",
        selector,
    )


@pytest.fixture
def dark(chromium, server):
    """A visitor whose browser prefers the dark theme."""
    context = chromium.new_context(color_scheme="dark")
    visitor = Lesson(context, server)
    yield visitor
    visitor.close()
    context.close()


def test_every_page_is_whole_in_light(lesson):
    pytest.importorskip("axe_playwright_python")
    asked = []
    lesson.tab.on("request", lambda request: asked.append(request.url))
    complaints = {}
    for name in NAMES:
        lesson.open(name)
        complaints |= {name or "start": found} if (found := violations(lesson)) else {}
        assert lesson.tab.locator(".modebar-btn").count() == 0, name
    assert not complaints
    elsewhere = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme in {"http", "https", "ws", "wss"}}
    assert elsewhere == {urlsplit(lesson.server).netloc}


@pytest.mark.slow
def test_every_page_is_whole_in_dark(dark):
    pytest.importorskip("axe_playwright_python")
    complaints = {}
    for name in NAMES:
        dark.open(name)
        assert dark.tab.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == "dark"
        complaints |= {name or "start": found} if (found := violations(dark)) else {}
    assert not complaints


def test_picture_and_control_stand_above_the_fold(lesson):
    low = {}
    for name in FOLDED:
        lesson.open(name)
        picture, control = box(lesson, PICTURES), box(lesson, CONTROLS)
        notice = lesson.tab.locator(".st-key-notice").bounding_box()
        if picture["bottom"] > 800 or control["bottom"] > 800 or notice["y"] > 800:
            low[name] = (picture, control, notice)
    assert not low


def test_play_is_near_the_top_and_its_focus_is_seen(lesson):
    lesson.open("train")
    lesson.tab.locator(".st-key-question h2").click()
    for _ in range(5):
        lesson.tab.keyboard.press("Tab")
        if (
            lesson.tab.evaluate(
                "document.activeElement?.shadowRoot?.activeElement?.className ?? document.activeElement.className"
            )
            == "play"
        ):
            break
    else:
        pytest.fail("More than five stops to Play.")
    assert lesson.tab.locator(".film .play").evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


def test_on_a_phone_play_and_the_first_curve_are_seen_together(lesson):
    lesson.tab.set_viewport_size(PHONE)
    lesson.open("train")
    assert box(lesson, ".film .curves .stage")["bottom"] <= PHONE["height"]
    for title in (".st-key-head h1", ".st-key-next a", ".st-key-back a"):
        assert box(lesson, title)["right"] <= PHONE["width"], title
    tops = [lesson.tab.locator(f".st-key-{key}").bounding_box()["y"] for key in ("back", "next")]
    assert tops[0] == tops[1]


def test_a_remote_turns_the_pages_of_a_show(lesson):
    def heading(name):
        lesson.tab.get_by_role("heading", name=name, exact=True).wait_for()

    lesson.tab.goto(f"{lesson.server}/shrink?present=1")
    heading("Shrink")
    assert not lesson.tab.locator("[data-testid=stSidebar]").is_visible()
    lesson.tab.keyboard.press("PageDown")
    heading("Contradictions")
    lesson.tab.keyboard.press("ArrowRight")
    heading("Encode")
    lesson.tab.locator(".film input[type=range]").focus()
    lesson.tab.keyboard.press("ArrowRight")  # which moves the film, and not the page
    lesson.tab.wait_for_timeout(500)
    heading("Encode")
    lesson.tab.reload()
    heading("Encode")
    assert "present=true" in lesson.tab.url
    assert lesson.tab.get_by_text("The code that just ran").count() == 0
    lesson.tab.evaluate("document.activeElement.blur()")
    lesson.tab.keyboard.press("PageUp")
    heading("Contradictions")
    lesson.press("End the show")
    lesson.settle()
    assert lesson.tab.locator("[data-testid=stSidebar]").is_visible()
