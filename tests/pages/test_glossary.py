"""The glossary finds its words in a text, and explains them in words that are easier, or its own."""

import json
import re

import pytest

from pages.ui.glossary import MOST, TERMS, words_in
from tests.helpers import is_sentence

JARGON = [
    "amplitude",
    "ansatz",
    "barren",
    "basis",
    "batch",
    "circuit",
    "cosine",
    "depolarising",
    "eigenstate",
    "encoding",
    "engine",
    "entanglement",
    "epoch",
    "expectation",
    "fourier",
    "gate",
    "gradient",
    "half-turn",
    "hamiltonian",
    "hinge",
    "hyperparameter",
    "kernel",
    "learning_rate",
    "logit",
    "loss",
    "neuron",
    "noise",
    "optimiser",
    "parameter",
    "plateau",
    "qubit",
    "readout",
    "seed",
    "shot",
    "statevector",
    "superposition",
    "tensor",
    "threshold",
    "unitary",
    "weight",
]
"""Words that nobody of sixteen has to know."""


def unexplained(text):
    """Words of this text that nobody has to know, and that the glossary does not explain."""
    used = {word for word in JARGON if re.search(rf"\b{word}", text, re.IGNORECASE)}
    return {word for word in used if not any(word in entry.lower() for entry in TERMS)}


@pytest.mark.parametrize("term", TERMS)
def test_entries_are_short_sentences_without_other_jargon(term):
    for sentence in re.split(r"(?<=\.) ", TERMS[term]):
        assert len(is_sentence(sentence).split()) <= 20
    assert not unexplained(TERMS[term])


def test_jargon_is_noticed():
    assert unexplained("A unitary weight") == {"unitary"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The loss of two qubits.", ["loss", "qubit"]),
        ("A hinge loss, then the loss.", ["hinge loss", "loss"]),
        ("Only a hinge loss.", ["hinge loss"]),
        ("⟨Z⟩ is an expectation value.", ["⟨Z⟩", "expectation value"]),
        ("Losses and Epochs, glossy, a bitter weightless cnn.", ["loss", "epoch"]),
        ("The CNN and a CNN.", ["CNN"]),
        ("Nothing to see.", []),
        ("", []),
    ],
)
def test_words_are_found_in_the_order_of_the_text(text, words):
    assert list(words_in(text)) == words


def test_a_page_offers_the_words_of_its_notice_and_knows_all_others(visit):
    visitor = visit("3_contradictions")
    (sent,) = [json.loads(one.proto.json) for one in visitor.app.get("bidi_component") if one.key == "glossary"]
    assert "ceiling" in sent["offered"]
    assert sent["offered"] == list(words_in(visitor.notice)[:MOST])
    assert {word: says for word, says, _ in sent["terms"]} == TERMS
    assert [word for word, _, exact in sent["terms"] if exact] == ["⟨Z⟩", "CNN"]
