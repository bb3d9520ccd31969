"""A black and white picture of 16 pixels is one of 65,536, so the whole network fits into one table."""

from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qnn_core.arrays import Array, Complex, Integers, check_image
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import ImageSet
from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.paths import pair_factors
from qnn_core.training.loop import engine_of
from qnn_core.training.starts import fitting_weights
from qnn_core.words import power

MAX_PIXELS = 16
"""Most pixels whose 2^16 pictures are listed: half a megabyte, and a map that a screen can show."""


def has_table(experiment: Experiment) -> bool:
    """Whether all its pictures fit into the table: black and white, and not too many pixels."""
    return ENCODINGS[experiment.encoding].makes_bits and experiment.pixels <= MAX_PIXELS


class Found(NamedTuple):
    """Some images of the table. images: (k, n) of 0 and 1; value: f (k,); first, second: how often each occurs."""

    images: Array
    value: Array
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def flips(experiment: Experiment, weights: Array, pixels: Array) -> Array:
    """f of one image with each of its pixels inverted in turn, (n,). pixels: half-turns (n,) in [0, 1].

    Raises InputError if shapes do not fit.
    """
    check_image(pixels, experiment.pixels)
    swap = np.eye(experiment.pixels, dtype=bool)
    flipped = np.where(swap, 1 - pixels, pixels)
    engine = engine_of(contracted(experiment))
    return engine.expectation(flipped, fitting_weights(experiment, weights))


def all_images(experiment: Experiment, weights: Array) -> Array:
    """f of every black and white image, (2^(n−m), 2^m) with m = n // 2 pixels along the columns.

    Pixel k is bit k of the image's number, counted from the left: the first pixels choose the row. Two small
    tables, one for each half of the pixels, are multiplied: f = Re Σ_p C_p · A_p,row · B_p,column.
    Raises InputError above 16 pixels, or what `pair_factors` refuses.
    """
    n = experiment.pixels
    if n > MAX_PIXELS:
        raise InputError(
            f"There are {power(2, n)} different images of {n} pixels; choose a grid of at most {isqrt(MAX_PIXELS)}."
        )
    weight, factors = pair_factors(experiment, weights)
    top = _half(factors[:, : n - n // 2])
    bottom = _half(factors[:, n - n // 2 :])
    return ((weight[:, None] * top).T @ bottom).real


def _half(factors: Complex) -> Complex:
    """Products over some pixels for all their patterns: (p, 2^pixels), the first pixel is the highest bit."""
    table = np.ones((len(factors), 1), complex)
    for k in range(factors.shape[1]):
        table = (table[:, :, None] * factors[:, k, None, :]).reshape(len(factors), -1)
    return table


def image_of(numbers: Integers, n: int) -> Array:
    """Image numbers (k,) → pixels (k, n) of 0 and 1; the first pixel is the highest bit."""
    return (np.asarray(numbers)[:, None] >> np.arange(n - 1, -1, -1) & 1).astype(float)


def number_of(pixels: Array) -> Integers:
    """Pixels (k, n) of 0 and 1 → image numbers (k,)."""
    return (pixels.astype(np.intp) << np.arange(pixels.shape[1] - 1, -1, -1)).sum(axis=1)


def occurrences(images: ImageSet) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many examples of the first and of the second digit show each image number: (2^n,) twice.

    Raises InputError if the images are grey.
    """
    if not np.isin(images.images, (0, 1)).all():
        raise InputError("These images are grey, so they have no number; choose the black and white encoding.")
    numbers = number_of(images.images)
    table = np.zeros((2, 2 ** images.stored.shape[1]), np.int64)
    table[0, numbers], table[1, numbers] = images.first, images.second
    return table[0], table[1]


def extremes(values: Array, images: ImageSet, count: int) -> dict[str, Found]:
    """The images with the largest f ("first"), the smallest ("second") and the smallest |f| ("undecided").

    values: all images' f as from `all_images`. images: black and white, to count how often each occurs.
    Of images with the same f, those that occur most often come first.
    """
    flat = values.ravel()
    n = len(flat).bit_length() - 1
    first, second = occurrences(images)
    # Rounded, so that images that differ in the last bit of f only count as equal.
    orders = {"first": -flat, "second": flat, "undecided": np.abs(flat)}
    found = {}
    for name, key in orders.items():
        best = np.lexsort((-(first + second), np.round(key, 9)))[:count]
        found[name] = Found(images=image_of(best, n), value=flat[best], first=first[best], second=second[best])
    return found
