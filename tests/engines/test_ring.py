"""A ring between the data qubits: the state against Kronecker products, Aer and the contraction, and its refusals."""

import numpy as np
import pytest

from qnn_core.circuit import LAYERS
from qnn_core.engines.mps import ring_by_mps
from qnn_core.engines.ring import MOST_DATA, MOST_LAYERS, RINGS, RingNetwork, alternating, contraction, expectation
from qnn_core.engines.ring import states as states_of
from qnn_core.errors import InputError
from tests.helpers import HADAMARD, PAULIS, is_sentence, statevector

LAYERED = ("XX", "ZZ", "YY")
LETTERS = {"I": np.eye(2), **PAULIS}


def whole(placed, qubits):
    """The matrix of Paulis on some qubits, I on the others. placed: qubit → letter."""
    matrix = np.eye(1)
    for qubit in range(qubits):
        matrix = np.kron(matrix, LETTERS[placed.get(qubit, "I")])
    return matrix


def by_matrices(network):
    """The states after each layer, every gate a 2^(n+1) × 2^(n+1) matrix."""
    qubits = network.data + 1
    state = np.ones(1)
    for pixel in network.pixels:
        state = np.kron(state, [1 - pixel, pixel])
    state = np.kron(state, HADAMARD @ [0, 1]).astype(complex)
    found = [state]
    for layer, kind in enumerate(network.layers):
        pairs = [({k: kind[0], network.data: kind[1]}, network.weights[layer, k]) for k in range(network.data)]
        ring = RINGS[network.ring].gate
        turns = [gate.turns for gate in network.gates[layer]][network.data :]
        pairs += [({k: ring[0], (k + 1) % network.data: ring[1]}, turn) for k, turn in enumerate(turns)]
        for placed, turn in pairs:
            gate = whole(placed, qubits)
            state = np.cos(np.pi * turn / 2) * state - 1j * np.sin(np.pi * turn / 2) * gate @ state
        found.append(state)
    return found


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.parametrize("data", [3, 5])
def test_the_state_is_that_of_the_gates_as_matrices(ring, data):
    network = RingNetwork(data, LAYERED, ring, seed=data)
    for ours, theirs in zip(states_of(network), by_matrices(network), strict=True):
        np.testing.assert_allclose(ours.ravel(), theirs, atol=1e-12)


@pytest.mark.parametrize("ring", RINGS)
def test_every_data_qubit_has_two_neighbours_in_a_ring(ring):
    network = RingNetwork(5, ("XX", "ZZ"), ring)
    for kind, gates in zip(network.layers, network.gates, strict=True):
        star, ringed = gates[:5], gates[5:]
        assert [(gate.kind, gate.first, gate.second) for gate in star] == [(kind, k, 5) for k in range(5)]
        met = [(gate.kind, {gate.first, gate.second}) for gate in ringed]
        wanted = [(RINGS[ring].gate, {k, (k + 1) % 5}) for k in range(5)] if RINGS[ring].gate else []
        assert met == wanted


@pytest.mark.parametrize("ring", RINGS)
def test_aer_says_the_same(ring):
    network = RingNetwork(6, ("XX", "ZZ", "XX"), ring, seed=1)
    found = ring_by_mps(network)
    assert found.data == 6
    assert found.seconds > 0
    value = expectation(list(states_of(network))[-1])
    assert found.value == pytest.approx(value, abs=1e-8)
    assert abs(value) > 1e-3


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "XX", "ZZ"), ("ZZ", "XX", "YY", "ZZ")])
def test_without_a_ring_it_is_the_lessons_network(layers):
    network = RingNetwork(6, layers, seed=2)
    value = statevector(layers, network.pixels, network.weights)
    assert contraction(network) == pytest.approx(value, abs=1e-12)
    assert expectation(list(states_of(network))[-1]) == pytest.approx(value, abs=1e-12)
    assert abs(value) > 1e-4


def test_the_star_does_not_depend_on_the_ring_nor_on_later_layers():
    short, long = RingNetwork(5, ("XX",), "none", 3), RingNetwork(5, ("XX", "ZZ"), "XX", 3)
    assert short.gates[0] == long.gates[0][:5]
    assert np.array_equal(short.pixels, long.pixels)
    assert not np.array_equal(short.weights, RingNetwork(5, ("XX",), "none", 4).weights)


@pytest.mark.parametrize("ring", ["ZZ", "XX"])
def test_the_contraction_refuses_a_ring_and_says_why(ring):
    with pytest.raises(InputError) as caught:
        contraction(RingNetwork(4, ("XX", "ZZ"), ring))
    assert "Data qubits 0 and 1 meet" in is_sentence(caught.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: RingNetwork(2, ("XX",), "ZZ"), "at least 3 data qubits"),
        (lambda: RingNetwork(1, ("XX",)), "at least 2"),
        (lambda: RingNetwork(4, ("XX",) * (MOST_LAYERS + 1)), f"choose 1 to {MOST_LAYERS}"),
        (lambda: RingNetwork(4, ()), "0 layers"),
        (lambda: RingNetwork(4, ("XX",), "YY"), "no ring called"),
        (lambda: RingNetwork(4, ("XY",)), "no layer called"),
        (lambda: next(states_of(RingNetwork(MOST_DATA + 1, ("XX",)))), f"at most {MOST_DATA}"),
    ],
)
def test_what_cannot_be_is_one_sentence(make, says):
    with pytest.raises(InputError) as caught:
        make()
    assert says in is_sentence(caught.value)


def test_layers_alternate():
    assert alternating(("XX", "XX", "ZZ"), 4) == ("XX", "ZZ", "XX", "ZZ")
    assert alternating(("ZZ",), 3) == ("ZZ",) * 3
    assert set(alternating(tuple(LAYERS), 5)) == set(LAYERS)
