"""A shelf never holds more bytes than it has room for, makes nothing twice, and keeps what is used."""

import threading
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.shelf import SHELVES, Shelf, content_of, weigh

KEY = 10_000
"""So much that a key beside it does not count."""


@dataclass
class Thing:
    nbytes: int
    name: object = None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), max_size=60))
def test_the_room_is_never_exceeded_but_by_a_single_thing(asked):
    shelf = Shelf("test", KEY * 100)
    sizes = {}
    for name, new in asked:
        size = sizes.setdefault(name, new)
        assert shelf.get(name, lambda size=size, name=name: Thing(KEY * size, name)).name == name
        assert shelf.held <= shelf.room
    assert shelf.get("large", lambda: Thing(KEY * 1000)).nbytes == KEY * 1000
    assert len(shelf) == 1, "needed now, and all else made room"


def test_what_was_used_longest_ago_goes_first():
    shelf, made = Shelf("test", 3 * KEY + 5_000), []

    @shelf.keeps
    def thing(name, twice=False):
        made.append(name)
        return Thing(KEY, name)

    for name in "abcaad":
        thing(name)
    assert made == list("abcd")
    thing("a"), thing("c"), thing("d")
    assert made == list("abcd"), "b has gone"
    thing("b"), thing("b", twice=True)
    assert made == list("abcdbb"), "options count"
    shelf.clear()
    assert (len(shelf), shelf.held) == (0, 0)


def test_a_thing_that_grows_is_weighed_again():
    for grow, left in ((True, 2), (False, 3)):
        shelf = Shelf("test", 10 * KEY, grow=grow)
        grows = shelf.get("a", lambda: Thing(KEY))
        shelf.get("b", lambda: Thing(KEY))
        grows.nbytes = 10 * KEY
        shelf.get("c", lambda: Thing(KEY))
        assert len(shelf) == left, "a has made room, if anybody looked"


def test_many_threads_make_one_thing_and_nobody_else_waits():
    shelf, made = Shelf("test", KEY), []

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
    shelf, calls = Shelf("test", KEY), []

    @shelf.keeps
    def fails(number):
        calls.append(number)
        raise ValueError(number)

    for _ in range(2):
        with pytest.raises(ValueError, match="7"):
            fails(7)
    assert calls == [7, 7]
    assert not shelf._making


def test_what_has_to_stay_stays():
    shelf = Shelf("test", KEY, stays=lambda thing: thing.name == "busy")
    busy = shelf.get("a", lambda: Thing(KEY, "busy"))
    shelf.get("b", lambda: Thing(KEY))
    shelf.get("c", lambda: Thing(KEY))
    assert (shelf.peek("a"), shelf.peek("b")) == (busy, None)
    assert shelf.peek("c") is not None


class Pair(NamedTuple):
    one: object
    other: object


def test_everything_is_weighed_once():
    row = np.zeros(1000)
    assert 8000 <= weigh(row) == weigh(row[:]) < 8001
    for whole in ([row, row], Pair(row, row), {"a": row, "b": {"c": row}}, {row.tobytes(): 1}):
        assert 8000 < weigh(whole) < 9000
    cycle = []
    cycle.append(cycle)
    assert weigh(cycle) < 200
    assert weigh(np.zeros) == 0, "a function is nobody's"
    assert weigh([np.zeros(1000), np.ones(1000)]) > 16_000


def test_each_shelf_can_be_found_by_its_name():
    shelf = Shelf("found", KEY)
    assert SHELVES["found"] is shelf
    Shelf("found", KEY)
    assert SHELVES.pop("found") is shelf


@dataclass(frozen=True)
class Point:
    x: float
    marks: list


ALIKE = (
    lambda: 1,
    lambda: 1.0,
    lambda: True,
    lambda: "1",
    lambda: None,
    lambda: [1, 2.0],
    lambda: [1, 2],
    lambda: (1, 2),
    lambda: [[1], [2]],
    lambda: [[1, 2]],
    lambda: np.array([1, 2]),
    lambda: np.array([1.0, 2.0]),
    lambda: np.array([[1.0, 2.0]]),
    lambda: np.array([[1.0, 2.0], [3.0, 4.0]]),
    lambda: np.array([[1.0, 3.0], [2.0, 4.0]]).T[::-1],
    lambda: np.array([1, "a", None], object),
    lambda: {"a": [1], "b": 2},
    lambda: {"a": [1, 2]},
    lambda: Point(1.0, [2]),
    lambda: Point(1.0, [3]),
    lambda: go.Figure({"type": "scatter", "y": [1, 2]}),
    lambda: go.Figure({"type": "scatter", "y": [1, 3]}),
)


def test_contents_are_equal_for_equal_things_only():
    first, again = ([content_of(make()) for make in ALIKE] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(ALIKE)


def test_rows_in_another_order_in_memory_are_the_same_contents():
    table = np.arange(6.0).reshape(2, 3)
    assert content_of(np.asfortranarray(table)) == content_of(table)


def test_a_function_that_keeps_by_contents():
    shelf, made = Shelf("contents", 1000), []

    @shelf.keeps
    def total(numbers, *, scale=1):
        made.append(scale)
        return scale * sum(numbers)

    assert [total([1, 2]), total([1, 2]), total(numbers=[1, 2]), total([1, 2], scale=2)] == [3, 3, 3, 6]
    assert made == [1, 1, 2], "a name is another way to ask"
