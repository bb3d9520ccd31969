"""The lesson's words, each explained for a sixteen-year-old; a page offers those that stand in its texts."""

import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.ui.desk import desk

FOLDER = Path(__file__).parent
_glossary = st.components.v2.component(
    "qnn_glossary",
    css=(FOLDER / "glossary.css").read_text("utf-8"),
    html='<div class="words">Words on this page: </div>',
    js=(FOLDER / "glossary.js").read_text("utf-8"),
)

TERMS = {
    "qubit": "The smallest part of a quantum computer. Measured, it says 0 or 1; before that it can be between them.",
    "gate": "One step of a circuit. It turns one qubit, or one qubit as another one says.",
    "circuit": "A list of gates, from left to right, on some qubits.",
    "wire": "The line of one qubit in a drawing of a circuit.",
    "readout": "The one qubit that is measured at the end. All others hold the picture.",
    "weight": "A number that training changes. Here it says how far a gate turns.",
    "half-turn": "The unit of every weight: 1 is half a turn, 180 degrees.",
    "⟨Z⟩": "The expectation value of the readout, from −1 to +1. Above 0 it means the first digit, else the second.",
    "expectation value": "The mean of very many measurements of the same thing.",
    "ansatz layer": "A row of gates of one kind, one from each pixel's qubit to the readout.",
    "layer": "A row of gates of one kind, one from each pixel's qubit to the readout.",
    "pixel": "One square of a picture, with one grey value.",
    "threshold": "Pixels darker than this become 1, all others 0.",
    "encoding": "The way in which a pixel gets onto its qubit.",
    "bit": "A number that is 0 or 1.",
    "loss": "One number for how wrong a network is. Training makes it smaller.",
    "hinge loss": "A loss that asks for ⟨Z⟩ as far as possible on the right side of 0.",
    "cross-entropy": "A loss that asks for the right verdict with a high probability.",
    "logit": "A number of a classical network: above 0 it means the first digit, below 0 the second.",
    "epoch": "One pass over all training images.",
    "batch": "The few images that one step of training looks at.",
    "learning rate": "How far a weight moves in one step of training.",
    "gradient": "All slopes of the loss: one for each weight. Training goes downhill along it.",
    "seed": "A number that all random choices follow. The same seed gives the same run.",
    "accuracy": "The share of images on which the verdict is right.",
    "ceiling": "The best accuracy that anybody can have, because equal pictures carry different labels.",
    "label": "The digit that somebody says an image shows.",
    "fair network": "A classical network with about as many weights as the quantum one.",
    "CNN": "A large classical network for pictures. It sees all 28 × 28 pixels.",
    "engine": "What computes the expectation values. All of them give the same numbers.",
    "contraction": "A way to get ⟨Z⟩ exactly without the state: a short sum of products.",
    "statevector": "All numbers that describe some qubits together. One qubit more doubles how many there are.",
    "amplitude": "One of the numbers of a statevector.",
    "plateau": "A flat place of the loss. No slope says where to go.",
    "shot": "One run of a circuit with one measurement at its end.",
    "noise": "Errors of a real machine: a gate that does not do quite what it should.",
    "entanglement": "Qubits that can only be described together. Measuring one changes what the other will say.",
    "cosine": "How far to the right a clock's hand points, from −1 to +1.",
    "neuron": "A part of a network. It adds up its inputs, each times a weight, and bends the sum.",
    "superposition": "A state of a qubit between 0 and 1, with a share of both.",
    "parameter": "A number that training changes. Another word for weight.",
    "optimiser": "The recipe by which a step of training moves the weights.",
    "depolarising": "Noise after which a qubit has forgotten, with some chance, what it was.",
    "Schmidt rank": "How many terms tie two halves of some qubits together. 1 means that nothing does.",
    "Pauli": "A question to some qubits: X, Y, Z or nothing (I) for each. The answer is + or −.",
    "kernel": "A number for how alike two pictures are: 1 for the same, 0 for nothing in common.",
    "upload": "A turn of a qubit by a pixel. The same pixel can be shown again and again.",
    "commute": "Two steps commute if it does not matter which one comes first.",
    "frequency": "How often a wave goes up and down on the way.",
    "phase": "How far a wave, or the hand of a clock, has turned.",
    "root mean square": "A mean of sizes: of their squares, and then the root of it.",
    "mean squared error": "How far a curve is off: the mean of the squares of all its gaps.",
    "standard error": "How far a mean of measurements is usually off.",
    "logistic regression": "The simplest classical network: one weight for each pixel, and their sum decides.",
    "density matrix": "All numbers that describe some qubits with their noise. One qubit more: four times as many.",
    "matrix product state": "A state as a chain of small tables. The more entanglement, the larger they are.",
    "entropy": "How much two halves of some qubits are entangled, in bits. 0 means not at all.",
    "depth": "How many gates of a circuit have to come one after the other.",
    "Gaussian": "A hill like a bell: high in the middle, and soon flat.",
    "Bell measurement": "One measurement of two qubits together. It has four possible answers.",
    "quantum memory": "A place where qubits are kept until they are measured.",
    "overfitting": "Learning the training images by heart instead of what they share.",
}
"""Word → what it means. Longer words stand for themselves: "hinge loss" is not "loss"."""

SENT = [[word, says, word.isupper()] for word, says in TERMS.items()]
"""The same for the browser, with whether a word counts in its own capital letters only."""
MOST = 8
"""More words than these would be a wall."""


@lru_cache(maxsize=512)  # thirty visitors read the same sentences
def words_in(text: str) -> tuple[str, ...]:
    """The words of the glossary that stand in a text, in the order in which they first appear.

    A word counts in singular and plural, in any case but that of its own capital letters.
    """
    found: dict[str, int] = {}
    taken = [False] * len(text)
    for word in sorted(TERMS, key=len, reverse=True):
        flags = 0 if word.isupper() else re.IGNORECASE
        edge = r"(?<!\w){}(?:e?s)?(?!\w)" if word[0].isalpha() else "{}"
        for match in re.finditer(edge.format(re.escape(word)), text, flags):
            if not any(taken[match.start() : match.end()]):
                found[word] = min(found.get(word, match.start()), match.start())
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    return tuple(sorted(found, key=found.__getitem__))


def show(text: str) -> None:
    """The words of a text in a row, each of which opens its explanation by a tap, a click or a key.

    In the browser every word of the glossary can then be tapped where it stands, in any text of the page.
    """
    desk().component(_glossary, key="glossary", data={"terms": SENT, "offered": words_in(text)[:MOST]})
