"""Garbage is collected when nobody draws, and what stays is put aside once."""

import asyncio
import gc

import pytest

from pages.ui.brush import Brush
from pages.ui.tidy import tidy_up


@pytest.fixture
def calls(monkeypatch):
    """What is asked of Python's collector, in order; nothing is done."""
    made = []
    monkeypatch.setattr(gc, "collect", lambda: made.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: made.append("freeze"))
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 1)
    return made


def follow(brush, *steps, idle=0.04):
    """Tidy up, and take these steps meanwhile, each followed by a long rest."""

    async def all_of_it():
        tidying = asyncio.create_task(tidy_up(brush, idle))
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


def test_it_rests_from_the_last_time():
    brush = Brush()
    draw(brush)
    assert (brush.drawn, brush.rests < 0.5) == (1, True)
