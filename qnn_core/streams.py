"""One seed gives every random number of a run, from generators that do not disturb each other."""

from enum import IntEnum, unique

import numpy as np


@unique
class Stream(IntEnum):
    """What a generator is for. Each number is used for one purpose only."""

    WEIGHTS = 0
    """The initial weights."""
    ORDER = 1
    """The order of the examples in an epoch."""
    SHOTS = 2
    """What a machine measures."""
    BATCHES = 3
    """The examples of each step of a training with shots."""
    LAST_PASS = 4
    """The examples of a baseline's last pass, if it ends before all have been seen."""
    DROPOUT = 5
    """The units that the CNN leaves out in a step."""
    RING = 6
    """The picture and the weights of a network with a ring."""
    TRIAL = 7
    """A hidden Pauli, its rival, and what the Bell measurements show."""
    UPLOADS = 8
    """The first angles of a circuit that uploads one pixel again and again."""


def generator(seed: int, stream: Stream, *counters: int) -> np.random.Generator:
    """A new generator. counters: the epoch or the step, where each has a generator of its own."""
    return np.random.default_rng((seed, stream, *counters))
