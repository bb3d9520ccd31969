"""The classical twin: the one cosine that a block of the circuit is, without the circuit.

    f(x) = −cos(Σ_k α_k · z_k),   z = 1 − 2·pixel     (MATHS section 2, with R = 1)

It has one turn α for each pixel, 16 numbers at 4×4, and can be trained like any network.
"""

import numpy as np

from qnn_core.arrays import Array
from qnn_core.engines.base import Engine, Pullback
from qnn_core.experiment import Experiment

TWIN_LAYERS = ("ZZ",)
"""The layers whose weights have the shape of the turns, (1, n). On black and white pictures they are this cosine."""


class TwinEngine(Engine):
    """The cosine behind the interface of every engine. weights: the turns α in half-turns, (1, n).

    pixels: any in [0, 1]; a grey pixel turns the dial by as much as it lies nearer to paper or to ink.
    """

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.shape = (1, experiment.pixels)

    def value(self, pixels: Array, weights: Array) -> Array:
        return -np.cos((1 - 2 * pixels) @ (np.pi * weights[0]))

    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        signs = 1 - 2 * pixels
        argument = signs @ (np.pi * weights[0])
        # ∂(−cos a)/∂w_k = sin a · π·z_k
        return -np.cos(argument), (np.pi * np.sin(argument)[:, None] * signs)[:, None]

    def value_and_pullback(self, pixels: Array, weights: Array) -> tuple[Array, Pullback]:
        """As in Engine, without ever forming the derivatives of single images."""
        signs = 1 - 2 * pixels
        argument = signs @ (np.pi * weights[0])
        return -np.cos(argument), lambda upstream: np.pi * ((np.sin(argument) * upstream) @ signs)[None]
