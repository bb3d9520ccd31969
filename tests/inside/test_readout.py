"""The readout's arrow against Qiskit's statevector, and what is left without entanglement."""

import numpy as np
import pytest
from qiskit.quantum_info import DensityMatrix, Pauli, Statevector, entropy, partial_trace

from qnn_core.circuit import build_circuit
from qnn_core.engines import build_engine
from qnn_core.errors import InputError
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.product import product_expectation
from qnn_core.inside.readout import most_entangled, readout_states
from tests.helpers import HADAMARD, PAULIS, bits, is_sentence, random_layers, small


def qiskit_readout(layers, weights, pixels):
    """ρ of the readout before the last H, by Qiskit."""
    n = len(pixels)
    star = build_circuit(small(grid=int(n**0.5), layers=layers))
    values = dict(zip([*star.inputs, *star.weights], [*pixels, *weights.ravel()], strict=True))
    circuit = star.circuit.assign_parameters(values)
    circuit.h(n)  # undoes the last H
    return partial_trace(Statevector(circuit), list(range(n)))


@pytest.mark.parametrize("grid", [2, 3])
@pytest.mark.parametrize("length", [1, 2, 4, 6])
def test_readout_after_each_layer_is_qiskits(grid, length):
    rng = np.random.default_rng(length)
    n, layers = grid**2, random_layers(rng, length)
    weights = rng.uniform(-1, 2 * np.pi, (length, n))
    for pixels in (bits(rng, 1, n)[0], rng.random(n)):
        states = readout_states(small(grid=grid, layers=layers), weights, pixels)
        assert len(states) == length + 1
        assert states[0].bloch.tolist() == [-1, 0, 0]
        for depth in range(1, length + 1):
            rho = qiskit_readout(layers[:depth], weights[:depth], pixels)
            state = states[depth]
            expected = [rho.expectation_value(Pauli(letter)).real for letter in "XYZ"]
            np.testing.assert_allclose(state.bloch, expected, atol=1e-9)
            assert state.purity == pytest.approx(rho.purity().real, abs=1e-9)
            assert state.entropy == pytest.approx(entropy(rho), abs=1e-6)


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_the_arrow_ends_at_the_verdict_at_17_qubits(blocks):
    rng = np.random.default_rng(blocks)
    experiment = small(grid=4, layers=("XX", "ZZ") * blocks)
    weights, pixels = rng.uniform(-0.1, 0.1, (2 * blocks, 16)), bits(rng, 1, 16)
    last = readout_states(experiment, weights, pixels[0])[-1]
    found = build_engine(experiment).expectation(pixels, weights)[0]
    assert abs(found) > 0.01
    assert last.bloch[0] == pytest.approx(found, abs=1e-10)


def test_without_theta_nothing_is_entangled():
    rng = np.random.default_rng(0)
    weights = np.stack([np.zeros(16), rng.uniform(-1, 1, 16)])
    for state in readout_states(small(grid=4), weights, bits(rng, 1, 16)[0]):
        assert state.purity == pytest.approx(1)
        assert state.entropy == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "XX", "ZZ", "ZZ"), ("XX", "ZZ", "YY")], ids="-".join)
def test_the_most_entangled_picture_is_the_largest_entropy_of_all(layers):
    rng = np.random.default_rng(len(layers))
    experiment, weights, pixels = small(layers=layers), rng.uniform(0, 1, (len(layers), 4)), bits(rng, 7, 4)
    largest = max(state.entropy for image in pixels for state in readout_states(experiment, weights, image))
    found = most_entangled(experiment, weights, pixels)
    assert found.entropy == pytest.approx(largest, abs=1e-12)
    assert found.pictures == 7
    assert largest > 0.1
    assert not found.nothing


def test_weights_that_never_entangle_anything():
    rng = np.random.default_rng(0)
    weights, pixels = np.stack([np.zeros(16), rng.uniform(-1, 1, 16)]), bits(rng, 50, 16)
    assert most_entangled(small(grid=4), weights, pixels).nothing
    weights[0, 3] = 0.01  # one gate, hardly turned
    assert not most_entangled(small(grid=4), weights, pixels).nothing
    # ZZ alone gives R = 1, but an XX layer after it entangles all the same.
    assert not most_entangled(small(grid=4, layers=("ZZ", "XX")), weights[::-1] + 0.1, pixels).nothing


def test_with_many_paths_fewer_pictures_are_looked_at():
    rng = np.random.default_rng(0)
    layers = ("XX", "ZZ") * 4
    found = most_entangled(small(grid=4, layers=layers), rng.uniform(0, 0.1, (8, 16)), bits(rng, 50, 16))
    assert 1 <= found.pictures < 50


def product_by_density_matrices(layers, weights, pixels):
    """Erase correlations after every gate, with 4×4 density matrices from Qiskit."""
    data = []
    for x in pixels:
        psi = np.array([np.cos(np.pi * x / 2), -1j * np.sin(np.pi * x / 2)])
        data.append(np.outer(psi, psi.conj()))
    minus = HADAMARD @ [0, 1]
    readout = np.outer(minus, minus).astype(complex)
    for kind, row in zip(layers, weights, strict=True):
        both = np.kron(PAULIS[kind[0]], PAULIS[kind[0]])
        for k, t in enumerate(row):
            gate = np.cos(np.pi * t / 2) * np.eye(4) - 1j * np.sin(np.pi * t / 2) * both
            rho = DensityMatrix(gate @ np.kron(data[k], readout) @ gate.conj().T)
            data[k], readout = partial_trace(rho, [0]).data, partial_trace(rho, [1]).data
    return np.trace(readout @ PAULIS["X"]).real


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "ZZ", "XX", "ZZ"), ("ZZ", "YY", "XX", "ZZ")])
def test_product_states_only(layers):
    rng = np.random.default_rng(len(layers))
    weights, pixels = rng.uniform(0, 1, (len(layers), 4)), rng.random((3, 4))
    expected = [product_by_density_matrices(layers, weights, image) for image in pixels]
    np.testing.assert_allclose(product_expectation(small(layers=layers), weights, pixels), expected, atol=1e-12)


@pytest.mark.parametrize("layers", [("XX", "XX", "ZZ", "ZZ"), ("XX", "ZZ", "ZZ", "XX", "ZZ")], ids="-".join)
def test_product_states_with_the_gates_as_they_are_drawn(layers):
    rng = np.random.default_rng(len(layers))
    experiment, weights, pixels = small(layers=layers), rng.uniform(0, 1, (len(layers), 4)), bits(rng, 3, 4)
    expected = [product_by_density_matrices(layers, weights, image) for image in pixels]
    drawn = product_expectation(experiment, weights, pixels, merged=False)
    np.testing.assert_allclose(drawn, expected, atol=1e-12)
    assert np.abs(drawn - product_expectation(experiment, weights, pixels)).max() > 0.01


def test_erasing_changes_the_64_weights_as_drawn_and_not_when_merged():
    rng = np.random.default_rng(0)
    experiment, pixels = small(grid=4, layers=("XX", "XX", "ZZ", "ZZ")), bits(rng, 100, 16)
    weights = rng.uniform(0, 0.2, (4, 16))
    network = build_engine(experiment).expectation(pixels, weights)
    drawn = product_expectation(experiment, weights, pixels, merged=False)
    assert np.abs(drawn - network).max() > 0.1
    np.testing.assert_allclose(product_expectation(experiment, weights, pixels), network, atol=1e-12)
    one = small(grid=4)  # XX, ZZ: as drawn it is merged already
    network = build_engine(one).expectation(pixels, weights[1:3])
    np.testing.assert_allclose(product_expectation(one, weights[1:3], pixels, merged=False), network, atol=1e-12)


def test_one_block_loses_nothing_without_entanglement_but_two_do():
    rng = np.random.default_rng(1)
    pixels = bits(rng, 20, 9)
    for layers in (("XX", "ZZ"), ("XX", "XX", "ZZ", "ZZ")):
        experiment, weights = small(grid=3, layers=layers), rng.uniform(0, 1, (len(layers), 9))
        expected = build_engine(experiment).expectation(pixels, weights)
        np.testing.assert_allclose(product_expectation(experiment, weights, pixels), expected, atol=1e-12)
        # Nor does the sign need the length R: the twin that is never entangled gives every verdict alike.
        neuron = cosine_neuron(experiment, weights)
        twin = np.stack([np.zeros(9), neuron.turn / np.pi])
        assert np.array_equal(build_engine(small(grid=3)).expectation(pixels, twin) > 0, expected > 0)
    experiment, weights = small(grid=3, layers=("XX", "ZZ") * 2), rng.uniform(0, 0.3, (4, 9))
    difference = product_expectation(experiment, weights, pixels) - build_engine(experiment).expectation(
        pixels, weights
    )
    assert np.abs(difference).max() > 0.01


def test_shapes_that_do_not_fit():
    experiment = small()
    for bad in (
        lambda: readout_states(experiment, np.zeros((2, 4)), np.zeros((1, 4))),
        lambda: readout_states(experiment, np.zeros((2, 3)), np.zeros(4)),
        lambda: product_expectation(experiment, np.zeros((2, 4)), np.zeros(4)),
        lambda: product_expectation(experiment, np.zeros(7), np.zeros((1, 4))),
    ):
        with pytest.raises(InputError) as caught:
            bad()
        is_sentence(caught.value)
