"""Along a straight line through the weights one block's hinge loss is a sum of waves, one for each picture.

With f = −cos(α·z) the hinge loss is 1 − y·f, so that (MATHS section 2a)

    loss(α) = 1 + Σ_x c(x) · cos(α·z_x),   c(x) = (examples of the first digit − of the second) / all examples

A straight line α + π·t·δ gives each picture x a phase α·z_x and a frequency δ·z_x: the loss is a Fourier series whose
coefficients are counts of pictures. Near a good α the waves meet; elsewhere they cancel, and what is left is noise.
"""

from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import last_to_matter
from qnn_core.data.images import ImageSet, is_black_and_white
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.training.losses import LOSSES, Loss
from qnn_core.training.starts import fitting_weights

STRAIGHT = 1e-9
"""A data qubit that is asked along z up to this is not turned."""


@dataclass(frozen=True)
class Waves:
    """The loss along a line, as the waves it is made of, one for each distinct picture.

    coefficient: c (d,) in [−1, 1]. phase: radians (d,) at t = 0. frequency: turns for each half-turn of t, (d,).
    """

    coefficient: Array
    phase: Array
    frequency: Array

    def loss(self, along: Array) -> Array:
        """The loss at places t on the line, in half-turns, (k,): (k,)."""
        # loss(t) = 1 + Σ_x c(x) · cos(phase_x + 2π · frequency_x · t)
        turned = self.phase + 2 * np.pi * np.outer(along, self.frequency)
        return 1 + np.cos(turned) @ self.coefficient

    @property
    def noise(self) -> float:
        """How far the loss strays from 1, as a root mean square, where the waves have lost step."""
        return float(np.sqrt(np.sum(self.coefficient**2) / 2))

    def spectrum(self, edges: Array) -> Array:
        """Σ |c| of the waves whose frequency |·| lies between neighbouring edges, rising, (bins + 1,): (bins,)."""
        return np.histogram(np.abs(self.frequency), edges, weights=np.abs(self.coefficient))[0]


def ray(rng: np.random.Generator, experiment: Experiment) -> Array:
    """A random direction of length 1, (layers, n), that only the last layer that matters takes part in."""
    direction = np.zeros((len(experiment.layers), experiment.pixels))
    layer = rng.normal(size=experiment.pixels)
    direction[last_to_matter(experiment.layers)] = layer / np.linalg.norm(layer)
    return direction


def waves(experiment: Experiment, centre: Array, direction: Array, images: ImageSet) -> Waves:
    """The hinge loss at weights centre + t·direction, half-turns (layers, n) each, as its waves.

    Raises InputError where the loss is no such sum: for another loss, several blocks, grey pictures, and weights that
    turn the data qubits before they are asked.
    """
    if not _is_straight(LOSSES[experiment.loss]):
        raise InputError("This loss bends, so it is no plain sum of waves; choose the hinge loss.")
    if not is_black_and_white(images.images):
        raise InputError("Grey pictures give no whole waves; choose the black and white encoding.")
    centre, direction = fitting_weights(experiment, centre), fitting_weights(experiment, direction)
    here, there = cosine_neuron(experiment, centre), cosine_neuron(experiment, centre + direction)
    along = here.asked[:, 2]
    if np.abs(np.abs(along) - 1).max() > STRAIGHT or np.abs(there.asked - here.asked).max() > STRAIGHT:
        raise InputError("These weights turn the data qubits, so that each picture is many waves; start narrow.")
    # f = −cos(Σ_k ±φ_k·z_k)
    signs = (1 - 2 * images.images) * along
    return Waves(
        coefficient=(images.first - images.second) / len(images),
        phase=signs @ here.phi,
        frequency=signs @ (there.phi - here.phi) / (2 * np.pi),
    )


def _is_straight(loss: Loss) -> bool:
    """Whether the loss of one example falls by 1 with each 1 that its margin grows, as 1 − y·f does."""
    return np.array_equal(loss.of_margin(np.array([-1.0, 0.0, 1.0]))[0], [2, 1, 0])
