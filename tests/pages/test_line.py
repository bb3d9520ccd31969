"""The pen's own line: what comes over plain HTTP is answered, or refused by a sentence."""

import asyncio
import json

import pytest
from starlette.applications import Starlette

from pages.ui.pad import line
from pages.ui.pad.strokes import MOST_BYTES, MOST_NUMBERS

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
    asyncio.run(Starlette(routes=line.routes())(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def address():
    """A line that says how many points it was asked about."""
    yield line.open_line("somebody", lambda drawing: {"points": sum(len(one.points) for one in drawing.strokes)})
    line._lines.clear()


def test_a_drawing_is_answered(address):
    written = json.dumps(DRAWING).encode()
    assert ask(address, written) == (200, '{"points":2}')
    assert ask(address, written[:9], written[9:]) == (200, '{"points":2}')
    assert ask(address, written, method="GET")[0] == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
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
    assert (status, why) == (410, "Nobody draws here; load the page again.")


def test_the_one_who_is_silent_for_longest_loses_it(address, monkeypatch):
    monkeypatch.setattr(line, "MOST_LINES", 2)
    line.open_line("second", line._lines["somebody"])
    line.open_line("somebody", line._lines["somebody"])
    line.open_line("third", line._lines["somebody"])
    assert list(line._lines) == ["somebody", "third"]


def test_an_answer_that_fails_is_for_the_log(address, caplog):
    line.open_line("somebody", lambda drawing: 1 / 0)
    status, why = ask(address, json.dumps(DRAWING).encode())
    assert (status, "ZeroDivision" in why) == (500, False)
    assert ask(address, json.dumps(DRAWING).encode())[0] == 500, "and the line is free again"


def test_one_question_at_a_time(address):
    answers = []

    def slow(drawing):
        answers.append(ask(address, json.dumps(DRAWING).encode()))
        return {}

    line.open_line("somebody", slow)
    assert ask(address, json.dumps(DRAWING).encode())[0] == 200
    assert answers == [(429, "One question at a time.")]


def test_below_a_path_of_the_server(monkeypatch, address):
    monkeypatch.setattr(line.config, "get_option", lambda name: "/school/qnn/")
    assert line.open_line("x", lambda drawing: {}) == "/school/qnn/pen/x"
    assert line.routes()[0].path == "/school/qnn/pen/{visitor}"
