"""Adam moves each weight by its own running mean of gradients, divided by their running size."""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7
"""Keras's defaults (Kingma & Ba, arXiv 1412.6980, have ε = 1e-8)."""


class Moments(NamedTuple):
    """Adam's memory: running means of the gradient and of its square, each shaped like the weights."""

    mean: Array
    square: Array


def adam_step(
    weights: Array, gradient: Array, moments: Moments, step: int, learning_rate: float
) -> tuple[Array, Moments]:
    """One step as Keras takes it (MATHS section 5); `step` counts from 1."""
    mean = BETA1 * moments.mean + (1 - BETA1) * gradient
    square = BETA2 * moments.square + (1 - BETA2) * gradient**2
    # w ← w − lr·√(1−β2ᵗ)/(1−β1ᵗ) · m/(√v + ε)
    rate = learning_rate * (1 - BETA2**step) ** 0.5 / (1 - BETA1**step)
    return weights - rate * mean / (np.sqrt(square) + EPSILON), Moments(mean, square)
