"""The player in a real browser: it plays, steps, drags and grows, and says once where it came to rest."""

import json
import re

import pytest

from pages.ui.film import FOLDER, SCRIPT, SCRIPTS, SPEEDS, STYLES
from qnn_core.tokens import TOKENS
from tests.browser.lesson import DESKTOP, PHONE, TIMEOUT
from tests.browser.player_app import training

JITTER = 300
"""Milliseconds after which the player has said what it has to say."""


class Player:
    """A visitor of the page with films. complaints: what the console said."""

    def __init__(self, browser, server, address="start", **context):
        self.tab = browser.new_page(**{"viewport": DESKTOP, **context})
        self.tab.set_default_timeout(TIMEOUT)
        self.complaints = []
        self.tab.on("console", lambda said: said.type in {"error", "warning"} and self.complaints.append(said.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.goto(f"{server}/?{address}")
        self.tab.locator(".film .panel").first.wait_for()
        self.slider = self.tab.locator(".film input[type=range]")
        self.settle()

    def settle(self):
        """Until the server has answered what the player has said."""
        self.tab.wait_for_timeout(JITTER)
        self.tab.wait_for_function(
            "document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'"
        )
        self.tab.wait_for_timeout(JITTER)

    def at(self):
        """The frame, or between two frames a fraction."""
        return float(self.slider.input_value())

    def place(self):
        return self.tab.locator(".film .place").inner_text()

    def button(self, name):
        return self.tab.locator(".film .bar").get_by_role("button", name=name, exact=True)

    def wait_for_rest(self, frame):
        """Until Python has heard that the player rests there."""
        self.tab.get_by_text(re.compile(rf'"rest": {frame}\b')).first.wait_for()

    def state(self):
        """What Python knows."""
        return json.loads(self.tab.locator("[data-testid=stCode] code").inner_text())

    def heard(self, name="rest"):
        return [value for what, value in self.state()["heard"] if what == name]

    def python(self, name):
        """Press a button of the page, which is not the player's."""
        runs = self.state()["runs"]
        self.tab.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).last.click()
        self.tab.get_by_text(re.compile(rf'"runs": (?!{runs}\b)')).first.wait_for()
        self.settle()

    def overflow(self):
        return self.tab.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
                .map(element => element.scrollWidth - element.clientWidth))"""
        )

    def close(self):
        self.tab.close()


@pytest.fixture
def visit(chromium, films):
    """Players that are closed at the end."""
    opened = []

    def visit(address="start", **context):
        opened.append(Player(chromium, films, address, **context))
        return opened[-1]

    yield visit
    for player in opened:
        player.close()


# ---------------------------------------------------------------- with Streamlit


def test_it_waits_until_somebody_presses_play_and_tells_once_where_it_ends(visit):
    player = visit("start&steps=24")
    assert (player.at(), player.place()) == (0, "step 0 of 48")
    player.tab.wait_for_timeout(600)
    assert player.at() == 0
    player.python("Grow")
    player.python("Grow")
    assert (player.at(), player.state()["frames"]) == (0, 49)
    player.tab.locator(".film select").select_option("4")
    player.button("Play").click()
    player.button("Pause").wait_for()
    player.wait_for_rest(48)
    player.settle()
    assert player.heard() == [48]
    assert player.place() == "step 48 of 48"
    assert player.tab.locator(".film [aria-live]").inner_text() == "step 48 of 48"
    player.button("Play").click()  # from the beginning again
    player.tab.wait_for_timeout(300)
    assert 0 < player.at() < 24
    assert player.complaints == []


def test_pause_step_and_start_rest_at_whole_frames(visit):
    player = visit()
    player.button("Play").click()
    player.tab.wait_for_function("() => document.querySelector('[data-testid=stMain]')")
    player.tab.wait_for_timeout(900)
    player.button("Pause").click()
    player.settle()
    paused = player.at()
    assert 0 < paused < 30
    assert paused == int(paused)
    assert player.heard() == [paused]
    player.button("One step").click()
    player.wait_for_rest(int(paused) + 1)
    player.button("Back to the start").click()
    player.wait_for_rest(0)
    player.settle()
    assert player.heard() == [paused, paused + 1, 0]
    assert player.complaints == []


def test_a_drag_moves_the_panels_and_is_told_when_it_ends(visit):
    player = visit()
    box = player.slider.bounding_box()
    y = box["y"] + box["height"] / 2
    loss = player.tab.locator(".film .curves .key b").first
    seen = {loss.inner_text()}
    player.tab.mouse.move(box["x"] + 13, y)
    player.tab.mouse.down()
    for share in (0.2, 0.4, 0.6, 0.75):
        player.tab.mouse.move(box["x"] + share * box["width"], y, steps=4)
        player.tab.wait_for_timeout(60)
        seen.add(loss.inner_text())
    player.settle()
    assert player.heard() == []
    player.tab.mouse.up()
    player.settle()
    frame = player.at()
    assert 33 <= frame <= 39
    assert player.heard() == [frame]
    assert len(seen) == 5
    assert player.complaints == []


def test_the_numbers_shown_are_those_of_the_frame(visit):
    player = visit()
    table = training(48).table()
    for key, frame in (("End", 48), ("Home", 0), ("ArrowRight", 1)):
        player.slider.focus()
        player.tab.keyboard.press(key)
        player.wait_for_rest(frame)
        shown = player.tab.locator(".film dd").all_inner_texts()
        loss, accuracy = (table[f"Now: test {name}"][frame] for name in ("hinge loss", "accuracy"))
        assert shown == [f"{frame} of 48", f"▲ {loss:.3f}", f"▲ {accuracy:.3f}"]
        values = player.tab.locator(".film .curves .key b").all_inner_texts()
        assert values == [f"{loss:.3f}", f"{accuracy:.3f}"]
        needle = f"{table['The pinned picture'][frame]:+.3f}".replace("-", "−")
        assert player.tab.locator(".film text.big").text_content() == needle
        cells = player.tab.locator(".film .cells").first.locator("text").all_text_contents()
        assert len(cells) == 16


def test_keys_count_only_where_the_focus_is(visit):
    player = visit()
    elsewhere = player.tab.get_by_label("Elsewhere")
    elsewhere.click()
    for key in ("Space", "ArrowRight", "End"):
        player.tab.keyboard.press(key)
    player.settle()
    assert (player.at(), player.heard()) == (0, [])
    player.tab.locator(".film .heaps").click()
    player.tab.keyboard.press("ArrowRight")
    player.wait_for_rest(1)
    player.tab.keyboard.press("End")
    player.wait_for_rest(48)
    player.tab.keyboard.press("ArrowLeft")
    player.wait_for_rest(47)
    player.tab.keyboard.press("Home")
    player.wait_for_rest(0)
    player.tab.keyboard.press("Space")
    player.button("Pause").wait_for()
    player.tab.keyboard.press("Space")
    player.button("Play").wait_for()
    player.button("Play").focus()  # a button keeps its own keys: pressed once, not twice
    player.tab.keyboard.press("Space")
    player.button("Pause").wait_for()
    player.tab.keyboard.press("Space")
    player.settle()
    assert player.at() == int(player.at())
    assert player.complaints == []


def test_a_film_that_grows_goes_on_and_another_one_begins_anew(visit):
    player = visit("start&steps=12")
    player.tab.locator(".film select").select_option("4")
    player.button("Play").click()
    player.tab.wait_for_timeout(1500)
    assert player.at() == 12  # all there is; it waits for more
    assert player.button("Pause").is_visible()
    assert player.heard() == []
    player.tab.evaluate("() => { document.querySelector('[data-testid=stMain]').dataset.kept = 'yes' }")
    mark = "element => { element.dataset.same = 'yes' }"
    player.tab.locator(".film").evaluate(mark)
    player.python("Grow")
    player.tab.wait_for_timeout(1500)
    assert player.at() == 24
    player.button("Pause").click()
    player.wait_for_rest(24)
    player.button("Back to the start").click()
    player.wait_for_rest(0)
    player.python("Grow")
    assert (player.at(), player.state()["frames"]) == (0, 37)
    assert player.tab.locator(".film").get_attribute("data-same") == "yes"
    player.tab.locator(".film select").select_option("0.5")
    player.button("Play").click()
    player.python("Other film")
    player.button("Play").wait_for()
    assert (player.at(), player.state()["rest"]) == (0, None)
    assert player.heard() == [24, 0]
    assert player.complaints == []


def test_python_can_start_it(visit):
    player = visit("steps=48")
    assert player.at() == 48
    player.python("Play from Python")
    assert player.at() < 48
    player.button("Pause").click()
    player.settle()
    rest = player.at()
    player.python("Grow")  # another run of the script does not start it again
    assert player.at() == rest
    assert player.complaints == []


def test_an_earlier_run_can_be_clicked(visit):
    player = visit("start&behind=2")
    keys = player.tab.locator(".film .key.behind")
    assert keys.count() == 4  # two in each panel of curves
    for times in (1, 2):
        keys.nth(1).click()
        player.settle()
        assert player.heard("branch") == ["seed 2"] * times
    assert player.at() == 0
    assert player.complaints == []


@pytest.mark.parametrize("film", ["training&behind=5", "threshold", "encoding", "dial", "noise", "large"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_film_fits_and_can_be_played(visit, film, size):
    player = visit(f"start&film={film}", viewport=size, has_touch=size is PHONE)
    assert player.overflow() <= 0
    player.button("Play").click()
    player.tab.wait_for_timeout(500)
    assert player.at() > 0
    sizes = player.tab.locator(".film").evaluate(
        """film => [...film.querySelectorAll('.bar > *:not(output)')].map(one => one.getBoundingClientRect())
            .map(box => Math.min(box.width, box.height))"""
    )
    assert min(sizes) >= 44
    outside = player.tab.locator(".film").evaluate(
        """film => [...film.querySelectorAll('.stage svg text')].filter(text => {
            const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
            return inner.width && (inner.left < outer.left - 2 || inner.right > outer.right + 2
                || inner.top < outer.top - 4 || inner.bottom > outer.bottom + 4);
        }).map(text => text.textContent)"""
    )
    assert outside == []
    assert player.complaints == []


def test_on_a_phone_play_and_the_first_curve_are_seen_together(visit):
    player = visit(viewport=PHONE)
    play, curve = player.button("Play").bounding_box(), player.tab.locator(".film .curves").first.bounding_box()
    assert play["y"] >= 0
    assert curve["y"] + curve["height"] <= PHONE["height"]
    loss = player.tab.locator(".film .key b").first.inner_text()
    player.slider.tap() if player.tab.evaluate("'ontouchstart' in window") else player.slider.click()
    player.settle()
    assert player.at() == pytest.approx(24, abs=1)
    assert player.tab.locator(".film .key b").first.inner_text() != loss


def test_less_movement_is_obeyed(visit):
    player = visit(reduced_motion="reduce")
    player.button("One step").click()
    assert player.at() == 1  # at once
    player.tab.locator(".film").evaluate(
        """film => {
            film.seen = [];
            const slider = film.querySelector('input');
            const look = () => { film.seen.push(Number(slider.value)); requestAnimationFrame(look); };
            look();
        }"""
    )
    player.button("Play").click()
    player.tab.wait_for_timeout(1600)
    player.button("Pause").click()
    seen = player.tab.locator(".film").evaluate("film => film.seen")
    assert all(frame == int(frame) for frame in seen)
    assert 3 <= max(seen) - 1 <= 8  # four frames a second at most
    assert sorted(set(seen)) == list(range(1, int(max(seen)) + 1))


# ---------------------------------------------------------------- the file alone, with whatever data


@pytest.fixture
def alone(chromium):
    """The player in an empty page; call(data) hands over data, said() gives what it has sent and warned."""
    tab = chromium.new_page(viewport=DESKTOP)
    tab.set_default_timeout(TIMEOUT)
    tab.set_content("<div id=place></div>")
    tab.evaluate(
        """async ([code, styles]) => {
            const address = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
            const start = (await import(address)).default;
            const parentElement = document.getElementById('place').attachShadow({mode: 'open'});
            const sheet = document.createElement('style');
            sheet.textContent = styles;
            parentElement.append(sheet);
            window.said = {sent: [], warnings: [], errors: []};
            console.warn = (...words) => said.warnings.push(words.join(' '));
            addEventListener('error', event => said.errors.push(event.message));
            window.call = ({film, text, ...rest}) => start({
                data: {film: text ?? JSON.stringify(film), ...rest},
                parentElement,
                setStateValue: (...words) => said.sent.push(words),
            });
        }""",
        [SCRIPT, STYLES],
    )
    yield tab
    assert tab.evaluate("said.errors") == []
    tab.close()


GAUGE = {"kind": "gauge", "title": "Needle", "values": [0, 0.5, 1], "names": ["up", "down"]}
FILM = {
    "name": "one",
    "title": "One",
    "label": "step",
    "unit": "",
    "positions": [0, 1, 2],
    "total": 2,
    "panels": [GAUGE],
}
GARBAGE = [
    None,
    "film",
    7,
    {},
    {"name": "x"},
    {**FILM, "positions": []},
    {**FILM, "positions": ["a", None]},
    {**FILM, "positions": [0, 1, 2], "panels": "none"},
    {**FILM, "panels": [None, 3, {"kind": "hologram"}, {"kind": "curves"}, {"kind": "constructor"}, GAUGE]},
    {**FILM, "panels": [{**GAUGE, "values": [0, None, "x"]}, {**GAUGE, "values": [0]}, {**GAUGE, "values": None}]},
    {
        **FILM,
        "panels": [{**GAUGE, "names": None, "picture": 3}, {**GAUGE, "picture": [[None, "a"], [1, 2]], "truth": "x"}],
    },
    {
        **FILM,
        "panels": [{"kind": "cells", "title": "M", "rows": 1e9, "columns": 1e9, "scale": "ink", "values": [[1]]}],
    },
    {
        **FILM,
        "panels": [{"kind": "cells", "title": "M", "rows": 1, "columns": 2, "scale": "ink", "packed": ["%%", 1, 2]}],
    },
    {**FILM, "panels": [{"kind": "heaps", "edges": [0, 1], "first": [[1]] * 3, "second": [["x"]] * 3}]},
    {**FILM, "panels": [{"kind": "heaps", "edges": None, "first": 1, "second": 2}]},
    {**FILM, "panels": [{"kind": "numbers", "numbers": [None, {"label": 3, "texts": [1, 2, 3]}]}]},
    {**FILM, "panels": [{"kind": "dial", "points": [[0, 1], [None, 2], "x"], "grows": True}]},
    {**FILM, "panels": [{"kind": "dial", "points": [[[0, 1]], [], [[1, 0], [0, 0]]]}]},
    {**FILM, "panels": [{"kind": "bars", "edges": [0, 1], "counts": ["x"], "at": [0, None, 1], "share": [0, 1, 2]}]},
    {**FILM, "panels": [{"kind": "bars", "edges": [0, 1], "counts": [1], "at": [0]}]},
    {**FILM, "panels": [{"kind": "tiles", "pictures": [{"side": 3, "packed": "AAAA"}], "shown": [[], [], []]}]},
    {**FILM, "panels": [{"kind": "tiles", "pictures": [], "shown": [[], [[0, "none", "ink", ""]], [None]]}]},
    {**FILM, "panels": [{"kind": "tiles", "pictures": None, "shown": 3}]},
    {
        **FILM,
        "panels": [{"kind": "curves", "at": [0, 1, 2], "x_range": [0, 0], "series": [{"x": [0], "y": [1]}, None]}],
    },
    {
        **FILM,
        "panels": [
            {"kind": "curves", "at": [0, 1, 2], "x_range": [0, 2], "series": [{"x": [0, "a", 2], "y": [1, 2]}]}
        ],
    },
]


def test_what_is_no_json_is_left_out_with_a_warning(alone):
    alone.evaluate("call({text: '}{'})")
    assert alone.evaluate("said.warnings.length") > 0
    alone.evaluate("data => call({film: data, at: 0})", FILM)
    alone.get_by_role("button", name="One step").click()
    alone.wait_for_function("said.sent.length > 0")


@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_garbage_is_left_out_with_a_warning_and_stops_nothing(alone, number):
    alone.evaluate("data => call({film: data})", GARBAGE[number])
    alone.wait_for_timeout(50)
    assert alone.evaluate("said.warnings.length") > 0
    alone.evaluate("data => call({film: data, at: 0})", {**FILM, "name": "good"})
    alone.get_by_role("button", name="One step").click()
    alone.wait_for_function("said.sent.length > 0")
    assert alone.evaluate("said.sent") == [["rest", {"film": "good", "frame": 1, "position": 1}]]
    assert alone.locator("text.big").text_content() == "+0.500"


def test_numbers_that_are_none_are_those_before(alone):
    values = [0.25, "NaN", None]
    alone.evaluate("data => call({film: data})", {**FILM, "panels": [{**GAUGE, "values": values}]})
    assert alone.locator("text.big").text_content() == "+0.250"
    assert "2 of values" in alone.evaluate("said.warnings.join()")


def test_it_is_as_light_or_dark_as_the_page(alone):
    for dark, ink in ((False, "light"), (True, "dark"), (False, "light")):
        alone.evaluate("([film, dark]) => call({film, dark})", [FILM, dark])
        colour = alone.locator(".film").evaluate("film => getComputedStyle(film).getPropertyValue('--ink')")
        assert colour == getattr(TOKENS["ink"], ink)


def test_a_film_that_is_thinned_while_it_grows_stays_at_its_step(alone):
    positions = list(range(11))
    wide = {**GAUGE, "values": [k / 20 for k in positions]}
    alone.evaluate(
        "data => call({film: data, at: 6})", {**FILM, "positions": positions, "total": 20, "panels": [wide]}
    )
    assert alone.locator("output").inner_text() == "step 6 of 20"
    thin = {**GAUGE, "values": [k / 20 for k in range(0, 21, 2)]}
    film = {**FILM, "positions": list(range(0, 21, 2)), "total": 20, "panels": [thin]}
    alone.evaluate("data => call({film: data, at: 6})", film)
    assert alone.locator("output").inner_text() == "step 6 of 20"
    assert alone.locator("text.big").text_content() == "+0.300"
    alone.evaluate("data => call({film: data, at: 16.4})", {**film, "name": "another"})
    assert alone.locator("output").inner_text() == "step 16 of 20", "the frame nearest to it"
    short = {**film, "positions": [0], "panels": [{**GAUGE, "values": [0]}]}  # the run was reset
    alone.evaluate("data => call({film: data})", short)
    assert alone.locator("output").inner_text() == "step 0 of 20"


@pytest.mark.parametrize("touched", [False, True])
def test_a_film_that_has_not_come_so_far_goes_on_to_where_it_should_be(alone, touched):
    def grow(last):
        panel = {**GAUGE, "values": [k / 20 for k in range(last + 1)]}
        film = {**FILM, "positions": list(range(last + 1)), "total": 20, "panels": [panel]}
        alone.evaluate("data => call({film: data, at: 5})", film)
        return alone.locator("output").inner_text()

    assert grow(0) == "step 0 of 20"
    assert grow(3) == "step 3 of 20"
    if touched:
        alone.get_by_role("button", name="Back to the start").click()
    assert grow(8) == ("step 0 of 20" if touched else "step 5 of 20")
    assert grow(12) == ("step 0 of 20" if touched else "step 5 of 20")
    alone.wait_for_timeout(400)
    assert [frame["frame"] for _, frame in alone.evaluate("said.sent")] == ([0] if touched else [])


def test_python_knows_the_same_speeds():
    listed = re.search(r"SPEEDS = \[(.*)\]", SCRIPT).group(1)
    assert tuple(map(float, listed.split(","))) == SPEEDS


def slide(*positions, planned=tuple(range(11))):
    """A film over 0 to 10 with some of its frames; the needle stands at a tenth of each."""
    needle = {**GAUGE, "values": [k / 10 for k in positions]}
    return {**FILM, "positions": list(positions), "total": 10, "planned": list(planned), "panels": [needle]}


def drag(alone, share):
    """The mouse over the slider, at a share of its way."""
    box = alone.locator("input[type=range]").bounding_box()
    alone.mouse.move(box["x"] + 13 + share * (box["width"] - 26), box["y"] + box["height"] / 2, steps=4)
    alone.wait_for_timeout(60)


def needle(alone):
    return float(alone.locator("text.big").text_content().replace("−", "-"))


def test_frames_that_come_in_between_leave_the_hand_where_it_is(alone):
    alone.evaluate("data => call({film: data, at: 5})", slide(4, 5, 6))
    drag(alone, 0.5)
    alone.mouse.down()
    drag(alone, 0.8)
    assert needle(alone) == 0.6, "the nearest that is there, not something in between"
    value = alone.locator("input").input_value()
    alone.evaluate("data => call({film: data, at: 5})", slide(0, 2, 4, 5, 6, 8, 10))
    alone.wait_for_timeout(60)
    assert alone.locator("input").input_value() == value
    assert needle(alone) == 0.8
    alone.mouse.up()
    alone.wait_for_timeout(300)
    assert alone.evaluate("said.sent") == [["rest", {"film": "one", "frame": 5, "position": 8}]]


def test_it_waits_where_it_was_let_go_till_the_frame_is_there(alone):
    alone.evaluate("data => call({film: data, at: 5})", slide(4, 5, 6))
    drag(alone, 0.5)
    alone.mouse.down()
    drag(alone, 0.2)
    alone.mouse.up()
    alone.wait_for_timeout(300)
    ((name, said),) = alone.evaluate("said.sent")
    assert (name, said["film"], said["position"]) == ("wants", "one", 2)
    assert (alone.locator("output").inner_text(), needle(alone)) == ("step 2 of 10", 0.4)
    alone.evaluate("data => call({film: data, at: 2})", slide(3, 4, 5, 6))
    assert (alone.locator("output").inner_text(), needle(alone)) == ("step 2 of 10", 0.3)
    alone.evaluate("data => call({film: data, at: 2})", slide(2, 3, 4, 5, 6))
    assert (alone.locator("output").inner_text(), needle(alone)) == ("step 2 of 10", 0.2)
    drag(alone, 0.2)
    alone.mouse.down()
    drag(alone, 0.9)
    alone.mouse.up()
    gone = slide(2, 3, 4, 5, 6, planned=range(8))  # there will be none after all
    alone.evaluate("data => call({film: data, at: 2})", gone)
    assert (alone.locator("output").inner_text(), needle(alone)) == ("step 6 of 10", 0.6)


def test_python_moves_it_but_not_back_to_where_it_has_been(alone):
    film = slide(*range(11))

    def answer(at, heard=None):
        alone.evaluate("([film, at, heard]) => call({film, at, heard})", [film, at, heard])
        return alone.locator("output").inner_text()

    assert answer(5) == "step 5 of 10"
    assert answer(7) == "step 7 of 10"
    alone.locator("input").focus()
    for key in ("PageUp", "Home"):
        alone.keyboard.press(key)
        alone.wait_for_timeout(200)
    assert [said["position"] for _, said in alone.evaluate("said.sent")] == [10, 0]
    assert answer(10, heard=10) == "step 0 of 10", "an answer to what was told before"
    assert answer(0, heard=0) == "step 0 of 10"
    assert answer(0, heard=0) == "step 0 of 10"
    assert answer(3, heard=0) == "step 3 of 10"
    for nothing in (None, "x", float("1e308")):
        answer(nothing, heard=0)
    assert alone.evaluate("said.warnings") == []


def test_all_colours_and_nothing_else_are_tokens():
    """No colour is written in the player's own files."""
    for name in (*SCRIPTS, "player.css"):
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", (FOLDER / name).read_text("utf-8"))


# ---------------------------------------------------------------- its own line to the server

LINE = "https://dashboard.example/film/somebody"


class LineOfFilm:
    """What answers the player. answers: (status, film) one after the other, the last for ever."""

    def __init__(self, tab, *answers):
        self.wishes, self._answers = [], list(answers)
        tab.route(LINE, self._answer)

    def _answer(self, route):
        self.wishes.append(json.loads(route.request.post_data))
        status, film = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        body = "" if film is None else json.dumps(film)
        route.fulfill(status=status, body=body, headers={"Access-Control-Allow-Origin": "*"})


def play(alone, *answers):
    """A film of one frame is played, and the line has these answers."""
    line = LineOfFilm(alone, *answers)
    alone.evaluate("([film, line]) => call({film, line, pace: 4})", [slide(0, planned=(0,)), LINE])
    alone.get_by_role("button", name="Play").click()
    return line


def told(alone):
    return [value.get("play") for name, value in alone.evaluate("said.sent") if name == "wants"]


def test_while_it_is_played_its_line_brings_the_frames(alone):
    line = play(alone, (200, slide(0, 1, 2, planned=(0, 1, 2))), (204, None), (200, slide(*range(11))))
    alone.wait_for_function("document.querySelector('#place').shadowRoot.querySelector('input').value > 2.5")
    alone.wait_for_timeout(100)
    assert line.wishes == [
        {"film": "one", "after": 0, "begin": True},
        {"film": "one", "after": 2, "begin": False},
        {"film": "one", "after": 2, "begin": False},
    ]
    assert told(alone) == [True], "the page hears of it once"


def test_the_page_hears_of_play_at_once_if_the_line_is_dead(alone):
    line = play(alone, (410, None))
    alone.wait_for_timeout(100)
    assert (told(alone), len(line.wishes)) == ([True], 1)


def test_the_page_hears_of_play_soon_if_the_line_takes_long(alone):
    line = play(alone, (204, None))
    alone.wait_for_timeout(150)
    assert told(alone) == []
    alone.wait_for_timeout(600)
    assert told(alone) == [True]
    alone.get_by_role("button", name="Pause").click()
    alone.wait_for_timeout(100)
    assert told(alone) == [True, False]
    alone.wait_for_timeout(200)
    asked = len(line.wishes)
    alone.wait_for_timeout(200)
    assert asked == len(line.wishes) > 1, "nobody asks while it rests"


def test_a_page_that_knows_less_than_the_line_takes_nothing_away(alone):
    play(alone, (200, slide(*range(11))))
    alone.wait_for_function("document.querySelector('#place').shadowRoot.querySelector('input').value > 2.5")
    older = slide(0, 1, planned=(0, 1))
    alone.evaluate("([film, line]) => call({film, line})", [older, LINE])
    alone.get_by_role("button", name="Pause").click()
    assert needle(alone) > 0.2
    alone.evaluate("([film, line]) => call({film, line})", [{**older, "name": "another run"}, LINE])
    assert needle(alone) == 0.1


def test_where_it_rests_the_line_hears_and_the_address_follows(alone):
    line = LineOfFilm(alone, (200, {"query": "position=3"}), (410, None))
    alone.evaluate("document.addEventListener('address-told', ({detail}) => said.sent.push(detail))")
    alone.evaluate("([film, line]) => call({film, line})", [slide(*range(11)), LINE])
    alone.locator("input").focus()
    alone.keyboard.press("PageDown")
    alone.wait_for_timeout(300)
    assert line.wishes == [{"film": "one", "frame": 0, "position": 0}]
    assert alone.evaluate("said.sent") == ["position=3"], "no page is drawn"
    alone.keyboard.press("PageUp")
    alone.wait_for_timeout(300)
    rest = {"film": "one", "frame": 10, "position": 10}
    assert alone.evaluate("said.sent") == ["position=3", ["rest", rest]], "the page hears what the line does not"
