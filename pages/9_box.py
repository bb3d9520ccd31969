"""Page 9: what the network computes, as numbers that a class can follow."""

import streamlit as st

from pages.ui import controls, example, frame, inside, models, opened, turned
from qnn_core import prepare
from qnn_core.figures.circuit.star import overview_svg
from qnn_core.inside.all_pictures import MAX_PIXELS, all_images, has_table
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.inside.product import product_expectation
from qnn_core.words import signed

frame.head("9_box", "What does this circuit really compute?")
experiment = controls.panel("layers")
cosine = is_cosine(experiment.layers)
left, right = st.columns([3, 2])
with right:
    picture = opened.pick_picture(experiment)
    trained = models.choose_weights(experiment)
weights = turned.turned(experiment, trained)
value = float(models.ask(experiment, weights, picture.pixels[None])[0])
verdict = example.digit(experiment, value)
with right, st.container(horizontal=True):
    truth = "" if picture.truth is None else f", it is a {picture.truth}"
    st.metric(
        f"⟨Z⟩ of {picture.name}",
        signed(value),
        f"a {verdict}{truth}",
        delta_color="off",
        delta_arrow="off",
    )
    st.metric("Test accuracy", f"{models.look(experiment, weights)[1]:.3f}")
with left:
    frame.svg(
        overview_svg(experiment),
        alt="The circuit in blocks.",
        caption="The circuit of page 5. What it computes, written down:",
        least_width=420,
    )
if cosine:
    neuron = cosine_neuron(experiment, weights)
    with left:
        inside.formula(experiment, neuron)
    inside.dial(experiment, neuron, picture.pixels)
else:
    inside.paths(experiment, weights, picture.pixels)
turned.section(experiment, trained, picture)
if cosine:
    left, right = st.columns([2, 1])
    with left:
        inside.maps(experiment, neuron)
        inside.loudness(neuron)
    with right:
        inside.one_flip(experiment, weights, picture.pixels, value)
else:
    inside.one_flip(experiment, weights, picture.pixels, value)
if has_table(experiment):
    frame.part(inside.every_image)(experiment, weights, picture.pixels)
else:
    st.caption(f"The map of all pictures is drawn for black and white pictures of up to {MAX_PIXELS} pixels.")
inside.readout(experiment, weights, picture.pixels)
frame.part(inside.without_entanglement)(experiment, weights, prepare(experiment).test)
inside.check(experiment, weights, picture.pixels, value)
frame.notice(
    "One block of this quantum network is one cosine of a weighted sum of pixels, a neuron that fits on a postcard. "
    "Entanglement is not what does the work here: erase it, and every ⟨Z⟩ stays what it is."
    if cosine
    else "Interleaved layers are a sum of cosines, one for each pair of paths: a hidden layer of cosine neurons does "
    "the same. What entanglement adds can be measured: erase it and compare the accuracy."
)
frame.code(experiment, cosine_neuron, all_images, product_expectation)
frame.end("9_box")
