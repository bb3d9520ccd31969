"""Charts of page 13: what is measured is drawn as measured, what is not is dashed and says so."""

import numpy as np

from qnn_core.engines.mps import Timed
from qnn_core.figures.inside.kernel import learning_chart, matrix_chart
from qnn_core.figures.inside.ring import memory_chart, rank_chart, seconds_chart
from qnn_core.figures.inside.two_copies import copies_chart
from qnn_core.figures.inside.uploads import spectrum_chart
from qnn_core.inside.kernel import LEARNERS, Memory, Point
from qnn_core.inside.ring_cost import SIZES, beyond, state_bytes
from qnn_core.inside.schmidt import Cut
from qnn_core.inside.two_copies import copies_needed


def test_ranks_stand_below_the_bounds():
    figure = rank_chart({"none": [Cut(0, 1, 0.0), Cut(1, 2, 1.0)], "XX": [Cut(0, 1, 0.0), Cut(1, 4, 2.0)]}, [1, 2], 8)
    bound, star, ring = figure.data
    assert (list(bound.y), list(star.y), list(ring.y)) == ([1, 2], [1, 2], [1, 4])
    assert star.line.dash != ring.line.dash
    assert figure.layout.shapes[0].y0 == 8
    assert figure.layout.annotations[0].text.endswith("8")


def test_the_stars_bound_is_never_above_what_any_state_can_have():
    assert list(rank_chart({}, [1, 2, 4, 8, 16], 4).data[0].y) == [1, 2, 4, 4, 4]


def test_seconds_are_dashed_where_they_were_not_measured():
    points = [Timed(size, 0.0, 1e-3 * 2**size) for size in (8, 4, 6)]
    star, ring, ahead = seconds_chart({"none": points, "XX": points}).data
    assert list(star.x) == list(ring.x) == [4, 6, 8]
    assert star.line.dash == ring.line.dash == "solid"
    assert (ahead.name, ahead.line.dash, ahead.mode) == ("not measured", "dash", "lines")
    assert list(ahead.y) == [point.seconds for point in beyond(points)]
    assert [trace.name for trace in seconds_chart({"none": points}).data] == ["No ring: measured"]


def test_memory_is_dashed_beyond_what_is_held():
    held, ahead = memory_chart(12).data
    assert (list(held.x), list(ahead.x)) == ([4, 6, 8, 10, 12], list(SIZES[4:]))
    assert list(ahead.y) == [state_bytes(size) for size in ahead.x]
    assert ahead.line.dash == "dash"


def test_copies_have_a_curve_for_each_way():
    needed = [copies_needed(qubits, 2 / 3) for qubits in (1, 2, 3)]
    one, limit, two = copies_chart(needed).data
    assert list(one.y) == [each.one for each in needed]
    assert list(limit.y) == [each.limit for each in needed]
    assert list(two.y) == [each.two for each in needed]
    assert len({curve.line.dash for curve in (one, limit, two)}) == 3


def test_every_learner_has_its_curve_in_order_of_size():
    name = next(iter(LEARNERS))
    figure = learning_chart([Point(name, 300, 0.9), Point(name, 100, 0.8)], Memory(0.7, 0.9, 1, 2))
    curve = figure.data[0]
    assert (list(curve.x), list(curve.y)) == ([100, 300], [0.8, 0.9])
    assert [trace.name for trace in figure.data] == [learner.title for learner in LEARNERS.values()]
    low, high = figure.layout.yaxis.range
    assert low < 0.7
    assert high > 0.9
    assert figure.layout.shapes[0].y0 == 0.7


def test_the_matrix_frames_each_digit():
    figure = matrix_chart(np.eye(6), (3, 6))
    assert [(frame.x0, frame.x1) for frame in figure.layout.shapes] == [(-0.5, 2.5), (2.5, 5.5)]
    assert list(figure.layout.xaxis.tickvals) == [1, 4]
    assert list(figure.layout.xaxis.ticktext) == ["digit 3", "digit 6"]


def test_the_line_stands_behind_the_last_frequency():
    figure = spectrum_chart(np.arange(20.0), np.ones(20), 3)
    assert figure.layout.shapes[0].x0 == 3.5
    assert list(figure.data[0].y) == list(figure.data[0].x) == list(range(13))
