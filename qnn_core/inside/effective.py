"""How many numbers a network really has: as many as there are ways in which its weights change its answers."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines import Engine, build_engine, contracted
from qnn_core.experiment import Experiment, Stage

MOST_WEIGHTS = 600
"""With more weights than this the matrix of all slopes is not taken apart."""
SMALLER = (3, 4)
"""Grids from which larger networks follow: each further pixel adds as many ways as the ones before."""
NOTHING = 1e-12
"""A way that changes the answers by less than this share of the strongest one is rounding."""


def effective_parameters(
    experiment: Experiment, build: Callable[[Experiment], Engine] = build_engine
) -> int:
    """The rank of the Jacobian ∂f/∂weights over pictures of this encoding, at weights without any order.

    Weights that only count as a sum, or not at all, or that no picture can tell apart, are not counted twice. On
    black and white pictures one XX, ZZ block has n + 1 (a phase for each pixel and one factor R, MATHS section 2),
    ZZ, XX only n. Networks of more than MOST_WEIGHTS weights are followed up from smaller grids: what a pixel adds
    does not depend on how many there are. build(experiment): what computes the slopes.
    Raises InputError if the contraction cannot take the layers.
    """
    return _rank(contracted(experiment.only(Stage.NETWORK, also=["encoding"])), build)


@lru_cache(maxsize=64)
def _rank(network: Experiment, build: Callable[[Experiment], Engine]) -> int:
    if len(network.layers) * network.pixels > MOST_WEIGHTS:
        low, high = (network.with_(grid=grid) for grid in SMALLER)
        each, rest = divmod(_rank(high, build) - _rank(low, build), high.pixels - low.pixels)
        assert not rest, "a pixel adds a whole number of ways"
        return _rank(high, build) + each * (network.pixels - high.pixels)
    strengths = np.linalg.svd(_slopes(network, build), compute_uv=False)
    return int(np.count_nonzero(strengths > NOTHING * max(1.0, strengths[0])))


def _slopes(network: Experiment, build: Callable[[Experiment], Engine]) -> Array:
    """∂f/∂weights at random weights for more random pictures than there are weights: (pictures, weights)."""
    rng, n, weights = np.random.default_rng(0), network.pixels, len(network.layers) * network.pixels
    pixels = ENCODINGS[network.encoding].pixels(rng.random((2 * weights + 64, n)), network.threshold)
    # As wide as R allows: it falls with the number of pixels, and then nothing could be told from rounding.
    angles = rng.uniform(-1, 1, (len(network.layers), n)) / np.sqrt(n)
    return build(network).value_and_jacobian(pixels, angles)[1].reshape(-1, weights)
