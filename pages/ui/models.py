"""Trained networks for the pages, and what they say; contracted, so that an answer takes milliseconds."""

from typing import Any

import numpy as np
import streamlit as st

from pages.ui.workers import ask as ask_worker
from qnn_core import ENCODINGS, Experiment, InputError, prepare, train
from qnn_core.arrays import Array
from qnn_core.circuit import merge
from qnn_core.contest.contenders import CONTENDERS, Allowance
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.live.slices import train_fair
from qnn_core.presets import PRESETS
from qnn_core.training.loop import ONLY_AT_THE_END, engine_of, evaluate, total_steps
from qnn_core.training.run import Run

YOURS, THESE = "Your run", "Trained with these settings"
TUTORIAL = Experiment()
BLOCK = len(TUTORIAL.layers)
CONTRACTED = {"engine": "contraction", "gradient": "exact"}
PATIENCE, LEAST_STEPS = 3.0, 20
"""Seconds that a page may wait for a network to be trained, and steps on whole batches that it takes all the same."""
STEP_SECONDS, MOST_SECONDS = 1e-4, 20.0
"""Of a step on no images; and the longest run that a page trains only because somebody chose its weights."""


def contracted(experiment: Experiment) -> Experiment:
    """The same network on the contraction engine, whose numbers are the same to 1e-9."""
    return experiment.with_(**CONTRACTED)


def check(experiment: Experiment) -> None:
    """Whether a page can show it. Raises InputError if the contraction cannot take it, or no pictures are left."""
    prepare(contracted(experiment))


def look(experiment: Experiment, weights: Array) -> tuple[float, float]:
    """Test loss and accuracy of these weights."""
    return evaluate(engine_of(contracted(experiment)), weights, prepare(experiment).test)


def expectation(experiment: Experiment, weights: Array) -> Array:
    """⟨Z⟩ of every test image, (m,)."""
    test = prepare(experiment).test
    return ask(experiment, weights, test.images)[test.row]


def ask(experiment: Experiment, weights: Array, pixels: Array) -> Array:
    """⟨Z⟩ of some images, given as pixels (m, n) in half-turns."""
    return engine_of(contracted(experiment)).expectation(pixels, weights)


def to_the_end(experiment: Experiment) -> Experiment:
    """The same network and pictures, trained on all images until nothing improves any more.

    A network that would take much longer than a class can wait gets fewer steps.
    """
    end, grey = _enough(experiment), not ENCODINGS[experiment.encoding].makes_bits
    longest = contracted(experiment).with_(
        examples=end.examples, batch_size=end.batch_size, learning_rate=end.learning_rate
    )
    if grey or len(merge(experiment.layers)[0]) <= BLOCK or experiment.grid > TUTORIAL.grid:
        # One block reaches the same optimum from every narrow start; more would stay with that optimum.
        longest = longest.with_(start=PRESETS["to-the-end"].experiment.start)
    train_set, whole = prepare(longest).train, end.batch_size is None
    epoch = seconds_per_image(longest) * len(train_set.images if whole else train_set)
    return longest.with_(epochs=int(np.clip(PATIENCE // epoch, LEAST_STEPS if whole else 1, end.epochs)))


def _enough(experiment: Experiment) -> Allowance:
    """What changes the loss no more, as in the comparison. Grey pictures differ in thousands: they go in batches."""
    bits = ENCODINGS[experiment.encoding].makes_bits
    return CONTENDERS["qnn-32" if bits else "qnn-grey"].allowances["convergence"]


def end_name(experiment: Experiment) -> str:
    """What to call the network of `to_the_end`: honest if it had to stop early."""
    end = to_the_end(experiment)
    if end.epochs == _enough(experiment).epochs:
        return "Trained to the end"
    return f"Trained {end.epochs:,} {'steps' if end.batch_size is None else 'passes'} on all images"


def trained(experiment: Experiment) -> Run:
    """The finished run of an Experiment on the contraction engine. Raises InputError."""
    run = _trained(contracted(experiment))
    if isinstance(run, str):
        raise InputError(run)
    return run


# Both caches hand out the same object to everybody, without a copy each time: nobody changes a trained network.
@st.cache_resource(show_spinner="Training …", max_entries=200)
def _trained(experiment: Experiment) -> Run | str:
    try:
        run: Run = ask_worker(train, experiment, test_every=ONLY_AT_THE_END)
    except InputError as error:
        return str(error)
    for array in (run.initial_weights, run.weights, run.test_expectation):
        array.setflags(write=False)
    return run


FAIR_IGNORES = Experiment().model_dump(
    include={"layers", "examples", "epochs", "batch_size", "learning_rate", "start", "shuffle", "gradient"}
) | {"engine": "contraction"}
"""Settings that do not change the fair network, at their defaults, so that it is not trained again for them."""


def fair(experiment: Experiment) -> Any:
    """The fair network, trained on all images kept."""
    return _fair(experiment.with_(**FAIR_IGNORES))[0]


@st.cache_resource(show_spinner="Training the fair network …", max_entries=200)
def _fair(experiment: Experiment) -> tuple[Any, float]:
    return ask_worker(train_fair, experiment)


def seconds_of(experiment: Experiment) -> float:
    """About how long a whole run takes on the contraction engine."""
    train_set = prepare(experiment).train
    images = min(experiment.batch_size or len(train_set), len(train_set.images))
    return total_steps(experiment) * (STEP_SECONDS + images * seconds_per_image(experiment))


def choose_weights(experiment: Experiment) -> Array:
    """A control for which trained weights to ask: this session's run, or the network trained to the end."""
    run = st.session_state.get("runs", {}).get(experiment)
    end = end_name(experiment)
    options = [end, THESE]
    if run is not None and run.state.step:
        options = [YOURS, *options]
    seconds = seconds_of(experiment)
    if seconds > MOST_SECONDS:
        options.remove(THESE)
        st.caption(f"“{THESE}” would take about {seconds:,.0f} s here. Train on page 6; then that run can be chosen.")
    choice = st.radio("Weights", options, key=f"weights {YOURS in options} {THESE in options}", horizontal=True)
    if choice == YOURS and run is not None:
        st.caption(f"Your run of page 6, after step {run.state.step:,} of {run.steps:,}.")
        return run.state.weights
    return trained(to_the_end(experiment) if choice == end else experiment).weights
