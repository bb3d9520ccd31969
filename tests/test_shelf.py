"""A shelf never holds more bytes than it has room for, makes nothing twice, and keeps what is used."""

import threading
import time
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.shelf import SHELVES, Shelf


@dataclass
class Thing:
    nbytes: int
    name: object = None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), max_size=60))
def test_the_room_is_never_exceeded_but_by_a_single_thing(asked):
    shelf = Shelf("test", 100)
    sizes = {}
    for name, new in asked:
        size = sizes.setdefault(name, new)
        assert shelf.get(name, lambda size=size, name=name: Thing(size, name)).name == name
        assert shelf.held <= 100
    assert shelf.get("large", lambda: Thing(1000)).nbytes == 1000
    assert len(shelf) == 1, "needed now, and all else made room"
    del SHELVES["test"]


def test_what_was_used_longest_ago_goes_first():
    shelf, made = Shelf("test", 3), []

    @shelf.keeps
    def thing(name, twice=False):
        made.append(name)
        return Thing(1, name)

    for name in "abcaad":
        thing(name)
    assert made == list("abcd")
    thing("a"), thing("c"), thing("d")
    assert made == list("abcd"), "b has gone"
    thing("b"), thing("b", twice=True)
    assert made == list("abcdbb"), "options count"
    shelf.clear()
    assert (len(shelf), shelf.held) == (0, 0)
    assert SHELVES["test"] is shelf


def test_a_thing_that_grows_is_weighed_again():
    shelf = Shelf("test", 10)
    grows = shelf.get("a", lambda: Thing(1))
    shelf.get("b", lambda: Thing(1))
    grows.nbytes = 10
    shelf.get("c", lambda: Thing(1))
    assert len(shelf) == 2, "a has made room"
    assert shelf.held == 2


def test_many_threads_make_one_thing_and_nobody_else_waits():
    shelf, made = Shelf("test", 10), []

    def slow():
        made.append(1)
        time.sleep(0.3)
        return Thing(1)

    got = []
    threads = [threading.Thread(target=lambda: got.append(shelf.get("a", slow))) for _ in range(8)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    shelf.get("b", lambda: Thing(1))
    assert time.monotonic() - began < 0.25
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(one is got[0] for one in got)


def test_nothing_is_kept_of_what_fails():
    shelf, calls = Shelf("test", 10), []

    @shelf.keeps
    def fails(number):
        calls.append(number)
        raise ValueError(number)

    for _ in range(2):
        with pytest.raises(ValueError, match="7"):
            fails(7)
    assert calls == [7, 7]
    assert not shelf._making
