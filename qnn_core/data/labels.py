"""A label, an expectation value or a logit names a digit by its sign: above 0 the first, otherwise the second."""

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array, Booleans

FIRST, SECOND = 1.0, -1.0
"""The labels of the two digits."""


def is_first(numbers: Array) -> Booleans:
    """Whether each number, a label ±1 or an answer, names the first digit; 0 names the second. The same shape."""
    return numbers > 0


def changed(before: Array, after: Array) -> Booleans:
    """Where two answers name different digits. The same shape."""
    return is_first(before) != is_first(after)


def digit_of(digits: tuple[int, int], number: float) -> int:
    """The digit that a label or an answer names."""
    return digits[0] if is_first(np.asarray(number)) else digits[1]


def labels_of(first: ArrayLike) -> Array:
    """Labels ±1 of examples of which it is known whether they show the first digit."""
    return np.where(first, FIRST, SECOND)
