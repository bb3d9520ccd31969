"""The network with every correlation erased after every gate: predicted, looked at, and trained again as such."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.ui import jobs, models, opened, strip
from pages.ui.box.parts import Opened
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare, train
from qnn_core.arrays import Array
from qnn_core.circuit import merge
from qnn_core.inside.cosine import is_cosine
from qnn_core.inside.product import product_expectation, train_product
from qnn_core.training.budget import end_name, to_the_end
from qnn_core.training.losses import LOSSES, accuracy
from qnn_core.training.run import Run
from qnn_core.words import signed

ANSWERS = ("it falls by over 0.1", "it falls a little", "it does not fall")
NETWORK, PRODUCT = "network", "product"
PAGE, TITLE = "9_box", "Training with and without entanglement"
WANTED = "ablation_wanted"
"""Under this name the desk keeps which run was to be trained with and without entanglement."""
NOTHING = 1e-9
"""A ⟨Z⟩ that changes by less has not changed."""


class Erased(NamedTuple):
    """Test accuracy, and the largest change of any test picture's ⟨Z⟩: with the gates as drawn, and merged first."""

    network: float
    drawn: float
    merged: float
    moved_drawn: float
    moved_merged: float


@st.cache_data(show_spinner=False, max_entries=200)
def _erased(experiment: Experiment, weights: Array) -> Erased:
    batch = prepare(experiment).test.whole
    full = models.ask(experiment, weights, batch.images)
    drawn, merged = (
        product_expectation(experiment, weights, batch.images, merged=merged) for merged in (False, True)
    )
    return Erased(
        *(accuracy(_settled(f), batch) for f in (full, drawn, merged)),
        *(float(np.abs(f - full).max()) for f in (drawn, merged)),
    )


def _settled(f: Array) -> Array:
    """Without what is rounding: a ⟨Z⟩ of 0 stays 0."""
    return np.where(np.abs(f) < 1e-12, 0.0, f)


def predict(box: Opened) -> None:
    """The prediction, and whether it came true for the weights that the page asks."""
    asked = "Erase every correlation between qubits after every gate. Does the test accuracy fall?"
    choice = opened.predict("entangled", asked, ANSWERS)
    if choice is None:
        return
    found = _erased(box.experiment, box.weights)
    fall = found.network - found.drawn
    opened.verdict_on(choice, ANSWERS[2] if fall < NOTHING else ANSWERS[1] if fall < 0.1 else ANSWERS[0])
    with st.container(horizontal=True):
        st.metric("The network", f"{found.network:.3f}")
        st.metric("Every correlation erased", f"{found.drawn:.3f}")


def section(box: Opened) -> None:
    """What erasing changes, with the gates as drawn and with layers merged first."""
    found = _erased(box.experiment, box.weights)
    merged, _ = merge(box.experiment.layers)
    rows = {"as it is": (found.network, 0.0), "erased after every gate as drawn": (found.drawn, found.moved_drawn)}
    if len(merged) < len(box.experiment.layers):
        rows["erased, neighbouring layers merged first"] = (found.merged, found.moved_merged)
    st.dataframe(
        {
            "network": list(rows),
            "test accuracy": [f"{right:.3f}" for right, _ in rows.values()],
            "⟨Z⟩ changes by up to": [f"{moved:.2f}" if moved > NOTHING else "nothing" for _, moved in rows.values()],
        },
        hide_index=True,
    )
    st.caption(_said(found, merged, box.experiment))


def _said(found: Erased, merged: tuple[str, ...], experiment: Experiment) -> str:
    """Why, for the layers on the page; which sentence is said follows what was computed."""
    if found.moved_drawn < NOTHING:
        return (
            "Every ⟨Z⟩ of every test picture stays, to the last digit. "
            "What the qubits know of each other is never asked for again."
            if is_cosine(experiment.layers)
            else "Every ⟨Z⟩ of every test picture stays with these weights, though the pixels are asked again."
        )
    if len(merged) < len(experiment.layers) and found.moved_merged < NOTHING:
        return (
            f"Erased between the gates as drawn, ⟨Z⟩ changes by up to {found.moved_drawn:.2f}. "
            f"Merged to {', '.join(merged)} the network is the same, but the gates come in another order: "
            "each pixel's gates of one kind directly follow each other. Then every ⟨Z⟩ stays."
        )
    return (
        f"⟨Z⟩ changes by up to {found.moved_drawn:.2f}: a pixel is asked again, and what it remembers is used. "
        "Whether the network needs that, only training again can tell."
    )


def trained_again(box: Opened) -> None:
    """The honest comparison: both networks trained alike, each as what it is."""
    end = to_the_end(box.experiment)
    st.markdown(
        "Weights that were trained with entanglement say little about a network without it. "
        f"Here both are trained: same start, same pictures, same steps, and for both the {LOSSES[end.loss].words}."
    )
    own = desk()
    st.button("Train both", icon=":material/play_arrow:", on_click=own.choose, args=(WANTED, end))
    if own.choices.get(WANTED) != end:
        return
    job = jobs.tasks("ablation", end)
    job.want(visitor(), {NETWORK: (train, (end,)), PRODUCT: (train_product, (end,))})
    strip.strip(job, TITLE, page=PAGE)
    for problem in job.problems(visitor()):
        st.caption(plain(problem))
    found = job.found((NETWORK, PRODUCT))
    if len(found) == 2:
        _compared(end, found[NETWORK], found[PRODUCT])


def _compared(end: Experiment, run: Run, product: Array) -> None:
    """The test accuracy of both."""
    batch = prepare(end).test.whole
    with_it = accuracy(models.ask(end, run.weights, batch.images), batch)
    without = accuracy(product_expectation(end, product, batch.images), batch)
    with st.container(horizontal=True):
        st.metric("With entanglement", f"{with_it:.3f}")
        st.metric(
            "Without, trained as such",
            f"{without:.3f}",
            f"{signed(without - with_it)} without it",
            delta_color="off",
            delta_arrow="off",
        )
    images = round(abs(with_it - without) * batch.total)
    st.caption(
        f"{end_name(end)}. The two differ by {images:,} of {batch.total:,} test pictures, at seed {end.seed}. "
        "Neighbouring layers of one kind were merged first."
    )
