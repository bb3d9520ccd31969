"""How strong the noise of page 11 is, and what it does; where that takes long, the workers compute it bit by bit."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.ui import film, jobs, models, opened, strip
from pages.ui.desk import desk
from pages.ui.opened import Asked
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment, InputError, prepare
from qnn_core.arrays import Array
from qnn_core.data.labels import changed
from qnn_core.experiment import Stage
from qnn_core.live.films.common import name_of
from qnn_core.live.films.noise import coarse_to_fine, noise_film, products, strengths, under_noise
from qnn_core.live.job import Task
from qnn_core.machine.channels import CHANNELS
from qnn_core.machine.noise import MAX_LAYERS, Noise, noisy_expectation, only_shrinks

STRENGTH, USUAL = "gate_noise", 0.01
"""Under this name the desk keeps where the film of the noise rests; and where it rests first."""
PAGE, TITLE = "11_noise", "Noise"
AT_ONCE = 3e5
"""Products for one strength: up to here a page computes all of them in less than 0.3 s."""
ASKED, TWO_PERCENT = "depolarising", 0.02
"""The noise that the prediction is about."""
ANSWERS = ("most verdicts flip", "a few verdicts flip", "no verdict flips")
VISIBLE = 1e-4
"""A smaller factor than this takes over 10⁸ times as many shots."""


class Followed(NamedTuple):
    """What is known by now. values, own: strength → ⟨Z⟩ of the distinct test images, of the picture asked about.

    asked: ⟨Z⟩ of the distinct test images under the noise that the prediction is about, or None.
    """

    values: Mapping[float, Array]
    own: Mapping[float, float]
    asked: Array | None


def refusal(experiment: Experiment) -> str | None:
    """Why no gate noise can be followed through this network; None if it can."""
    if len(experiment.layers) > MAX_LAYERS:
        return f"Gate noise is followed for up to {MAX_LAYERS} layers; here only readout error and shots act."
    try:
        strengths(experiment)
    except InputError as problem:
        return f"{problem} Until then only readout error and shots act."
    return None


def strength(experiment: Experiment) -> float:
    """The strength at which the film rests, one of those that it has."""
    kept = desk().choices.get(STRENGTH, USUAL)
    return min(strengths(experiment), key=lambda known: abs(known - kept))


def follow_noise(experiment: Experiment, weights: Array, noise: Noise, pixels: Array) -> Followed:
    """Noise of every strength through the circuit: at once, or bit by bit by the workers, nearest first.

    pixels: of the picture asked about, (n,).
    """
    test = prepare(experiment).test.images
    same = np.flatnonzero((test == pixels).all(axis=1))
    if products(experiment) > AT_ONCE:
        found = _by_workers(experiment, weights, noise, None if len(same) else pixels)
    else:
        values, asked = _at_once(experiment, weights, noise.channel)
        found = Followed(values, {} if len(same) else _alone(experiment, weights, noise.channel, pixels), asked)
    if not len(same):
        return found
    return found._replace(own={each: float(of_all[same[0]]) for each, of_all in found.values.items()})


@st.cache_data(show_spinner=False, max_entries=200)
def _at_once(experiment: Experiment, weights: Array, channel: str) -> tuple[dict[float, Array], Array]:
    values = {each: under_noise(experiment, weights, channel, each) for each in strengths(experiment)}
    return values, under_noise(experiment, weights, ASKED, TWO_PERCENT)


@st.cache_data(show_spinner=False, max_entries=200)
def _alone(experiment: Experiment, weights: Array, channel: str, pixels: Array) -> dict[float, float]:
    one = pixels[None]
    return {
        each: float(noisy_expectation(experiment, weights, one, Noise(channel, each))[0])
        for each in strengths(experiment)
    }


def _by_workers(experiment: Experiment, weights: Array, noise: Noise, alone: Array | None) -> Followed:
    """What the workers have found by now. alone: a picture that is none of the test images."""
    settings = experiment.only(Stage.PICTURE, Stage.NETWORK)
    job = jobs.tasks("noise", name_of(settings, weights), what="steps")
    every = coarse_to_fine(strengths(experiment), noise.gate)
    images = {each: (noise.channel, each) for each in every}
    picture = {} if alone is None else {each: (noise.channel, each, alone.tobytes()) for each in every}
    asked = (ASKED, TWO_PERCENT)
    tasks: dict[tuple[object, ...], Task] = {}
    for each in every:
        tasks[images[each]] = (under_noise, (settings, weights, noise.channel, each))
        if alone is not None:
            tasks[picture[each]] = (noisy_expectation, (settings, weights, alone[None], Noise(noise.channel, each)))
        if not each:  # the film begins with the strength chosen and none; then comes what was predicted
            tasks.setdefault(asked, (under_noise, (settings, weights, *asked)))
    job.want(visitor(), tasks)
    strip.strip(job, TITLE, page=PAGE)
    for problem in job.problems(visitor()):
        st.caption(plain(problem))
    found = job.found(tasks)
    values = {each: found[key] for each, key in images.items() if key in found}
    own = {each: float(found[key][0]) for each, key in picture.items() if key in found}
    return Followed(values, own, found.get(asked))


def section(experiment: Experiment, weights: Array, noise: Noise, shots: int, asked: Asked) -> float | None:
    """The film of the strength; after a prediction also what becomes of the verdicts.

    Returns ⟨Z⟩ of the picture asked about under this noise, or None if it is still being computed.
    """
    st.subheader("Does noise change the verdicts?")
    choice = opened.predict("noise", _question(weights), ANSWERS)
    watched = st.container()
    found = follow_noise(experiment, weights, noise, asked.pixels)
    if not {0.0, noise.gate} <= found.values.keys() & found.own.keys():
        watched.info("The workers follow the noise through the circuit; the film begins with the first answers.")
        return None
    with watched:
        _film(experiment, weights, noise, shots, asked, found, verdicts=choice is not None)
    if choice is not None and found.asked is not None:
        _judge(experiment, weights, choice, found.asked)
        _said(experiment, weights, noise, found)
    return noise.readout_factor * found.own[noise.gate]


def _film(
    experiment: Experiment,
    weights: Array,
    noise: Noise,
    shots: int,
    asked: Asked,
    found: Followed,
    *,
    verdicts: bool,
) -> None:
    made = noise_film(
        experiment,
        weights,
        noise,
        found.values,
        own=found.own,
        picture=asked.pixels,
        truth=asked.label(experiment.digits),
        shots=shots,
        verdicts=verdicts,
    )

    def rest(frame: int) -> None:
        desk().choose(STRENGTH, sorted(found.values.keys() & found.own.keys())[frame])

    film.show(made, key="noise_film", at=100 * noise.gate, on_rest=rest)


def _question(weights: Array) -> str:
    name = f"{CHANNELS[ASKED].title} noise of {100 * TWO_PERCENT:g} %"
    return f"{name} after each of the {weights.size} gates, many shots:"


def _judge(experiment: Experiment, weights: Array, choice: str, two: Array) -> None:
    """The prediction against what the noise of two percent does."""
    test = prepare(experiment).test
    share = np.mean(changed(models.ask(experiment, weights, test.images), two)[test.row])
    opened.verdict_on(choice, ANSWERS[0] if share > 0.5 else ANSWERS[1] if share > 0 else ANSWERS[2])


def _said(experiment: Experiment, weights: Array, noise: Noise, found: Followed) -> None:
    """What the noise of this strength does to the verdicts, and why."""
    test, clean = prepare(experiment).test, models.ask(experiment, weights, prepare(experiment).test.images)
    now = noise.readout_factor * found.values[noise.gate]
    flipped = int(changed(clean, now)[test.row].sum())
    st.caption(
        f"At p = {100 * noise.gate:g} % and {100 * noise.readout:g} % readout error {flipped:,} of {len(test):,} "
        "test verdicts flip, however many shots."
    )
    factor, kept = (one.shrink_factor(weights.size) for one in (Noise(ASKED, TWO_PERCENT), noise))
    shrinks = factor and found.asked is not None and only_shrinks(clean, found.asked, factor)
    if noise.channel == ASKED and kept is not None and shrinks:
        price = (
            f"It costs shots: about {kept**-2:,.3g} times as many."
            if abs(kept) > VISIBLE
            else "No number of shots that anybody could wait for would show what is left."
        )
        st.markdown(
            "**Depolarising noise never flips a verdict of this network**, as long as p is below 94 % and the "
            "readout error below 50 %: they multiply every ⟨Z⟩ by "
            f"(1 − 2e)·(1 − 16p/15)^{weights.size} = {kept:.3g}. {price}"
        )
    elif noise.channel == "amplitude-damping":
        st.markdown(
            "**Amplitude damping is different**: it pulls every qubit towards 0, which is paper, so pictures with "
            "much ink suffer most, and verdicts can flip."
        )
