"""The circuit that only encodes a picture compares two pictures: how alike their states are is a kernel.

K(x, x') = |⟨φ(x)|φ(x')⟩|² = ∏_k cos²(π·(x_k − x'_k)/2) for pixels that turn their qubits by RX(π·x_k). On bits it
is 1 for the same picture and 0 for any other: it can only memorise. On greys it is a hill around each picture, much
like a Gaussian (MATHS section 9).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import FIRST, SECOND
from qnn_core.errors import InputError, quoted
from qnn_core.experiment import Experiment, Stage
from qnn_core.families import Family, Part

SIZES = (100, 300, 1_000, 3_000)
"""Training images. The kernel of 3,000 has nine million entries, and a machine would have to measure each."""
LEAST_IMAGES, MOST_IMAGES = 10, SIZES[-1]
MOST_FACTORS = 64 * MOST_IMAGES**2
"""Pixels × pairs of training images: several seconds' work. 3,000 images fit up to 8×8, 300 at 28×28."""
PENALTY = 10.0
"""scikit-learn's C of all three: what a picture on the wrong side costs."""
BITS, GREYS = "basis", "angle"
"""The encodings that the two kernels belong to."""

Predict = Callable[[Array], Array]
"""From images (m, n) to labels ±1, (m,)."""


@dataclass(frozen=True)
class Learner(Part):
    """Learns to tell greys apart. learn(images, labels): from (m, n) in [0, 1] and ±1 to what predicts the labels."""

    learn: Callable[[Array, Array], Predict]


class Point(NamedTuple):
    """learner: its name. examples: training images, in file order. accuracy: on all test images."""

    learner: str
    examples: int
    accuracy: float


class Memory(NamedTuple):
    """What the kernel on bits makes of the test images: each is what most training images of that look are.

    test, train: accuracies; a test image that was never seen counts as the second digit. seen: how many test images
    were seen in training, of how many in total.
    """

    test: float
    train: float
    seen: int
    total: int


def fidelity_kernel(one: Array, other: Array) -> Array:
    """∏_k cos²(π·(x_k − x'_k)/2) of pictures (m, n) and (m', n) in half-turns: (m, m') in [0, 1]."""
    alike = np.ones((len(one), len(other)))
    for x, y in zip(np.pi * one.T, np.pi * other.T, strict=True):
        # cos²(δ/2) = (1 + cos δ)/2, and cos(x − y) = cos x·cos y + sin x·sin y
        alike *= (1 + np.stack([np.cos(x), np.sin(x)], axis=1) @ np.stack([np.cos(y), np.sin(y)])) / 2
    return alike


def gaussian_kernel(one: Array, other: Array) -> Array:
    """exp(−(π/2)²·|x − x'|²), which the fidelity is for pictures that are close. The same shapes."""
    squares = (one**2).sum(axis=1)[:, None] - 2 * one @ other.T + (other**2).sum(axis=1)
    return np.asarray(np.exp(-((np.pi / 2) ** 2) * np.maximum(squares, 0)))


def by_kernel(kernel: Callable[[Array, Array], Array], images: Array, labels: Array) -> Predict:
    """A support vector machine that sees the pictures only through a kernel."""
    from sklearn.svm import SVC

    machine = SVC(C=PENALTY, kernel="precomputed").fit(kernel(images, images), labels)
    return lambda others: np.asarray(machine.predict(kernel(others, images)))


def by_regression(images: Array, labels: Array) -> Predict:
    """Logistic regression: one weight for each pixel, and a constant."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=PENALTY, max_iter=1_000).fit(images, labels)
    return lambda others: np.asarray(model.predict(others))


LEARNERS: Family[Learner] = Family(
    "learner",
    Learner(
        "fidelity",
        "Quantum kernel",
        "How alike the states of two pictures are: ∏ cos².",
        partial(by_kernel, fidelity_kernel),
    ),
    Learner(
        "gaussian",
        "Gaussian kernel",
        "How close two pictures are: exp(−(π/2)²·|x − x'|²).",
        partial(by_kernel, gaussian_kernel),
    ),
    Learner("regression", "Logistic regression", "One weight for each pixel, no kernel.", by_regression),
)


def of_pictures(experiment: Experiment, encoding: str) -> Experiment:
    """The Experiment's pictures in this encoding, all of them, and nothing else of it."""
    return experiment.only(Stage.PICTURE).model_copy(update={"encoding": encoding, "examples": None})


def sizes(experiment: Experiment) -> tuple[int, ...]:
    """Those of SIZES for which there are training images enough and the kernel is not too much work; one at least.

    Raises InputError if no picture is left.
    """
    most = min(len(prepare(of_pictures(experiment, GREYS)).kept), int((MOST_FACTORS / experiment.pixels) ** 0.5))
    return tuple(size for size in SIZES if size <= most) or (max(most, LEAST_IMAGES),)


def learnt(experiment: Experiment, learner: str, examples: int) -> Point:
    """Learn from the first so many training images kept, as greys, and be tested on all test images.

    Raises InputError if there are too few or too many images, or if all of them show one digit.
    """
    data = prepare(of_pictures(experiment, GREYS))
    most = min(MOST_IMAGES, len(data.kept))
    if not LEAST_IMAGES <= examples <= most:
        raise InputError(
            f"{quoted(examples)} training images are too few or too many; choose {LEAST_IMAGES} to {most:,}."
        )
    some, test = data.kept.first_examples(examples), data.test
    if not (some.first.any() and some.second.any()):
        raise InputError(f"The first {examples:,} training images show one digit only; choose more.")
    predict = LEARNERS[learner].learn(some.images[some.row], some.labels)
    right = predict(test.images)[test.row] == test.labels
    return Point(learner, examples, float(np.mean(right)))


def remembered(experiment: Experiment) -> Memory:
    """The kernel on bits, which is 1 for the same picture and 0 for any other. Raises InputError if none is left."""
    data = prepare(of_pictures(experiment, BITS))
    known = np.array([sum(data.kept.count(image)) > 0 for image in data.test.images])
    return Memory(data.ceiling.test, data.ceiling.train, int(known[data.test.row].sum()), len(data.test))


def kernel_matrix(experiment: Experiment, encoding: str, each: int) -> tuple[Array, Array]:
    """The fidelities of the first so many training images of each digit, the first digit's first.

    Returns the matrix (2·each, 2·each), or smaller if there are not so many of both, and the images (2·each, n).
    """
    kept = prepare(of_pictures(experiment, encoding)).kept
    digits = [np.flatnonzero(kept.labels == label) for label in (FIRST, SECOND)]
    each = min(each, *map(len, digits))
    rows = np.concatenate([of_digit[:each] for of_digit in digits])
    images = kept.images[kept.row[rows]]
    return fidelity_kernel(images, images), images
