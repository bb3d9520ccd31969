"""The loss says how bad each answer is, and so decides which weights are best."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.images import Batch
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError
from qnn_core.families import Family, Part

OfMargin = Callable[[Array], tuple[Array, Array]]
"""From margins to the loss of each and its slope by the margin; all of one shape."""
EPSILON = 1e-7
"""Below this probability the cross-entropy goes on in a straight line; Keras stops at the same number."""
LOGISTIC_SCALE = 4.0
"""An expectation value from −1 to 1 becomes a logit from −4 to 4, a probability from 2 to 98 %."""


@dataclass(frozen=True)
class Loss(Part):
    """One way to say how bad an answer is, and how that changes with the answer.

    Call it as `loss(expectation, batch)`: it takes f of the batch's distinct images, (d,) in [−1, 1], and returns the
    mean loss over the batch's examples, a number ≥ 0, and its derivative by the f of each distinct image, (d,).
    Models that are no circuits can use it too: f is then any score, of any size but for the cross-entropy, which
    needs a probability.

    of_margin: the loss of a single example is a function of its margin m = y·f alone, which is 1 if the answer is
    wholly right, 0 if there is none and −1 if it is wholly wrong. From margins (b,) to losses and their slopes by the
    margin, (b,) each, all finite.
    linear: the slope is linear in f for |f| ≤ 1. Then an f that is right on average, such as a mean of shots, gives a
    gradient that is right on average.
    """

    of_margin: OfMargin
    linear: bool = False

    def __call__(self, expectation: Array, batch: Batch) -> tuple[float, Array]:
        loss, slope = self.of_margin(batch.labels * expectation[batch.row])
        share = batch.counts / batch.total
        # dL/df = y · dℓ/dm · count/total, added up for each distinct image
        upstream = np.bincount(batch.row, batch.labels * slope * share, len(expectation))
        return float(share @ loss), upstream.astype(np.float64)

    @property
    def words(self) -> str:
        """What a page and an axis call it: "hinge loss"."""
        return f"{self.title.lower()} loss"

    @property
    def unsure(self) -> float:
        """The loss of a network that answers 0 to everything, as on the plateau."""
        return float(self.of_margin(np.zeros(1))[0][0])


def hinge(margin: Array) -> tuple[Array, Array]:
    """max(0, 1 − m): as |f| ≤ 1, a straight line. A margin of exactly 1 still counts as on that line.

    So a picture whose shots all agree is not left out, and the gradient from shots is unbiased (MATHS section 5).
    """
    return np.maximum(0, 1 - margin), np.where(margin <= 1, -1.0, 0.0)


def cross_entropy(margin: Array) -> tuple[Array, Array]:
    """−log p, where p = (1 + m)/2 is the probability that one shot gives the right answer.

    Below EPSILON it goes on along its tangent, so that m = −1 has a finite loss (17.1) and a finite slope that still
    pulls. Keras cuts p there instead, and then a picture that is wholly wrong has no slope at all.
    """
    right = (1 + margin) / 2
    near = np.maximum(right, EPSILON)
    return (near - right) / EPSILON - np.log(near), -1 / (2 * near)


def squared(margin: Array) -> tuple[Array, Array]:
    """(1 − m)²: the squared distance of f from its label."""
    return (1 - margin) ** 2, -2 * (1 - margin)


def logistic(scale: float) -> OfMargin:
    """log(1 + exp(−s·m)), the loss of logistic regression with the logit s·f.

    scale: s, a positive number. Raises InputError for any other.
    """
    if not (isfinite(scale) and scale > 0):
        raise InputError(f"The logistic loss has the scale {scale:g}, but it must be a positive number; choose one.")

    def logistic_loss(margin: Array) -> tuple[Array, Array]:
        # The slope −s/(1 + exp(s·m)) is written so that no exponential can overflow.
        return np.logaddexp(0, -scale * margin), -scale * np.exp(-np.logaddexp(0, scale * margin))

    return logistic_loss


LOSSES: Family[Loss] = Family(
    "loss",
    Loss(
        "hinge",
        "Hinge",
        "1 − y·f, the tutorial's: a straight line, which rewards a large ⟨Z⟩ more than a right sign.",
        hinge,
        linear=True,
    ),
    Loss(
        "cross-entropy",
        "Cross-entropy",
        "−log of the probability (1 + y·f)/2 that one shot is right, which the tutorial names as the alternative.",
        cross_entropy,
    ),
    Loss("squared", "Squared", "(1 − y·f)²: the squared distance of ⟨Z⟩ from its label.", squared, linear=True),
    Loss(
        "logistic",
        "Logistic",
        f"log(1 + exp(−{LOGISTIC_SCALE:g}·y·f)): logistic regression's, with the logit {LOGISTIC_SCALE:g}·f.",
        logistic(LOGISTIC_SCALE),
    ),
)
"""How bad an answer is (MATHS section 2a)."""


def accuracy(expectation: Array, batch: Batch) -> float:
    """Share of the batch's examples whose sign of f equals the label; f = 0 counts as the second digit.

    expectation: f of the batch's distinct images, (d,).
    """
    right = is_first(expectation[batch.row]) == is_first(batch.labels)
    return float(batch.counts @ right) / batch.total
