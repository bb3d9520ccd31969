"""The same network from 17 to 785 qubits: what grows, what vanishes, and from where it can still learn."""

from math import log2, log10
from typing import NamedTuple

import numpy as np

from qnn_core.engines import EXACT
from qnn_core.experiment import Experiment, Stage
from qnn_core.inside.plateau import gradient_law, gradient_samples
from qnn_core.words import power

SIZES = (4, 7, 14, 28)
"""Grids whose cells are whole pixels of 28×28: 17, 50, 197 and 785 qubits."""
BYTES_PER_AMPLITUDE = 16
MEASURED_GRIDS = (2, 3, 4, 5, 6, 7, 8)
"""Up to here so many random starts know the variance; later single rare starts would decide."""
STARTS = 20_000

LANDMARKS = (
    ("laptop of 16 GB", 16e9 / BYTES_PER_AMPLITUDE),
    ("supercomputer of 10 PB", 1e16 / BYTES_PER_AMPLITUDE),
    ("atom of the Earth", 1.3e50),
    ("atom of the universe", 1e80),
)
"""What numbers of amplitudes can be compared with; orders of magnitude only."""


class Slopes(NamedTuple):
    """Mean squares of ∂f/∂t at uniformly random weights, per half-turn: measured, and the law."""

    n: int
    measured: float
    law: float


def scale_experiment(experiment: Experiment, grid: int, start: str) -> Experiment:
    """The Experiment's pictures and seed on a grid of this size, with the settings of MATHS section 3, Scale."""
    return experiment.only(Stage.PICTURE, also=["seed"]).with_(
        grid=grid,
        encoding=Experiment().encoding,
        start=start,
        remove_contradictions="off",
        examples=None,
        epochs=3,
        batch_size=32,
        learning_rate=0.001,
        **EXACT,
    )


def state_size(qubits: int) -> str:
    """Amplitudes and bytes of a statevector, in words."""
    exponent = qubits + log2(BYTES_PER_AMPLITUDE)
    return f"{power(2, qubits)} amplitudes, {power(10, round(exponent * log10(2)))} bytes"


def nearest_landmark(qubits: int) -> str:
    """The largest landmark that a statevector of so many qubits exceeds, and by what factor."""
    reached = [(name, number) for name, number in LANDMARKS if log2(number) <= qubits]
    if not reached:
        return "that fits into a laptop"
    name, number = reached[-1]
    times = qubits * log10(2) - log10(number)
    return f"{power(10, round(times)) if times >= 3 else f'{10**times:,.0f}'} amplitudes for each {name}"


def measured_slopes(grid: int, seed: int = 0) -> Slopes:
    """Gradients of one weight at STARTS random starts of a network with grid² pixels."""
    n = grid**2
    samples = gradient_samples(np.random.default_rng((seed, n)), n, 1.0, STARTS)
    return Slopes(n, float(np.mean(samples**2)), gradient_law(n, 1.0))
