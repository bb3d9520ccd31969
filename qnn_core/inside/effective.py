"""How many numbers a network really has: as many as there are ways in which its weights change its answers."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines import Engine, build_engine, contracted
from qnn_core.experiment import Experiment, Stage
from qnn_core.workers.threads import one_thread

Build = Callable[[Experiment], Engine]
MOST_WEIGHTS = 600
"""With more weights than this the matrix of all slopes is not taken apart."""
MOST_SLOPES = 1_000_000
"""Nor if it has more entries than this: that would take a page more than a second."""
SMALLER = (3, 4)
"""Grids from which larger networks follow: each further pixel adds as many ways as the ones before."""
NOTHING = 1e-12
"""A way that changes the answers by less than this share of the strongest one is rounding."""


def effective_parameters(experiment: Experiment, build: Build = build_engine) -> int:
    """The rank of the Jacobian ∂f/∂weights over pictures of this encoding, at weights without any order.

    Weights that only count as a sum, or not at all, or that no picture can tell apart, are not counted twice. On
    black and white pictures one XX, ZZ block has n + 1 (a phase for each pixel and one factor R, MATHS section 2),
    ZZ, XX only n. Networks of more than MOST_WEIGHTS weights are followed up from smaller grids: what a pixel adds
    does not depend on how many there are. build(experiment): what computes the slopes.
    Raises InputError if the contraction cannot take the layers.
    """
    return _rank(contracted(experiment.only(Stage.NETWORK, also=["encoding"])), build)


def effective_on_digits(experiment: Experiment) -> int | None:
    """The same rank over the training images of the two digits alone: what their pictures can tell apart.

    It is smaller where pixels never change by themselves: at 4×4 the first and the last corner are paper in all 3s
    and 6s, so their two phases count as one. None where there are more slopes than MOST_SLOPES.
    Raises InputError if no image is left, or the contraction cannot take the layers.
    """
    return _rank_on_digits(contracted(experiment.only(Stage.PICTURE, Stage.NETWORK)))


@lru_cache(maxsize=64)
def _rank(network: Experiment, build: Build) -> int:
    if len(network.layers) * network.pixels > MOST_WEIGHTS:
        low, high = (network.with_(grid=grid) for grid in SMALLER)
        each, rest = divmod(_rank(high, build) - _rank(low, build), high.pixels - low.pixels)
        assert not rest, "a pixel adds a whole number of ways"
        return _rank(high, build) + each * (network.pixels - high.pixels)
    rng, weights = np.random.default_rng(0), len(network.layers) * network.pixels
    grey = rng.random((2 * weights + 64, network.pixels))  # more random pictures than there are weights
    return _rank_over(network, ENCODINGS[network.encoding].pixels(grey, network.threshold), rng, build)


@lru_cache(maxsize=64)
def _rank_on_digits(experiment: Experiment) -> int | None:
    pictures = prepare(experiment).kept
    if pictures.distinct * len(experiment.layers) * experiment.pixels > MOST_SLOPES:
        return None
    return _rank_over(experiment, pictures.images, np.random.default_rng(0), build_engine)


def _rank_over(network: Experiment, pixels: Array, rng: np.random.Generator, build: Build) -> int:
    """The rank of ∂f/∂weights at random weights, over pictures (m, n)."""
    # As wide as R allows: it falls with the number of pixels, and then nothing could be told from rounding.
    angles = rng.uniform(-1, 1, (len(network.layers), network.pixels)) / np.sqrt(network.pixels)
    # A page waits for this: with every core busy, two threads take a hundred times as long as one.
    with one_thread:
        slopes = build(network).value_and_jacobian(pixels, angles)[1].reshape(len(pixels), -1)
        strengths = np.linalg.svd(slopes, compute_uv=False)
    return int(np.count_nonzero(strengths > NOTHING * max(1.0, strengths[0])))
