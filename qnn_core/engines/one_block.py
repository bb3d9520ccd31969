"""XX and then ZZ, on black and white pictures, is one cosine of the pixels (MATHS section 2).

    f(x) = −R · cos(Σ_k α_k z_k),   r_k·exp(i·α_k) = cos φ_k + i·sin φ_k·cos θ_k,   R = ∏_k r_k

The contraction along paths gives the same numbers. Pictures of 16 pixels are so small that NumPy's calls take
longer than what they compute, and the closed form needs a third of them.
"""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.engines.base import Pullback
from qnn_core.engines.terms import other_products


class Dials(NamedTuple):
    """The cosine that some weights are, with what its derivatives need.

    cosine, sine: of both angles, θ of XX and φ of ZZ, (2, n). turn: how far each pixel turns the dial, α, (n,).
    amplitude: R, the product of what every pixel keeps of the dial's length. others: for each pixel the product of
    what all the others keep, (n,); with it nothing is ever divided by what a pixel keeps, which may be 0.
    """

    cosine: Array
    sine: Array
    turn: Array
    others: Array
    amplitude: float


class OneBlock:
    """The closed form with its derivatives; the methods are those of `Star`.

    bloch: (1, n, m), the signs z = ±1 of the pixels. angles: radians (2, n), θ of XX and φ of ZZ.
    """

    kinds = ("XX", "ZZ")

    def expectation(self, bloch: Array, angles: Array) -> Array:
        """f of m images, (m,)."""
        return self.value_and_pullback(bloch, angles)[0]

    def value_and_jacobian(self, bloch: Array, angles: Array) -> tuple[Array, Array]:
        """f, (m,), and ∂f/∂angles, (m, 2, n)."""
        dials = _dials(angles)
        argument = dials.turn @ bloch[0]
        cosine = np.cos(argument)
        by_turn = bloch[0].T * np.sin(argument)[:, None]
        return -dials.amplitude * cosine, _slope(dials, -cosine[:, None], by_turn)

    def value_and_pullback(self, bloch: Array, angles: Array) -> tuple[Array, Pullback]:
        """f, (m,), and the map from ∂loss/∂f, (m,), to ∂loss/∂angles, (2, n)."""
        dials = _dials(angles)
        argument = dials.turn @ bloch[0]
        cosine = np.cos(argument)

        def pullback(upstream: Array) -> Array:
            return _slope(dials, -(cosine @ upstream), bloch[0] @ (np.sin(argument) * upstream))

        return -dials.amplitude * cosine, pullback


def _dials(angles: Array) -> Dials:
    cosine, sine = np.cos(angles), np.sin(angles)
    along, across = cosine[1], sine[1] * cosine[0]
    keep = np.hypot(along, across)
    others = other_products(keep)
    return Dials(cosine, sine, np.arctan2(across, along), others, float(others[0] * keep[0]))


def _slope(dials: Dials, by_amplitude: Array, by_turn: Array) -> Array:
    """How the loss changes with θ and φ, (…, 2, n), from how it changes with the cosine's length and argument.

    by_amplitude: the slope by R, (…, 1). by_turn: the slopes by each α, divided by R, (…, n).
    """
    polar: Complex = np.empty(by_turn.shape, complex)
    polar.real, polar.imag = by_amplitude, by_turn
    # d(cos φ + i·sin φ·cos θ) = exp(iα)·(dr + i·r·dα)
    polar *= np.exp(1j * dials.turn) * dials.others
    by_along, by_across = polar.real, polar.imag
    (cos_theta, cos_phi), (sin_theta, sin_phi) = dials.cosine, dials.sine
    slope = np.empty((*by_turn.shape[:-1], 2, by_turn.shape[-1]))
    slope[..., 0, :] = -by_across * (sin_phi * sin_theta)
    slope[..., 1, :] = by_across * (cos_phi * cos_theta) - by_along * sin_phi
    return slope
