"""Trained networks for the pages, and what they say; contracted, so that an answer takes milliseconds."""

from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import follow, jobs
from pages.ui.desk import desk
from pages.ui.workers import ask as ask_worker
from pages.ui.workers import visitor
from qnn_core import Experiment, InputError, prepare, train
from qnn_core.arrays import Array
from qnn_core.engines import contracted
from qnn_core.experiment import Stage
from qnn_core.inside.scale import SIZES, scale_experiment
from qnn_core.live.slices import train_fair
from qnn_core.shelf import MIB, Shelf
from qnn_core.training.budget import LARGE_END, end_name, end_of, seconds_of, to_the_end
from qnn_core.training.loop import ONLY_AT_THE_END, engine_of, evaluate
from qnn_core.training.run import Run

YOURS, THESE = "Your run", "Trained with these settings"
MOST_SECONDS = 20.0
"""The longest run that a page trains only because somebody chose its weights."""
PATIENCE = 0.1
"""Seconds that a page waits for the fair network before it is shown without; in AppTest, which looks once, longer."""


def look(experiment: Experiment, weights: Array) -> tuple[float, float]:
    """Test loss and accuracy of these weights."""
    return evaluate(contracted(experiment), weights, prepare(experiment).test)


def expectation(experiment: Experiment, weights: Array) -> Array:
    """⟨Z⟩ of every test image, (m,)."""
    test = prepare(experiment).test
    return ask(experiment, weights, test.images)[test.row]


def ask(experiment: Experiment, weights: Array, pixels: Array) -> Array:
    """⟨Z⟩ of some images, given as pixels (m, n) in half-turns."""
    return engine_of(contracted(experiment)).expectation(pixels, weights)


def trained(experiment: Experiment) -> Run:
    """The finished run of an Experiment on the contraction engine. Raises InputError."""
    key = contracted(experiment)
    with _waiting("Training …", key):
        run = MODELS.get(key, lambda: _train(key))
    if isinstance(run, str):
        raise InputError(run)
    return run


def good(experiment: Experiment) -> Experiment:
    """The run of the best network that a page can have in a moment: the pad of the Start page asks it.

    The hinge loss asks for a large ⟨Z⟩ and not for right verdicts (MATHS section 2a); the cross-entropy is fair. But
    on large pictures it does not leave the plateau in the few passes that there are time for.
    """
    loss = "hinge" if end_of(experiment) is LARGE_END else "cross-entropy"
    return to_the_end(experiment).with_(loss=loss)


def largest(experiment: Experiment) -> Experiment:
    """The run on all pixels of an image, with which a class sees that the circuit has no limit there."""
    return scale_experiment(experiment, SIZES[-1], "narrow").with_(loss="hinge")


def is_there(experiment: Experiment) -> bool:
    """Whether `trained` would answer at once."""
    return MODELS.peek(contracted(experiment)) is not None


def weights_of(experiment: Experiment) -> Array | None:
    """The weights that it was trained to, if it has been; from any thread."""
    run = MODELS.peek(contracted(experiment))
    return run.weights if isinstance(run, Run) else None


# Everybody gets the same object, without a copy each time: nobody changes a trained network. They are not kept in
# st.cache_resource, which any visitor can clear.
MODELS = Shelf[Any]("models", 64 * MIB)


def _waiting(words: str, key: Hashable) -> AbstractContextManager[None]:
    """A sign while something is made that is not there yet."""
    return st.spinner(words) if MODELS.peek(key) is None else nullcontext()


def _train(experiment: Experiment) -> Run | str:
    try:
        run: Run = ask_worker(train, experiment, test_every=ONLY_AT_THE_END)
    except InputError as error:
        return str(error)
    for array in (run.initial_weights, run.weights, run.test_expectation):
        array.setflags(write=False)
    return run


def fair(experiment: Experiment) -> Any:
    """The fair network, trained on all images kept; of the settings it knows only the pictures and the seed."""
    key = _fair_key(experiment)
    with _waiting("Training the fair network …", key):
        return MODELS.get(key, lambda: ask_worker(train_fair, key[1]))[0]


def fair_soon(experiment: Experiment) -> Any:
    """The fair network, or None while a worker trains it; the page follows, and is drawn again when it is there."""
    key = _fair_key(experiment)
    if MODELS.peek(key) is not None:
        return fair(experiment)
    job = follow.look(jobs.tasks(*key, what="networks"))
    job.want(visitor(), {key: (train_fair, (key[1],))})
    job.wait_until(lambda: job.complete, PATIENCE)
    trained = job.found([key])
    return MODELS.get(key, lambda: trained[key])[0] if trained else None


def _fair_key(experiment: Experiment) -> tuple[str, Experiment]:
    return "fair", experiment.only(Stage.PICTURE, also=["seed"])


def fair_logits(experiment: Experiment) -> Array:
    """What the fair network says of every test image: logits (m,), positive for the first digit."""
    test = prepare(experiment).test
    logits: Array = fair(experiment).decision_function(test.images)[test.row]
    return logits


def fair_share(experiment: Experiment) -> float:
    """The share of the test images on which the fair network is right."""
    return float(np.mean((fair_logits(experiment) > 0) == (prepare(experiment).test.labels > 0)))


def choose_weights(experiment: Experiment) -> Array:
    """A control for which trained weights to ask: this session's run, or the network trained to the end."""
    run = jobs.peek_run(experiment)
    end = end_name(experiment)
    options = [end, THESE]
    if run is not None and run.state.step:
        options = [YOURS, *options]
    seconds = seconds_of(experiment)
    if seconds > MOST_SECONDS:
        options.remove(THESE)
        st.caption(f"“{THESE}” would take about {seconds:,.0f} s here. Train on page 6; then that run can be chosen.")
    own = desk()
    chosen = own.choices.get("weights", options[0])
    choice = own.draw(
        st.radio,
        "Weights",
        options,
        key="weights",
        value=chosen if chosen in options else options[0],
        keep=lambda new: own.choose("weights", new),
        horizontal=True,
    )
    if choice == YOURS and run is not None:
        step, weights = run.at(desk().position)
        st.caption(f"Your run of page 6, after step {step:,} of {run.steps:,}.")
        return weights
    return trained(to_the_end(experiment) if choice == end else experiment).weights
