"""Gate noise at any width against Aer's density matrix, Qiskit's channels and the laws of MATHS section 4."""

import numpy as np
import pytest
from qiskit.quantum_info import Operator, Pauli, SuperOp
from qiskit_aer.noise import amplitude_damping_error, depolarizing_error, pauli_error

from qnn_core.engines import build_engine
from qnn_core.errors import InputError
from qnn_core.machine.channels import CHANNELS
from qnn_core.machine.checks import ask_aer, ask_density_matrix, noise_difference
from qnn_core.machine.noise import Noise, gate_matrix, noisy_expectation, only_shrinks
from tests.helpers import PAULIS, bits, is_sentence, random_layers, small

CIRCUITS = [
    ("XX", "ZZ"),
    ("ZZ", "XX", "ZZ"),
    ("XX", "ZZ", "XX", "ZZ"),
    ("ZZ", "YY", "XX", "ZZ"),
    ("XX", "XX", "ZZ", "ZZ"),
]
PAIRS = [f"{a}{b}" for a in "IXYZ" for b in "IXYZ"]


def problem(seed, grid, layers, images=2):
    """Small weights, so that ⟨Z⟩ stays large enough to be compared."""
    rng = np.random.default_rng(seed)
    n = grid**2
    return small(grid=grid, layers=layers), rng.uniform(0, 0.3, (len(layers), n)), bits(rng, images, n)


def on_paulis(channel):
    """R[a, b] = Tr(P_a · E(P_b))/4."""
    matrix = SuperOp(channel).data
    columns = [Pauli(b).to_matrix() for b in PAIRS]
    images = [(matrix @ b.reshape(-1, order="F")).reshape(4, 4, order="F") for b in columns]
    return np.array([[np.trace(a @ image).real / 4 for image in images] for a in columns])


@pytest.mark.parametrize("p", [0.0, 0.03, 0.4, 1.0])
def test_channels_are_qiskits(p):
    damping, flip = amplitude_damping_error(p), pauli_error([("Z", p), ("I", 1 - p)])
    qiskit = {
        "depolarising": depolarizing_error(16 * p / 15, 2),
        "amplitude-damping": damping.expand(damping),
        "dephasing": flip.expand(flip),
    }
    assert set(qiskit) == set(CHANNELS)
    for name, channel in CHANNELS.items():
        np.testing.assert_allclose(channel.pauli(p), on_paulis(qiskit[name]), atol=1e-12)


@pytest.mark.parametrize("kind", ["XX", "YY", "ZZ"])
def test_gates_are_rotations(kind):
    both = np.kron(PAULIS[kind[0]], PAULIS[kind[0]])
    for angle in (0.0, 0.7, -2.0):
        gate = np.cos(angle / 2) * np.eye(4) - 1j * np.sin(angle / 2) * both
        np.testing.assert_allclose(gate_matrix(kind, np.array([angle]))[0], on_paulis(Operator(gate)), atol=1e-12)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("layers", CIRCUITS, ids="-".join)
def test_noise_is_that_of_a_density_matrix(channel, layers):
    experiment, weights, pixels = problem(len(layers), 2, layers)
    noise = Noise(channel, 0.05, 0.03)
    expected = ask_density_matrix(experiment, weights, pixels, noise)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(noisy_expectation(experiment, weights, pixels, noise), expected, atol=1e-9)


@pytest.mark.parametrize(("channel", "layers"), list(zip([*CHANNELS] * 2, CIRCUITS, strict=False)), ids=str)
def test_noise_at_ten_qubits(channel, layers):
    experiment, weights, pixels = problem(7, 3, layers, images=1)
    noise = Noise(channel, 0.02)
    expected = ask_density_matrix(experiment, weights, pixels, noise)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(noisy_expectation(experiment, weights, pixels, noise), expected, atol=1e-9)


def test_grey_images_under_noise():
    experiment, weights, _ = problem(3, 2, ("XX", "ZZ", "YY"))
    grey, noise = np.random.default_rng(0).random((3, 4)), Noise("amplitude-damping", 0.1)
    expected = ask_density_matrix(experiment, weights, grey, noise)
    np.testing.assert_allclose(noisy_expectation(experiment, weights, grey, noise), expected, atol=1e-9)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_without_noise_it_is_the_engine(length):
    rng = np.random.default_rng(length)
    experiment, weights, pixels = problem(length, 4, random_layers(rng, length), images=5)
    expected = build_engine(experiment).expectation(pixels, weights)
    for channel in CHANNELS:
        np.testing.assert_allclose(
            noisy_expectation(experiment, weights, pixels, Noise(channel)), expected, atol=1e-12
        )


def test_depolarising_noise_of_one_block_only_shrinks():
    experiment, weights, pixels = problem(1, 4, ("XX", "ZZ"), images=20)
    clean = build_engine(experiment).expectation(pixels, weights)
    p = 0.02
    # f → (1 − λ)^(2n) f with λ = 16p/15
    expected = (1 - 16 * p / 15) ** 32 * clean
    np.testing.assert_allclose(noisy_expectation(experiment, weights, pixels, Noise("depolarising", p)), expected)


def test_what_noise_leaves_is_known_where_it_only_shrinks():
    experiment, weights, pixels = problem(1, 4, ("XX", "ZZ"), images=20)
    clean = build_engine(experiment).expectation(pixels, weights)
    noise = Noise("depolarising", 0.02, 0.1)
    noisy = noisy_expectation(experiment, weights, pixels, noise)
    assert only_shrinks(clean, noisy, noise.shrink_factor(32))
    assert not only_shrinks(clean, noisy, noise.shrink_factor(31))
    assert noise.shrink_factor(0) == noise.readout_factor == 0.8
    assert Noise("amplitude-damping", 0.02).shrink_factor(32) is None


def test_amplitude_damping_is_different():
    experiment, weights, pixels = problem(2, 4, ("XX", "ZZ"), images=20)
    clean = build_engine(experiment).expectation(pixels, weights)
    ratio = noisy_expectation(experiment, weights, pixels, Noise("amplitude-damping", 0.05)) / clean
    assert ratio.max() - ratio.min() > 0.1


def test_readout_error_shrinks_and_then_inverts():
    experiment, weights, pixels = problem(2, 2, ("XX", "ZZ"))
    clean = noisy_expectation(experiment, weights, pixels, Noise())
    for error, factor in ((0.1, 0.8), (0.5, 0.0), (1.0, -1.0)):
        found = noisy_expectation(experiment, weights, pixels, Noise(readout=error))
        np.testing.assert_allclose(found, factor * clean, atol=1e-12)


def test_the_pages_check_and_aer():
    assert noise_difference(2, ("XX", "ZZ"), Noise("dephasing", 0.1)) < 1e-9
    experiment, weights, pixels = problem(4, 2, ("XX", "ZZ"))
    np.testing.assert_allclose(
        ask_aer(experiment, weights, pixels), build_engine(experiment).expectation(pixels, weights), atol=1e-9
    )


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (lambda: Noise("thunder"), "no channel called"),
        (lambda: Noise(gate=1.1), "from 0 to 1"),
        (lambda: Noise(gate=-0.1), "from 0 to 1"),
        (lambda: Noise(readout=float("nan")), "from 0 to 1"),
        (lambda: noisy_expectation(small(), np.zeros((2, 5)), np.zeros((1, 4)), Noise()), "10 weights"),
        (lambda: noisy_expectation(small(), np.zeros((2, 4)), np.zeros((1, 5)), Noise()), "shape"),
        (
            lambda: noisy_expectation(small(layers=("XX", "ZZ") * 3), np.zeros((6, 4)), np.zeros((1, 4)), Noise()),
            "at most 4",
        ),
        (lambda: ask_density_matrix(small(grid=4), np.zeros((2, 16)), np.zeros((1, 16)), Noise()), "2³⁴"),
    ],
)
def test_bad_input(bad, says):
    with pytest.raises(InputError) as caught:
        bad()
    assert says in is_sentence(caught.value)
