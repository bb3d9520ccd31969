"""One page is drawn at a time, but nobody waits for long."""

import time
from threading import Event, Thread

import pytest

from pages.ui import brush
from pages.ui.brush import Brush


def drawn_by_others(own, seconds=0.05):
    """Whether somebody else gets the brush within so long."""
    done = Event()

    def draw():
        with own.drawing():
            done.set()

    Thread(target=draw, daemon=True).start()
    return done.wait(seconds)


def test_one_at_a_time():
    own, at_once, most = Brush(), [], []

    def draw():
        with own.drawing():
            at_once.append(1)
            most.append(len(at_once))
            time.sleep(0.01)
            at_once.pop()

    threads = [Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 8


def test_a_part_of_a_page_keeps_the_pages_brush():
    own = Brush()
    with own.drawing():
        with own.drawing():
            assert not drawn_by_others(own)
        assert not drawn_by_others(own)
    assert drawn_by_others(own)


def test_who_waits_lets_others_draw_and_then_goes_on():
    own = Brush()
    with own.drawing():
        with own.waiting():
            assert drawn_by_others(own, 5)
        assert not drawn_by_others(own)


def test_who_waits_without_it_does_not_get_it():
    own = Brush()
    with own.waiting():
        pass
    assert drawn_by_others(own)


@pytest.mark.parametrize("act", ["drawing", "waiting"])
def test_an_interrupted_page_leaves_no_lock(act):
    own = Brush()
    with pytest.raises(KeyError), own.drawing(), getattr(own, act)():
        raise KeyError
    assert drawn_by_others(own)


def test_who_keeps_it_too_long_loses_it(monkeypatch):
    monkeypatch.setattr(brush, "LONGEST", 0.1)
    own = Brush()
    with own.drawing():
        assert not drawn_by_others(own, 0.02)
        assert drawn_by_others(own, 5)
        assert drawn_by_others(own, 5)
    assert drawn_by_others(own, 5)
    with own.drawing():
        assert not drawn_by_others(own, 0.02)


def test_it_can_be_put_down_before_the_end():
    own = Brush()
    with own.drawing():
        own.put_down()
        assert drawn_by_others(own)
