"""Page 9 as a visitor meets it: three parts, in each one picture, one sentence to take home, and what is behind."""

import re

import numpy as np
import pytest

from pages.ui.box.parts import CHOSEN, RANDOM, pictures_count
from qnn_core import Experiment, prepare
from qnn_core.circuit import merge
from qnn_core.engines import build_engine
from qnn_core.inside.all_pictures import all_images
from qnn_core.inside.product import product_expectation
from qnn_core.training.budget import to_the_end
from qnn_core.training.run import train
from qnn_core.training.starts import initial_weights
from qnn_core.words import signed
from tests.helpers import read

PARTS = ("hand", "pictures", "entanglement")
MORE = {
    "hand": ("each_pixel", "one_weight", "aer_check"),
    "pictures": ("extremes",),
    "entanglement": ("dynamic", "layer_by_layer", "erased", "ablation"),
}
SMALL = {"engine": "contraction", "grid": 2}


def opened(visit, part, *more, weights=CHOSEN, **address):
    """Page 9 at one part, with these parts of it unfolded."""
    visitor = visit(part=part, **address).choose("entangled_weights", weights)
    for name in more:
        visitor.choose(f"{name} is open", True)
    return healthy(visitor.go("9_box"))


def healthy(visitor):
    assert not visitor.app.exception, visitor.app.exception[0].message
    assert not visitor.app.error, visitor.app.error[0].value
    return visitor


def said(visitor):
    """All words on the page."""
    return " ".join(map(str, visitor.texts()))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "address",
    [
        {},
        {"blocks": 2},
        {"blocks": 2, "arrangement": "interleaved"},
        {"layers": "YY,XX"},
        {"layers": "XX", **SMALL},
        {"encoding": "angle", **SMALL},
        {**SMALL, "grid": 5},
    ],
    ids=["tutorial", "64 weights", "interleaved", "YY, XX", "XX", "grey", "5×5"],
)
def test_every_part_of_every_network_opens(visit, part, address):
    visitor = opened(visit, part, *MORE[part], **address)
    assert f"All {pictures_count(int(address.get('grid', 4)) ** 2)} pictures" in str(
        visitor.app.button_group(key="part").proto
    )
    bold = [text for text in visitor.texts() if text.startswith("**") and ".** " in text]
    assert len([text for text in bold if "Your prediction first" not in text]) == 1, "one to take home"


def test_the_first_part_is_the_hand_and_a_link_opens_another(visit):
    assert "dial_film" in visit("9_box", **SMALL).films
    assert "flips_film" in visit("9_box", part="entanglement", **SMALL).films
    visitor = visit("9_box", part="cellar", **SMALL)
    assert "dial_film" in visitor.films
    assert "part must be one of hand, pictures, entanglement" in said(visitor)


# ---------------------------------------------------------------- the hand


def test_the_box_agrees_with_aer(visit):
    visitor = opened(visit, "hand", "aer_check")
    text = next(element.value for element in visitor.app.success if "Aer" in element.value)
    assert "131,072 amplitudes" in text
    assert read(text.rstrip(".").rsplit(" ", 1)[-1]) < 1e-9


def test_the_circuit_holds_the_same_picture_and_says_the_same(visit):
    visitor = opened(visit, "hand", **SMALL)
    (number,) = [label for label in visitor.metrics if label.startswith("⟨Z⟩ of")]
    assert signed(visitor.circuit["value"]) == visitor.metrics[number]
    network, weights = Experiment(**SMALL), train(to_the_end(Experiment(**SMALL))).weights
    value = build_engine(network).expectation(np.array([visitor.circuit["pixels"]]), weights)[0]
    assert visitor.circuit["value"] == pytest.approx(value, abs=1e-4)


def test_grouped_layers_are_merged_before_the_eyes(visit):
    visitor = opened(visit, "hand", "one_weight", blocks=2)
    assert len(visitor.app.button_group(key="turned_gate").options) == 4
    assert "one gate with the sum" in said(visitor)


def test_interleaved_layers_are_a_hidden_layer_of_cosines(visit):
    visitor = opened(visit, "hand", blocks=2, arrangement="interleaved")
    assert "hidden layer of 16 cosines" in said(visitor)
    assert "32 pairs" in said(visitor)
    assert any("largest of 16 terms" in alt for alt in visitor.charts)


def test_the_last_drawing_can_be_asked(visit):
    visitor = visit("9_box", **SMALL)
    ink = np.zeros((280, 280), np.uint8)
    ink[60:220, 120:160] = 255
    visitor.app.session_state["desk"].ink = ink
    visitor.app.run()
    visitor.set("button_group", "box_source", "Your drawing")
    assert any("your drawing" in label for label in healthy(visitor).metrics)


# ---------------------------------------------------------------- all pictures


def test_the_verdicts_of_all_pictures_are_counted(visit):
    experiment = Experiment.parse(SMALL)
    values = all_images(experiment, train(to_the_end(experiment)).weights)
    positive = int((values > 0).sum())
    words = said(opened(visit, "pictures", **SMALL))
    assert f"an answer to each of 16 pictures.** It calls {positive:,} a 3 and {16 - positive:,} a 6" in words


def test_a_picture_is_found_by_its_number(visit):
    experiment = Experiment.parse(SMALL)
    values = all_images(experiment, train(to_the_end(experiment)).weights)
    visitor = opened(visit, "pictures", **SMALL)
    (key,) = [one.key for one in visitor.app.number_input if one.key.startswith("find")]
    visitor.set("number_input", key, 5)
    assert f"Picture 5: ⟨Z⟩ = {values.ravel()[5]:+.3f}".replace("-", "−") in said(visitor)


def test_how_many_pictures_there_are():
    assert [pictures_count(n) for n in (4, 16, 25, 784)] == ["16", "65,536", "33,554,432", "2⁷⁸⁴"]


# ---------------------------------------------------------------- entanglement


def test_trained_from_narrow_nothing_is_ever_entangled_but_from_a_random_start(visit):
    visitor = opened(visit, "entanglement")
    distinct = prepare(Experiment()).test.distinct
    assert f"never entangle anything.** The readout's entropy is 0 after every layer, for each of {distinct}" in said(
        visitor
    )
    chances = next(one for one in visitor.film["panels"] if one["title"] == "How likely each pixel flips")
    assert not np.any(chances["values"])
    visitor.set("button_group", "entangled_weights", RANDOM)
    assert "never entangle" not in said(healthy(visitor))
    bits = float(re.search(r"entangle the readout by up to ([\d.]+) bits", said(visitor)).group(1))
    assert 0 < bits <= 1
    chances = next(one for one in visitor.film["panels"] if one["title"] == "How likely each pixel flips")
    theta = np.pi * initial_weights(Experiment())[0]
    np.testing.assert_allclose(chances["values"][0], np.sin(theta / 2) ** 2, atol=1e-3)
    assert f"{np.sum(np.sin(theta / 2) ** 2):.1f} of the 16 pixels come out flipped" in said(visitor)


def test_the_prediction_is_judged(visit):
    visitor = opened(visit, "entanglement", **SMALL)
    assert "Your prediction first" in said(visitor)
    visitor.set("button_group", "predicted_entangled", "it does not fall")
    assert "You predicted it" in said(healthy(visitor))
    assert visitor.metrics["The network"] == visitor.metrics["Every correlation erased"]


@pytest.mark.parametrize(
    ("layers", "weights", "says"),
    [
        ("XX,ZZ", CHOSEN, "Every ⟨Z⟩ of every test picture stays, to the last digit"),
        ("XX,ZZ", RANDOM, "Every ⟨Z⟩ of every test picture stays, to the last digit"),
        ("XX,XX,ZZ,ZZ", RANDOM, "Then every ⟨Z⟩ stays"),
        ("XX,ZZ,XX,ZZ", RANDOM, "only training again can tell"),
    ],
)
def test_what_erasing_changes_is_computed_for_the_layers_as_drawn(visit, layers, weights, says):
    experiment = Experiment(engine="contraction", layers=tuple(layers.split(",")))
    own = train(to_the_end(experiment)).weights if weights == CHOSEN else initial_weights(experiment)
    images = prepare(experiment).test.images
    full = build_engine(experiment).expectation(images, own)
    visitor = opened(visit, "entanglement", "erased", weights=weights, engine="contraction", layers=layers)
    assert says in said(visitor)
    shown = visitor.table("⟨Z⟩ changes by up to")["⟨Z⟩ changes by up to"].tolist()
    products = [product_expectation(experiment, own, images, merged=merged) for merged in (False, True)]
    moved = [np.abs(product - full).max() for product in products]
    kept = moved if len(merge(experiment.layers)[0]) < len(experiment.layers) else moved[:1]
    assert shown == ["nothing", *("nothing" if each < 1e-9 else f"{each:.2f}" for each in kept)]


def test_both_circuits_are_measured_on_a_button(visit):
    visitor = opened(visit, "entanglement", "dynamic", weights=RANDOM, **SMALL)
    visitor.set("button_group", "dynamic_shots", 100)
    assert "the network as drawn" not in said(visitor)
    table = visitor.press("Measure both circuits").table("circuit")
    assert table["circuit"].tolist() == ["the network as drawn", "without two-qubit gates"]
    assert table["qubits"].tolist() == [5, 2]
    assert table["two-qubit gates"].tolist() == [8, 0]
    assert "all 16 ways to come out differs by" in said(visitor)
    visitor.set("button_group", "dynamic_shots", 1000)  # another question; the old answer is gone
    assert not [frame for frame in visitor.app.dataframe if "circuit" in frame.value]


def test_a_circuit_that_does_not_fit_is_said_to(visit):
    visitor = opened(visit, "entanglement", "dynamic", **{**SMALL, "grid": 5}).set(
        "button_group", "dynamic_shots", 100
    )
    table = visitor.press("Measure both circuits").table("circuit")
    assert table["qubits"].tolist() == [2]
    assert "statevector of 26 qubits, which does not fit" in said(healthy(visitor))
    visitor = opened(visit, "entanglement", "dynamic", layers="XX,ZZ,XX,ZZ", **SMALL)
    assert "none may be measured before the end" in said(visitor)
    assert "Measure both circuits" not in visitor.buttons


def test_both_networks_are_trained_with_and_without_entanglement(visit, nothing_computed):
    address = {**SMALL, "layers": "XX,ZZ,XX,ZZ", "examples": 60}
    visitor = opened(visit, "entanglement", "ablation", **address)
    visitor.press("Train both").tick_until(lambda: "With entanglement" in visitor.metrics)
    end = to_the_end(Experiment.parse({**SMALL, "layers": ("XX", "ZZ", "XX", "ZZ"), "examples": 60}))
    batch = prepare(end).test.whole
    right = np.sign(build_engine(end).expectation(batch.images, train(end).weights))[batch.row] == batch.labels
    assert visitor.metrics["With entanglement"] == f"{batch.counts @ right / batch.total:.3f}"
    assert 0.4 < float(visitor.metrics["Without, trained as such"]) <= 1
