"""The same network from 17 to 785 qubits: what grows, what vanishes, and from where it can still learn."""

from math import log2, log10
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import is_first
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


class Landmark(NamedTuple):
    """A number of amplitudes that one can imagine. one, many: its name; memory: whether they fit into it."""

    one: str
    many: str
    number: float
    memory: bool


LANDMARKS = (
    Landmark("laptop of 16 GB", "laptops of 16 GB", 16e9 / BYTES_PER_AMPLITUDE, True),
    Landmark("supercomputer of 10 PB", "supercomputers of 10 PB", 1e16 / BYTES_PER_AMPLITUDE, True),
    Landmark("atom of the Earth", "atoms of the Earth", 1.3e50, False),
    Landmark("atom of the universe", "atoms of the universe", 1e80, False),
)
"""What numbers of amplitudes can be compared with; orders of magnitude only."""
WITHOUT_XX = ("ZZ",)
"""The layers of this page's network without the one that only turns data qubits."""
PATIENCE = 500
"""Steps after which logistic regression stops in any case; it ends earlier."""


class Straight(NamedTuple):
    """Logistic regression, a weighted sum of bits. accuracy: of the test images. parameters: with the constant."""

    accuracy: float
    parameters: int


class Slopes(NamedTuple):
    """Mean squares of ∂f/∂t at uniformly random weights, per half-turn: measured, and the law."""

    n: int
    measured: float
    law: float


def scale_experiment(
    experiment: Experiment, grid: int, start: str, layers: tuple[str, ...] = Experiment().layers
) -> Experiment:
    """The Experiment's pictures, loss and seed on a grid of this size, as in MATHS section 3, Scale."""
    return experiment.only(Stage.PICTURE, also=["seed", "loss"]).with_(
        grid=grid,
        layers=layers,
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
    reached = [landmark for landmark in LANDMARKS if log2(landmark.number) <= qubits]
    if not reached:
        return "that fits into a laptop"
    times = qubits * log10(2) - log10(reached[-1].number)
    many = power(10, round(times)) if times >= 3 else f"{10**times:,.0f}"
    if reached[-1].memory:
        return f"that fills {many} {reached[-1].one if many == '1' else reached[-1].many}"
    return f"that is {many} amplitudes for each {reached[-1].one}"


def moved(initial: Array, weights: Array) -> int:
    """How many weights a training has changed at all. Both half-turns (layers, n)."""
    return int(np.count_nonzero(initial != weights))


def straight(experiment: Experiment) -> Straight:
    """Logistic regression by scikit-learn on the Experiment's own training bits, until it changes no more."""
    from sklearn.linear_model import LogisticRegression

    data = prepare(experiment)
    batch, test = data.train.whole, data.test
    model = LogisticRegression(max_iter=PATIENCE)
    model.fit(batch.images[batch.row], is_first(batch.labels), sample_weight=batch.counts)
    right = model.predict(test.images)[test.row] == is_first(test.labels)
    return Straight(float(np.mean(right)), model.coef_.size + model.intercept_.size)


def measured_slopes(grid: int, seed: int = 0) -> Slopes:
    """Gradients of one weight at STARTS random starts of a network with grid² pixels."""
    n = grid**2
    samples = gradient_samples(np.random.default_rng((seed, n)), n, 1.0, STARTS)
    return Slopes(n, float(np.mean(samples**2)), gradient_law(n, 1.0))
