"""Every page as a class sees it: the picture above the fold, its controls near, nothing from elsewhere."""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from pages import PAGES
from qnn_core.tokens import TOKENS, parts_of
from tests.browser.axe import violations
from tests.browser.lesson import DESKTOP, PHONE, Lesson

NAMES = [name.split("_", 1)[1] if place else "" for place, name in enumerate(PAGES)]
FOLD = {
    "": (".needle", ".pad canvas"),
    "digits": (".pictures", ".stSelectbox"),
    "shrink": (".stPlotlyChart", ".stSlider"),
    "contradictions": (".film .tiles .stage", ".film .bar"),
    "encode": (".film .panels", ".film .bar"),
    "circuit": (".circuit .wires", ".circuit .picture"),
    "train": (".film .heaps", ".film .bar"),
    "compare": (".stPlotlyChart", ".st-key-section"),
    "draw": (".needle", ".pad canvas"),
    "box": (".film .dial", ".film .bar"),
    "flat": (".stPlotlyChart", ".stSlider"),
    "noise": (".film .curves", ".film .bar"),
    "scale": (".stPlotlyChart", ".st-key-scale_grid"),
    "hard": (".stPlotlyChart", ".st-key-ring"),
    "teach": (".stMain img", ".st-key-minutes"),
}
"""Page → its main picture and its control, which have to be seen without scrolling."""
NOTICE = ".st-key-notice"
"""The take-home line."""
FINGERS = ("shrink", "train", "draw", "noise", "teach")
"""Pages that have every kind of control."""
FINGER = 44
"""Pixels that a finger needs, in both directions."""
TARGETS = (
    "button, summary, a, select, .film input, [data-baseweb=select] > div, .stCheckbox label, "
    "[data-testid=stRadioOption], .stSlider [role=slider], .circuit .picture rect"
)
SIZES = """controls => controls.map((one) => {
    const {width, height} = one.getBoundingClientRect();
    return [one.innerText || one.ariaLabel || one.outerHTML.slice(0, 120), Math.round(width), Math.round(height)];
}).filter(([_, width, height]) => width && height)"""
"""What each control says, and its width and height in pixels; what is not seen has none."""
SMALL = 8
"""Pixels: what is smaller is not seen."""


LARGE = """([selector, small]) => {
    const inside = (root) => [...root.querySelectorAll('*')].flatMap((one) => [
        ...(one.matches(selector) ? [one.getBoundingClientRect()] : []),
        ...(one.shadowRoot ? inside(one.shadowRoot) : []),
    ]);
    const box = inside(document).find((box) => box.width > small && box.height > small);
    return box && {x: box.x, y: box.y, width: box.width, height: box.height, right: box.right, bottom: box.bottom};
}"""
"""All at one moment: a page that follows its work is drawn again meanwhile."""


def box(lesson, selector):
    """The box of the first such element that is seen, with its right and its lower edge."""
    return lesson.tab.wait_for_function(LARGE, arg=[selector, SMALL]).json_value()


class Look(NamedTuple):
    """What a first look at a page has found, as all pages are opened only once.

    asked: the servers of all requests. toolbars: buttons over charts. bottoms: of picture, control and take-home
    line, in pixels.
    wrong: what axe says.
    """

    asked: set[str]
    toolbars: int
    bottoms: tuple[float, float, float]
    wrong: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def looks(chromium, server) -> Iterator[dict[str, Look]]:
    """A first look at every page, by its name in the address."""
    lesson = Lesson(chromium, server)
    asked = []
    lesson.tab.on("request", lambda request: asked.append(urlsplit(request.url)))
    found = {}
    for name in NAMES:
        asked.clear()
        lesson.open(name)
        picture, control, notice = (box(lesson, selector)["bottom"] for selector in (*FOLD[name], NOTICE))
        servers = {url.netloc for url in asked if url.scheme in {"http", "https", "ws", "wss"}}
        toolbars = lesson.tab.locator(".modebar-btn").count()
        found[name] = Look(servers, toolbars, (picture, control, notice), violations(lesson.tab))
    yield found
    lesson.close()


def test_nothing_is_asked_of_another_server_and_no_chart_has_a_toolbar(looks, server):
    for name, look in looks.items():
        assert look.asked == {urlsplit(server).netloc}, name
        assert look.toolbars == 0, name


def test_picture_control_and_take_home_line_stand_above_the_fold(looks):
    low = {name for name, look in looks.items() if max(look.bottoms[:2]) > DESKTOP["height"]}
    assert not low
    unseen = {name for name, look in looks.items() if look.bottoms[2] > DESKTOP["height"]}
    assert unseen <= {"draw"}, "all that is said of a drawing stands beside it"


def test_axe_finds_nothing_of_ours(looks):
    assert not {name: look.wrong for name, look in looks.items() if look.wrong}


def test_the_theme_is_the_browsers(lesson):
    lesson.tab.emulate_media(color_scheme="dark")
    lesson.open("digits")
    assert lesson.tab.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == "dark"
    paper = lesson.tab.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert paper == f"rgb{parts_of(TOKENS['paper'].dark)}"


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


@pytest.mark.parametrize("name", ["circuit", "noise"])
def test_on_a_phone_the_picture_begins_on_the_first_screen(lesson, name):
    lesson.tab.set_viewport_size(PHONE)
    lesson.open(name)
    picture, control = (box(lesson, selector) for selector in FOLD[name])
    assert control["bottom"] <= 0.6 * PHONE["height"]
    assert picture["y"] <= 0.61 * PHONE["height"]


def test_words_under_a_picture_can_be_read_on_a_phone(lesson):
    lesson.tab.set_viewport_size(PHONE)
    lesson.open()
    words = lesson.tab.locator(".living.journey text").filter(has_text="greys")
    words.first.wait_for()
    sizes = words.evaluate_all(
        "all => all.map(one => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize))"
    )
    assert len(sizes) == 2
    assert min(sizes) >= 12


def test_a_finger_has_room_on_every_control(chromium, server):
    lesson = Lesson(chromium, server, has_touch=True, is_mobile=True, device_scale_factor=2)
    lesson.tab.set_viewport_size(PHONE)
    narrow = {}
    for name in FINGERS:
        lesson.open(name)
        sizes = lesson.tab.locator(".stMain").locator(TARGETS).evaluate_all(SIZES)
        assert len(sizes) > 5, name
        if small := [each for each in sizes if min(each[1:]) < FINGER]:
            narrow[name] = small
    lesson.open()
    lesson.tab.get_by_test_id("stExpandSidebarButton").tap()
    lesson.tab.wait_for_timeout(600)
    menu = lesson.tab.locator(".stSidebar").locator(TARGETS).evaluate_all(SIZES)
    lesson.close()
    assert not narrow
    assert len(menu) > len(PAGES)
    assert not [each for each in menu if min(each[1:]) < FINGER]


@pytest.mark.parametrize("name", ["shrink", "contradictions", "circuit", "hard"])
def test_a_show_has_no_menu_and_its_take_home_line_is_seen(lesson, name):
    lesson.tab.goto(f"{lesson.server}/{name}?present=1")
    lesson.tab.locator(".st-key-head h1").wait_for()
    lesson.tab.locator("[data-testid=stSidebar]").wait_for(state="hidden")
    assert max(box(lesson, selector)["bottom"] for selector in (*FOLD[name], NOTICE)) <= DESKTOP["height"]


def test_a_show_has_all_of_the_training_on_its_screen(lesson):
    lesson.tab.goto(f"{lesson.server}/train?present=1")
    assert box(lesson, ".film .panels")["bottom"] <= DESKTOP["height"]


def turn(lesson, key, title):
    """Press a key of the remote until the page is there: a press while a page is being left may be lost."""
    from playwright.sync_api import TimeoutError as NotYetError

    heading = lesson.tab.locator(".st-key-head h1").filter(has_text=title)
    for _ in range(6):
        lesson.tab.keyboard.press(key)
        with suppress(NotYetError):
            heading.wait_for(timeout=8000)
            break
    lesson.tab.wait_for_url("**present=true**")
    lesson.tab.locator(".st-key-leave").wait_for()


def test_a_presenters_remote_turns_the_pages(lesson):
    lesson.tab.goto(f"{lesson.server}/shrink?present=1")
    heading = lesson.tab.locator(".st-key-head h1")
    heading.filter(has_text="Shrink").wait_for()
    turn(lesson, "PageDown", "Contradictions")
    turn(lesson, "PageDown", "Encode")
    turn(lesson, "ArrowLeft", "Contradictions")
    lesson.tab.reload()
    heading.filter(has_text="Contradictions").wait_for()
    lesson.tab.locator("[data-testid=stSidebar]").wait_for(state="hidden")
    lesson.tab.locator(".film .play").focus()
    lesson.tab.keyboard.press("ArrowRight")
    lesson.tab.wait_for_timeout(1000)
    assert heading.inner_text() == "Contradictions", "an arrow moves the film that has the focus"
    assert lesson.complaints == []


def test_page_down_turns_no_page_outside_a_show(lesson):
    lesson.tab.goto(f"{lesson.server}/shrink?present=1")
    lesson.tab.get_by_role("button", name="End the show").click()
    lesson.tab.locator("[data-testid=stSidebar]").wait_for(state="visible")
    lesson.tab.keyboard.press("PageDown")
    lesson.tab.wait_for_timeout(1000)
    assert lesson.tab.locator(".st-key-head h1").inner_text() == "Shrink"
