"""The hinge loss asks each expectation value to reach its label."""

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.images import Batch
from qnn_core.data.labels import is_first


def hinge(expectation: Array, batch: Batch) -> tuple[float, Array]:
    """Mean hinge loss max(0, 1 − y·f) over the batch, and its derivative by the f of each distinct image.

    expectation: f of the batch's distinct images, (d,) in [−1, 1]. Returns a number ≥ 0 and (d,).
    """
    margin = 1 - batch.labels * expectation[batch.row]
    share = batch.counts / batch.total
    # dL/df = −y·count/total where the margin is positive, else 0
    slope = np.where(margin > 0, -batch.labels * share, 0.0)
    return float(share @ np.maximum(margin, 0)), np.bincount(batch.row, slope, len(expectation)).astype(np.float64)


def accuracy(expectation: Array, batch: Batch) -> float:
    """Share of the batch's examples whose sign of f equals the label; f = 0 counts as the second digit.

    expectation: f of the batch's distinct images, (d,).
    """
    right = is_first(expectation[batch.row]) == is_first(batch.labels)
    return float(batch.counts @ right) / batch.total
