"""How entangled two halves are: cut the qubits in two, and count the terms that the state needs.

|ψ⟩ = Σ_i s_i |a_i⟩|b_i⟩, with s_i > 0: the number of terms is the Schmidt rank of the cut. Rank 1 is no entanglement;
a simulator that keeps the halves apart, as matrix product states do, pays for every term (MATHS section 7).
"""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex
from qnn_core.circuit import merge
from qnn_core.engines.ring import RingNetwork, expectation, states
from qnn_core.workers.threads import one_thread

TOLERANCE = 1e-9
"""A Schmidt value that is smaller than this, as a share of the largest, counts as 0."""


class Cut(NamedTuple):
    """The state after some layers, cut into half of the data qubits and the rest.

    layers: how many. rank: terms with more than TOLERANCE. entropy: of the squared Schmidt values, in bits.
    """

    layers: int
    rank: int
    entropy: float


def schmidt_values(state: Complex, first: int) -> Array:
    """The s_i, largest first: the first `first` qubits of a state of any shape, and the others."""
    return np.asarray(np.linalg.svd(state.reshape(2**first, -1), compute_uv=False))


def cut(state: Complex, first: int, layers: int) -> Cut:
    """Rank and entropy of the cut after the first `first` qubits."""
    values = schmidt_values(state, first)
    shares = values[values > TOLERANCE * values[0]] ** 2
    return Cut(layers, len(shares), max(0.0, float(-(shares @ np.log2(shares)))))


class Cuts(NamedTuple):
    """cuts: before the first layer and after each. value: ⟨Z⟩ of the readout in the end, in [−1, 1]."""

    cuts: list[Cut]
    value: float


def cuts(network: RingNetwork) -> Cuts:
    """Half of the data qubits | all others, amplitude by amplitude. Raises InputError if the state is too large."""
    found = list[Cut]()
    with one_thread:
        for layers, state in enumerate(states(network)):
            found.append(cut(state, half(network.data), layers))
    return Cuts(found, expectation(state))


def half(data: int) -> int:
    """Data qubits on the one side of the cut."""
    return data // 2


def star_bound(layers: tuple[str, ...]) -> list[int]:
    """2^L for each number of layers, the most that a star can have; neighbours of one kind count as one.

    In a merged layer all gates that cross the cut share the readout's two eigenprojectors: two terms.
    """
    return [2 ** len(merge(layers[:length])[0]) for length in range(len(layers) + 1)]


def largest_rank(data: int) -> int:
    """2^(n/2), the most that the smaller side of the cut leaves room for."""
    return 2 ** half(data)
