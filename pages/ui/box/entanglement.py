"""The third part of page 9: what entanglement does here, and how far one gets without it."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from pages.ui import film, frame
from pages.ui.box import erased, without
from pages.ui.box.parts import Opened
from pages.ui.desk import desk
from qnn_core import Experiment, prepare
from qnn_core.arrays import Array
from qnn_core.figures.inside.readout import bloch_path, entropy_bars
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.inside.flips import RandomFlips
from qnn_core.inside.readout import Entangled, most_entangled, readout_states
from qnn_core.live.films.flips import flips_film
from qnn_core.words import signed

LEAST_WRITTEN = 0.01
"""Less entropy than this, in bits, is only said to be less."""
PLACE = "flips_at"
"""Under this name the desk keeps at which measurement the film rests."""


def section(box: Opened) -> Callable[[], None]:
    """A prediction; the picture whose pixels flip, large; the take-home line. Returns what draws the rest."""
    erased.predict(box)
    if is_cosine(box.experiment.layers):
        _flips(box)
    else:
        _entropies(box)
    _take_home(box)
    return partial(_more, box)


def _more(box: Opened) -> None:
    frame.more(lambda: without.section(box), key="dynamic", label="The same without a two-qubit gate, on Aer")
    frame.more(lambda: _layer_by_layer(box), key="layer_by_layer", label="The readout, layer by layer")
    frame.more(lambda: erased.section(box), key="erased", label="Erase every correlation")
    frame.more(lambda: erased.trained_again(box), key="ablation", label="Train it again without entanglement")


def _flips(box: Opened) -> None:
    """The film of the picture that is measured again and again."""
    made = flips_film(box.experiment, cosine_neuron(box.experiment, box.weights), box.asked.pixels)

    def rest(position: float) -> None:
        desk().choose(PLACE, int(position))

    film.show(made, key="flips_film", at=desk().choices.get(PLACE), on_rest=rest)
    st.caption(
        "Measure every pixel before it turns the readout: each comes out flipped with a chance of its own. "
        "The mean of the cosine over many measurements is ⟨Z⟩."
    )


def _entropies(box: Opened) -> None:
    """Where layers are interleaved no pixel may be measured early; then the entropies are the picture."""
    states = readout_states(box.experiment, box.weights, box.asked.pixels)
    frame.chart(
        entropy_bars([state.entropy for state in states], _names(box.experiment)),
        alt=f"Entropy of the readout: {', '.join(f'{state.entropy:.2f} bits' for state in states)}.",
        caption="How entangled the readout is with the pixels after each layer: 0 is not at all, 1 bit is all.",
        key="entropy",
    )


def _take_home(box: Opened) -> None:
    """Whether these weights entangle anything, and what that is good for."""
    found = _most_entangled(box.experiment, box.weights)
    cosine = is_cosine(box.experiment.layers)
    if found.nothing:
        said = (
            "**These weights never entangle anything.** The readout's entropy is 0 after every layer, for "
            f"each of {found.pictures:,} different test pictures."
        )
    elif cosine:
        flip = RandomFlips.of(cosine_neuron(box.experiment, box.weights), box.asked.pixels).flip(box.asked.pixels)
        said = (
            f"**These weights entangle the readout {_bits(found.entropy)}.** Yet ⟨Z⟩ is only a mean over "
            f"chance: {flip.sum():.1f} of the {len(flip)} pixels come out flipped on average, in this picture."
        )
    else:
        said = (
            f"**These weights entangle the readout {_bits(found.entropy)}.** The pixels are asked more "
            "than once here, so none may be measured before the end."
        )
    frame.notice(said)


def _bits(entropy: float) -> str:
    return f"by up to {entropy:.2f} bits" if entropy >= LEAST_WRITTEN else f"by less than {LEAST_WRITTEN} bits"


@st.cache_data(show_spinner=False, max_entries=200)
def _most_entangled(experiment: Experiment, weights: Array) -> Entangled:
    return most_entangled(experiment, weights, prepare(experiment).test.images)


def _names(experiment: Experiment) -> list[str]:
    return ["start", *(f"{kind} {layer}" for layer, kind in enumerate(experiment.layers, 1))]


def _layer_by_layer(box: Opened) -> None:
    """The readout's arrow after each layer."""
    states = readout_states(box.experiment, box.weights, box.asked.pixels)
    names = _names(box.experiment)
    left, right = st.columns(2)
    with left:
        frame.chart(
            bloch_path(np.array([state.bloch for state in states]), names),
            alt=f"Bloch ball; the readout's arrow ends at X = {signed(states[-1].bloch[0])}.",
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
