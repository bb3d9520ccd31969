"""The hinge loss asks each expectation value to reach its label."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def hinge(expectation: Array, labels: Array, counts: Array) -> tuple[float, Array]:
    """Mean hinge loss max(0, 1 − y·f) and its derivative with respect to each f.

    expectation: (m,) in [−1, 1]; labels: ±1 (m,); counts: how often each occurs, (m,).
    Returns a number ≥ 0 and (m,).
    """
    margin = 1 - labels * expectation
    share = counts / counts.sum()
    # dL/df = −y·count/total where the margin is positive, else 0
    return float(share @ np.maximum(margin, 0)), np.where(margin > 0, -labels * share, 0.0)


def accuracy(expectation: Array, labels: Array, counts: Array) -> float:
    """Share of examples whose sign of f equals the label; f = 0 counts as the second digit."""
    return float(counts[(expectation > 0) == (labels > 0)].sum() / counts.sum())
