"""An engine computes the network's expectation values and their derivatives; each does it its own way."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array, check_images
from qnn_core.data.images import distinct_rows
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Part

Pullback = Callable[[Array], Array]
"""From ∂loss/∂f, (m,), to ∂loss/∂weights, (layers, n)."""


def with_jacobian(values: Array, jacobian: Array) -> tuple[Array, Pullback]:
    """f of images, (m,), and the pullback that derivatives (m, layers, n) make."""
    return values, lambda upstream: np.tensordot(upstream, jacobian, 1)


class Engine(ABC):
    """The network of one Experiment: f(pixels, weights) = ⟨Z⟩ of the readout, in [−1, 1].

    pixels: half-turns of RX (m, n) in [0, 1]; for the basis encoding they are 0 or 1.
    weights: half-turns (layers, n). Derivatives are per half-turn.

    Each distinct image is evaluated once, however often it occurs.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.shape = (len(experiment.layers), experiment.pixels)

    def expectation(self, pixels: Array, weights: Array) -> Array:
        """f of each image, (m,). Raises InputError if a shape does not fit or a value is not finite."""
        pixels, weights = self._checked(pixels, weights)
        example, row = distinct_rows(pixels)
        return self.value(pixels[example], weights)[row]

    def value_and_jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        """f of each image, (m,), and its derivative by every weight, (m, layers, n). Raises InputError."""
        pixels, weights = self._checked(pixels, weights)
        example, row = distinct_rows(pixels)
        values, jacobian = self._jacobian(pixels[example], weights)
        return values[row], jacobian[row]

    def value_and_pullback(self, pixels: Array, weights: Array) -> tuple[Array, Pullback]:
        """f of distinct images, (m,), and what turns ∂loss/∂f into ∂loss/∂weights; as in `value`."""
        return with_jacobian(*self._jacobian(pixels, weights))

    @abstractmethod
    def value(self, pixels: Array, weights: Array) -> Array:
        """f of distinct images, (m,): for training, whose images are neither compared nor checked again."""

    @abstractmethod
    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        """f of distinct images and its derivatives."""

    def _checked(self, pixels: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
        pixels, weights = np.asarray(pixels), np.asarray(weights)
        if weights.shape != self.shape:
            raise InputError(f"The weights have shape {weights.shape}, but this network needs {self.shape}.")
        check_images(pixels, self.shape[1])
        for name, values in (("weights", weights), ("pixels", pixels)):
            if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
                raise InputError(f"Some {name} are not finite real numbers; give others.")
        return pixels.astype(np.float64, copy=False), weights.astype(np.float64, copy=False)


@dataclass(frozen=True)
class EngineEntry(Part):
    """One way to compute.

    build(experiment): makes the engine. refusal(experiment): says in one sentence why it cannot, or is None.
    needs_qiskit: whether a worker has to have imported Qiskit before. quick: whether all test images can be asked
    after every step without anybody noticing.
    """

    build: Callable[[Experiment], Engine]
    refusal: Callable[[Experiment], str | None]
    needs_qiskit: bool
    quick: bool
