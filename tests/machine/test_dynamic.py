"""The network without a two-qubit gate, run by Aer shot by shot, against the exact numbers."""

import numpy as np
import pytest
from scipy.stats import binom

from qnn_core.errors import InputError
from qnn_core.machine.dynamic import dynamic_circuit, measure_both
from tests.helpers import bits, is_sentence, small, statevector

SHOTS = 4000
COSINES = (("XX", "ZZ"), ("XX", "XX", "ZZ", "ZZ"), ("XX", "YY"), ("ZZ", "XX"), ("XX", "ZZ", "XX"), ("YY", "XX"))


def weights_of(rng, layers, n):
    """Such that ⟨Z⟩ is far from 0, and a wrong sign of any angle would be seen."""
    return rng.uniform(0.1, 0.4, (len(layers), n))


def agrees(estimate, f):
    """Whether so many of so many shots are an ordinary draw: what is rarer than 1 in 1,000 on either side is not."""
    low, high = binom.ppf([0.001, 0.999], estimate.shots, (1 + f) / 2)
    return low <= estimate.plus <= high


@pytest.mark.parametrize("layers", COSINES, ids="-".join)
@pytest.mark.parametrize("grey", [False, True], ids=["bits", "grey"])
def test_both_circuits_say_what_is_exact(layers, grey):
    rng = np.random.default_rng(len(layers) + 10 * grey)
    for _ in range(3):
        weights = weights_of(rng, layers, 4)
        pixels = rng.random(4) if grey else bits(rng, 1, 4)[0]
        exact = statevector(layers, pixels, weights)
        found = measure_both(small(layers=layers), weights, pixels, SHOTS, seed=1)
        assert found.qubits == (5, 2)
        assert agrees(found.dynamic, exact), (found.dynamic, exact)
        assert agrees(found.star, exact), (found.star, exact)
        # The check itself would notice a wrong sign, or a layer that is left out.
        assert not agrees(found.dynamic, -exact) or abs(exact) < 0.1


def test_there_is_no_two_qubit_gate_in_it():
    rng = np.random.default_rng(0)
    circuit = dynamic_circuit(small(grid=4), rng.random((2, 16)), bits(rng, 1, 16)[0])
    assert circuit.num_qubits == 2
    assert circuit.count_ops()["if_else"] == circuit.count_ops()["reset"] == 16
    for item in circuit.data:
        blocks = getattr(item.operation, "blocks", ())
        assert len(item.qubits) == 1 or not blocks
        assert all(len(inner.qubits) == 1 for block in blocks for inner in block.data)


def test_one_seed_one_answer_and_the_circuits_draw_for_themselves():
    rng = np.random.default_rng(2)
    weights, pixels = rng.uniform(0, 1, (2, 4)), bits(rng, 1, 4)[0]
    first, second, other = (measure_both(small(), weights, pixels, 500, seed=seed) for seed in (3, 3, 4))
    assert first == second != other


def test_layers_that_only_turn_the_data_qubits_say_the_second_digit():
    found = measure_both(small(layers=("XX",)), np.full((1, 4), 0.3), np.ones(4), 100)
    assert found.star.value == found.dynamic.value == -1


def test_above_the_statevector_only_two_qubits_are_run():
    weights, pixels = np.zeros((2, 25)), np.zeros(25)
    weights[1, 0] = 0.5
    found = measure_both(small(grid=5), weights, pixels, 200)
    assert found.star is None
    assert found.qubits == (26, 2)
    assert agrees(found.dynamic, 0.0)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: measure_both(small(layers=("XX", "ZZ", "XX", "ZZ")), np.zeros((4, 4)), np.zeros(4), 10),
        lambda: measure_both(small(), np.zeros((2, 4)), np.zeros(4), 0),
        lambda: measure_both(small(), np.zeros((2, 4)), np.zeros(4), 10**8),
        lambda: measure_both(small(), np.zeros((2, 4)), np.zeros(5), 10),
        lambda: dynamic_circuit(small(), np.zeros((2, 5)), np.zeros(4)),
    ],
    ids=["asked twice", "no shots", "too many", "picture", "weights"],
)
def test_what_cannot_be_run(bad):
    with pytest.raises(InputError) as caught:
        bad()
    is_sentence(caught.value)
