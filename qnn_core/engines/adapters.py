"""The contraction behind Qiskit's own interfaces, for any Qiskit program whose circuit is a star.

`ContractionEstimator` is a `BaseEstimatorV2`; `ContractionGradient` plugs into `EstimatorQNN(gradient=…)`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterExpression
from qiskit.primitives import BaseEstimatorV2, DataBin, PrimitiveJob, PrimitiveResult, PubResult
from qiskit.primitives.containers.estimator_pub import EstimatorPub, EstimatorPubLike
from qiskit.quantum_info import SparsePauliOp
from qiskit_machine_learning.gradients import EstimatorGradientResult, ParamShiftEstimatorGradient
from qiskit_machine_learning.gradients.base.base_estimator_gradient import BaseEstimatorGradient

from qnn_core.arrays import Array
from qnn_core.circuit import LAYERS, TWO_QUBIT_GATES
from qnn_core.engines.star import MAX_FACTORS, MAX_MERGED_LAYERS, Star, bloch, readout_pairs
from qnn_core.errors import InputError

__all__ = ["ContractionEstimator", "ContractionGradient", "ParamShiftEstimatorGradient", "read_star"]

NOT_A_STAR = "The contraction takes only star circuits as this lesson builds them: "
QUARTER_TURNS = {"s": 1, "sdg": -1}
"""S and its reverse: turns about z that make an X a Y, as `LayerKind.add_gate` uses them."""


class Linear(NamedTuple):
    """Radians as a linear function of the circuit's parameters: offset (…), slope (…, parameters)."""

    offset: Array
    slope: Array

    def __call__(self, values: Array) -> Array:
        """Radians (rows, …) for rows of parameter values (rows, parameters)."""
        return self.offset + np.tensordot(values, self.slope, (1, self.slope.ndim - 1))


@dataclass(frozen=True)
class StarForm:
    """What a star circuit says: which qubit is the readout, and all angles.

    layers: kinds in circuit order, neighbours of one kind merged.
    encoding: RX of each data qubit, (n,). angles: (layers, n).
    """

    readout: int
    layers: tuple[str, ...]
    encoding: Linear
    angles: Linear

    @property
    def star(self) -> Star:
        """The contraction of this circuit. Raises InputError if it would take too much memory or time."""
        n = len(self.encoding.offset)
        if len(self.layers) > MAX_MERGED_LAYERS or len(readout_pairs(self.layers).bra) * n > MAX_FACTORS:
            raise InputError(
                f"The contraction cannot take {len(self.layers)} alternating layers on {n} data qubits; "
                "use fewer or grouped layers, or a simulator."
            )
        return Star(self.layers, n)


def read_star(circuit: QuantumCircuit) -> StarForm:
    """Recognise a star: RX or X on data qubits; X, H, the layers and H on the readout.

    A Y may be written as an X between S† and S. Raises InputError for any other circuit.
    """
    gates = [
        (item.operation.name, [circuit.find_bit(q).index for q in item.qubits], item.operation.params)
        for item in circuit.data
        if item.operation.name != "barrier"
    ]
    readout = _readout(qubits for _, qubits, _ in gates)
    data = [q for q in range(circuit.num_qubits) if q != readout]
    position = {qubit: k for k, qubit in enumerate(data)}
    columns = {parameter: p for p, parameter in enumerate(circuit.parameters)}

    encoding = _zeros(len(data), columns)
    layers: list[tuple[str, Linear]] = []
    steps, turned = [], Counter[int]()
    for name, qubits, params in gates:
        if name in TWO_QUBIT_GATES:
            kind, sign = _kind(name, qubits, readout, turned)
            if not layers or layers[-1][0] != kind:
                layers.append((kind, _zeros(len(data), columns)))
            (other,) = set(qubits) - {readout}
            _add_angle(layers[-1][1], position[other], sign * params[0], columns)
            steps.append("layers")
        elif name in QUARTER_TURNS:
            turned[qubits[0]] += QUARTER_TURNS[name]
        elif turned[qubits[0]] % 4:
            raise InputError(f"{NOT_A_STAR}{name} on qubit {qubits[0]} stands between S† and S.")
        elif qubits == [readout]:
            steps.append(name)
        elif name in {"rx", "x"} and not layers:
            _add_angle(encoding, position[qubits[0]], params[0] if params else np.pi, columns)
        else:
            raise InputError(f"{NOT_A_STAR}there is no place for {name} on qubits {qubits}.")
    if [step for step, _ in groupby(steps)] != ["x", "h", "layers", "h"] or steps.count("h") != 2:
        raise InputError(f"{NOT_A_STAR}the readout needs X, H, the layers and H, in this order.")
    angles = Linear(np.stack([a.offset for _, a in layers]), np.stack([a.slope for _, a in layers]))
    return StarForm(readout, tuple(kind for kind, _ in layers), encoding, angles)


def _kind(name: str, qubits: Sequence[int], readout: int, turned: Mapping[int, int]) -> tuple[str, int]:
    """The kind of layer that a two-qubit gate belongs to, and the sign of its angle.

    turned: how many quarter turns about z each qubit has had. A gate after them asks for another Pauli: X is Y
    after S†, −Y after S. Raises InputError if the lesson has no such layer.
    """
    paulis, sign = {}, 1
    for qubit, pauli in zip(qubits, TWO_QUBIT_GATES[name], strict=True):
        if pauli != "Z":
            quarter = ("XY".index(pauli) - turned[qubit]) % 4  # X, Y, −X, −Y
            pauli, sign = "XY"[quarter % 2], sign * (1 if quarter < 2 else -1)  # noqa: PLW2901
        paulis[qubit] = pauli
    asked = paulis.pop(readout)
    (data,) = paulis.values()
    for kind in LAYERS.values():
        if (kind.data, kind.readout) == (data, asked):
            return kind.name, sign
    raise InputError(f"{NOT_A_STAR}there is no layer of {data} on the data qubits and {asked} on the readout.")


def _readout(qubit_lists: Iterable[list[int]]) -> int:
    """The one qubit that is in every two-qubit gate; of two, the later one."""
    pairs = [set(qubits) for qubits in qubit_lists if len(qubits) > 1]
    common = set.intersection(*pairs) if pairs else set()
    if not common:
        raise InputError(f"{NOT_A_STAR}no qubit is part of every two-qubit gate.")
    return max(common)


def _zeros(n: int, columns: Mapping[Parameter, int]) -> Linear:
    return Linear(np.zeros(n), np.zeros((n, len(columns))))


def _add_angle(angles: Linear, k: int, angle: ParameterExpression | float, columns: Mapping[Parameter, int]) -> None:
    """Add one gate's angle to data qubit k."""
    if not isinstance(angle, ParameterExpression):
        angles.offset[k] += float(angle)
        return
    for parameter in angle.parameters:
        slope = angle.gradient(parameter)
        if isinstance(slope, ParameterExpression) and slope.parameters:
            raise InputError(f"{NOT_A_STAR}the angle {angle} is not linear in its parameters.")
        angles.slope[k, columns[parameter]] += float(slope)
    angles.offset[k] += float(angle.bind(dict.fromkeys(angle.parameters, 0.0)))


def _z_coefficients(observable: Mapping[str, float], readout: int) -> tuple[float, float]:
    """a and b of an observable a·1 + b·Z on the readout."""
    constant = z = 0.0
    for pauli, coefficient in observable.items():
        letters = {index: letter for index, letter in enumerate(reversed(pauli)) if letter != "I"}
        if letters == {readout: "Z"}:
            z += coefficient
        elif not letters:
            constant += coefficient
        else:
            raise InputError(f"{NOT_A_STAR}the observable has to be Z on the readout, not {pauli}.")
    return constant, z


class ContractionEstimator(BaseEstimatorV2):
    """Exact expectation values of star circuits, of any number of qubits, as a Qiskit primitive.

    Only observables a·1 + b·Z on the readout. The requested precision is always kept: the error is 0.
    """

    def run(
        self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None
    ) -> PrimitiveJob[PrimitiveResult[PubResult]]:
        """Run PUBs (circuit, observables, parameter values). Raises InputError if one is not a star."""
        coerced = [EstimatorPub.coerce(pub, precision) for pub in pubs]
        job: PrimitiveJob[PrimitiveResult[PubResult]] = PrimitiveJob(
            lambda: PrimitiveResult([_run_pub(pub) for pub in coerced])
        )
        job._submit()
        return job


def _run_pub(pub: EstimatorPub) -> PubResult:
    form = read_star(pub.circuit)
    values = pub.parameter_values.as_array(pub.circuit.parameters)
    *shape, parameters = values.shape
    expectation = _expectation(form, values.reshape(prod(shape), parameters)).reshape(shape)
    coefficients = [_z_coefficients(pub.observables[i], form.readout) for i in np.ndindex(pub.observables.shape)]
    constant, z = np.array(coefficients).T.reshape(2, *pub.observables.shape)
    evs = np.broadcast_to(constant + z * expectation, pub.shape)
    return PubResult(DataBin(evs=evs, stds=np.zeros(pub.shape), shape=pub.shape), {"target_precision": 0.0})


def _expectation(form: StarForm, values: Array) -> Array:
    """⟨Z⟩ for rows of parameter values, (rows,); rows with the same weights are contracted together."""
    pixels, angles = form.encoding(values) / np.pi, form.angles(values)
    result = np.empty(len(values))
    for rows in _same_angles(angles):
        result[rows] = form.star.expectation(bloch(pixels[rows]), angles[rows[0]])
    return result


def _same_angles(angles: Array) -> list[Any]:
    """The rows of (rows, layers, n), grouped by equal angles."""
    _, group = np.unique(angles.reshape(len(angles), -1), axis=0, return_inverse=True)
    return [np.flatnonzero(group == g) for g in range(group.max() + 1)]


class ContractionGradient(BaseEstimatorGradient):
    """Exact derivatives of star circuits for Qiskit Machine Learning, all weights at once.

    Derivatives by an encoding angle, if asked for, come from two evaluations shifted by a quarter turn.
    """

    def __init__(self) -> None:
        super().__init__(estimator=ContractionEstimator())

    def _run(
        self,
        circuits: Sequence[QuantumCircuit],
        observables: Sequence[SparsePauliOp],
        parameter_values: Sequence[Sequence[float]] | Array,
        parameters: Sequence[Sequence[Parameter]],
        **options: Any,
    ) -> EstimatorGradientResult:
        gradients: list[Array] = [np.empty(0)] * len(circuits)
        # EstimatorQNN repeats one circuit object for every image: read it once.
        by_circuit: dict[int, list[int]] = {}
        for index, circuit in enumerate(circuits):
            by_circuit.setdefault(id(circuit), []).append(index)
        for indices in by_circuit.values():
            circuit = circuits[indices[0]]
            form = read_star(circuit)
            column = {parameter: p for p, parameter in enumerate(circuit.parameters)}
            slopes = _slopes(form, np.array([parameter_values[i] for i in indices], float))
            for i, slope in zip(indices, slopes, strict=True):
                _, z = _z_coefficients(dict(observables[i].to_list()), form.readout)
                gradients[i] = np.real(z) * slope[[column[p] for p in parameters[i]]]
        metadata = [{"parameters": wanted} for wanted in parameters]
        return EstimatorGradientResult(gradients=gradients, metadata=metadata, options=self._default_options)


def _slopes(form: StarForm, values: Array) -> Array:
    """∂⟨Z⟩/∂parameter for rows of parameter values: (rows, parameters)."""
    encoding, angles = form.encoding(values), form.angles(values)
    result = np.empty(values.shape)
    for rows in _same_angles(angles):
        turns, star = encoding[rows], form.star
        _, jacobian = star.value_and_jacobian(bloch(turns / np.pi), angles[rows[0]])
        result[rows] = np.tensordot(jacobian, form.angles.slope, 2)
        for k in np.flatnonzero(form.encoding.slope.any(axis=1)):
            quarter = np.pi / 2 * (np.arange(turns.shape[1]) == k)
            ahead, behind = (star.expectation(bloch((turns + s * quarter) / np.pi), angles[rows[0]]) for s in (1, -1))
            result[rows] += (ahead - behind)[:, None] / 2 * form.encoding.slope[k]
    return result
