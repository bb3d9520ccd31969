"""The readout is one qubit: an arrow in a ball, and how short the arrow is tells how entangled the qubit is.

Cost is linear in the number of data qubits, because the circuit is a star (MATHS section 3).
"""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex, check_image, check_images
from qnn_core.circuit import MEASURED, PAULIS
from qnn_core.engines.star import readout_vectors
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import merged_weights
from qnn_core.inside.paths import path_unitaries
from qnn_core.training.starts import fitting_weights

MAX_LAYERS = 10
"""Merged layers: 2^10 paths, a table of 2^20 pairs."""
MOST_OVERLAPS = 2**22
"""Images × pairs of paths × data qubits: about a tenth of a second for each layer."""
NOTHING = 1e-9
"""Less entropy than this, in bits, is rounding."""


class ReadoutState(NamedTuple):
    """The readout after some layers.

    bloch: ⟨X⟩, ⟨Y⟩, ⟨Z⟩ before the last H (3,), so after all layers the first is the network's f.
    purity: Tr ρ² in [½, 1]. entropy: of the readout, in bits [0, 1]; as the whole state is pure this is its
    entanglement with the data qubits.
    """

    bloch: Array
    purity: float
    entropy: float


def readout_states(experiment: Experiment, weights: Array, pixels: Array) -> list[ReadoutState]:
    """The readout before the first layer and after each layer: 1 + layers states for one image (n,).

    pixels: half-turns of RX in [0, 1]. Raises InputError if shapes do not fit or the layers are too many.
    """
    weights = fitting_weights(experiment, weights)
    check_image(pixels, experiment.pixels)
    if len(merged_weights(experiment, weights)[0]) > MAX_LAYERS:
        raise InputError(f"More than {MAX_LAYERS} alternating layers have too many paths; use fewer layers.")
    states = [_described((np.eye(2) - PAULIS[MEASURED]) / 2)]
    for depth in range(1, len(experiment.layers) + 1):
        # `model_copy` skips the check of a whole run's cost: a part of a circuit costs less than all of it.
        part = experiment.model_copy(update={"layers": experiment.layers[:depth]})
        states.append(_described(reduced_states(part, weights[:depth], pixels[None])[0]))
    return states


class Entangled(NamedTuple):
    """entropy: the largest after any layer, in bits [0, 1]. pictures: among so many. nothing: whether it is 0."""

    entropy: float
    pictures: int

    @property
    def nothing(self) -> bool:
        """Whether no two qubits are ever entangled with any of these pictures.

        A star whose readout is pure after a layer is a product of all its qubits; and then it was one after every
        gate of that layer, as each gate can only bring the readout's two paths further apart.
        """
        return self.entropy < NOTHING


def most_entangled(experiment: Experiment, weights: Array, pixels: Array) -> Entangled:
    """How far the readout is entangled at most, after any layer and with any of these images (m, n).

    Only the first of them are looked at if there are so many paths that all would take long.
    Raises InputError as `readout_states` does.
    """
    weights = fitting_weights(experiment, weights)
    check_images(pixels, experiment.pixels)
    merged = len(merged_weights(experiment, weights)[0])
    if merged > MAX_LAYERS:
        raise InputError(f"More than {MAX_LAYERS} alternating layers have too many paths; use fewer layers.")
    some = pixels[: max(1, MOST_OVERLAPS // (4**merged * experiment.pixels))]
    largest = 0.0
    for depth in range(1, len(experiment.layers) + 1):
        part = experiment.model_copy(update={"layers": experiment.layers[:depth]})
        states = reduced_states(part, weights[:depth], some)
        largest = max(largest, *(_described(rho).entropy for rho in states))
    return Entangled(largest, len(some))


def reduced_states(experiment: Experiment, weights: Array, pixels: Array) -> Complex:
    """ρ of the readout after all layers, before the last H, for images (m, n): (m, 2, 2).

    ρ = Σ_{s,s'} |v_s⟩⟨v_s'| ∏_k ⟨ψ_k| V_k(s')† V_k(s) |ψ_k⟩
    """
    kinds, summed = merged_weights(experiment, weights)
    start = np.stack([np.cos(np.pi * pixels / 2), -1j * np.sin(np.pi * pixels / 2)], axis=2)  # (m, n, 2)
    unitaries = path_unitaries(kinds, np.pi * summed)
    overlaps = np.ones((len(pixels), len(unitaries), len(unitaries)), complex)
    for k in range(experiment.pixels):
        arrived = np.einsum("pab,mb->mpa", unitaries[:, k], start[:, k])  # (m, paths, 2)
        overlaps *= arrived.conj() @ arrived.transpose(0, 2, 1)  # [s', s]
    vectors = readout_vectors(kinds)
    return np.asarray(vectors.T @ overlaps.transpose(0, 2, 1) @ vectors.conj())


def _described(rho: Complex) -> ReadoutState:
    """Bloch vector, purity and entropy of a 2×2 density matrix."""
    bloch = np.array([np.trace(rho @ PAULIS[letter]).real for letter in "XYZ"])
    length = min(1.0, float(np.linalg.norm(bloch)))
    # Eigenvalues (1 ± |r|)/2; purity (1 + |r|²)/2.
    share = np.array([(1 + length) / 2, (1 - length) / 2])
    share = share[share > 0]
    entropy = -(share * np.log2(share)).sum()
    return ReadoutState(bloch=bloch, purity=(1 + length**2) / 2, entropy=float(max(0.0, entropy)))
