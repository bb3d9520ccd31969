"""A noisy gate lets the answer fade, and on a star circuit that can be computed exactly at any width.

After each two-qubit gate a channel acts on its two qubits (the X, H and RX gates are taken as perfect, and
waiting costs nothing). All states and channels are written in Paulis, so everything is real. Each data qubit
is one matrix between what the readout is before it and after it, in all L layers at once: 4^L × 4^L
(MATHS section 4). A density matrix of 17 qubits would have 2^34 entries; this has 16 products.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qnn_core.arrays import Array, check_images
from qnn_core.circuit import LAYERS, PAULIS
from qnn_core.data.images import distinct_rows
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.machine.channels import CHANNELS
from qnn_core.training.starts import fitting_weights

MAX_LAYERS = 4
CHUNK = 2**22
"""Numbers worked on at once: 32 MiB."""
LETTERS = "IXYZ"


@dataclass(frozen=True)
class Noise:
    """What a machine does wrong.

    channel: a name from CHANNELS. gate: its strength after every two-qubit gate, in [0, 1].
    readout: probability in [0, 1] that a measured bit is reported wrongly.
    Raises InputError for anything else.
    """

    channel: str = "depolarising"
    gate: float = 0.0
    readout: float = 0.0

    def __post_init__(self) -> None:
        CHANNELS[self.channel]
        for name in ("gate", "readout"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"The {name} noise is {value}, but it is a probability; choose it from 0 to 1.")

    @property
    def readout_factor(self) -> float:
        """What wrongly reported bits leave of every ⟨Z⟩: with probability e each, f becomes (1 − 2e)·f."""
        return 1 - 2 * self.readout

    def shrink_factor(self, gates: int) -> float | None:
        """What all of the noise leaves of ⟨Z⟩ after so many gates if each channel only shrinks it, else None.

        Whether it does depends on the network: see `only_shrinks`.
        """
        of_gate = CHANNELS[self.channel].shrink
        return None if of_gate is None else self.readout_factor * of_gate(self.gate) ** gates


def products_for(experiment: Experiment, images: int) -> int:
    """How many products it takes to follow gate noise through the circuit for so many different images."""
    return images * experiment.pixels * 4 ** (2 * len(experiment.layers) - 1)


def noisy_expectation(experiment: Experiment, weights: Array, pixels: Array, noise: Noise) -> Array:
    """⟨Z⟩ of the readout under noise, (m,) in [−1, 1].

    pixels: half-turns (m, n) in [0, 1]; weights: half-turns (layers, n). Layers are not merged here: each
    gate has its own noise. Raises InputError if shapes do not fit or there are more than 4 layers.
    """
    weights = fitting_weights(experiment, weights)
    check_images(pixels, experiment.pixels)
    if len(weights) > MAX_LAYERS:
        raise InputError(f"{len(weights)} layers are too many to follow under gate noise; use at most {MAX_LAYERS}.")
    example, row = distinct_rows(pixels)
    matrices = list(transfer_matrices(experiment, weights, noise))
    size = max(1, CHUNK // 4 ** (2 * len(weights) - 1))
    chunks = [pixels[example[begin : begin + size]] for begin in range(0, len(example), size)]
    values = np.concatenate([_contract(matrices, chunk) for chunk in chunks])[row]
    return noise.readout_factor * values


def only_shrinks(clean: Array, noisy: Array, factor: float) -> bool:
    """Whether noise has only multiplied every ⟨Z⟩ by one factor, to nine digits of the largest. Arrays (m,)."""
    return bool(np.allclose(noisy, factor * clean, atol=1e-9 * np.abs(clean).max()))


def gate_matrix(kind: str, angles: Array) -> Array:
    """exp(−i·θ·P⊗Q/2) on Pauli expectation values: (n, 16, 16) for radians (n,)."""
    singles = [np.eye(2), *(PAULIS[letter] for letter in "XYZ")]
    doubles = np.array([np.kron(a, b) for a in singles for b in singles])
    both = np.kron(PAULIS[LAYERS[kind].data], PAULIS[LAYERS[kind].readout])
    # U†AU = A if A commutes with PQ, else cos θ · A + sin θ · (i/2)[PQ, A]
    commutator = 1j / 2 * (both @ doubles - doubles @ both)
    turn = np.einsum("aij,bji->ab", commutator, doubles).real / 4
    across = np.abs(turn).sum(axis=1) > 0.5
    cosine, sine = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
    return np.diag(~across) + cosine * np.diag(across) + sine * turn


def transfer_matrices(experiment: Experiment, weights: Array, noise: Noise) -> Iterator[Array]:
    """For each data qubit: (3, 4^L, 4^L), what the readout is after it from what it was before it.

    The first axis is the qubit's own Pauli before the first gate: I, Y or Z (it has no X). The readout's
    Paulis in the L layers are one index, layer 1 slowest.
    """
    error = CHANNELS[noise.channel].pauli(noise.gate)
    gates = [error @ gate_matrix(kind, np.pi * row) for kind, row in zip(experiment.layers, weights, strict=True)]
    for k in range(experiment.pixels):
        # axes: the qubit at the start, readout after, readout before, the qubit now
        tensor = np.eye(4)[[0, 2, 3], None, None]
        for layer, gate in enumerate(gates, 1):
            step = gate[k].reshape(4, 4, 4, 4)  # qubit', readout', qubit, readout
            if layer == len(gates):
                step = step[:1]  # nobody looks at the qubit any more: only its identity is left
            size = tensor.shape[1] * 4
            tensor = np.tensordot(tensor, step, (3, 2)).transpose(0, 1, 4, 2, 5, 3).reshape(3, size, size, -1)
        yield tensor[..., 0]


def _contract(matrices: list[Array], pixels: Array) -> Array:
    """Multiply along the data qubits, then join the end of each layer to the start of the next."""
    states = matrices[0].shape[1]
    loops = states // 4
    # Layer 1 starts in |−⟩, which has ⟨I⟩ = 1 and ⟨X⟩ = −1; the later layers start with anything.
    start = np.kron(np.array([[1.0], [-1.0], [0.0], [0.0]]), np.eye(loops))
    m = len(pixels)
    product = np.repeat(start[:, :, None], m, axis=2)
    z, y = np.cos(np.pi * pixels), -np.sin(np.pi * pixels)
    grey = np.abs(y).max() > 1e-12
    for k, matrix in enumerate(matrices):
        flat = product.reshape(states, -1)
        product = (matrix[0] @ flat).reshape(product.shape)
        product += (matrix[2] @ flat).reshape(product.shape) * z[:, k]
        if grey:
            product += (matrix[1] @ flat).reshape(product.shape) * y[:, k]
    # Rows (b_1 … b_L), columns (a_2 … a_L): b_l = a_{l+1}, and the last is measured: X.
    closed = product.reshape(loops, 4, loops, m)[:, LETTERS.index("X")]
    return np.einsum("iim->m", closed)
