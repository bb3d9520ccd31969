"""The cut against Qiskit, and the ranks that star and ring can have."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector, entropy, partial_trace, schmidt_decomposition

from qnn_core.engines.ring import RINGS, RingNetwork, alternating, states
from qnn_core.inside.schmidt import cut, cuts, half, largest_rank, schmidt_values, star_bound


@pytest.mark.parametrize("ring", RINGS)
def test_rank_and_entropy_are_qiskits(ring):
    network = RingNetwork(4, ("XX", "ZZ", "XX"), ring, seed=5)
    for state, ours in zip(states(network), cuts(network).cuts, strict=True):
        # Qiskit counts its qubits from the other end.
        theirs = Statevector(state.ravel())
        terms = [size for size, _, _ in schmidt_decomposition(theirs, [3, 4]) if size > 1e-9]
        assert ours.rank == len(terms)
        assert ours.entropy == pytest.approx(entropy(partial_trace(theirs, [0, 1, 2])), abs=1e-9)


def test_known_states():
    bell, product = np.array([1, 0, 0, 1]) / 2**0.5, np.array([1, 0, 0, 0])
    assert cut(bell, 1, 7) == (7, 2, pytest.approx(1))
    assert cut(product, 1, 0) == (0, 1, 0)
    np.testing.assert_allclose(schmidt_values(np.array([0.6, 0, 0, -0.8]), 1), [0.8, 0.6])
    assert cut(np.array([1, 0, 0, 1e-10]), 1, 0).rank == 1
    assert cut(np.array([1, 0, 0, 1e-8]), 1, 0).rank == 2


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("ZZ", "XX"), ("YY", "ZZ", "XX")])
@pytest.mark.parametrize("seed", range(3))
def test_a_star_has_at_most_two_to_the_layers(layers, seed):
    network = RingNetwork(10, alternating(layers, 5), seed=seed)
    ranks, bounds = [each.rank for each in cuts(network).cuts], star_bound(network.layers)
    assert all(rank <= bound for rank, bound in zip(ranks, bounds, strict=True))
    assert ranks[-1] > 4


def test_the_bound_counts_merged_layers():
    assert star_bound(("XX", "XX", "ZZ")) == [1, 2, 2, 4]
    assert (half(9), largest_rank(9), largest_rank(16)) == (4, 16, 256)


def test_the_star_does_not_grow_with_the_qubits_and_a_ring_does():
    def last(data, ring):
        return cuts(RingNetwork(data, alternating(("XX", "ZZ"), 4), ring)).cuts[-1].rank

    assert [last(data, "none") for data in (8, 10, 12)] == [8, 8, 8]
    assert [last(data, "XX") for data in (6, 8, 10, 12)] == [8, 16, 32, 64]


def test_a_ring_that_commutes_with_everything_before_it_entangles_nothing():
    # ZZ layers and ZZ rings on a black and white picture only turn phases of one basis state of the data qubits.
    assert [each.rank for each in cuts(RingNetwork(6, ("ZZ", "ZZ"), "ZZ")).cuts] == [1, 1, 1]
    assert cuts(RingNetwork(6, ("ZZ", "ZZ"), "XX")).cuts[-1].rank > 1


def test_a_second_ring_of_the_same_kind_adds_nothing_if_only_what_commutes_is_between():
    network = RingNetwork(8, ("XX", "ZZ"), "ZZ")
    # Two bonds of the ring are cut, 2·2; the ZZ layer doubles that, and the second ring is one with the first.
    assert [each.rank for each in cuts(network).cuts] == [1, 4, 8]
