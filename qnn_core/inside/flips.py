"""The first layer of a block is nothing but chance: it flips pixels at random before the cosine looks at them.

A data qubit that one layer asks along a direction answers s = +1 with probability (1 + ⟨s⟩)/2, else −1, and nobody
asks it again. So the network is the mean of a cosine over pictures drawn at random (MATHS section 2):

    f(x) = −E[cos Σ_k φ_k·s_k],   P(s_k ≠ z_k) = sin²(θ_k/2) for XX, ZZ on black and white pictures
"""

from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.errors import InputError
from qnn_core.inside.all_pictures import MAX_PIXELS
from qnn_core.inside.cosine import CosineNeuron


@dataclass(frozen=True, eq=False)
class RandomFlips:
    """One picture as one block sees it.

    phase: φ, radians (n,), by which each pixel turns the readout, one way or the other. paper: (n,) in [0, 1], the
    chance that the pixel comes out as paper, s = +1; else it comes out as ink, s = −1.
    """

    phase: Array
    paper: Array

    @classmethod
    def of(cls, neuron: CosineNeuron, pixels: Array) -> "RandomFlips":
        """For one image (n,), half-turns in [0, 1]. Raises InputError if it does not fit."""
        asked = neuron.component(check_image(pixels, len(neuron.phi))[None])[0]
        # Rounding may leave [0, 1] by 1e-16.
        return cls(neuron.phi, np.clip((1 + asked) / 2, 0, 1))

    def flip(self, pixels: Array) -> Array:
        """The chance that a pixel comes out as something else than it is, (n,): sin²(θ/2) for XX, ZZ.

        pixels: (n,); a grey pixel is ink with a chance of its own from the start, and this is that of being ink if
        it is rather paper, and of being paper if it is rather ink.
        """
        return np.where(pixels > 0.5, self.paper, 1 - self.paper)

    def drawn(self, rng: np.random.Generator, count: int) -> Array:
        """So many pictures as they may come out, ink 1 and paper 0: (count, n)."""
        return (rng.random((count, len(self.paper))) >= self.paper).astype(float)

    def answers(self, pictures: Array) -> Array:
        """−cos Σ φ_k·s_k of pictures as they came out, (m, n) of zeros and ones: (m,)."""
        return -np.cos((1 - 2 * pictures) @ self.phase)

    def mean(self) -> float:
        """f, as the mean over every picture that may come out: 2^n of them. Raises InputError above 16 pixels."""
        n = len(self.phase)
        if n > MAX_PIXELS:
            raise InputError(
                f"{n} pixels can come out in 2^{n} ways; choose a grid of at most {int(MAX_PIXELS**0.5)}."
            )
        chance, turn = np.ones(1), np.zeros(1)
        for paper, phase in zip(self.paper, self.phase, strict=True):
            chance = np.concatenate([chance * paper, chance * (1 - paper)])
            turn = np.concatenate([turn + phase, turn - phase])
        # f = −Σ_s P(s)·cos Σ_k φ_k·s_k
        return float(-(chance @ np.cos(turn)))
