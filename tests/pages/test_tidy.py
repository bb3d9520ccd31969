"""Garbage is collected when nobody draws, and what stays is put aside once."""

import asyncio
import gc
import sys

import psutil
import pytest

from pages.ui.brush import Brush
from pages.ui.tidy import give_back, tidy_up


@pytest.fixture
def calls(monkeypatch):
    """What is asked of Python's collector, in order; nothing is done."""
    made = []
    monkeypatch.setattr(gc, "collect", lambda: made.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: made.append("freeze"))
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 1)
    return made


def follow(brush, *steps, idle=0.04, busy=60.0, settling=0.0):
    """Tidy up, and take these steps meanwhile, each followed by a long rest."""

    async def all_of_it():
        tidying = asyncio.create_task(tidy_up(brush, idle, busy, settling))
        for step in steps:
            step()
            await asyncio.sleep(4 * idle)
        tidying.cancel()

    asyncio.run(all_of_it())


def draw(brush):
    with brush.drawing():
        pass


def test_only_after_something_was_drawn_and_what_stays_only_once(calls):
    brush = Brush()
    follow(brush, lambda: None, lambda: None)
    assert calls == []
    follow(brush, lambda: draw(brush), lambda: None, lambda: draw(brush), lambda: None)
    assert calls == ["collect", "freeze", "collect"]


def test_not_while_somebody_draws(calls):
    brush, drawing = Brush(), []

    def begin():
        drawing.append(brush.drawing())
        drawing[0].__enter__()

    follow(brush, lambda: draw(brush), begin, lambda: None, lambda: None)
    assert calls == ["collect", "freeze"]
    assert brush.rests == 0
    drawing[0].__exit__(None, None, None)
    assert brush.rests > 0


def test_while_the_server_settles_all_that_is_left_is_put_aside(calls):
    brush = Brush()
    follow(brush, lambda: draw(brush), lambda: draw(brush), settling=60.0)
    assert calls == ["collect", "freeze"] * 2


class Busy:
    """A brush that is never put down for long."""

    rests = 0.0

    def __init__(self):
        self.strokes = iter(range(1, 1000))

    @property
    def drawn(self):
        return next(self.strokes)


@pytest.mark.parametrize(("busy", "tidied"), [(0.05, True), (60.0, False)])
def test_a_server_that_never_rests_is_tidied_all_the_same(calls, busy, tidied):
    follow(Busy(), lambda: None, lambda: None, busy=busy)
    assert (calls[:3] == ["collect", "freeze", "collect"]) is tidied
    assert bool(calls) is tidied


def test_it_rests_from_the_last_time():
    brush = Brush()
    draw(brush)
    assert (brush.drawn, brush.rests < 0.5) == (1, True)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc")
def test_freed_memory_goes_back_to_the_system():
    before = psutil.Process().memory_info().rss
    # Many small pieces, so that they lie in a heap and not in maps of their own; the last one holds the heap's end.
    pieces = [bytearray(b"1" * 60_000) for _ in range(3000)]
    pieces[:-1] = []
    give_back()
    assert psutil.Process().memory_info().rss - before < 60_000_000
