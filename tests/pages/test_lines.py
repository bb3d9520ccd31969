"""The lines of their own of pad and film: what comes over plain HTTP is answered, or refused by a sentence."""

import asyncio
import json
import time

import numpy as np
import pytest
from starlette.applications import Starlette

from pages.ui import line
from pages.ui.film import growing
from pages.ui.film.growing import FILMS, Growing
from pages.ui.pad import PEN
from pages.ui.pad.strokes import MOST_BYTES, MOST_NUMBERS
from qnn_core.live.film import Film
from qnn_core.live.panels import Gauge

DRAWING = {"number": 1, "pen": "thin", "strokes": [{"width": 14, "points": [10, 20, 30, 40]}]}


def ask(address, *pieces, method="POST"):
    """Status and body of the answer to a request whose body comes in these pieces; by ASGI, without a socket."""
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": address, "headers": [], "query_string": b"", "app": None}
    asyncio.run(Starlette(routes=[PEN.route(), FILMS.route()])(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def address():
    """A pen's line that says how many points it was asked about."""
    yield PEN.open("somebody", lambda asking: str(sum(len(one.points) for one in asking.drawing.strokes)))
    PEN.clear()


def test_a_drawing_is_answered(address):
    written = json.dumps(DRAWING).encode()
    assert ask(address, written) == (200, "2")
    assert ask(address, written[:9], written[9:]) == (200, "2")
    assert ask(address, written, method="GET")[0] == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"strokes": 5}',
        json.dumps({**DRAWING, "strokes": [{"width": 14, "points": [1e9, 0]}]}).encode(),
        json.dumps({**DRAWING, "strokes": [{"width": 14, "points": [float("nan"), 0]}]}).encode(),
        b" " * (MOST_BYTES + 1),
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
def test_what_is_no_drawing_is_refused(address, body):
    assert ask(address, body) == (400, "This is no drawing.")


def test_the_longest_drawing_is_short_enough():
    """A pad draws no longer one; see MOST in pad.js."""
    points = [-139.9] * (MOST_NUMBERS - 2)
    assert len(json.dumps({**DRAWING, "strokes": [{"width": 14, "points": points}]})) < MOST_BYTES


def test_who_has_no_line_is_told(address):
    status, why = ask("/pen/nobody", json.dumps(DRAWING).encode())
    assert (status, why) == (410, "Nobody is here to answer; load the page again.")


def test_the_one_who_is_silent_for_longest_loses_it(address, monkeypatch):
    monkeypatch.setattr(line, "MOST_LINES", 2)
    for visitor in ("second", "somebody", "third"):
        PEN.open(visitor, PEN.answer_of("somebody"))
    assert [PEN.answer_of(visitor) is not None for visitor in ("somebody", "second", "third")] == [True, False, True]


def test_an_answer_that_fails_is_for_the_log(address, caplog):
    PEN.open("somebody", lambda asking: 1 / 0)
    status, why = ask(address, json.dumps(DRAWING).encode())
    assert (status, "ZeroDivision" in why) == (500, False)
    assert ask(address, json.dumps(DRAWING).encode())[0] == 500, "and the line is free again"


def test_one_question_at_a_time(address):
    answers = []

    def slow(asking):
        answers.append(ask(address, json.dumps(DRAWING).encode()))
        return "0"

    PEN.open("somebody", slow)
    assert ask(address, json.dumps(DRAWING).encode())[0] == 200
    assert answers == [(429, "One question at a time.")]


def test_below_a_path_of_the_server(monkeypatch, address):
    monkeypatch.setattr(line.config, "get_option", lambda name: "/school/qnn/")
    assert PEN.open("x", lambda asking: "0") == "/school/qnn/pen/x"
    assert PEN.route().path == "/school/qnn/pen/{visitor}"


# A film that grows


class Work:
    """A film of two frames that somebody may want to have more of."""

    def __init__(self):
        self.frames, self.wanted, self.asked, self.place = 2, False, 0, None

    def go_on(self, begin):
        self.wanted, self.asked = self.wanted or begin, self.asked + 1
        if self.wanted and self.asked > 2:
            self.frames = 4
        return self.wanted

    def make(self):
        values = np.linspace(-1, 1, self.frames)
        return Film("one", "One", (Gauge("⟨Z⟩", values, ("3", "6")),), np.arange(self.frames), total=3)

    def line(self):
        how = Growing(self.make, lambda: self.frames - 1, self.go_on, lambda: f"position={self.place}")
        return growing.open_line("somebody", "one", how, self.rest)

    def rest(self, sent):
        self.place = sent["frame"]


@pytest.fixture
def work():
    yield Work()
    FILMS.clear()


def wish(film="one", after=1, begin=True):
    return json.dumps({"film": film, "after": after, "begin": begin}).encode()


def test_a_wish_waits_for_the_next_frames(work):
    assert ask(work.line(), wish()) == (200, work.make().text)
    assert (work.frames, work.asked) == (4, 3)


def test_what_is_there_already_is_said_at_once(work):
    assert ask(work.line(), wish(after=0, begin=False)) == (200, work.make().text)
    assert (work.frames, work.asked, work.wanted) == (2, 1, False)


def test_a_wish_does_not_wait_for_ever(work, monkeypatch):
    monkeypatch.setattr(FILMS, "_patience", 0.1)
    assert ask(work.line(), wish(after=3)) == (204, "")


@pytest.mark.parametrize("asked", [wish(film="another"), wish(begin=False)])
def test_where_nobody_works_the_player_is_told(work, asked):
    assert ask(work.line(), asked) == (410, "Nobody works on it any more.")


@pytest.mark.parametrize(
    "asked",
    [b"5", b"{}", b'"x"', b'{"film": 1, "after": 1, "begin": true}', b'{"film": "one", "after": "1", "begin": true}'],
)
def test_what_is_no_wish_is_refused(work, asked):
    assert ask(work.line(), asked) == (400, "This is no wish for a film.")
    assert not work.asked


def test_where_a_film_rests_the_line_says_the_address(work):
    rest = {"film": "one", "frame": 1, "position": 1}
    assert ask(work.line(), json.dumps(rest).encode()) == (200, '{"query": "position=1"}')
    assert (work.place, work.asked) == (1, 0)
    assert ask(work.line(), json.dumps({**rest, "film": "another", "frame": 0}).encode())[0] == 410
    assert work.place == 1


def test_who_asks_is_known_to_ask_for_a_second(work, monkeypatch):
    ask(work.line(), wish())
    now = time.monotonic()
    assert line.is_asking("somebody")
    assert not line.is_asking("somebody else")
    monkeypatch.setattr(line.time, "monotonic", lambda: now + 2)
    assert not line.is_asking("somebody")
