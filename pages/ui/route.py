"""The route through the lesson: a card for each page, its picture and sentence computed for what is on the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import PAGES
from pages.ui import example, frame, models
from qnn_core import Experiment, prepare
from qnn_core.arrays import Array, Bytes
from qnn_core.circuit import qubit_count, weights_shape
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.digits import SIDE
from qnn_core.data.encoding import ENCODINGS
from qnn_core.figures import cards, theme
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.inside.plateau import gradient_law
from qnn_core.inside.scale import SIZES
from qnn_core.inside.schmidt import half, largest_rank, star_bound
from qnn_core.machine.noise import MAX_LAYERS, Noise, noisy_expectation, products_for
from qnn_core.shelf import MIB, Shelf
from qnn_core.training.run import Run
from qnn_core.words import power, signed

WIDE = 1.0
"""Width of a start anywhere on the circle, in half-turns."""
ERRORS = (0.01, 0.02)
"""Chances of an error at each gate, as on page 11."""
MOST_PRODUCTS = 1_000_000
"""For one strength of the noise: half a second's work. Four layers on 28×28 pixels would take a minute, and 1 GiB."""


@dataclass(frozen=True)
class Followed:
    """What the cards are about: the settings, the picture that is followed, and the network that the pad asks.

    image: uint8 (28, 28). grey, pixels: (n,) in [0, 1]. label: ±1.
    """

    experiment: Experiment
    image: Bytes
    grey: Array
    pixels: Array
    label: float
    run: Run


def follow(experiment: Experiment, run: Run) -> Followed:
    """The followed training picture at these settings."""
    number = example.current(experiment)
    grey = shrunken(experiment).train[number]
    pixels = ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)
    label = shrunken(experiment).train_labels[number]
    return Followed(experiment, example.image(experiment, number), grey, pixels, label, run)


Card = Callable[[Followed], tuple[str, str]]
"""Makes the picture, as SVG text, and one sentence about it."""


def _digits(its: Followed) -> tuple[str, str]:
    pair = pair_of(its.experiment)
    images = pair.train_images
    return cards.digits_card(
        images[:3], pair.train_labels[:3]
    ), f"{len(images):,} digits by hand, {SIDE**2} greys each."


def _shrink(its: Followed) -> tuple[str, str]:
    picture = cards.pair_card(its.image, its.grey, "A digit, shrunk", truth=its.label)
    return picture, f"{its.experiment.pixels} of {SIDE**2} numbers are left."


def _contradictions(its: Followed) -> tuple[str, str]:
    kept, digits = prepare(its.experiment).kept, its.experiment.digits
    # The most frequent one with some ink: the empty picture often carries both labels, but shows nothing.
    worst = int(np.argmax(np.minimum(kept.first, kept.second) * kept.images.any(axis=1)))
    picture = cards.shares_card(kept.images[worst], (int(kept.first[worst]), int(kept.second[worst])), digits)
    both = int(kept.contradictory.sum())
    return picture, f"{both:,} small {'picture is' if both == 1 else 'pictures are'} a {digits[0]} and a {digits[1]}."


def _encode(its: Followed) -> tuple[str, str]:
    lit, encoding = int((its.pixels > 0).sum()), ENCODINGS[its.experiment.encoding]
    return cards.wires_card(its.pixels), f"{lit} of {len(its.pixels)} wires get the {encoding.gate} gate."


def _circuit(its: Followed) -> tuple[str, str]:
    layers, n = weights_shape(its.experiment)
    words = f"{qubit_count(its.experiment)} qubits, {layers * n:,} weights."
    return cards.layers_card(its.experiment.layers, n), words


def _train(its: Followed) -> tuple[str, str]:
    losses = [record.loss for record in its.run.records]
    return (
        cards.curve_card(losses, "The loss of each step"),
        f"{len(losses):,} steps: the loss goes from {losses[0]:.2f} to {losses[-1]:.2f}.",
    )


def _compare(its: Followed) -> tuple[str, str]:
    accuracy, best = right_share(its.run), prepare(its.experiment).ceiling.test_best
    bars = [("quantum", accuracy, theme.QNN), ("the ceiling", best, theme.CEILING)]
    return cards.bars_card(bars, "Accuracy and ceiling"), f"{accuracy:.3f} here. Nobody gets past {best:.3f}."


def _box(its: Followed) -> tuple[str, str]:
    if not is_cosine(its.experiment.layers):
        return (
            cards.layers_card(its.experiment.layers, len(its.pixels)),
            f"What {len(its.experiment.layers)} layers compute, opened.",
        )
    hand = cosine_neuron(its.experiment, its.run.weights).dial(its.pixels)[-1]
    picture = cards.dial_card(float(np.angle(hand)), float(np.abs(hand)))
    return picture, f"One clock hand is all of it: ⟨Z⟩ = {signed(float(hand.real), '.2f')}."


def _flat(its: Followed) -> tuple[str, str]:
    laws = [float(np.log10(gradient_law(size**2, WIDE))) for size in SIZES]
    words = f"XX, ZZ on {SIZES[-1] ** 2} pixels, wide start: squared slopes near {power(10, round(laws[-1]))}."
    return cards.curve_card(laws, "Slopes fade with every pixel"), words


def _noise(its: Followed) -> tuple[str, str]:
    """⟨Z⟩ of the followed picture on a machine whose every gate may fail; without it where that takes too long."""
    if len(its.experiment.layers) > MAX_LAYERS or products_for(its.experiment, 1) > MOST_PRODUCTS:
        return cards.layers_card(its.experiment.layers, len(its.pixels)), "Every one of these gates can fail."
    values = [
        float(noisy_expectation(its.experiment, its.run.weights, its.pixels[None], Noise(gate=error))[0])
        for error in (0.0, *ERRORS)
    ]
    bars = [
        (f"{error:.0%} errors", abs(value), theme.digit_colour(value))
        for error, value in zip((0.0, *ERRORS), values, strict=True)
    ]
    words = (
        f"{ERRORS[-1]:.0%} errors at each gate: ⟨Z⟩ is {signed(values[-1], '.2f')}, not {signed(values[0], '.2f')}."
    )
    return cards.bars_card(bars, "What noise leaves"), words


def _scale(its: Followed) -> tuple[str, str]:
    largest = models.largest(its.experiment)
    run = models.trained(largest)
    words = f"{qubit_count(largest)} qubits: trained in {run.seconds:.1f} s, right on {right_share(run):.1%}."
    return cards.star_card(largest.pixels), words


def _hard(its: Followed) -> tuple[str, str]:
    """The largest Schmidt rank of a cut through the middle: of the star as it is, and with a ring around it."""
    n = len(its.pixels)
    star, ring = min(star_bound(its.experiment.layers)[-1], largest_rank(n)), power(2, half(n))
    return cards.ring_card(min(n, MOST_ON_RING)), f"A ring of gates: a cut needs up to {ring} terms, a star {star:,}."


MOST_ON_RING = 16


CARDS: dict[str, Card] = {
    "1_digits": _digits,
    "2_shrink": _shrink,
    "3_contradictions": _contradictions,
    "4_encode": _encode,
    "5_circuit": _circuit,
    "6_train": _train,
    "7_compare": _compare,
    "9_box": _box,
    "10_flat": _flat,
    "11_noise": _noise,
    "12_scale": _scale,
    "13_hard": _hard,
}
"""Page → its card, in the order of the lesson."""
KEPT = Shelf[tuple[str, str]]("cards", 4 * MIB)
"""Cards of settings and pictures that were shown last."""
SLOWEST = "12_scale"
STYLE = """
.st-key-route {display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.75rem}
.st-key-route > div {width: 100%}
/* A title is whole, also where it takes two lines. */
.st-key-route a {padding: 0; height: auto}
.st-key-route a * {white-space: normal; overflow: visible}
@media (max-width: 640px) {
    .st-key-route {grid-template-columns: repeat(2, 1fr)}
}
"""


def right_share(run: Run) -> float:
    """The share of the test images on which a finished run is right."""
    return float(run.history[-1]["test_accuracy"])


def show(its: Followed) -> Callable[[], None]:
    """All cards but one, whose numbers may first have to be computed. Returns what fills it, for the page's end."""
    st.html(f"<style>{STYLE}</style>")
    with st.container(key="route"):
        places = {page: st.container(border=True, gap="small") for page in CARDS}
    for page, place in places.items():
        with place:
            title, icon = PAGES[page]
            st.page_link(f"pages/{page}.py", label=title, icon=icon)
        if page != SLOWEST:
            _fill(place, page, its)
    return partial(_fill, places[SLOWEST], SLOWEST, its)


def _fill(place: DeltaGenerator, page: str, its: Followed) -> None:
    # The run follows from the settings, and the picture's pixels too.
    key = page, its.experiment, its.run.experiment, its.image.tobytes()
    picture, words = KEPT.get(key, lambda: CARDS[page](its))
    with place:
        frame.svg(picture, alt=f"{PAGES[page][0]}: {words}", caption=words)
