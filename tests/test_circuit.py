"""The circuit as Qiskit has it, against the definition in MATHS section 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import qasm3
from qiskit.quantum_info import Operator, Statevector

from qnn_core.circuit import (
    ARRANGEMENTS,
    LAYERS,
    arrange,
    build_circuit,
    pixel_name,
    qubit_count,
    to_qasm3,
    weight_names,
    weights_shape,
    wrap,
)
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.presets import PRESETS
from tests.helpers import PAULIS, random_layers, small, statevector


def bound(star, pixels, weights):
    values = dict(zip(star.inputs, pixels, strict=True)) | dict(zip(star.weights, np.ravel(weights), strict=True))
    return star.circuit.assign_parameters(values)


@pytest.mark.parametrize(("preset", "weights"), [("tutorial-32", 32), ("tutorial-64", 64)])
def test_published_sizes(preset, weights):
    experiment = PRESETS[preset].experiment
    star = build_circuit(experiment)
    assert qubit_count(experiment) == star.circuit.num_qubits == 17
    assert np.prod(weights_shape(experiment)) == len(star.weights) == weights
    assert len(star.circuit.parameters) == 16 + weights


@pytest.mark.parametrize("grid", [2, 3, 4])
def test_names_say_layer_and_pixel(grid):
    experiment = small(grid=grid, layers=("XX", "YY", "ZZ", "XX"))
    star = build_circuit(experiment)
    names = weight_names(experiment)
    assert [p.name for p in star.weights] == [name for layer in names for name in layer]
    assert len({name for layer in names for name in layer}) == 4 * grid**2
    for layer, kind in enumerate(experiment.layers):
        for row in range(grid):
            for column in range(grid):
                assert names[layer][row * grid + column] == f"{kind.lower()}{layer}_r{row}c{column}"
    assert [p.name for p in star.inputs] == [f"pixel_{pixel_name(k, grid)}" for k in range(grid**2)]
    assert [register.name for register in star.circuit.qregs][-1] == "readout"


def test_every_gate_of_a_layer_meets_the_readout():
    experiment = small(grid=3, layers=("ZZ", "XX", "YY"))
    circuit = build_circuit(experiment).circuit
    pairs = [
        (item.operation.name, *(circuit.find_bit(q).index for q in item.qubits))
        for item in circuit.data
        if len(item.qubits) == 2
    ]
    assert pairs == [(f"r{kind}", k, 9) for kind in ("zz", "xx", "yy") for k in range(9)]


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer_kind_is_a_rotation_about_its_pauli(kind):
    star = build_circuit(small(layers=(kind,)))
    t = 0.37
    generator = np.kron(PAULIS[LAYERS[kind].readout], PAULIS[LAYERS[kind].data])  # Qiskit counts qubits from behind
    expected = np.cos(np.pi * t / 2) * np.eye(4) - 1j * np.sin(np.pi * t / 2) * generator
    gates = [item.operation for item in star.circuit.data if len(item.qubits) == 2]
    assert len(gates) == 4
    for gate, weight in zip(gates, star.weights, strict=True):
        gate.params = [gate.params[0].bind({weight: t})]
        np.testing.assert_allclose(Operator(gate).data, expected, atol=1e-12)


def test_the_circuit_is_the_one_defined():
    rng = np.random.default_rng(4)
    for length in range(1, 7):
        layers = random_layers(rng, length)
        star = build_circuit(small(layers=layers))
        pixels, weights = rng.random(4), rng.uniform(-3, 3, (length, 4))
        state = Statevector(bound(star, pixels, weights))
        assert state.expectation_value(star.observable).real == pytest.approx(
            statevector(layers, pixels, weights), abs=1e-12
        )


@pytest.mark.parametrize("seed", range(4))
def test_qasm_is_read_back_to_the_same_unitary(seed):
    rng = np.random.default_rng(seed)
    layers = (*LAYERS, *random_layers(rng, 2))
    star = build_circuit(small(layers=layers))
    circuit = bound(star, rng.integers(0, 2, 4), rng.uniform(0, 2 * np.pi, (5, 4)))
    text = to_qasm3(circuit)
    assert text.startswith("OPENQASM 3")
    again = qasm3.loads(text)
    assert Operator(again).equiv(Operator(circuit))
    other = bound(star, np.zeros(4), np.zeros((5, 4)))
    assert not Operator(again).equiv(Operator(other))


def test_qasm_with_parameters_keeps_their_names():
    star = build_circuit(small())
    again = qasm3.loads(to_qasm3(star.circuit))
    assert {p.name for p in again.parameters} == {p.name for p in star.circuit.parameters}
    values = {p.name: 0.1 + 0.07 * k for k, p in enumerate(star.circuit.parameters)}
    original, read = (c.assign_parameters({p: values[p.name] for p in c.parameters}) for c in (star.circuit, again))
    assert Operator(read).equiv(Operator(original))


def test_arrangements():
    assert arrange(("XX", "ZZ"), 2, "grouped") == ("XX", "XX", "ZZ", "ZZ")
    assert arrange(("XX", "ZZ"), 2, "interleaved") == ("XX", "ZZ", "XX", "ZZ")
    assert arrange(["YY", "XX", "ZZ"], 3, "grouped")[2:4] == ("YY", "XX")
    for arrangement in ARRANGEMENTS:
        assert arrange(("XX", "ZZ"), 1, arrangement) == ("XX", "ZZ")
        assert Experiment(layers=arrange(("XX", "ZZ"), 3, arrangement), engine="contraction")
    with pytest.raises(InputError, match="no arrangement 'random'"):
        arrange(("XX",), 1, "random")


# ---------------------------------------------------------------- half-turns


@pytest.mark.parametrize(("half_turns", "same"), [(1, 1), (-1, 1), (3, 1), (0, 0), (2, 0), (1.25, -0.75)])
def test_half_a_turn_either_way_is_the_upper_end(half_turns, same):
    assert wrap(half_turns) == same


@given(st.floats(-50, 50), st.integers(-9, 9))
def test_whole_turns_change_nothing(half_turns, turns):
    wrapped = wrap(half_turns)
    assert -1 < wrapped <= 1
    difference = wrap(half_turns + 2 * turns) - wrapped
    assert min(abs(difference), 2 - abs(difference)) < 1e-9
