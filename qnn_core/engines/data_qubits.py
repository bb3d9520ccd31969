"""On every path of the readout each data qubit goes through rotations of its own, and ends as two numbers.

V = [[a, −b*], [b, a*]] is known by its first column V|0⟩ = (a, b), so that is all that is kept.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from qnn_core.arrays import Array, Complex

# −i·P on a state (…, 2, n, paths): the order of its two amplitudes, and what each is multiplied with.
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
    """What lies between two paths, for states (2, n, p): V(s')†V(s) = w − i(v_x X + v_y Y + v_z Z).

    Returns w − i·v_z, (n, p), which is all that black and white pictures ask for, and v_y if `grey`.
    """
    along = np.add.reduce(bra.conj() * ket, axis=0)
    return along, (bra[0] * ket[1] - bra[1] * ket[0]).real if grey else None


def overlaps_derivative(
    bra: Complex, ket: Complex, bras: Complex, kets: Complex, *, grey: bool
) -> tuple[Complex, Array | None]:
    """Derivatives of what `overlaps` returns, (layers, n, p), from those of the states, (layers, 2, n, p)."""
    along = np.add.reduce(bras.conj() * ket + bra.conj() * kets, axis=1)
    if not grey:
        return along, None
    across = bras[:, 0] * ket[1] + bra[0] * kets[:, 1] - bras[:, 1] * ket[0] - bra[1] * kets[:, 0]
    return along, across.real


def overlaps_pullback(bra: Complex, ket: Complex, along: Complex, across: Array | None) -> Complex:
    """From the slopes by w and v_z, (n, p) as w + i·v_z, and by v_y to those by bra and then ket, (2, n, 2p).

    A slope g of a complex z stands for dloss = Re(g*·dz).
    """
    by_bra, by_ket = along * ket, along.conj() * bra
    if across is not None:
        by_bra += across * np.stack([ket[1], -ket[0]]).conj()
        by_ket += across * np.stack([-bra[1], bra[0]]).conj()
    return np.concatenate([by_bra, by_ket], axis=-1)
