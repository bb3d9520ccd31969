"""One block of this network is a cosine: every pixel turns a dial, and the dial's height is the verdict.

For bit images with signs z = 1 − 2·pixel, of any number of qubits (MATHS section 2):

    f = −R · cos(Σ_k α_k · z_k),   r_k·exp(i·α_k) = cos φ_k + i · sin φ_k · cos θ_k,   R = ∏_k r_k
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qnn_core.arrays import Array, Complex, check_images
from qnn_core.circuit import LAYERS, asks_once, last_to_matter, merge
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.starts import fitting_weights


@dataclass(frozen=True)
class CosineNeuron:
    """What one block computes.

    phi: radians (n,), the angles of the one layer that asks the data qubits.
    asked: the direction in which each of them is asked, (n, 3) of length 1, turned back through the layers before:
    it is the encoded qubit, not the turned one, that points along or against it.
    """

    phi: Array
    asked: Array

    def factors(self, pixels: Array) -> Complex:
        """One complex number for each pixel, |·| ≤ 1: (m, n) for pixels in half-turns (m, n) in [0, 1].

        f = −Re ∏_k factor_k. Grey pixels are allowed; black and white ones give r_k·exp(i·z_k·α_k).
        """
        return np.cos(self.phi) + 1j * self.component(pixels) * np.sin(self.phi)

    def component(self, pixels: Array) -> Array:
        """What each data qubit answers on average when it is asked, in [−1, 1]: (m, n) for pixels (m, n)."""
        turn = np.pi * check_images(pixels, len(self.phi))
        # RX(turn) leaves ⟨X⟩ = 0, ⟨Y⟩ = −sin, ⟨Z⟩ = cos
        return np.asarray(np.cos(turn) * self.asked[:, 2] - np.sin(turn) * self.asked[:, 1])

    @property
    def turn(self) -> Array:
        """α, radians (n,) in (−π, π]: how far a paper pixel turns the dial; an ink pixel turns it back."""
        return np.angle(self._paper)

    @property
    def keep(self) -> Array:
        """r, (n,) in [0, 1]: how much length the dial keeps at each pixel."""
        return np.abs(self._paper)

    @cached_property
    def _paper(self) -> Complex:
        """The factors of paper, (n,); those of ink are their conjugates."""
        return np.cos(self.phi) + 1j * self.asked[:, 2] * np.sin(self.phi)

    @property
    def amplitude(self) -> float:
        """R in [0, 1]: no black and white image can get a larger |f|."""
        return float(np.prod(self.keep))

    def expectation(self, pixels: Array) -> Array:
        """f = −Re ∏_k factor_k of each image, (m,) in [−1, 1]. Raises InputError for a wrong shape."""
        return -np.prod(self.factors(pixels), axis=1).real

    def dial(self, pixels: Array) -> Complex:
        """Where the hand points after each pixel: (n + 1,) complex, for one image (n,).

        It starts at −1, so that its real part ends at f; its length shrinks by r_k at each pixel.
        """
        return -np.cumprod(np.concatenate([[1.0], self.factors(pixels[None])[0]]))


def merged_weights(experiment: Experiment, weights: Array) -> tuple[tuple[str, ...], Array]:
    """Neighbouring layers of one kind added up: the kinds, and half-turns (merged layers, n).

    Raises InputError if the weights do not fit.
    """
    weights = fitting_weights(experiment, weights)
    kinds, owner = merge(experiment.layers)
    summed = np.zeros((len(kinds), experiment.pixels))
    np.add.at(summed, owner, weights)
    return kinds, summed


def is_cosine(layers: tuple[str, ...]) -> bool:
    """Whether these layers are one cosine: their data qubits are asked once at most."""
    return asks_once(layers)


def cosine_neuron(experiment: Experiment, weights: Array) -> CosineNeuron:
    """The cosine that these weights are. weights: half-turns (layers, n).

    Layers such as XX, which keep the readout, turn the data qubits before they are asked. After that they commute
    with what is measured and drop out; alone they give f = −1.
    Raises InputError for layers that are more than one cosine, or weights that do not fit.
    """
    kinds, summed = merged_weights(experiment, weights)
    if not is_cosine(experiment.layers):
        raise InputError(
            f"The layers {', '.join(experiment.layers)} are more than one cosine; choose grouped layers of XX "
            "and one other kind."
        )
    angles, n = np.pi * summed, experiment.pixels
    last = last_to_matter(kinds)
    if LAYERS[kinds[last]].keeps_readout:
        return CosineNeuron(np.zeros(n), _along("Z", n))
    asked = _along(LAYERS[kinds[last]].data, n)
    for kind, angle in zip(reversed(kinds[:last]), reversed(angles[:last]), strict=True):
        # A readout in |−⟩ makes the layer a turn by −θ about its Pauli; seen from before it, a turn by +θ.
        asked = _turned(asked, "XYZ".index(LAYERS[kind].data), angle)
    return CosineNeuron(angles[last], asked)


def _along(pauli: str, n: int) -> Array:
    """The direction of one Pauli for each of n qubits, (n, 3)."""
    directions = np.zeros((n, 3))
    directions[:, "XYZ".index(pauli)] = 1
    return directions


def _turned(directions: Array, axis: int, angle: Array) -> Array:
    """Directions (n, 3), each turned about one axis by its own angle, radians (n,)."""
    cosine, sine = np.cos(angle), np.sin(angle)
    after, last = (axis + 1) % 3, (axis + 2) % 3
    result = directions.copy()
    result[:, after] = cosine * directions[:, after] - sine * directions[:, last]
    result[:, last] = cosine * directions[:, last] + sine * directions[:, after]
    return result
