"""A sentence repeats what somebody gave, in one line and not without end."""

from pathlib import Path

import pytest

from qnn_core.errors import MOST_OF_A_PATH, MOST_QUOTED, cut, named, quoted


@pytest.mark.parametrize("value", ["red", (3, 6, 9), [1.5, None], {"grid": 3}, "a\nb", -7, "x" * 78])
def test_what_is_short_is_quoted_as_python_writes_it(value):
    assert quoted(value) == repr(value)


@pytest.mark.parametrize("value", ["x" * 79, "x" * 10**7, [1] * 10**6, b"x" * 1000, {n: n for n in range(500)}])
def test_what_is_long_is_cut(value):
    assert len(quoted(value)) == MOST_QUOTED
    assert quoted(value) == repr(value)[: MOST_QUOTED - 1] + "…"


def test_what_cannot_be_written_is_named():
    class Rude:
        def __repr__(self):
            raise ZeroDivisionError

    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert "int" in quoted(10**5000)
    assert "Rude" in quoted(Rude())
    assert len(quoted(deep)) <= MOST_QUOTED


def test_cut():
    assert [cut("abcd", most) for most in (3, 4, 5)] == ["ab…", "abcd", "abcd"]


def test_files_are_named():
    assert named("/a/b.png") == named(Path("/a/b.png")) == "/a/b.png"
    assert named(object()) == "The file"
    assert named("a\nb") == "a\\nb"
    assert len(named("x" * 10_000)) == MOST_OF_A_PATH
