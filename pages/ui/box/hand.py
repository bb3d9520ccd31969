"""The first part of page 9: the dial that a picture turns, or the paths of interleaved layers; and what is behind."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from pages.ui import circuit, film, frame, opened, turned
from pages.ui.box.parts import Opened
from pages.ui.desk import desk
from pages.ui.opened import Asked
from pages.ui.said import plain
from qnn_core import Experiment, InputError
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.labels import changed, digit_of
from qnn_core.engines.star import readout_pairs
from qnn_core.figures.inside import cosine as maps
from qnn_core.figures.inside.readout import term_bars
from qnn_core.inside.all_pictures import flips
from qnn_core.inside.cosine import CosineNeuron, cosine_neuron, is_cosine, merged_weights
from qnn_core.inside.paths import HiddenCosines, hidden_cosines, path_terms
from qnn_core.live.films.dial import dial_film
from qnn_core.words import rough, signed

SHOWN_TERMS = 8
NOTHING = 1e-9
"""A pixel that moves the hand's tip by less to the side does not turn it."""


def section(box: Opened) -> Callable[[], None]:
    """The hand or the paths, large, and the take-home line. Returns what draws the rest."""
    if is_cosine(box.experiment.layers):
        _hand(box)
    else:
        _paths(box)
    return partial(_more, box)


def _more(box: Opened) -> None:
    _gates(box)
    frame.more(lambda: _each_pixel(box), key="each_pixel", label="What each pixel does")
    frame.more(lambda: _one_weight(box), key="one_weight", label="Turn one weight")
    frame.more(lambda: _check(box), key="aer_check", label="Check it with Qiskit Aer")


def _hand(box: Opened) -> None:
    experiment = box.experiment
    neuron = cosine_neuron(experiment, box.weights)
    _dial(experiment, neuron, box.asked)
    frame.notice(
        f"**This whole block is one clock hand.** {_who_turns(experiment, neuron)}; "
        f"the side on which it stops is the verdict, here a {digit_of(experiment.digits, box.value)}."
    )
    total = rf"\sum_{{k=1}}^{{{experiment.pixels}}} \alpha_k z_k"
    st.latex(rf"f(x) = -R\,\cos\Bigl({total}\Bigr),\quad R = {neuron.amplitude:.3g}")
    if not ENCODINGS[experiment.encoding].makes_bits:
        st.caption("Grey pixels have an α and an r of their own between ink and paper; the maps show paper's.")


def _who_turns(experiment: Experiment, neuron: CosineNeuron) -> str:
    """For how many of the pixels it matters to the hand what they show."""
    # Ink turns back what paper turns; so what matters is whether paper turns the hand to a side, or a grey does.
    shown = (0.0,) if ENCODINGS[experiment.encoding].makes_bits else (0.0, 0.5)
    aside = np.abs(neuron.factors(np.outer(shown, np.ones(experiment.pixels))).imag).max(axis=0)
    turning, n = int(np.count_nonzero(aside > NOTHING)), experiment.pixels
    if turning == n:
        return "Every pixel turns it"
    return f"{turning or 'None'} of {n:,} pixels decide how far it turns"


def _dial(experiment: Experiment, neuron: CosineNeuron, asked: Asked) -> None:
    """The film of the hand, pixel by pixel."""
    n, own = experiment.pixels, desk()
    truth = asked.label(experiment.digits)
    made, key = dial_film(neuron, asked.pixels, experiment.digits, truth=truth), f"dial{n}"

    def rest(position: float) -> None:
        own.choose(key, int(position))

    film.show(made, key="dial_film", at=own.choices.get(key, n), on_rest=rest)
    st.caption("Ink turns the hand one way by its α, paper the other. The pixel's r is what is left of its length.")


def _gates(box: Opened) -> None:
    """The circuit that is opened here, with the same picture in it."""
    st.subheader("The same, gate by gate", anchor=False)
    st.caption("Point at a pixel, or tap it: its wire and its gates light up, and what they do to the readout.")
    truth = box.asked.label(box.experiment.digits)
    circuit.numbers(circuit.show(box.experiment, box.weights, box.asked.pixels, key="circuit", truth=truth))


def _paths(box: Opened) -> None:
    """What interleaved layers are: a sum of cosines, one for each pair of paths."""
    experiment, pixels = box.experiment, box.asked.pixels
    cosines = hidden_cosines(experiment, box.weights)
    if np.isin(pixels, (0, 1)).all():
        terms = path_terms(experiment, box.weights, pixels)
        top, rest = terms[:SHOWN_TERMS], sum(term.value for term in terms[SHOWN_TERMS:])
        frame.chart(
            term_bars([f"{term.bra} | {term.ket}" for term in top], [term.value for term in top], rest),
            alt=f"Bars of the {len(top)} largest of {len(terms)} terms.",
            caption=f"The {len(top)} pairs of paths that matter most here; conjugate pairs are drawn as one.",
            key="terms",
        )
    else:
        st.caption("The single pairs are shown for black and white pictures only.")
    frame.notice(
        f"**These layers are more than one cosine.** They are a hidden layer of {len(cosines.size):,} cosines; "
        f"their sum is the verdict, here a {digit_of(experiment.digits, box.value)}."
    )
    _formula(experiment, cosines)


def _formula(experiment: Experiment, cosines: HiddenCosines) -> None:
    """The sum of cosines, and where it comes from."""
    kinds = merged_weights(experiment, np.zeros((len(experiment.layers), experiment.pixels)))[0]
    pairs = readout_pairs(kinds)
    both = 2 * len(pairs.bra) - np.count_nonzero(pairs.bra == pairs.ket)
    st.latex(
        rf"f(x) = \sum_{{p=1}}^{{{len(cosines.size)}}} A_p\,\cos\Bigl(\sum_{{k=1}}^{{{experiment.pixels}}}"
        r"\beta_{pk} z_k - \gamma_p\Bigr)"
    )
    st.caption(
        f"The readout takes {2 ** len(kinds):,} paths at once, one sign for each of {len(kinds)} layers. "
        f"{both:,} pairs of them add something to ⟨Z⟩. A pair and its mirror image are one cosine. "
        f"The loudest has A = {cosines.size.max():.2g}."
    )


def _each_pixel(box: Opened) -> None:
    """The maps of α and r, the largest answer R, and every single flip."""
    if not is_cosine(box.experiment.layers):
        _one_flip(box)
        return
    neuron = cosine_neuron(box.experiment, box.weights)
    left, middle, right = st.columns(3)
    with left:
        _turns(box.experiment, neuron)
    with middle:
        _kept(box.experiment, neuron)
    with right:
        _one_flip(box)


def _turns(experiment: Experiment, neuron: CosineNeuron) -> None:
    frame.chart(
        maps.turn_map(neuron.turn, experiment.grid),
        alt="Map of the turn α of each pixel, in half-turns.",
        caption="**α**: how far each pixel turns the hand, in half-turns. These are the effective weights.",
        key="alpha",
    )


def _kept(experiment: Experiment, neuron: CosineNeuron) -> None:
    frame.chart(
        maps.keep_map(neuron.keep, experiment.grid),
        alt="Map of the length r that the hand keeps at each pixel.",
        caption="**r**: what is left of the hand's length. Where the map is dark, the answer gets faint.",
        key="keep",
    )
    frame.chart(
        maps.amplitude_gauge(neuron.amplitude),
        alt=f"A bar of length R = {neuron.amplitude:.3g}.",
        caption="**R**, all r multiplied: no black and white picture has a larger |⟨Z⟩|. It changes no verdict.",
        key="amplitude",
    )


def _one_flip(box: Opened) -> None:
    """⟨Z⟩ after inverting each pixel."""
    experiment = box.experiment
    flipped = flips(experiment, box.weights, box.asked.pixels)
    turned_over = int(np.count_nonzero(changed(np.array(box.value), flipped)))
    frame.chart(
        maps.flip_map(flipped, experiment.grid),
        alt=f"⟨Z⟩ after each of {len(flipped)} flips; {turned_over} of them change the verdict.",
        caption=f"**Flip one pixel**: ⟨Z⟩ becomes this. The verdict changes at {turned_over} of {len(flipped)}.",
        key="flips",
    )


def _one_weight(box: Opened) -> None:
    turned.section(box.experiment, box.trained, box.asked)


def _check(box: Opened) -> None:
    """Ask Aer the same."""
    try:
        aer = opened.aers_answer(box.experiment, box.weights, box.asked.pixels)
    except InputError as refusal:
        st.caption(f"No check by the statevector here: {plain(refusal)}")
        return
    st.success(
        f"Qiskit Aer simulates all {2 ** (box.experiment.pixels + 1):,} amplitudes of this circuit and says ⟨Z⟩ = "
        f"{signed(aer, '.12f')}. The difference is {rough(abs(aer - box.value))}.",
        icon=":material/verified:",
    )
