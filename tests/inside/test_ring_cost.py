"""Sizes are tried until one takes long, and what lies beyond is never taken for measured."""

import numpy as np
import pytest

from qnn_core.engines.mps import Timed
from qnn_core.engines.ring import RingNetwork, states
from qnn_core.inside.ring_cost import ENOUGH_SECONDS, SIZES, beyond, growth, next_size, state_bytes


def doubling(sizes):
    return [Timed(size, 0.5, 1e-3 * 2**size) for size in sizes]


def test_sizes_are_tried_in_order_until_one_takes_long():
    done = []
    while (size := next_size(done)) is not None:
        done.append(Timed(size, 0.0, 1e-3 * 2**size))
    assert [point.data for point in done] == [4, 6, 8, 10]
    assert done[-1].seconds > ENOUGH_SECONDS >= done[-2].seconds
    assert next_size(Timed(size, 0.0, 0.1) for size in SIZES) is None


def test_growth_is_that_of_the_last_points():
    points = [Timed(2, 0.0, 1e6), *doubling((4, 6, 8))]
    assert growth(points) == pytest.approx((-3, np.log10(2)))


def test_beyond_goes_on_from_the_last_point_and_measures_nothing():
    ahead = beyond(doubling((4, 6, 8)))
    assert [point.data for point in ahead] == list(SIZES[2:])
    assert ahead[0].value == 0.5
    assert all(np.isnan(point.value) for point in ahead[1:])
    np.testing.assert_allclose([point.seconds for point in ahead], [1e-3 * 2.0**point.data for point in ahead])
    assert beyond(doubling((4,))) == beyond([]) == beyond(doubling((4, SIZES[-1]))) == []


def test_bytes_are_those_of_the_array():
    assert state_bytes(5) == next(states(RingNetwork(5, ("XX",)))).nbytes
    assert state_bytes(6) == 2 * state_bytes(5)
