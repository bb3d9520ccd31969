"""On every path of the readout each data qubit goes through rotations of its own, and ends as two numbers.

A rotation V = [[a, −b*], [b, a*]] is known by its first column V|0⟩ = (a, b), so only these two amplitudes are kept.
Two paths s' (the bra) and s (the ket) ask for what lies between their rotations, which is a rotation again:

    V(s')†V(s) = w − i·(v_x X + v_y Y + v_z Z)

`overlaps` gives its numbers, `overlaps_derivative` how they change with the weights (forwards, for the Jacobian), and
`overlaps_pullback` how the loss changes with the amplitudes (backwards, for one gradient).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from qnn_core.arrays import Array, Complex

# −i·P on a state (…, 2, n, paths): in which order its two amplitudes are taken, and what each is multiplied by.
_TURNS = {
    "X": (slice(None, None, -1), np.array([-1j, -1j])[:, None, None]),
    "Y": (slice(None, None, -1), np.array([-1.0 + 0j, 1.0])[:, None, None]),
    "Z": (slice(None), np.array([-1j, 1j])[:, None, None]),
}


def path_states(paulis: Sequence[str], angles: Array, *, derivatives: bool = False) -> Complex:
    """V_k(s)|0⟩ of every path, and below it its derivative by each layer's θ_lk: (1 or 1 + layers, 2, n, paths).

    V(s) = ∏_l exp(−i·s_l·θ_l·P_l/2), later layers on the left. angles: radians (layers, n).
    Path number b takes sign −1 in layer l if bit l of b is 1.
    """
    layers, n = angles.shape
    half = angles[..., None] / 2
    cosine, sine = np.cos(half), np.sin(half)
    states = np.zeros((1 + layers if derivatives else 1, 2, n, 1), complex)
    states[0, 0] = 1
    for layer, pauli in enumerate(paulis):
        order, factor = _TURNS[pauli]
        straight, sideways = cosine[layer] * states, (sine[layer] * factor) * states[:, order]
        paths = states.shape[-1]
        states = np.empty((*states.shape[:-1], 2 * paths), complex)
        np.add(straight, sideways, out=states[..., :paths])
        np.subtract(straight, sideways, out=states[..., paths:])
        if derivatives:
            # ∂/∂θ exp(−i·s·θ·P/2) = s/2 · (−iP) · exp(−i·s·θ·P/2)
            np.multiply(_half_turns(pauli, paths), states[0, order], out=states[1 + layer])
    return states


@lru_cache(maxsize=64)
def _half_turns(pauli: str, paths: int) -> Complex:
    """s/2 · (−iP), first for so many paths with s = 1, then for as many with s = −1: (2, 1, 2·paths)."""
    return _TURNS[pauli][1] * np.repeat([0.5, -0.5], paths)


def overlaps(bra: Complex, ket: Complex, *, grey: bool) -> tuple[Complex, Array | None]:
    """The rotation between the two paths of each pair, as far as pictures ask for it.

    bra, ket: the amplitudes V(s')|0⟩ and V(s)|0⟩ of each pair p and data qubit, (2, n, p).
    Returns w − i·v_z, (n, p), which is all that black and white pictures ask for, and for grey ones also v_y, (n, p).
    """
    along = np.add.reduce(bra.conj() * ket, axis=0)
    return along, (bra[0] * ket[1] - bra[1] * ket[0]).real if grey else None


def overlaps_derivative(
    bra: Complex, ket: Complex, bras: Complex, kets: Complex, *, grey: bool
) -> tuple[Complex, Array | None]:
    """How what `overlaps` returns changes with the angle of each layer, (layers, n, p), by the product rule.

    bra, ket: the amplitudes, as for `overlaps`. bras, kets: their derivatives by each angle, (layers, 2, n, p).
    """
    along = np.add.reduce(bras.conj() * ket + bra.conj() * kets, axis=1)
    if not grey:
        return along, None
    across = bras[:, 0] * ket[1] + bra[0] * kets[:, 1] - bras[:, 1] * ket[0] - bra[1] * kets[:, 0]
    return along, across.real


def overlaps_pullback(bra: Complex, ket: Complex, along: Complex, across: Array | None) -> Complex:
    """How the loss changes with the amplitudes, from how it changes with the rotations between the paths.

    bra, ket: the amplitudes, as for `overlaps`. along: slopes by w (real part) and by v_z (imaginary part), (n, p).
    across: slopes by v_y, (n, p), or None. Returns the slopes by the amplitudes of all bras and then of all kets,
    (2, n, 2p). The slope g by a complex number z means: if z changes by dz, the loss changes by Re(g*·dz).
    """
    by_bra, by_ket = along * ket, along.conj() * bra
    if across is not None:
        by_bra += across * np.stack([ket[1], -ket[0]]).conj()
        by_ket += across * np.stack([-bra[1], bra[0]]).conj()
    return np.concatenate([by_bra, by_ket], axis=-1)
