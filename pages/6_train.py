"""Page 6: the weights move."""

import streamlit as st

from pages.ui import controls, frame, saved, training
from pages.ui.desk import desk
from qnn_core.training.adam import adam_step
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import advance
from qnn_core.training.losses import hinge

frame.question("Train", "Can the network find weights that tell the two digits apart?")
switches = st.container(horizontal=True, gap="large")
keep = desk().choice(
    switches.toggle,
    "Keep it trained",
    key="keep_trained",
    default=False,
    help="Every change of a setting trains the network again at once, on all images and to the end.",
)
if keep:
    experiment = to_the_end(controls.panel("threshold", "layers", status=False))
    run = training.keep_trained(experiment)
else:
    experiment = controls.panel("engine", "gradient", across=True, status=False)
    with switches:
        run = training.run_of(experiment)
with switches:
    pinned = training.pinned(experiment)
training.watch(run, pinned)
training.keep_branch(run)
saved.download(run, desk().position)
if keep:
    frame.notice(
        "Move the threshold: the network is trained again at once for the new pictures, till the loss falls no more. "
        "The accuracy may have been higher on the way: what training lowers is the loss, and that is not the same."
    )
else:
    frame.notice(
        "At random weights ⟨Z⟩ is almost 0 for every picture, so the loss starts near 1 and its slope is small. "
        "The tutorial stops after so few steps that its accuracy is mostly luck: change the seed and see."
    )
frame.code(experiment, advance, hinge, adam_step)
frame.onward("6_train")
