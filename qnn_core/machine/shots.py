"""A machine never shows ⟨Z⟩: it shows +1 or −1, shot by shot, and the mean of many shots is only an estimate.

P(+1) = (1 + f)/2 (MATHS section 4, Shots).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.data.images import Batch
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError, quoted
from qnn_core.training.losses import accuracy

MAX_SHOTS = 10**9
SURE = 0.99
CONFIDENCE = 0.95
"""How often an interval holds what it estimates."""


class Estimate(NamedTuple):
    """plus: how many shots gave +1. shots: of how many. value: their mean. low, high: its interval in [−1, 1]."""

    plus: int
    shots: int
    value: float
    low: float
    high: float


def check_shots(shots: int) -> int:
    """The number itself. Raises InputError unless it is a whole number from 1 to 10^9."""
    if isinstance(shots, bool) or not isinstance(shots, int | np.integer) or not 1 <= shots <= MAX_SHOTS:
        raise InputError(f"The number of shots is {quoted(shots)}; choose a whole number from 1 to {MAX_SHOTS:,}.")
    return int(shots)


def _check_expectation(f: ArrayLike) -> Array:
    """Expectation values as an array, clipped of rounding. Raises InputError if any is outside [−1, 1]."""
    values = np.asarray(f, float)
    if not (np.abs(values) <= 1 + 1e-9).all():
        raise InputError("An expectation value of Z is outside −1 to 1; give values from that range.")
    return np.clip(values, -1, 1)


def sample(rng: np.random.Generator, f: ArrayLike, shots: int) -> Array:
    """Means of so many shots ±1 for expectation values f, the same shape. Raises InputError."""
    probability = (1 + _check_expectation(f)) / 2
    return 2 * rng.binomial(check_shots(shots), probability) / shots - 1


def estimate(rng: np.random.Generator, f: float, shots: int) -> Estimate:
    """One measurement of f with so many shots and its 95 % interval. Raises InputError."""
    return estimate_of(int(rng.binomial(check_shots(shots), (1 + float(_check_expectation(f))) / 2)), shots)


def estimate_of(plus: int, shots: int) -> Estimate:
    """What so many shots say that gave +1 so often: their mean and its 95 % interval."""
    low, high = wilson(plus, shots)
    return Estimate(plus=plus, shots=shots, value=2 * plus / shots - 1, low=2 * low - 1, high=2 * high - 1)


def wilson(hits: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a probability that gave so many hits in so many trials (Wilson 1927): both ends in [0, 1].

    It holds the probability with about this confidence, also near 0 and 1, where "p ± 2σ" would not.
    """
    from scipy.special import ndtri

    z = ndtri((1 + confidence) / 2)
    share = hits / trials
    # (p + z²/2N ± z·√(p(1−p)/N + z²/4N²)) / (1 + z²/N)
    centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    reach = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / (1 + z**2 / trials)
    return float(max(0, centre - reach)), float(min(1, centre + reach))


def first_digit_probability(f: ArrayLike, shots: int) -> Array:
    """How likely the mean of so many shots is above 0, for each f. Raises InputError.

    P(X > N/2) with X binomial; a tie counts as the second digit.
    """
    from scipy.special import bdtrc

    probability = (1 + _check_expectation(f)) / 2
    return np.asarray(bdtrc(check_shots(shots) // 2, shots, probability))


def shots_until_sure(f: float, sure: float = SURE) -> int | None:
    """Fewest shots, an odd number, after which the sign of the mean is f's with probability `sure`.

    None if even 10^9 shots are too few, as for f = 0. Odd, so that there are no ties.
    """
    size = abs(float(_check_expectation(f)))
    low, high = 0, (MAX_SHOTS - 1) // 2
    if first_digit_probability(size, 2 * high + 1) < sure:
        return None
    while low < high:
        middle = (low + high) // 2
        if first_digit_probability(size, 2 * middle + 1) >= sure:
            high = middle
        else:
            low = middle + 1
    return 2 * low + 1


def expected_accuracy(f: Array, batch: Batch, shots: int | None) -> float:
    """The accuracy to be expected with so many shots for each image; None: the sign of f itself.

    f: of the batch's distinct images, (d,) in [−1, 1]. Raises InputError.
    """
    if shots is None:
        return accuracy(f, batch)
    first = first_digit_probability(f, shots)[batch.row]
    right = np.where(is_first(batch.labels), first, 1 - first)
    return float(right @ batch.counts) / batch.total
