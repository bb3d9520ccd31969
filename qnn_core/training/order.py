"""An epoch is one pass over all examples, in an order of its own and cut into batches."""

from functools import lru_cache

import numpy as np

from qnn_core.arrays import Integers
from qnn_core.streams import Stream, generator


def steps_per_epoch(examples: int, batch_size: int | None) -> int:
    """Batches in one pass; the last may be smaller. batch_size: None takes all examples at once."""
    return -(-examples // (batch_size or examples))


def examples_seen(steps: int, examples: int, batch_size: int | None) -> int:
    """How many examples so many steps look at, repeats counted."""
    epochs, batches = divmod(steps, steps_per_epoch(examples, batch_size))
    return epochs * examples + batches * (batch_size or examples)


@lru_cache(maxsize=4)
def epoch_order(seed: int | None, epoch: int, examples: int) -> Integers:
    """The numbers of all examples in the order of one epoch; file order for seed None.

    A function of seed and epoch, so that any slice of a run can ask for it.
    """
    if seed is None:
        return np.arange(examples)
    return generator(seed, Stream.ORDER, epoch).permutation(examples)


def batch_rows(seed: int | None, step: int, examples: int, batch_size: int | None) -> Integers:
    """The numbers of the examples that step number `step`, counted from 0, looks at."""
    epoch, number = divmod(step, steps_per_epoch(examples, batch_size))
    size = batch_size or examples
    return epoch_order(seed, epoch, examples)[number * size : (number + 1) * size]
