"""Strokes become ink; what no pad can have sent is left alone, with a line in the log."""

import json
import logging
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.pad.strokes import MOST_NUMBERS, PENS, SIDE, Stroke, ink_of, parse

INSIDE = st.floats(20, SIDE - 20)
POINTS = st.lists(st.tuples(INSIDE, INSIDE), min_size=1, max_size=12)
WIDTHS = st.sampled_from(list(PENS.values()))


def stroke(points, width=22):
    return Stroke(width, np.array(points, float).reshape(-1, 2))


def message(points=(10, 10, 60.5, 200), **changes):
    strokes = [{"width": 22, "points": list(points)}]
    return {"strokes": strokes, "number": 3, "pen": "thick", **changes}


def distance(points):
    """From the centre of every pixel to the line, (280, 280)."""
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    here = np.stack([x, y], axis=-1)
    pieces = list(zip(points, points[1:] or points, strict=False))
    away = []
    for start, end in ((np.array(a), np.array(b)) for a, b in pieces):
        length = max(1e-9, float((end - start) @ (end - start)))
        share = np.clip(((here - start) @ (end - start)) / length, 0, 1)
        away.append(np.linalg.norm(here - (start + share[..., None] * (end - start)), axis=-1))
    return np.min(away, axis=0)


@given(POINTS, WIDTHS)
def test_ink_is_where_the_pen_was(points, width):
    ink, away = ink_of((stroke(points, width),)), distance(points)
    assert ink.shape == (SIDE, SIDE)
    assert ink.dtype == np.uint8
    assert (ink[away < width / 2 - 1.5] == 255).all()
    assert (ink[away > width / 2 + 1.5] == 0).all()


@given(POINTS)
def test_edges_are_smooth(points):
    ink = ink_of((stroke(points),))
    assert ((ink > 0) & (ink < 255)).sum() > 8


@given(st.lists(POINTS, min_size=2, max_size=4))
def test_strokes_lie_on_top_of_each_other(lines):
    together = ink_of(tuple(stroke(line) for line in lines))
    apart = [ink_of((stroke(line),)) for line in lines]
    assert (together >= np.max(apart, axis=0)).all()


def test_no_ink():
    assert ink_of(()) is None
    assert ink_of((stroke([(-100, -100), (-100, 300)]),)) is None  # all of it outside


def test_a_stroke_that_leaves_and_comes_back():
    ink = ink_of((stroke([(140, 100), (400, 100), (400, 200), (140, 200)]),))
    assert ink[100, 140:].all()
    assert ink[200, 140:].all()
    assert not ink[120:180].any()


@given(POINTS, WIDTHS)
def test_there_and_back(points, width):
    sent = json.loads(json.dumps([stroke(points, width).written()]))
    found = parse(message(strokes=sent))
    assert (found.number, found.pen) == (3, "thick")
    assert found.strokes[0].width == width
    np.testing.assert_array_equal(found.strokes[0].points, np.array(points))


def deep(levels):
    nested = []
    for _ in range(levels):
        nested = [nested]
    return nested


BAD = {
    "nothing": None,
    "text": "strokes",
    "a list": [1, 2],
    "empty": {},
    "strokes are text": message(strokes="abc"),
    "strokes are a number": message(strokes=5),
    "a stroke is a number": message(strokes=[5]),
    "a stroke without points": message(strokes=[{"width": 22}]),
    "no points": message([]),
    "points are text": message(strokes=[{"width": 22, "points": "1234"}]),
    "points are a dict": message(strokes=[{"width": 22, "points": {"0": 1, "1": 2}}]),
    "an odd number": message([1, 2, 3]),
    "NaN": message([1, float("nan")]),
    "infinite": message([1, float("inf")]),
    "huge": message([1, 10**400]),
    "far outside": message([1, 421]),
    "far left": message([-141, 1]),
    "a truth value": message([True, 1]),
    "nested": message([[1, 2], [3, 4]]),
    "deep": message(deep(500)),
    "a wide pen": message(strokes=[{"width": 500, "points": [1, 2]}]),
    "the width is a list": message(strokes=[{"width": [22], "points": [1, 2]}]),
    "no such pen": message(pen="broom"),
    "the pen is a list": message(pen=["thin"]),
    "the number is text": message(number="3"),
    "the number is negative": message(number=-1),
    "the number is huge": message(number=10**30),
    "too much": message([1.0] * (MOST_NUMBERS + 2)),
    "too many strokes": message(strokes=[{"width": 22, "points": [1, 2]}] * MOST_NUMBERS),
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD)
def test_nonsense_is_ignored_with_a_line_in_the_log(sent, caplog):
    with caplog.at_level(logging.WARNING):
        assert parse(sent) is None
    (line,) = caplog.messages
    assert line.startswith("A drawing was ignored")
    assert len(line) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(message())), inner, max_size=4),
)


@given(JSON, st.sampled_from(list(message())))
def test_anything_may_be_sent(anything, field):
    parse(anything)
    parse(message(**{field: anything}))
    parse(message(strokes=[{"width": 22, "points": anything}]))


def test_a_long_drawing_takes_no_time():
    angle = np.linspace(0, 60, 2000)
    points = np.stack([140 + 100 * np.cos(angle), 140 + 100 * np.sin(1.3 * angle)], axis=1)
    began = time.perf_counter()
    ink_of(parse(message(points.ravel().tolist())).strokes)
    assert time.perf_counter() - began < 0.2
