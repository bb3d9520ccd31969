"""The arrays of this lesson by the kind of number they hold, and the check that every picture passes."""

import numpy as np
from numpy.typing import NDArray

from qnn_core.errors import InputError

Array = NDArray[np.float64]
"""Real numbers: pixels, weights, angles, expectation values."""
Complex = NDArray[np.complex128]
"""Amplitudes, and numbers with a phase."""
Integers = NDArray[np.intp]
"""Places in another array, and numbers of pictures."""
Booleans = NDArray[np.bool_]
"""One yes or no for each item."""
Bytes = NDArray[np.uint8]
"""Images as MNIST stores them: 0 is paper, 255 is ink."""
Floats32 = NDArray[np.float32]
"""Single precision: ink of a photo, and the large network."""


def check_images(pixels: Array, n: int) -> Array:
    """The images themselves, if there is one row of n pixels for each: (m, n). Raises InputError otherwise."""
    if pixels.ndim != 2 or pixels.shape[1] != n:
        raise InputError(f"The images have shape {pixels.shape}, but they need (m, {n}).")
    return pixels


def check_image(pixels: Array, n: int) -> Array:
    """One image itself, if it is one row of n pixels: (n,). Raises InputError otherwise."""
    if pixels.shape != (n,):
        raise InputError(f"The image has shape {pixels.shape}, but it needs ({n},).")
    return pixels
