"""The parts of page 9: the dial, the maps, all images, the readout's arrow, and the check by Aer."""

import numpy as np
import streamlit as st

from pages.ui import film, frame, models, opened
from pages.ui.desk import desk
from pages.ui.said import plain
from qnn_core import Experiment, InputError, prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import ImageSet
from qnn_core.data.labels import changed
from qnn_core.engines.star import readout_pairs
from qnn_core.figures.data.images import bits
from qnn_core.figures.data.montage import montage
from qnn_core.figures.inside import all_pictures as tables
from qnn_core.figures.inside import cosine as box
from qnn_core.figures.inside.readout import bloch_path, term_bars
from qnn_core.inside.all_pictures import Found, all_images, extremes, flips, image_of, number_of
from qnn_core.inside.cosine import CosineNeuron, cosine_neuron, is_cosine, merged_weights
from qnn_core.inside.paths import hidden_cosines, path_terms
from qnn_core.inside.product import product_expectation
from qnn_core.inside.readout import readout_states
from qnn_core.live.films.dial import dial_film
from qnn_core.training.losses import accuracy
from qnn_core.words import signed

SHOWN_TERMS, SHOWN_IMAGES = 8, 6
ANSWERS = ("it falls by over 0.1", "it falls a little", "it does not fall")


def formula(experiment: Experiment, neuron: CosineNeuron) -> None:
    """The cosine in one line."""
    total = rf"\sum_{{k=1}}^{{{experiment.pixels}}} \alpha_k z_k"
    st.latex(rf"f(x) = -R\,\cos\Bigl({total}\Bigr),\quad R = {neuron.amplitude:.3g}")
    if not ENCODINGS[experiment.encoding].makes_bits:
        st.caption("Grey pixels have an α and an r of their own between ink and paper; the maps show paper's.")


def dial(experiment: Experiment, neuron: CosineNeuron, pixels: np.ndarray) -> None:
    """The film of the hand, pixel by pixel."""
    st.subheader("The dial, pixel by pixel")
    n, own = experiment.pixels, desk()
    made, key = dial_film(neuron, pixels, experiment.digits), f"dial{n}"

    def rest(frame: int) -> None:
        own.choose(key, int(made.positions[frame]))

    film.show(made, key="dial_film", at=own.choices.get(key, n), on_rest=rest)
    st.caption(
        "Every pixel turns the hand by its α, ink one way and paper the other, and shortens it by its r. "
        "The verdict is the side on which the hand stops."
    )


def loudness(neuron: CosineNeuron) -> None:
    """R."""
    frame.chart(
        box.amplitude_gauge(neuron.amplitude),
        alt=f"A bar of length R = {neuron.amplitude:.3g}.",
        caption="**R**, all r multiplied: the largest |⟨Z⟩| of any black and white picture. It changes no verdict.",
        key="amplitude",
    )


def maps(experiment: Experiment, neuron: CosineNeuron) -> None:
    """α and r, side by side."""
    left, right = st.columns(2)
    with left:
        frame.chart(
            box.turn_map(neuron.turn, experiment.grid),
            alt="Map of the turn α of each pixel, in half-turns.",
            caption="**α**: how far each pixel turns the dial, in half-turns. These are the effective weights.",
            key="alpha",
        )
    with right:
        frame.chart(
            box.keep_map(neuron.keep, experiment.grid),
            alt="Map of the length r that the dial keeps at each pixel.",
            caption="**r**: what is left of the hand's length. Where the map is dark, the answer gets faint.",
            key="keep",
        )


def paths(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray) -> None:
    """What interleaved layers are: a sum of cosines, one for each pair of paths."""
    kinds, _ = merged_weights(experiment, weights)
    pairs = readout_pairs(kinds)
    both = 2 * len(pairs.bra) - np.count_nonzero(pairs.bra == pairs.ket)
    cosines = hidden_cosines(experiment, weights)
    st.latex(
        rf"f(x) = \sum_{{p=1}}^{{{len(cosines.size)}}} A_p\,\cos\Bigl(\sum_{{k=1}}^{{{experiment.pixels}}}"
        r"\beta_{pk} z_k - \gamma_p\Bigr)"
    )
    st.markdown(
        f"**These layers are more than one cosine.** The readout takes {2 ** len(kinds):,} paths at once, one sign "
        f"for each of {len(kinds)} layers, and {both:,} pairs of them add something to ⟨Z⟩. A pair and its mirror "
        f"image are one cosine: together a hidden layer of {len(cosines.size):,} cosine neurons, the loudest with "
        f"A = {cosines.size.max():.2g}."
    )
    if not np.isin(pixels, (0, 1)).all():
        st.caption("The single pairs are shown for black and white pictures only.")
        return
    terms = path_terms(experiment, weights, pixels)
    top, rest = terms[:SHOWN_TERMS], sum(term.value for term in terms[SHOWN_TERMS:])
    frame.chart(
        term_bars([f"{term.bra} | {term.ket}" for term in top], [term.value for term in top], rest),
        alt=f"Bars of the {len(top)} largest of {len(terms)} terms.",
        caption=f"The {len(top)} pairs that matter most for this picture; conjugate pairs are drawn as one.",
        key="terms",
    )


def one_flip(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray, now: float) -> None:
    """⟨Z⟩ after inverting each pixel."""
    flipped = flips(experiment, weights, pixels)
    turned = int(np.count_nonzero(changed(np.array(now), flipped)))
    frame.chart(
        box.flip_map(flipped, experiment.grid),
        alt=f"⟨Z⟩ after each of {len(flipped)} flips; {turned} of them change the verdict.",
        caption=f"**Flip one pixel**: ⟨Z⟩ becomes this. {turned} of {len(flipped)} flips change the verdict.",
        key="flips",
    )


def gallery(name: str, found: Found) -> None:
    """Some of all the images, with how often they occur."""
    counts = [
        f"{signed(round(value, 2) + 0.0, '.2f')}, {a + b:,}×"
        for value, a, b in zip(found.value, found.first, found.second, strict=True)
    ]
    frame.chart(
        montage(found.images, counts, 3, height=230),
        alt=f"The {len(counts)} {name} pictures.",
        caption=f"**{name.capitalize()}** of all, with ⟨Z⟩ and how many training images kept look so.",
        key=f"gallery_{name}",
    )


def every_image(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray) -> None:
    """The whole function: histogram, map, extremes."""
    n = experiment.pixels
    st.subheader(f"All {2**n:,} pictures")
    values = all_images(experiment, weights)
    here = int(number_of(pixels[None])[0])
    words, last = "Find a picture by its number", 2**n - 1
    number = desk().choice(st.number_input, words, 0, last, key=f"find{here}_{n}", default=here, width=300)
    image, kept = image_of(np.array([number]), n)[0], prepare(experiment).kept
    marked = divmod(int(number), values.shape[1])
    value, seen = float(values[marked]), kept.count(image)
    first, second = experiment.digits
    st.caption(f"Picture {number:,}: ⟨Z⟩ = {value:+.3f}. In training: {seen[0]:,} × {first}, {seen[1]:,} × {second}.")
    orders = [np.arange(size) for size in values.shape]
    if is_cosine(experiment.layers):
        turn = cosine_neuron(experiment, weights).turn
        orders = [tables.half_order(part) for part in (turn[: n - n // 2], turn[n - n // 2 :])]
    columns = st.columns([1, 2, 2])
    with columns[0]:
        frame.chart(bits(image), alt=f"Picture {number}.", caption=f"Picture {number:,}.", key="found", height=190)
    with columns[1]:
        frame.chart(
            tables.all_map(values, orders[0], orders[1], marked),
            alt=f"Map of ⟨Z⟩ of all {2**n} pictures, one marked.",
            caption="Every point is a picture, ordered by how far its halves turn the dial. One cosine: stripes."
            if is_cosine(experiment.layers)
            else "Every point is a picture. Several paths interfere: the stripes break up.",
            key="map",
        )
    with columns[2]:
        frame.chart(
            tables.all_histogram(values, value),
            alt=f"Histogram of ⟨Z⟩ of all {2**n} pictures.",
            caption="A random picture is nothing to it: only some of these are digits.",
            key="all",
        )
    found = extremes(values, kept, SHOWN_IMAGES)
    titles = {"first": f"most {first}-like", "second": f"most {second}-like", "undecided": "most undecided"}
    for column, (name, title) in zip(st.columns(3), titles.items(), strict=True):
        with column:
            gallery(title, found[name])


def readout(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray) -> None:
    """The readout's arrow after each layer."""
    st.subheader("The readout qubit, layer by layer")
    states = readout_states(experiment, weights, pixels)
    names = ["start", *(f"{kind} {layer}" for layer, kind in enumerate(experiment.layers, 1))]
    left, right = st.columns(2)
    with left:
        frame.chart(
            bloch_path(np.array([state.bloch for state in states]), names),
            alt=f"Bloch ball; the readout's arrow ends at X = {states[-1].bloch[0]:+.3f}.",
            caption="Before the last H the answer lies along X: its end is ⟨Z⟩. A short arrow is an entangled qubit.",
            key="bloch",
        )
    with right:
        st.dataframe(
            {
                "after": names,
                **{letter: [round(float(s.bloch[i]), 3) for s in states] for i, letter in enumerate("XYZ")},
                "purity": [round(s.purity, 3) for s in states],
                "entropy (bits)": [round(s.entropy, 3) for s in states],
            },
            hide_index=True,
        )
        st.caption(
            "Entropy of the readout is its entanglement with the data qubits: 0 is none, 1 bit is all it can have. "
            "Purity 1 is a whole arrow, ½ is none."
        )


def without_entanglement(experiment: Experiment, weights: np.ndarray, test: ImageSet) -> None:
    """The prediction, and the accuracy with product states only."""
    st.subheader("Is entanglement doing the work?")
    asked = "Erase every correlation between the qubits after every gate. What happens to the test accuracy?"
    choice = opened.predict("entangled", asked, ANSWERS)
    if choice is None:
        return
    batch = test.whole
    full, product = (
        accuracy(f, batch)
        for f in (
            models.ask(experiment, weights, batch.images),
            product_expectation(experiment, weights, batch.images),
        )
    )
    right = ANSWERS[2] if product > full - 1e-9 else ANSWERS[1] if product > full - 0.1 else ANSWERS[0]
    opened.verdict_on(choice, right)
    alone = desk().choice(st.toggle, "Product states only", key="product_only", default=True)
    change = f"{signed(product - full)} without entanglement"
    st.metric(
        "Test accuracy",
        f"{product if alone else full:.3f}",
        change if alone else None,
        delta_color="off",
        delta_arrow="off",
    )
    if is_cosine(experiment.layers):
        st.caption(
            "In one block each data qubit is asked once and never again, so what it remembers is never used. "
            "Erase all entanglement and every ⟨Z⟩ stays the same, to the last digit that a computer keeps."
        )
    else:
        st.caption(
            "With more blocks a data qubit is asked again, and what it remembers is used: here entanglement is part "
            "of the function. It is still a function that one laptop computes exactly, at any number of pixels."
        )


def check(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray, value: float) -> None:
    """Ask Aer the same."""
    try:
        aer = opened.aers_answer(experiment, weights, pixels)
    except InputError as refusal:
        st.caption(f"No check by the statevector here: {plain(refusal)}")
        return
    st.success(
        f"Qiskit Aer simulates all {2 ** (experiment.pixels + 1):,} amplitudes of this circuit and says ⟨Z⟩ = "
        f"{aer:+.12f}. The difference is {abs(aer - value):.0e}.",
        icon=":material/verified:",
    )
