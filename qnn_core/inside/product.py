"""The network without any entanglement: after every gate, whatever two qubits know of each other is forgotten.

What is left is a few numbers for each qubit. It can be trained like the network itself, so that both can be compared
fairly: the same layers, the same weights, the same loss, with entanglement and without.
"""

from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Complex, check_images
from qnn_core.circuit import LAYERS, MEASURED, merge
from qnn_core.engines.base import Engine
from qnn_core.engines.terms import other_products
from qnn_core.experiment import Experiment
from qnn_core.training.loop import ONLY_AT_THE_END, advance, start, total_steps
from qnn_core.training.starts import fitting_weights


class Moment(NamedTuple):
    """All qubits between two layers, for m images.

    data: Bloch vectors of the data qubits, (n, 3, m). readout: that of the readout, (3, m).
    """

    data: Array
    readout: Array


class Layer(NamedTuple):
    """One merged layer. own, asked: its Paulis on the data qubit and on the readout, as numbers: x 0, y 1, z 2."""

    own: int
    asked: int

    def factors(self, before: Moment, angles: Array) -> tuple[Complex, Complex]:
        """What the gates multiply the parts across their Paulis by: for the data qubits, for the readout, (n, m).

        A qubit that meets another with ⟨Q⟩ = s turns by +θ with probability (1 + s)/2, else by −θ. The mean over
        both is e^{iθ}·(1 + s)/2 + e^{−iθ}·(1 − s)/2 = cos θ + i·s·sin θ.
        """
        cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
        return cosine + 1j * sine * before.readout[self.asked], cosine + 1j * sine * before.data[:, self.own]

    def after(self, before: Moment, angles: Array) -> Moment:
        """All qubits after the layer. angles: radians (n,).

        What a gate asks of a qubit it leaves as it was. So the gates of one layer may be applied at once.
        """
        for_data, for_readout = self.factors(before, angles)
        data, readout = before.data.copy(), before.readout.copy()
        _set_across(data, self.own, _across(data, self.own) * for_data)
        _set_across(readout, self.asked, _across(readout, self.asked) * np.prod(for_readout, axis=0))
        return Moment(data, readout)

    def slopes(self, before: Moment, angles: Array, later: Moment) -> tuple[Moment, Array]:
        """Back through the layer: from the slopes of f by all numbers after it to those before it, and by θ, (n, m).

        A product w·p of complex numbers hands its slope g on as g·p̄ to w and as g·w̄ to p.
        """
        for_data, for_readout = self.factors(before, angles)
        g_data, g_readout = _across(later.data, self.own), _across(later.readout, self.asked)
        length = _across(before.readout, self.asked)
        by_data_factor = g_data * _across(before.data, self.own).conj()
        by_readout_factor = g_readout * (length * other_products(for_readout)).conj()
        data, readout = later.data.copy(), later.readout.copy()
        _set_across(data, self.own, g_data * for_data.conj())
        _set_across(readout, self.asked, g_readout * np.prod(for_readout, axis=0).conj())
        # cos θ + i·s·sin θ has the derivatives i·sin θ by s and −sin θ + i·s·cos θ by θ.
        cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
        data[:, self.own] += sine * by_readout_factor.imag
        readout[self.asked] += (sine * by_data_factor.imag).sum(axis=0)
        by_angle = -sine * (by_data_factor.real + by_readout_factor.real) + cosine * (
            before.readout[self.asked] * by_data_factor.imag + before.data[:, self.own] * by_readout_factor.imag
        )
        return Moment(data, readout), by_angle


class ProductEngine(Engine):
    """⟨Z⟩ of the readout with product states only, and its derivatives, behind the interface of every engine.

    Exactly: after each gate the two qubits it touched are replaced by their own reduced states, so that the whole is
    always readout ⊗ data qubit 1 ⊗ … ⊗ data qubit n and no two qubits are ever entangled, or even correlated, when
    the next gate comes. This is a mean-field version of the network: no circuit does it.

    For one block it changes nothing: its readout meets each data qubit for the last time in the second layer, and
    nobody asks that qubit again. With more blocks it is a different function.

    merged: whether neighbouring layers of one kind are merged before. The network does not care, but here it is
    another order of gates, with something erased at other moments: XX, XX, ZZ, ZZ is the network itself only if so.
    """

    def __init__(self, experiment: Experiment, *, merged: bool = True) -> None:
        super().__init__(experiment)
        kinds, self._owner = merge(experiment.layers) if merged else (experiment.layers, np.arange(self.shape[0]))
        paulis = [(LAYERS[kind].data, LAYERS[kind].readout) for kind in kinds]
        self._layers = [Layer("XYZ".index(own), "XYZ".index(asked)) for own, asked in paulis]

    def value(self, pixels: Array, weights: Array) -> Array:
        return self._moments(pixels, self._angles(weights))[-1].readout["XYZ".index(MEASURED)]

    def _jacobian(self, pixels: Array, weights: Array) -> tuple[Array, Array]:
        angles = self._angles(weights)
        moments = self._moments(pixels, angles)
        later = Moment(np.zeros_like(moments[-1].data), np.zeros_like(moments[-1].readout))
        later.readout["XYZ".index(MEASURED)] = 1.0
        slopes = []
        for layer, before, angle in zip(reversed(self._layers), moments[-2::-1], angles[::-1], strict=True):
            later, by_angle = layer.slopes(before, angle, later)
            slopes.append(by_angle.T)
        jacobian = np.pi * np.stack(slopes[::-1], axis=1)  # (m, merged layers, n)
        return moments[-1].readout["XYZ".index(MEASURED)], jacobian[:, self._owner]

    def _angles(self, weights: Array) -> Array:
        """Radians of the layers as they are run, (merged layers, n)."""
        angles = np.zeros((len(self._layers), self.shape[1]))
        np.add.at(angles, self._owner, np.pi * weights)
        return angles

    def _moments(self, pixels: Array, angles: Array) -> list[Moment]:
        """All qubits before the first layer and after each layer."""
        turn = np.pi * pixels.T
        readout = np.zeros((3, len(pixels)))
        readout["XYZ".index(MEASURED)] = -1.0
        # RX(turn) of |0⟩ has ⟨X⟩ = 0, ⟨Y⟩ = −sin, ⟨Z⟩ = cos
        moments = [Moment(np.stack([np.zeros_like(turn), -np.sin(turn), np.cos(turn)], axis=1), readout)]
        for layer, angle in zip(self._layers, angles, strict=True):
            moments.append(layer.after(moments[-1], angle))
        return moments


def product_expectation(experiment: Experiment, weights: Array, pixels: Array, *, merged: bool = True) -> Array:
    """f of the same network with product states only, as `ProductEngine` describes it: (m,) in [−1, 1].

    pixels: half-turns (m, n) in [0, 1]; weights: half-turns (layers, n). merged: False for the layers as they are
    drawn. Raises InputError if shapes do not fit.
    """
    check_images(pixels, experiment.pixels)
    return ProductEngine(experiment, merged=merged).value(pixels, fitting_weights(experiment, weights))


def train_product(experiment: Experiment) -> Array:
    """Train the network without entanglement as the Experiment says; half-turns (layers, n).

    Start, examples, order, loss and steps are those of the network itself. Raises DivergenceError.
    """
    engine, steps = ProductEngine(experiment), total_steps(experiment)
    return advance(experiment, start(experiment), steps, test_every=ONLY_AT_THE_END, engine=engine)[0].weights


def _across(vectors: Array, axis: int) -> Complex:
    """The two parts of Bloch vectors (…, 3, m) across an axis, as complex numbers that a turn about it multiplies."""
    return vectors[..., (axis + 1) % 3, :] + 1j * vectors[..., (axis + 2) % 3, :]


def _set_across(vectors: Array, axis: int, values: Complex) -> None:
    """Put these two parts back, in place."""
    vectors[..., (axis + 1) % 3, :], vectors[..., (axis + 2) % 3, :] = values.real, values.imag
