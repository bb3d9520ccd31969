"""The drawing pad under a mouse, a finger and a keyboard, in Chromium."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pages.ui import pad
from tests.browser.lesson import PHONE

STAND_IN = "No drawing yet"
ACROSS = [(60, 140), (220, 140)]
THREE = [(90, 60), (190, 60), (140, 130), (190, 180), (160, 230), (80, 220)]
ADDRESS = "draw?engine=contraction"


@pytest.fixture
def page(lesson):
    """Page 8, with an empty pad."""
    lesson.open(ADDRESS)
    lesson.wait_for_text(STAND_IN)
    yield lesson
    assert lesson.complaints == []


def drawn(lesson):
    """Until the server has what is on the pad."""
    lesson.wait_for_text(STAND_IN, there=False)
    lesson.settle()


def selected(lesson):
    return lesson.tab.evaluate("getSelection().toString()")


def points(lesson, x, y):
    """Whether there is ink at this place."""
    return bool(lesson.ink()[y, x])


def test_a_stroke(page):
    page.draw([ACROSS])
    drawn(page)
    ink = page.ink()
    assert ink[140, 60:220].all()
    assert not ink[:120].any()
    assert not ink[160:].any()
    assert selected(page) == ""


def test_a_stroke_that_begins_outside_on_text(page):
    words = page.tab.get_by_text("as large as you like").first.bounding_box()
    page.tab.mouse.move(words["x"] + words["width"] - 10, words["y"] + words["height"] / 2)
    page.tab.mouse.down()
    for place in ((140, 20), (140, 140), (200, 260)):
        page.tab.mouse.move(*page.on_pad(*place), steps=8)
    assert selected(page) == ""
    page.tab.mouse.up()
    assert selected(page) == ""
    drawn(page)
    assert points(page, 140, 100)
    assert points(page, 170, 200)


def test_a_press_on_a_control_draws_nothing(page):
    page.tab.get_by_role("button", name="normal pen").hover()
    page.tab.mouse.down()
    page.tab.mouse.move(*page.on_pad(140, 140), steps=8)
    page.tab.mouse.up()
    assert not page.ink().any()


@pytest.mark.parametrize("away", [(400, 140), (140, -60), (-60, 140)], ids=["right", "above", "left"])
def test_a_stroke_that_leaves_and_comes_back(page, away):
    page.draw([[(140, 140), away]], lift=False)
    x, y = page.on_pad(*away)
    page.tab.mouse.move(x, y + 40, steps=5)
    page.tab.mouse.move(*page.on_pad(200, 220), steps=8)
    assert selected(page) == ""
    page.tab.mouse.up()
    drawn(page)
    assert points(page, 140, 140)
    assert points(page, 200, 220)
    assert selected(page) == ""
    page.draw([[(30, 250), (60, 250)]])  # and the pen is up in between
    assert not points(page, 100, 250)


def test_a_pen_lifted_outside_is_up(page):
    page.draw([[(140, 140), (400, 140)]])
    page.tab.mouse.move(*page.on_pad(140, 260), steps=5)
    assert not points(page, 140, 260)


def test_undo_and_clear_by_mouse_and_keyboard(page):
    undo, clear = (page.tab.get_by_role("button", name=name, exact=True) for name in ("Undo", "Clear"))
    assert undo.is_disabled()
    page.draw([ACROSS, [(140, 40), (140, 100)]])
    drawn(page)
    undo.click()
    page.tab.wait_for_timeout(100)
    assert points(page, 100, 140)
    assert not points(page, 140, 60)
    undo.focus()
    page.tab.keyboard.press("Enter")
    page.wait_for_text(STAND_IN)
    assert not page.ink().any()
    page.draw([ACROSS, THREE])
    drawn(page)
    clear.focus()
    page.tab.keyboard.press("Space")
    page.wait_for_text(STAND_IN)
    assert clear.is_disabled()


def test_the_pen_has_three_widths(page):
    width = {}
    for row, name in ((60, "thin"), (140, "normal"), (220, "thick")):
        pen = page.tab.get_by_role("button", name=f"{name} pen")
        pen.click()
        page.tab.wait_for_function("one => one.ariaPressed === 'true'", arg=pen.element_handle())
        page.draw([[(60, row), (220, row)]])
        page.tab.wait_for_timeout(100)
        width[name] = int(page.ink()[row - 30 : row + 30, 140].sum())
    assert width["thin"] < width["normal"] < width["thick"]
    page.go("4 Encode").go("8 Draw")
    assert page.tab.get_by_role("button", name="thick pen").get_attribute("aria-pressed") == "true"


def test_the_verdict_moves_before_the_pen_is_up(page):
    page.draw([THREE[:2]], lift=False)
    said = {page.needle()}
    for place in THREE[2:]:
        page.tab.mouse.move(*page.on_pad(*place), steps=8)
        page.tab.wait_for_timeout(150)
        said.add(page.needle())
    assert len(said) > 2
    page.tab.mouse.up()
    page.wait_for_metric("QNN says", "^3$")


def test_the_last_point_counts(page):
    """What the pad shows and what the server asks about are the same drawing, however fast the pen was."""
    page.draw([THREE])
    drawn(page)
    assert page.metric("QNN says") == "3"
    once = page.needle(), page.metric("Seen in training")
    page.go("4 Encode").go("8 Draw")
    assert (page.needle(), page.metric("Seen in training")) == once


PEN = "document.documentElement.dataset.pen"


def test_the_verdict_stands_before_the_page_has_the_drawing(page):
    before, seen = page.needle(), page.metric("Seen in training")
    with page.tab.expect_response(lambda answer: '"lifted":true' in (answer.request.post_data or "")):
        page.draw([THREE])
    page.tab.wait_for_timeout(50)
    first, pen = page.needle(), page.tab.evaluate(PEN)
    assert (first != before, pen, page.metric("Seen in training")) == (True, "lifted", seen)
    assert page.tab.locator(".st-key-answers").evaluate("one => getComputedStyle(one).opacity") == "0.4"
    page.settle()
    assert page.needle() == first
    assert page.metric("Seen in training") != seen


def test_the_page_waits_for_the_last_stroke_of_a_digit(page):
    page.draw([THREE[:2]])
    for _ in range(3):
        page.tab.wait_for_timeout(150)
        assert page.tab.evaluate(PEN) == "lifted", "one stroke soon after the other"
        page.draw([THREE[2:4]])
    page.settle()
    assert page.tab.evaluate(PEN) is None


def test_a_drawing_is_not_lost_to_a_click_right_after_it(page):
    page.draw([THREE])
    page.go("4 Encode").go("8 Draw")
    assert points(page, *THREE[1])
    assert STAND_IN not in page.text()


def test_where_the_line_is_dead_the_verdict_comes_with_the_page(page):
    page.tab.route("**/pen/*", lambda route: route.abort())
    before = page.needle()
    page.draw([THREE])
    drawn(page)
    assert page.needle() != before
    assert page.metric("QNN says") == "3"
    page.complaints.clear()


def test_the_drawing_stays_and_can_still_be_taken_back(page):
    page.draw([ACROSS, THREE])
    drawn(page)
    page.settle()
    before = page.ink()
    page.go("4 Encode").go("8 Draw")
    assert (page.ink() == before).all()
    assert STAND_IN not in page.text()
    page.press("Undo")
    page.tab.wait_for_timeout(300)
    assert points(page, 100, 140)
    assert not points(page, 150, 225)
    page.press("Undo")
    page.wait_for_text(STAND_IN)
    page.go("4 Encode").go("8 Draw")
    page.wait_for_text(STAND_IN)


def test_the_drawing_stays_when_a_setting_changes(page):
    page.draw([THREE])
    drawn(page)
    before = page.ink()
    page.tab.locator("[data-testid=stSidebar] summary", has_text="Picture").click()
    slider = page.tab.get_by_role("slider", name="Threshold")
    slider.focus()
    page.tab.keyboard.press("ArrowLeft")
    page.tab.wait_for_url("**threshold=0.49**")
    page.settle()
    assert (page.ink() == before).all()
    assert STAND_IN not in page.text()


def test_nothing_on_the_page_moves_while_the_pen_does(page):
    """From the empty pad over a dot to a digit and back, the place of every part stays."""
    parts = "[data-testid=stMetric], [data-testid=stMain] img, .pad canvas, [data-testid=stRadio]"
    page.tab.evaluate(
        """parts => {
            window.places = new Set();
            const look = () => {
                const found = [...document.querySelectorAll(parts)].map(one => one.getBoundingClientRect());
                places.add(found.map(box => [box.top, box.height].map(Math.round)).join('|'));
                requestAnimationFrame(look);
            };
            look();
        }""",
        parts,
    )
    page.draw([[(140, 140), (140, 140)]])  # a dot
    page.tab.locator(".living.sentence", has_text="draw a digit").wait_for()
    page.settle()
    page.draw([THREE])
    drawn(page)
    page.press("Clear")
    page.wait_for_text(STAND_IN)
    places = page.tab.evaluate("[...places]")
    assert len(places) == 1, places


def finger(page):
    """A function that sends one touch: its kind, and where on the pad."""
    wire = page.tab.context.new_cdp_session(page.tab)

    def touch(kind, *places):
        spots = [dict(zip("xy", page.on_pad(*place), strict=True)) for place in places]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    return touch


@pytest.fixture
def phone(chromium, server):
    """The same page on a phone with a touch screen."""
    from tests.browser.lesson import Lesson

    class Held:
        def new_page(self, **options):
            return chromium.new_page(**{**options, "viewport": PHONE, "has_touch": True, "device_scale_factor": 3})

    visitor = Lesson(Held(), server).open(ADDRESS)
    yield visitor
    assert visitor.complaints == []
    visitor.close()


def test_a_finger_draws_and_does_not_scroll(phone):
    touch, top = finger(phone), "document.querySelector('[data-testid=stMain]').scrollTop"
    before = phone.tab.evaluate(top)
    touch("touchStart", THREE[0])
    for (x1, y1), (x2, y2) in pairwise(THREE):
        for share in (0.25, 0.5, 0.75, 1):
            touch("touchMove", (x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    said = phone.needle()
    touch("touchEnd")
    drawn(phone)
    assert points(phone, 140, 60)
    assert points(phone, 120, 225)
    assert phone.tab.evaluate(top) == before
    assert said
    assert selected(phone) == ""


def test_a_second_finger_is_ignored(phone):
    touch = finger(phone)
    touch("touchStart", (60, 140))
    touch("touchStart", (60, 140), (140, 40))
    touch("touchMove", (120, 140), (200, 40))
    touch("touchEnd")
    drawn(phone)
    assert points(phone, 100, 140)
    assert not points(phone, 170, 40)


def test_a_phone_shows_pad_and_needle_at_once(phone):
    assert phone.overflow() <= 0
    pad, needle = (phone.tab.locator(one).first.bounding_box() for one in (".pad canvas", ".needle"))
    assert pad["y"] > 0
    assert pad["y"] + pad["height"] <= needle["y"]
    assert needle["y"] + 0.8 * needle["height"] < PHONE["height"]
    for name in ("Cells", "Photo", "Test digit"):
        phone.tab.get_by_role("radio", name=name).or_(phone.tab.get_by_role("button", name=name)).first.click()
        phone.settle()
        assert phone.overflow() <= 0, name


def test_cells_by_keyboard(page):
    page.tab.get_by_role("radio", name="Cells").or_(page.tab.get_by_role("button", name="Cells")).first.click()
    page.wait_for_text("All cells are 0")
    page.tab.get_by_role("button", name="row 1, column 1").focus()
    press = page.tab.keyboard.press
    for key in ("ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight", "Space"):
        press(key)
    page.wait_for_text("1 of 16 cells are 1")
    cell = page.tab.get_by_role("button", name="row 2, column 3")
    assert cell.get_attribute("aria-pressed") == "true"
    assert cell.evaluate("one => one === one.getRootNode().activeElement")
    press("ArrowDown")
    press("Enter")
    page.wait_for_text("2 of 16 cells are 1")
    press("Enter")
    page.wait_for_text("1 of 16 cells are 1")
    page.go("4 Encode").go("8 Draw")
    page.wait_for_text("1 of 16 cells are 1")
    assert cell.get_attribute("aria-pressed") == "true"
    one_stop = page.tab.locator(".cells button[tabindex='0']")
    assert one_stop.count() == 1


def test_a_hard_test_digit(page):
    page.tab.get_by_role("radio", name="Test digit").or_(
        page.tab.get_by_role("button", name="Test digit")
    ).first.click()
    page.wait_for_text("Somebody wrote a")
    page.tab.get_by_role("button", name="A hard one").click()
    page.settle()
    page.tab.wait_for_timeout(500)
    truth = re.search(r"Somebody wrote a (\d)", page.text())[1]
    assert page.metric("QNN says") != truth


# ---------------------------------------------------------------- the pad's script alone


@pytest.fixture
def alone(chromium):
    """The pad in an empty page; page(number) is what the server draws, told() the numbers that it has heard."""
    tab = chromium.new_page(viewport={"width": 600, "height": 500})
    tab.route("https://dashboard.example/pen", lambda route: route.fulfill(body="{}", headers=ANYBODY))
    html, code = ((Path(pad.__file__).parent / f"pad.{kind}").read_text("utf-8") for kind in ("html", "js"))
    tab.set_content(f"<div id=place>{html}</div><style>canvas {{width: 280px; height: 280px}}</style>")
    tab.evaluate(
        """async code => {
            const address = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
            const start = (await import(address)).default;
            const parentElement = document.getElementById('place'), heard = [];
            window.told = () => heard;
            window.page = number => start({
                data: {side: 280, pens: {normal: 22}, pen: 'normal', line: 'https://dashboard.example/pen', number,
                       strokes: [], ghost: []},
                parentElement, setStateValue: (_, drawing) => heard.push(drawing.number),
            });
            page(0);
        }""",
        code,
    )
    yield tab
    tab.close()


ANYBODY = {"Access-Control-Allow-Origin": "*"}


def line_across(tab, y):
    tab.mouse.move(60, y)
    tab.mouse.down()
    tab.mouse.move(200, y, steps=5)
    tab.mouse.up()


@pytest.mark.parametrize("early", [True, False])
def test_what_is_pale_gets_its_colour_when_the_page_has_the_last_stroke(alone, early):
    line_across(alone, 100)
    alone.evaluate("page(1)")  # drawn for another reason, with what the line has heard
    assert alone.evaluate(PEN) == "lifted", "another stroke may follow"
    line_across(alone, 200)
    if early:
        alone.evaluate("page(2)")
    alone.wait_for_timeout(800)
    assert alone.evaluate("told()") == [2], "the page is told once"
    assert alone.evaluate(PEN) == (None if early else "lifted")
    alone.evaluate("page(2)")
    assert alone.evaluate(PEN) is None
