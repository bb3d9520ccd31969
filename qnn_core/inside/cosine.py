"""One block of this network is a cosine: every pixel turns a dial, and the dial's height is the verdict.

For bit images with signs z = 1 − 2·pixel, of any number of qubits (MATHS section 2):

    f = −R · cos(Σ_k α_k · z_k),   r_k·exp(i·α_k) = cos φ_k + i · sin φ_k · cos θ_k,   R = ∏_k r_k
"""

from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.engines.star import merge
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.loop import fitting_weights


@dataclass(frozen=True)
class CosineNeuron:
    """What one block computes.

    theta, phi: radians (n,), of the merged XX layer and of the layer after it; 0 where there is none.
    kind: which layer that is, "ZZ" or "YY".
    """

    theta: Array
    phi: Array
    kind: str = "ZZ"

    def factors(self, pixels: Array) -> Complex:
        """One complex number for each pixel, |·| ≤ 1: (m, n) for pixels in half-turns (m, n) in [0, 1].

        f = −Re ∏_k factor_k. Grey pixels are allowed; black and white ones give r_k·exp(i·z_k·α_k).
        """
        if pixels.ndim != 2 or pixels.shape[1] != len(self.phi):
            raise InputError(f"The images have shape {pixels.shape}, but they need (m, {len(self.phi)}).")
        z, y = np.cos(np.pi * pixels), -np.sin(np.pi * pixels)
        # The readout in |−⟩ makes XX a turn of the data qubit by −θ about x; then Z or Y is asked.
        cosine, sine = np.cos(self.theta), np.sin(self.theta)
        component = z * cosine - y * sine if self.kind == "ZZ" else z * sine + y * cosine
        return np.cos(self.phi) + 1j * component * np.sin(self.phi)

    @property
    def turn(self) -> Array:
        """α, radians (n,) in (−π, π]: how far a paper pixel turns the dial; an ink pixel turns it back."""
        return np.angle(self.factors(np.zeros((1, len(self.phi))))[0])

    @property
    def keep(self) -> Array:
        """r, (n,) in [0, 1]: how much length the dial keeps at each pixel."""
        return np.abs(self.factors(np.zeros((1, len(self.phi))))[0])

    @property
    def amplitude(self) -> float:
        """R in [0, 1]: the largest |f| that any black and white image can get."""
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
    """Whether these layers are one cosine: at most one merged layer that is not XX, and XX around it."""
    kinds, _ = merge(layers)
    return sum(kind != "XX" for kind in kinds) <= 1


def cosine_neuron(experiment: Experiment, weights: Array) -> CosineNeuron:
    """The cosine that these weights are. weights: half-turns (layers, n).

    XX layers after the other layer commute with what is measured and drop out; XX alone is f = −1.
    Raises InputError for layers that are more than one cosine, or weights that do not fit.
    """
    kinds, summed = merged_weights(experiment, weights)
    if not is_cosine(experiment.layers):
        raise InputError(
            f"The layers {', '.join(experiment.layers)} are more than one cosine; choose grouped layers of XX "
            "and one other kind."
        )
    angles, still = np.pi * summed, np.zeros(experiment.pixels)
    other = next((index for index, kind in enumerate(kinds) if kind != "XX"), None)
    if other is None:
        return CosineNeuron(still, still)
    return CosineNeuron(angles[0] if other else still, angles[other], kinds[other])
