"""Where training begins decides whether it can feel which way is down."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import last_to_matter, weights_shape
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.streams import Stream, generator

MOST_TURNS = 10**6
"""Largest weight from outside, in half-turns: up to here an angle is still known to ten digits."""


@dataclass(frozen=True)
class Start(Part):
    """One way to draw initial weights.

    draw(rng, layers, n): half-turns (layers, n) for the kinds of the layers in circuit order.
    """

    draw: Callable[[np.random.Generator, tuple[str, ...], int], Array]


def _uniform(rng: np.random.Generator, layers: tuple[str, ...], n: int) -> Array:
    return rng.uniform(0, 2 * np.pi, (len(layers), n))


def _narrow(rng: np.random.Generator, layers: tuple[str, ...], n: int) -> Array:
    """All weights 0 but those of the last layer that matters, which are small; R ≈ 1 at any n (MATHS section 3)."""
    weights = np.zeros((len(layers), n))
    layer = last_to_matter(layers)
    weights[layer] = rng.normal(0, 0.02 / np.sqrt(n / 16), n)
    weights[layer, 0] = 0.5
    return weights


STARTS: Family[Start] = Family(
    "start",
    Start("uniform", "Anywhere", "Uniform in [0, 2π) half-turns, TensorFlow Quantum's default.", _uniform),
    Start("narrow", "Narrow", "Almost zero, one pixel at half a turn: starts off the plateau.", _narrow),
)


def initial_weights(experiment: Experiment) -> Array:
    """The weights that the Experiment's start and seed give, half-turns (layers, n)."""
    rng = generator(experiment.seed, Stream.WEIGHTS)
    return STARTS[experiment.start].draw(rng, experiment.layers, experiment.pixels)


def fitting_weights(experiment: Experiment, weights: Array) -> Array:
    """Weights from outside, (layers, n) or all in one row, as (layers, n). Raises InputError if they do not fit."""
    layers, n = weights_shape(experiment)
    if np.size(weights) != layers * n:
        raise InputError(f"There are {np.size(weights)} weights, but this network has {layers * n}; choose others.")
    if np.shape(weights) not in {(layers, n), (layers * n,)}:
        raise InputError(f"The weights have shape {np.shape(weights)}, but this network needs {(layers, n)}.")
    if np.asarray(weights).dtype.kind not in "fiu":
        raise InputError("The weights are not real numbers; choose others.")
    weights = np.array(weights, float).reshape(layers, n)
    if not np.isfinite(weights).all():
        raise InputError("Some weights are not finite numbers; choose others.")
    if np.abs(weights).max() > MOST_TURNS:
        raise InputError(f"Some weights are beyond ±{MOST_TURNS:,} half-turns, where angles lose their digits.")
    return weights
