"""Page 8: a digit drawn in the room."""

from functools import partial
from zlib import crc32

import numpy as np
import streamlit as st

from pages.ui import circuit, controls, example, frame, models, room, saved, sources
from pages.ui.sources import Asked
from qnn_core import Experiment, prepare
from qnn_core.arrays import Array, Bytes
from qnn_core.data.drawing import prepare_drawing
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import shrink
from qnn_core.model_file import NETWORKS, SavedModel
from qnn_core.words import signed


# A fragment, so that a stroke redraws only what depends on the picture.
@frame.part
def desk_with_pad(experiment: Experiment, loaded: SavedModel | None) -> None:
    """The picture, and everything that is said about it."""
    source = sources.choose()
    place, right = st.columns([2, 3], gap="medium")
    below = st.container()
    with below:
        own = loaded is not None and loaded.network == "qnn"
        weights = loaded.weights if own and loaded is not None else models.choose_weights(experiment)
    asked = source.ask(experiment)
    with right:
        verdict(experiment, asked, weights, None if own else loaded)
    with place:
        source.draw(experiment, weights, room.answer(experiment, lambda: weights))
    with below:
        circuit_of(experiment, asked, weights)


def verdict(experiment: Experiment, asked: Asked, weights: Array, classical: SavedModel | None) -> None:
    """The needle, the sentence, the answers and the picture's journey."""
    expectation = room.expectation(experiment, asked, weights)
    room.verdict(experiment, asked, expectation)
    answers(experiment, asked, expectation, classical)
    room.journey(experiment, asked, "The same picture on its way into the circuit.")


def answers(experiment: Experiment, asked: Asked, expectation: float | None, classical: SavedModel | None) -> None:
    """What each network says, and how often these pixels were trained on. classical: a network from a file."""
    first, second = experiment.digits
    said = partial(in_digits, experiment)
    own = [] if classical is None else [f"{NETWORKS[classical.network].title}, from the file"]
    rows = dict.fromkeys(["QNN says", "Fair network says", *own, "Seen in training"], ("–", "no digit"))
    if asked.pixels is not None and expectation is not None:
        pixels, fair = asked.pixels[None], models.fair_soon(experiment)
        seen = prepare(experiment).kept.count(asked.pixels)
        rows["QNN says"] = str(example.digit(experiment, expectation)), f"⟨Z⟩ = {signed(expectation)}"
        rows["Fair network says"] = ("–", "in training") if fair is None else said(fair.decision_function(pixels)[0])
        if classical is not None:
            rows[own[0]] = said(classical.decide(image_of(experiment, asked)[None])[0])
        rows["Seen in training"] = f"{sum(seen):,}", f"{seen[0]:,} × {first}, {seen[1]:,} × {second}"
    with st.container(horizontal=True, gap="medium", key="answers"):
        for label, (value, detail) in rows.items():
            st.metric(label, value, detail, delta_color="off", delta_arrow="off", width="content")


def in_digits(experiment: Experiment, logit: float) -> tuple[str, str]:
    """The digit that a classical network names, and how sure it is."""
    return str(example.digit(experiment, logit)), sure(logit)


def image_of(experiment: Experiment, asked: Asked) -> Bytes:
    """The image (28, 28); of cells, which have none, each one grown to a square."""
    if asked.image is None and asked.pixels is not None:
        grown: Bytes = np.round(255 * example.enlarged(asked.pixels[None], experiment.grid)[0]).astype(np.uint8)
        return grown
    return np.asarray(asked.image, np.uint8)


def circuit_of(experiment: Experiment, asked: Asked, weights: Array) -> None:
    """The whole circuit with this picture's gates lit."""
    pixels = np.zeros(experiment.grid**2) if asked.pixels is None else asked.pixels
    # A picture that is done sends a signal through the circuit, once.
    drawn = circuit.show(experiment, weights, pixels, key="circuit", signal=crc32(pixels.tobytes()))
    circuit.numbers(drawn)


def to_notice(experiment: Experiment) -> str:
    """What the network can and cannot know of a drawing; of pictures without a double there is nothing to say."""
    if not ENCODINGS[experiment.encoding].makes_bits:
        return "Two drawings with the same small grey picture get the same verdict, however different they look."
    kept, (first, second) = prepare(experiment).kept, experiment.digits
    both = int(np.count_nonzero(np.minimum(kept.first, kept.second)))
    same = "Two drawings with the same bits get the same verdict, however different they look. "
    if not both:
        return f"{same}No bits of the training images belong to both a {first} and a {second}."
    return f"{same}{both:,} sets of bits belong to both a {first} and a {second}: there no network can know."


def sure(logit: float) -> str:
    """How likely a classical network takes its own verdict to be."""
    return f"{100 / (1 + np.exp(-abs(logit))):.0f} % sure"


frame.head("8_draw", "What does the network say about a digit that you draw?")
experiment = controls.panel()
with st.sidebar:
    loaded = saved.upload()
if loaded is not None:
    experiment = loaded.experiment
desk_with_pad(experiment, loaded)
frame.notice(to_notice(experiment))
frame.code(experiment, prepare_drawing, shrink)
frame.end("8_draw")
