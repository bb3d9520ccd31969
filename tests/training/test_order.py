"""Every epoch sees every example once, however it is cut into batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.streams import Stream, generator
from qnn_core.training.order import batch_rows, epoch_order, examples_seen, steps_per_epoch

COUNTS = st.integers(1, 60)


@given(COUNTS, st.none() | st.integers(1, 80), st.integers(0, 5))
def test_the_batches_of_an_epoch_are_its_examples(examples, batch_size, epoch):
    steps = steps_per_epoch(examples, batch_size)
    rows = [batch_rows(3, epoch * steps + number, examples, batch_size) for number in range(steps)]
    assert np.array_equal(np.concatenate(rows), epoch_order(3, epoch, examples))
    assert sorted(np.concatenate(rows)) == list(range(examples))
    assert all(len(row) == min(batch_size or examples, examples) for row in rows[:-1])
    assert 1 <= len(rows[-1]) <= (batch_size or examples)


@given(COUNTS, st.none() | st.integers(1, 60), st.integers(0, 40))
def test_examples_are_counted_as_they_are_seen(examples, batch_size, steps):
    batch_size = batch_size and min(batch_size, examples)
    seen = sum(len(batch_rows(0, step, examples, batch_size)) for step in range(steps))
    assert examples_seen(steps, examples, batch_size) == seen


def test_epochs_and_seeds_have_orders_of_their_own():
    orders = [tuple(epoch_order(seed, epoch, 50)) for seed in (None, 0, 1) for epoch in (0, 1)]
    assert orders[0] == orders[1] == tuple(range(50))
    assert len(set(orders[2:])) == 4


@pytest.mark.parametrize("one", Stream)
def test_no_two_streams_share_their_numbers(one):
    first = generator(7, one).random()
    assert first == generator(7, one).random()
    assert first not in {generator(7, other).random() for other in Stream if other != one}
    assert first not in {generator(8, one).random(), generator(7, one, 1).random()}


def test_every_stream_has_a_number_of_its_own():
    # An IntEnum makes two names with one number the same thing, and shows only one of them.
    assert len(Stream.__members__) == len(Stream)
