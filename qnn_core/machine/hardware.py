"""A real machine has its own gates and its own wires, so the star has to be rewritten before it can run there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qnn_core.arrays import Array, check_images
from qnn_core.circuit import StarCircuit, build_circuit, qubit_count
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.starts import fitting_weights

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.primitives import BaseEstimatorV2
    from qiskit.providers import BackendV2
    from qiskit.quantum_info import SparsePauliOp


SMALL, LARGE = 5, 19
"""Qubits that the offline backends offer: enough for 2×2 and for 4×4."""


@dataclass(frozen=True)
class Size:
    """depth: gates one after the other. two_qubit: gates on two qubits, the ones that go wrong most."""

    depth: int
    two_qubit: int


@dataclass(frozen=True)
class HardwareRun:
    """values: ⟨Z⟩ of each image, (m,). errors: their standard errors, (m,). before, after: transpiling."""

    values: Array
    errors: Array
    before: Size
    after: Size


@dataclass(frozen=True)
class Fitted:
    """A network rewritten for a backend. circuit: its parameters are those of `star`. observable: Z, moved along."""

    star: StarCircuit
    circuit: "QuantumCircuit"
    observable: "SparsePauliOp"

    @property
    def before(self) -> Size:
        """The star as this lesson draws it."""
        return size_of(self.star.circuit)

    @property
    def after(self) -> Size:
        """The same in the backend's gates and along its wires."""
        return size_of(self.circuit)


def size_of(circuit: "QuantumCircuit") -> Size:
    """Depth and number of two-qubit gates."""
    two = sum(len(item.qubits) == 2 for item in circuit.data if item.operation.name != "barrier")
    return Size(circuit.depth(), two)


def fit_to(experiment: Experiment, backend: "BackendV2 | None", *, level: int = 1, seed: int = 0) -> Fitted:
    """Transpile the network for a backend with Qiskit's preset pass manager.

    backend: a BackendV2, or None to leave the circuit as it is. level: 0 to 3. Raises InputError if the
    backend has too few qubits.
    """
    star = build_circuit(experiment)
    if backend is None:
        return Fitted(star, star.circuit, star.observable)
    from qiskit.transpiler import generate_preset_pass_manager

    needed = qubit_count(experiment)
    if backend.num_qubits < needed:
        raise InputError(
            f"The backend {backend.name} has {backend.num_qubits} qubits, but this network needs {needed}; "
            "choose a larger backend or a smaller grid."
        )
    manager = generate_preset_pass_manager(level, backend, seed_transpiler=seed)
    circuit = manager.run(star.circuit)
    return Fitted(star, circuit, star.observable.apply_layout(circuit.layout))


def run_on(
    estimator: "BaseEstimatorV2",
    experiment: Experiment,
    weights: Array,
    pixels: Array,
    *,
    backend: "BackendV2 | None" = None,
    precision: float | None = None,
) -> HardwareRun:
    """Run the network on any Qiskit estimator, all images in one PUB.

    backend: what the estimator runs on, to transpile for; None for simulators that take any gate.
    precision: standard error asked for; 1/√shots. pixels: half-turns (m, n) in [0, 1]; weights: half-turns.
    Raises InputError if shapes do not fit, the backend is too small, or `estimator` is no BaseEstimatorV2.
    """
    from qiskit.primitives import BaseEstimatorV2

    if not isinstance(estimator, BaseEstimatorV2):
        raise InputError(f"A {type(estimator).__name__} is not a BaseEstimatorV2 of Qiskit; give one of those.")
    if precision is not None and not 0 < precision <= 1:
        raise InputError(f"The precision is {precision}, but it is a standard error; choose it above 0 and up to 1.")
    weights = fitting_weights(experiment, weights)
    check_images(pixels, experiment.pixels)
    fitted = fit_to(experiment, backend)
    values = np.hstack([pixels, np.tile(weights.ravel(), (len(pixels), 1))])
    # A PUB takes its values in the circuit's own order of parameters, which is by name.
    column = {parameter: i for i, parameter in enumerate([*fitted.star.inputs, *fitted.star.weights])}
    values = values[:, [column[parameter] for parameter in fitted.circuit.parameters]]
    result = estimator.run([(fitted.circuit, fitted.observable, values)], precision=precision).result()[0]
    return HardwareRun(
        values=np.asarray(result.data.evs),
        errors=np.asarray(result.data.stds),
        before=fitted.before,
        after=fitted.after,
    )


def offline_backend(qubits: int, seed: int = 0) -> "BackendV2":
    """A stand-in for a machine with noise and wires, for so many qubits, that needs no network.

    With the extra `hardware` it is one of IBM's fake backends, else Qiskit's GenericBackendV2 of that size,
    on a line or a heavy hexagon. Raises InputError above 19 qubits.
    """
    if qubits > LARGE:
        raise InputError(
            f"The offline backends have at most {LARGE} qubits, not {qubits}; choose a grid of at most 4."
        )
    try:
        from qiskit_ibm_runtime.fake_provider import FakeHanoiV2, FakeManilaV2
    except ImportError:
        return _generic_backend(qubits, seed)
    return FakeManilaV2() if qubits <= SMALL else FakeHanoiV2()


def _generic_backend(qubits: int, seed: int) -> "BackendV2":
    from qiskit.providers.fake_provider import GenericBackendV2
    from qiskit.transpiler import CouplingMap

    wires = CouplingMap.from_line(SMALL) if qubits <= SMALL else CouplingMap.from_heavy_hex(3)
    return GenericBackendV2(wires.size(), coupling_map=wires, seed=seed, noise_info=True)


def run_offline(experiment: Experiment, weights: Array, pixels: Array, shots: int, seed: int = 0) -> HardwareRun:
    """Run the network on the offline backend of its size. Raises InputError as `run_on` does."""
    from qiskit.primitives import BackendEstimatorV2

    from qnn_core.machine.shots import check_shots

    backend = offline_backend(qubit_count(experiment), seed)
    estimator = BackendEstimatorV2(backend=backend, options={"seed_simulator": seed})
    precision = float(check_shots(shots)) ** -0.5
    return run_on(estimator, experiment, weights, pixels, backend=backend, precision=precision)


class Sizes(NamedTuple):
    """The same network three times: as drawn, in the backend's own gates, and along its wires as well."""

    drawn: Size
    own_gates: Size
    along_wires: Size


def offline_size(experiment: Experiment, level: int = 1, seed: int = 0) -> tuple[str, Sizes]:
    """The offline backend's name, and the network's size before, half-way through and after transpiling."""
    from qiskit.transpiler import generate_preset_pass_manager

    backend = offline_backend(qubit_count(experiment), seed)
    fitted = fit_to(experiment, backend, level=level, seed=seed)
    gates = generate_preset_pass_manager(level, basis_gates=list(backend.operation_names), seed_transpiler=seed)
    return backend.name, Sizes(fitted.before, size_of(gates.run(fitted.star.circuit)), fitted.after)
