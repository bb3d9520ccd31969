"""Colours with fixed meanings, and weights that are the same turn look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.figures import theme


@pytest.mark.parametrize(("half_turns", "same"), [(1, 1), (-1, 1), (3, 1), (0, 0), (2, 0), (1.25, -0.75)])
def test_half_a_turn_either_way_is_the_upper_end(half_turns, same):
    assert theme.wrap(half_turns) == same


@given(st.floats(-50, 50), st.integers(-9, 9))
def test_whole_turns_change_nothing(half_turns, turns):
    wrapped = theme.wrap(half_turns)
    assert -1 < wrapped <= 1
    difference = theme.wrap(half_turns + 2 * turns) - wrapped
    assert min(abs(difference), 2 - abs(difference)) < 1e-9
