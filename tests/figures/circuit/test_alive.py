"""The living picture of the circuit shows the numbers of the circuit, computed here in another way."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.circuit import wrap
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.figures.circuit.alive import FEW_WIRES, living_circuit, note_on, shown_wires, table
from tests.helpers import bits, statevector

LAYERS = [("XX", "ZZ"), ("XX", "XX", "ZZ", "ZZ"), ("YY",), ("XX", "ZZ", "XX", "ZZ"), ("XX", "YY", "ZZ")]


def made(layers, seed, *, grid=2, encoding="basis"):
    """An Experiment, random weights for it, and a random picture."""
    rng = np.random.default_rng(seed)
    experiment = Experiment(grid=grid, layers=layers, encoding=encoding, engine="contraction")
    pixels = bits(rng, 1, grid**2)[0] if encoding == "basis" else rng.random(grid**2)
    return experiment, rng.uniform(-3, 3, (len(layers), grid**2)), pixels


@given(st.sampled_from(LAYERS), st.integers(0, 1000), st.sampled_from(["basis", "angle"]))
def test_values_are_those_of_the_statevector(layers, seed, encoding):
    experiment, weights, pixels = made(layers, seed, encoding=encoding)
    data = living_circuit(experiment, weights, pixels)
    assert data["value"] == pytest.approx(statevector(layers, pixels, weights), abs=1e-4)
    for k, value in enumerate(data["flipped"]):
        other = pixels.copy()
        other[k] = 1 - pixels[k]
        assert value == pytest.approx(statevector(layers, other, weights), abs=1e-4)
    assert np.allclose(data["weights"], wrap(weights), atol=1e-4)
    assert json.loads(json.dumps(data)) == data


@given(st.sampled_from(LAYERS[:3]), st.integers(0, 1000))
def test_the_hand_ends_at_the_sum_of_all_turns(layers, seed):
    """On bits f = −R·cos(Σ turns), and R is the same for every picture."""
    experiment, weights, pixels = made(layers, seed)
    longest = max(abs(statevector(layers, np.array(one), weights)) for one in np.ndindex(2, 2, 2, 2))
    if longest < 0.05:
        return
    hands = []
    for picture in (pixels, 1 - pixels, np.zeros(4)):
        data = living_circuit(experiment, weights, picture)
        hands.append((data["value"], -np.cos(np.pi * np.sum(data["turn"]))))
    for value, cosine in hands:
        for other, another in hands:
            assert value * another == pytest.approx(other * cosine, abs=3e-3)


def test_turning_one_pixel_over_turns_the_hand_back():
    experiment, weights, pixels = made(("XX", "ZZ"), 5)
    other = pixels.copy()
    other[2] = 1 - pixels[2]
    one, two = (living_circuit(experiment, weights, picture)["turn"] for picture in (pixels, other))
    assert one[2] == -two[2] != 0
    assert one[:2] == two[:2]


def test_more_than_one_cosine_has_no_hand():
    assert living_circuit(*made(("XX", "ZZ", "XX", "ZZ"), 0))["turn"] is None


@pytest.mark.parametrize(
    ("grid", "lit", "shown", "says"),
    [
        (5, 3, 25, ""),
        (7, 11, 11, "11 of 49 wires: those that this picture sets."),
        (7, 0, FEW_WIRES, "16 of 49 wires: this picture sets none of them."),
        (28, 120, FEW_WIRES, "16 of 784 wires; this picture sets 120 of them."),
    ],
)
def test_which_wires_are_drawn(grid, lit, shown, says):
    pixels = np.zeros(grid**2)
    pixels[np.random.default_rng(1).permutation(grid**2)[:lit]] = 1
    wires = shown_wires(pixels)
    assert len(wires) == shown == len(set(wires.tolist()))
    assert (np.diff(wires) > 0).all()
    assert note_on(wires, pixels) == says
    if grid > 5 and lit:
        assert pixels[wires].all()


def test_the_table_has_a_row_for_each_wire():
    experiment, weights, pixels = made(("XX", "ZZ"), 3)
    data = living_circuit(experiment, weights, pixels)
    columns = table(data)
    assert list(columns) == ["pixel", "value", "1. XX", "2. ZZ", "turns the hand by", "⟨Z⟩ if turned over"]
    assert {len(column) for column in columns.values()} == {4}
    assert columns["pixel"][3] == "r1c1"
    assert columns["2. ZZ"][1].startswith(("+", "−"))


def test_weights_that_do_not_fit_are_refused():
    experiment, weights, pixels = made(("XX", "ZZ"), 3)
    with pytest.raises(InputError, match="8"):
        living_circuit(experiment, weights[:1], pixels)
