"""The contraction behind Qiskit's interfaces: any star circuit, and nothing else."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector
from qiskit.quantum_info import SparsePauliOp, Statevector
from qiskit_machine_learning.gradients import ParamShiftEstimatorGradient
from qiskit_machine_learning.neural_networks import EstimatorQNN

from qnn_core.circuit import LayerKind, build_circuit
from qnn_core.engines.adapters import ContractionEstimator, ContractionGradient, read_star
from qnn_core.engines.aer import aer_estimator
from qnn_core.errors import InputError
from qnn_core.families import FAMILIES
from tests.helpers import bits, is_sentence, random_layers, small


def network(star, estimator, gradient, **options):
    return EstimatorQNN(
        circuit=star.circuit,
        estimator=estimator,
        observables=star.observable,
        input_params=star.inputs,
        weight_params=star.weights,
        gradient=gradient,
        default_precision=0.0,
        **options,
    )


def expectation(circuit, observable, values=()):
    return ContractionEstimator().run([(circuit, observable, values)]).result()[0].data.evs


def exact(circuit, observable, values=()):
    return Statevector(circuit.assign_parameters(values)).expectation_value(observable).real


def star_of(layers, order, *, x_instead_of_rx=()):
    """A star with its qubits in any order (readout last in `order`) and barriers, with parameters p[0], p[1] …"""
    *data, readout = order
    n = len(data)
    p = ParameterVector("p", n * (1 + len(layers)))
    circuit = QuantumCircuit(n + 1)
    circuit.x(readout)
    for k, qubit in enumerate(data):
        if k in x_instead_of_rx:
            circuit.x(qubit)
        else:
            circuit.rx(p[k], qubit)
    circuit.barrier()
    circuit.h(readout)
    for layer, kind in enumerate(layers, 1):
        for k, qubit in enumerate(data):
            pair = (qubit, readout) if k % 2 else (readout, qubit)
            getattr(circuit, f"r{kind.lower()}")(p[layer * n + k], *pair)
        circuit.barrier()
    circuit.h(readout)
    return circuit, z_on(readout, n + 1)


def z_on(qubit, qubits, coefficient=1.0):
    return SparsePauliOp.from_sparse_list([("Z", [qubit], coefficient)], num_qubits=qubits)


@pytest.mark.parametrize("length", range(1, 7))
def test_forward_and_backward_of_estimator_qnn(length):
    rng = np.random.default_rng(length)
    star = build_circuit(small(layers=random_layers(rng, length)))
    pixels, weights = rng.random((3, 4)), rng.uniform(0, 2, length * 4)
    ours = network(star, ContractionEstimator(), ContractionGradient(), input_gradients=True)
    estimator = aer_estimator()
    qiskits = network(star, estimator, ParamShiftEstimatorGradient(estimator), input_gradients=True)
    np.testing.assert_allclose(ours.forward(pixels, weights), qiskits.forward(pixels, weights), atol=1e-9)
    for found, expected in zip(ours.backward(pixels, weights), qiskits.backward(pixels, weights), strict=True):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_backward_without_input_gradients():
    rng = np.random.default_rng(0)
    star = build_circuit(small())
    pixels, weights = bits(rng, 3, 4), rng.random(8)
    by_input, by_weight = network(star, ContractionEstimator(), ContractionGradient()).backward(pixels, weights)
    assert by_input is None
    assert by_weight.shape == (3, 1, 8)
    full = network(star, ContractionEstimator(), ContractionGradient(), input_gradients=True)
    np.testing.assert_allclose(by_weight, full.backward(pixels, weights)[1], atol=1e-12)


@pytest.mark.parametrize("estimator", [ContractionEstimator, aer_estimator], ids=["contraction", "aer"])
def test_estimator_and_gradient_can_be_mixed(estimator):
    rng = np.random.default_rng(5)
    star = build_circuit(small(layers=("ZZ", "XX", "ZZ")))
    pixels, weights = bits(rng, 4, 4), rng.random(12)
    qnn = network(star, estimator(), ContractionGradient())
    _, slope = qnn.backward(pixels, weights)
    for k, step in enumerate(np.eye(12) * 1e-5):
        numeric = (qnn.forward(pixels, weights + step) - qnn.forward(pixels, weights - step)) / 2e-5
        np.testing.assert_allclose(slope[:, :, k], numeric, atol=1e-7)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0), (2, 0, 3, 1), (0, 3, 1, 2)])
@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("ZZ", "YY", "XX"), ("YY", "YY", "ZZ", "XX")])
def test_qubits_in_any_order_with_barriers(order, layers):
    circuit, observable = star_of(layers, order)
    values = np.random.default_rng(2).uniform(-3, 3, circuit.num_parameters)
    assert expectation(circuit, observable, values) == pytest.approx(exact(circuit, observable, values), abs=1e-12)


def test_x_instead_of_rx():
    circuit, observable = star_of(("XX", "ZZ"), (0, 1, 2, 3), x_instead_of_rx=(0, 2))
    values = np.random.default_rng(3).uniform(-3, 3, circuit.num_parameters)
    assert expectation(circuit, observable, values) == pytest.approx(exact(circuit, observable, values), abs=1e-12)


def test_numeric_angles_and_circuits_without_parameters():
    circuit, observable = star_of(("ZZ", "XX", "ZZ"), (1, 2, 0, 3))
    values = np.random.default_rng(4).uniform(-3, 3, circuit.num_parameters)
    some = circuit.assign_parameters(dict(zip(list(circuit.parameters)[:6], values[:6], strict=True)))
    expected = exact(circuit, observable, values)
    assert expectation(some, observable, values[6:]) == pytest.approx(expected, abs=1e-12)
    none = circuit.assign_parameters(values)
    assert expectation(none, observable) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("quarters", [(1, 0), (0, 1), (-1, 1), (2, 0), (3, -1), (1, 1)], ids=str)
def test_gates_between_quarter_turns_ask_for_other_paulis(quarters):
    """X is Y after S†, −Y after S and −X after two of them; the turns are taken back before anybody looks."""
    angles = np.random.default_rng(3).uniform(-2, 2, (2, 2))
    circuit = QuantumCircuit(3)
    circuit.x([0, 2])
    circuit.h(2)

    def turned(back):
        for qubit, quarter in ((0, quarters[0]), (2, quarters[1])):
            for _ in range(abs(quarter)):
                (circuit.s if (quarter > 0) != back else circuit.sdg)(qubit)

    turned(back=False)
    for k in (0, 1):
        circuit.rxx(angles[0, k], k, 2)
    turned(back=True)
    for k in (0, 1):
        circuit.ryy(angles[1, k], k, 2)
    circuit.h(2)
    kinds = [LayerKind(a + b, a + b, "A toy.", a, b) for a in "XY" for b in "XY" if a != b]
    with FAMILIES["layer"].with_part(kinds[0]), FAMILIES["layer"].with_part(kinds[1]):
        assert expectation(circuit, z_on(2, 3)) == pytest.approx(exact(circuit, z_on(2, 3)), abs=1e-12)


def test_a_quarter_turn_that_is_not_taken_back_is_refused():
    circuit = QuantumCircuit(2)
    circuit.x(1)
    circuit.h(1)
    circuit.rzz(0.3, 0, 1)
    circuit.s(1)
    circuit.h(1)
    with pytest.raises(InputError, match="between S† and S"):
        read_star(circuit)


def test_shared_and_linear_parameters():
    a, b = Parameter("a"), Parameter("b")
    circuit = QuantumCircuit(3)
    circuit.rx(2 * a + b - 0.3, 0)
    circuit.rx(a, 1)
    circuit.x(2)
    circuit.h(2)
    circuit.rxx(b / 2, 0, 2)
    circuit.rxx(a - b, 1, 2)
    circuit.rzz(3 * a, 0, 2)
    circuit.rzz(0.4, 1, 2)
    circuit.h(2)
    observable = z_on(2, 3)
    values = np.array([0.7, -1.1])
    assert expectation(circuit, observable, values) == pytest.approx(exact(circuit, observable, values), abs=1e-12)
    found = ContractionGradient().run([circuit], [observable], [values]).result().gradients[0]
    for k, step in enumerate(np.eye(2) * 1e-6):
        numeric = (exact(circuit, observable, values + step) - exact(circuit, observable, values - step)) / 2e-6
        assert found[k] == pytest.approx(numeric, abs=1e-8)


def test_observables_with_a_constant_and_a_factor():
    circuit, _ = star_of(("XX", "ZZ"), (0, 1, 2))
    observable = SparsePauliOp(["III", "ZII"], [0.25, -3.0])
    values = np.random.default_rng(5).uniform(-3, 3, circuit.num_parameters)
    assert expectation(circuit, observable, values) == pytest.approx(exact(circuit, observable, values), abs=1e-12)
    found = ContractionGradient().run([circuit], [observable], [values]).result().gradients[0]
    plain = ContractionGradient().run([circuit], [z_on(2, 3)], [values]).result().gradients[0]
    np.testing.assert_allclose(found, -3 * plain, atol=1e-12)
    np.testing.assert_allclose(np.abs(plain).max() > 1e-3, True)


def test_pubs_are_broadcast_as_qiskit_does():
    circuit, observable = star_of(("XX", "ZZ"), (0, 1, 2))
    values = np.random.default_rng(6).uniform(-3, 3, (4, 1, circuit.num_parameters))
    observables = [observable, 2 * observable, SparsePauliOp("III")]
    result = ContractionEstimator().run([(circuit, observables, values)]).result()[0]
    expected = [[exact(circuit, one, row[0]) for one in observables] for row in values]
    assert result.data.evs.shape == result.data.stds.shape == (4, 3)
    np.testing.assert_allclose(result.data.evs, expected, atol=1e-12)
    assert not result.data.stds.any()


def test_several_pubs_and_several_circuits():
    rng = np.random.default_rng(7)
    stars = [star_of(("XX", "ZZ"), (0, 1, 2)), star_of(("ZZ", "YY"), (2, 1, 0))]
    values = [rng.uniform(-3, 3, circuit.num_parameters) for circuit, _ in stars]
    found = ContractionEstimator().run([(c, o, v) for (c, o), v in zip(stars, values, strict=True)]).result()
    for (circuit, observable), row, result in zip(stars, values, found, strict=True):
        assert result.data.evs == pytest.approx(exact(circuit, observable, row), abs=1e-12)
    (first, z_first), (second, z_second) = stars
    # The parameters asked for, in the order asked for.
    wanted = [list(first.parameters)[5:2:-1], list(second.parameters)]
    gradients = ContractionGradient().run([first, second], [z_first, z_second], values, wanted).result().gradients
    whole = ContractionGradient().run([first], [z_first], [values[0]]).result().gradients[0]
    np.testing.assert_allclose(gradients[0], whole[5:2:-1], atol=1e-12)
    assert len(gradients[1]) == second.num_parameters


def not_a_star(build):
    circuit = QuantumCircuit(3)
    build(circuit)
    return circuit


def frame(circuit, *middle):
    circuit.x(2)
    circuit.h(2)
    for gate, *arguments in middle:
        getattr(circuit, gate)(*arguments)
    circuit.h(2)


LAYER = [("rxx", 0.3, 0, 2), ("rxx", 0.4, 1, 2)]
NO_STARS = {
    "empty": lambda c: None,
    "no layers": frame,
    "neighbours": lambda c: frame(c, *LAYER, ("rzz", 0.2, 0, 1)),
    "chain": lambda c: frame(c, ("rxx", 0.1, 0, 1), ("rxx", 0.1, 1, 2)),
    "late encoding": lambda c: frame(c, *LAYER, ("rx", 0.1, 0)),
    "other encoding": lambda c: frame(c, ("ry", 0.1, 0), *LAYER),
    "hadamard on data": lambda c: frame(c, ("h", 0), *LAYER),
    "cnot": lambda c: frame(c, ("cx", 0, 2), *LAYER),
    "toffoli": lambda c: frame(c, *LAYER, ("ccx", 0, 1, 2)),
    "gate on the readout": lambda c: frame(c, ("rx", 0.1, 0), *LAYER, ("t", 2), *LAYER),
    "hadamard between layers": lambda c: frame(c, *LAYER, ("h", 2), *LAYER),
    "two hadamards": lambda c: frame(c, ("h", 2), *LAYER),
    "no X": lambda c: (c.h(2), c.rxx(0.1, 0, 2), c.rxx(0.1, 1, 2), c.h(2)),
    "no last H": lambda c: (c.x(2), c.h(2), c.rxx(0.1, 0, 2), c.rxx(0.1, 1, 2)),
    "X after H": lambda c: (c.h(2), c.x(2), c.rxx(0.1, 0, 2), c.rxx(0.1, 1, 2), c.h(2)),
    "square": lambda c: frame(c, ("rxx", Parameter("t") ** 2, 0, 2), LAYER[1]),
    "inverse": lambda c: frame(c, ("rxx", 1 / Parameter("t"), 0, 2), LAYER[1]),
    "product": lambda c: frame(c, ("rxx", Parameter("t") * Parameter("u"), 0, 2), LAYER[1]),
    "sine": lambda c: frame(c, ("rx", Parameter("t").sin(), 0), *LAYER),
}


@pytest.mark.parametrize("name", NO_STARS)
def test_other_circuits_are_refused(name):
    circuit = not_a_star(NO_STARS[name])
    with pytest.raises(InputError) as caught:
        read_star(circuit)
    assert "star" in is_sentence(caught.value)
    values = np.full(circuit.num_parameters, 0.5)
    with pytest.raises(InputError):
        expectation(circuit, "ZII", values)


@pytest.mark.parametrize("observable", ["IIZ", "ZZI", "XII", "YII", "ZIZ"])
def test_other_observables_are_refused(observable):
    circuit, _ = star_of(("XX", "ZZ"), (0, 1, 2))
    values = np.zeros(circuit.num_parameters)
    with pytest.raises(InputError) as caught:
        expectation(circuit, observable, values)
    assert observable in is_sentence(caught.value)
    with pytest.raises(InputError):
        ContractionGradient().run([circuit], [SparsePauliOp(observable)], [values]).result()


def test_what_a_star_says():
    star = build_circuit(small(layers=("XX", "XX", "ZZ")))
    form = read_star(star.circuit)
    assert form.readout == 4
    assert form.layers == ("XX", "ZZ")
    values = np.arange(16.0)
    by_parameter = dict(zip(star.circuit.parameters, values, strict=True))
    weights = np.array([by_parameter[p] for p in star.weights]).reshape(3, 4)
    np.testing.assert_allclose(form.angles(values[None])[0], np.pi * np.stack([weights[0] + weights[1], weights[2]]))
    np.testing.assert_allclose(
        form.encoding(values[None])[0], np.pi * np.array([by_parameter[p] for p in star.inputs])
    )


def test_a_star_of_785_qubits():
    star = build_circuit(small(grid=28))
    rng = np.random.default_rng(8)
    weights = np.concatenate([np.zeros(784), rng.normal(0, 0.003, 784)])
    qnn = network(star, ContractionEstimator(), ContractionGradient())
    pixels = bits(rng, 2, 784)
    z = 1 - 2 * pixels
    expected = -np.cos(z @ (np.pi * weights[784:]))
    np.testing.assert_allclose(qnn.forward(pixels, weights)[:, 0], expected, atol=1e-9)


def test_more_layers_than_anybody_can_contract_are_refused_before_they_fill_the_memory():
    star = build_circuit(small(layers=("XX", "ZZ") * 16, engine="aer", gradient="parameter-shift"))
    with pytest.raises(InputError) as caught:
        ContractionEstimator().run([(star.circuit, star.observable, np.zeros(4 + 4 * 32))]).result()
    assert "32 alternating layers" in is_sentence(caught.value)
