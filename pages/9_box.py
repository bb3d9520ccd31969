"""Page 9: what the network computes, in three steps: the clock hand, all pictures, entanglement."""

import streamlit as st

from pages.ui import controls, frame
from pages.ui.box import entanglement, hand, parts, pictures
from qnn_core.inside.all_pictures import all_images
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.flips import RandomFlips
from qnn_core.inside.product import ProductEngine

PARTS = {
    parts.HAND: (hand.section, (cosine_neuron,)),
    parts.PICTURES: (pictures.section, (all_images,)),
    parts.ENTANGLEMENT: (entanglement.section, (RandomFlips, ProductEngine)),
}

frame.head("9_box", "What does this circuit really compute?")
experiment = controls.panel()
part = parts.choose(experiment)
section, code = PARTS[part]
# The picture comes first, and what it shows is chosen below it.
place = st.container()
box = parts.open_box(experiment, part)
with place:
    show_more = section(box)
show_more()
frame.code(experiment, *code)
frame.end("9_box")
