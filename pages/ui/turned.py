"""One weight of the network turned by hand: a film of it, and the weights that the rest of page 9 then asks."""

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.ui import film
from pages.ui.desk import desk
from pages.ui.opened import Asked
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.circuit import pixel_name
from qnn_core.inside.cosine import merged_weights
from qnn_core.inside.one_weight import NOTHING, with_weight
from qnn_core.live.film import Film
from qnn_core.live.films.weight import ACCURACY, PICTURE, weight_film
from qnn_core.words import signed

PIXEL, GATE, UNDONE = "turned_pixel", "turned_gate", "turned_back"
"""Under these names the desk keeps whose gates are turned, which of them is shown, and how often it was undone."""

# A film belongs to its settings and is never changed; everybody may have the same one.
_film = st.cache_resource(show_spinner=False, max_entries=50)(weight_film)


def turned(experiment: Experiment, trained: Array) -> Array:
    """The weights, half-turns (layers, n), with the chosen pixel's gates as they were turned by hand."""
    weights, pixel = trained.copy(), _pixel(experiment)
    for layer in range(len(experiment.layers)):
        weights[layer, pixel] = desk().choices.get(_key(trained, layer, pixel), trained[layer, pixel])
    return weights


def section(experiment: Experiment, trained: Array, asked: Asked) -> None:
    """Choose a gate and turn its weight; where it comes to rest the whole page asks that weight."""
    st.subheader("Turn one weight", anchor=False)
    layer, pixel = _choose(experiment, trained)
    weights = turned(experiment, trained)
    rest_as_trained = with_weight(weights, layer, pixel, trained[layer, pixel])
    truth = asked.label(experiment.digits)
    made = _film(experiment, rest_as_trained, layer, pixel, asked.pixels, truth=truth)
    # Under another name it is a new film to the player, which then begins it where it rests.
    made = replace(made, name=f"{made.name} {desk().choices.get(UNDONE, 0)}")

    def rest(position: float) -> None:
        key = _key(trained, layer, pixel)
        if made.rest is not None and position == made.positions[made.rest]:  # then it stays exactly as it was trained
            desk().choices.pop(key, None)
        else:
            desk().choose(key, position)

    film.show(made, key="weight_film", at=desk().choices.get(_key(trained, layer, pixel)), on_rest=rest)
    st.caption(f"{_said(made)} Where the weight comes to rest, the whole page follows.")
    kinds, summed = merged_weights(experiment, weights)
    if len(kinds) < len(experiment.layers):
        parts = [f"{kind}: {signed(total)}" for kind, total in zip(kinds, summed[:, pixel], strict=True)]
        st.markdown(f"Gates of one kind side by side are **one gate with the sum**: {', '.join(parts)}.")


def _choose(experiment: Experiment, trained: Array) -> tuple[int, int]:
    """Controls for layer and pixel, and a way back to what was trained."""
    own, layers = desk(), len(experiment.layers)
    names = [pixel_name(k, experiment.grid) for k in range(experiment.pixels)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pixel: int = own.draw(
            st.selectbox,
            "Pixel",
            range(experiment.pixels),
            key=PIXEL,
            value=_pixel(experiment),
            keep=lambda chosen: own.choose(PIXEL, chosen),
            format_func=lambda k: names[k],
            width=140,
        )
        layer: int = own.draw(
            st.segmented_control,
            "Gate",
            range(layers),
            key=GATE,
            value=min(own.choices.get(GATE, layers - 1), layers - 1),
            keep=lambda chosen: own.choose(GATE, chosen),
            format_func=lambda layer: f"{experiment.layers[layer]} of layer {layer + 1}",
            required=True,
        )
        keys = [_key(trained, number, pixel) for number in range(layers)]
        st.button(
            "Back to the trained weights",
            icon=":material/undo:",
            on_click=_undo,
            args=(keys,),
            disabled=not any(key in own.choices for key in keys),
        )
    return layer, pixel


def _undo(keys: list[str]) -> None:
    own = desk()
    for key in keys:
        own.choices.pop(key, None)
    own.choose(UNDONE, own.choices.get(UNDONE, 0) + 1)


def _said(made: Film) -> str:
    """What a whole turn of the gate does."""
    table = made.table()
    reach, own = (np.array(table[name], float) for name in (ACCURACY, PICTURE))
    low, high = reach.min(), reach.max()
    kept = "leaves the test accuracy as it is"
    moves = f"moves the test accuracy between {low:.3f} and {high:.3f}" if low < high else kept
    if np.ptp(own) < NOTHING:
        return f"This picture's ⟨Z⟩ does not depend on this weight. Turning it {moves}."
    return f"Turn the gate all the way round and ⟨Z⟩ goes up once and down once: **a sine**. The turn {moves}."


def _pixel(experiment: Experiment) -> int:
    """Whose gates are turned; at first one in the middle."""
    middle = experiment.pixels // 2 + experiment.grid // 2
    chosen: int = desk().choices.get(PIXEL, middle)
    return min(chosen, experiment.pixels - 1)


def _key(trained: Array, layer: int, pixel: int) -> str:
    """Under this name the desk keeps where a weight of this network was turned to."""
    return f"turn{layer}_{pixel}_{hash(trained.tobytes())}"
