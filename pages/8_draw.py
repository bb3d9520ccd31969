"""Page 8: a digit drawn in the room."""

import numpy as np
import streamlit as st

from pages.ui import controls, example, frame, models, pad, saved
from qnn_core import Experiment, InputError, prepare
from qnn_core.data.dataset import pair_of
from qnn_core.data.drawing import prepare_drawing
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import shrink
from qnn_core.figures.circuit.star import star_svg
from qnn_core.figures.data.journey import journey_svg
from qnn_core.figures.training.gauge import gauge_svg
from qnn_core.model_file import NETWORKS, SavedModel
from qnn_core.words import signed


def drawn_or_example(experiment: Experiment, ink: np.ndarray | None) -> np.ndarray | None:
    """The drawing as MNIST would have it, or the lesson's picture while there is none; None if it is no digit."""
    if ink is not None:
        try:
            image = prepare_drawing(ink).image
        except InputError as problem:
            st.warning(str(problem), icon=":material/draw:")
            return None
        st.caption("Your drawing, cropped, shrunk and centred as MNIST's digits were.")
        return image
    number = min(int(st.session_state.get("picture", 0)), len(pair_of(experiment).train_images) - 1)
    st.caption(f"No drawing yet: training picture {number:,} stands in for it.")
    return example.image(experiment, number)


# A fragment, so that a stroke redraws only what depends on the drawing.
@st.fragment
def room(experiment: Experiment, loaded: SavedModel | None) -> None:
    """The canvas, and everything that is said about what is on it."""
    first, second = experiment.digits
    left, right = st.columns([2, 3])
    below = st.container()
    with left:
        st.markdown(f"Draw a **{first}** or a **{second}**, as large as you like.")
        ink = pad.pad()
    with right:
        with st.container():  # a place that stays, so that nothing below it moves
            image = drawn_or_example(experiment, ink)
        verdicts, dial, pictures = (st.container() for _ in range(3))
    if image is None:
        return
    grey = shrink(image[None], experiment.grid, experiment.resample)
    pixels = ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)
    given = loaded.weights if loaded is not None and loaded.network == "qnn" else None
    with below:
        weights = models.choose_weights(experiment) if given is None else given
    expectation = float(models.ask(experiment, weights, pixels)[0])
    with verdicts:
        classical = loaded if given is None else None
        extra = (classical, float(classical.decide(image[None])[0])) if classical is not None else None
        both_verdicts(experiment, expectation, pixels, extra)
    # Drawn as SVG, which takes no time: a stroke should have its verdict at once.
    with dial:
        frame.svg(
            gauge_svg(expectation, experiment.digits),
            alt=f"The expectation value is {expectation:+.3f}.",
            caption=f"Right of 0 is a {first}, left of 0 a {second}. Near 0 the network hardly knows.",
            most_width=480,
        )
    with pictures:
        frame.svg(
            journey_svg(image, grey[0], pixels[0]),
            alt=f"The drawing at 28×28, shrunk to {experiment.grid}×{experiment.grid}, and as the qubits hold it.",
            caption="The same drawing on its way into the circuit.",
        )
    encoding = ENCODINGS[experiment.encoding]
    frame.svg(
        star_svg(experiment, pixels=pixels[0], weights=weights),
        alt=f"The circuit with the gates of this drawing lit: {int((pixels > 0).sum())} {encoding.gate} gates.",
        caption="Lit on the left: the gates that your drawing sets. The coloured gates are the weights; they stay.",
        least_width=min(840, 420 * len(experiment.layers)),
    )


def both_verdicts(
    experiment: Experiment, expectation: float, pixels: np.ndarray, extra: tuple[SavedModel, float] | None
) -> None:
    """What each network says, and how often these bits were trained on.

    pixels: (1, n). extra: a classical network from a file, and its logit.
    """
    first, second = experiment.digits
    logit = float(models.fair(experiment).decision_function(pixels)[0])
    seen = prepare(experiment).kept.count(pixels[0])
    answers = [
        ("QNN says", f"{example.digit(experiment, expectation)}", f"⟨Z⟩ = {signed(expectation)}"),
        ("Fair network says", f"{example.digit(experiment, logit)}", sure(logit)),
        ("Seen in training", f"{sum(seen):,}", f"{seen[0]:,} × {first}, {seen[1]:,} × {second}"),
    ]
    if extra is not None:
        title = f"{NETWORKS[extra[0].network].title}, from the file"
        answers.insert(2, (title, f"{example.digit(experiment, extra[1])}", sure(extra[1])))
    with st.container(horizontal=True, gap="medium"):
        for label, value, detail in answers:
            st.metric(label, value, detail, delta_color="off", delta_arrow="off", width="content")


def sure(logit: float) -> str:
    """How likely a classical network takes its own verdict to be."""
    return f"{100 / (1 + np.exp(-abs(logit))):.0f} % sure"


frame.question("Draw", "What does the network say about a digit that you draw?")
experiment = controls.panel()
with st.sidebar:
    loaded = saved.upload()
if loaded is not None:
    experiment = loaded.experiment
room(experiment, loaded)
frame.notice(
    "Two drawings with the same bits get the same verdict, however different they look. "
    "If these bits belong to both digits in the training images, no network can know."
)
frame.code(experiment, prepare_drawing, shrink)
frame.onward("8_draw")
