"""Seventeen qubits hold sixteen pixels, so 28×28 has to become 4×4."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qnn_core.arrays import Array, Bytes
from qnn_core.data.digits import SIDE
from qnn_core.families import Family, Part

BINS = 51
"""Of a histogram: five grey values of 255 in each."""


@dataclass(frozen=True)
class Resampler(Part):
    """`taps(grid)`: integer weights (grid, 28) of one axis; each row has the same sum.

    Integer weights keep the shrunken greys exact multiples of one unit, so that equal pictures compare
    equal whatever the order of summation. Contradictions are counted by exact equality.
    """

    taps: Callable[[int], NDArray[np.int64]]


def histogram(grey: Array) -> NDArray[np.int64]:
    """Greys in [0, 1] of any shape counted in equal bins, (BINS,); millions of them in a moment."""
    # The small term keeps multiples of 1/51, which floats miss by a hair, in the bin that they open.
    return np.bincount(np.minimum((grey.ravel() * BINS + 1e-9).astype(np.intp), BINS - 1), minlength=BINS)


def _sample_taps(grid: int) -> NDArray[np.int64]:
    """Bilinear interpolation at the cells' centres, without antialias, as `tf.image.resize` does.

    Cell i is read at (i + ½)·28/grid − ½, in units of 1/(2·grid). To 4×4 it is exactly image[3::7, 3::7].
    """
    taps = np.zeros((grid, SIDE), np.int64)
    for cell in range(grid):
        left, right_weight = divmod((2 * cell + 1) * SIDE - grid, 2 * grid)
        taps[cell, left] += 2 * grid - right_weight
        taps[cell, min(left + 1, SIDE - 1)] += right_weight
    return taps


def _area_taps(grid: int) -> NDArray[np.int64]:
    """The mean over each cell: the overlap of cell and pixel, in units of 1/grid pixel."""
    pixel = np.arange(SIDE) * grid
    cell = np.arange(grid)[:, None] * SIDE
    overlap = np.minimum(cell + SIDE, pixel + grid) - np.maximum(cell, pixel)
    return np.maximum(overlap, 0)


RESAMPLERS: Family[Resampler] = Family(
    "resampler",
    Resampler("sample", "Sample", "Read one point in the middle of each cell, as the tutorial does.", _sample_taps),
    Resampler("area", "Average", "Average all the pixels of each cell.", _area_taps),
)


def shrink(images: Bytes, grid: int, resample: str) -> Array:
    """Shrink images to grid×grid and flatten them row by row.

    images: uint8 (m, 28, 28). Returns grey values (m, grid²) in [0, 1].
    """
    taps = RESAMPLERS[resample].taps(grid)
    unit = int(taps[0].sum())
    # float32 holds every partial sum exactly: they are integers below 255·56² < 2²⁴.
    weights = taps.astype(np.float32)
    units = weights @ (images.astype(np.float32) @ weights.T)
    return units.reshape(len(images), grid * grid).astype(np.float64) / (255 * unit**2)
