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
from qnn_core.live.films.noise import (
    STRONGEST,
    WEAK,
    coarse_to_fine,
    noise_film,
    products,
    strengths,
    under_noise,
)
from qnn_core.live.job import Task
from qnn_core.machine.channels import CHANNELS
from qnn_core.machine.noise import MAX_LAYERS, Noise, noisy_expectation, only_shrinks
from qnn_core.words import three_digits

STRENGTH = "gate_noise"
"""Under this name the desk keeps where the film of the noise rests."""
REACH = {"0 to 10 %": WEAK, "0 to 100 %": STRONGEST}
"""How far the film goes."""
PAGE, TITLE = "11_noise", "Noise"
AT_ONCE = 3e5
"""Products for one strength: up to here a page computes all of them in less than 0.3 s."""
ASKED, TWO_PERCENT = "depolarising", 0.02
"""The noise that the prediction is about, and at which the film rests first."""
ANSWERS = ("most verdicts flip", "a few verdicts flip", "no verdict flips")
VISIBLE = 1e-4
"""A smaller factor than this takes over 10⁸ times as many shots."""
LOUD = 0.05
"""Of pictures with a larger |⟨Z⟩| than this it is said how much of it is left."""


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


def reach() -> float:
    """The control for how strong the noise of the film becomes; returns the strongest, in [0, 1]."""
    chosen = desk().choice(
        st.segmented_control, "Range", list(REACH), key="noise_reach", default=next(iter(REACH)), required=True
    )
    return REACH[chosen]


def strength(experiment: Experiment, most: float) -> float:
    """The strength at which the film rests, one of those that a film up to `most` has."""
    kept = desk().choices.get(STRENGTH, TWO_PERCENT)
    return min(strengths(experiment, most), key=lambda known: abs(known - kept))


def follow_noise(experiment: Experiment, weights: Array, noise: Noise, pixels: Array, most: float) -> Followed:
    """Noise of every strength up to `most` through the circuit: at once, or by the workers, nearest first.

    pixels: of the picture asked about, (n,).
    """
    test = prepare(experiment).test.images
    same = np.flatnonzero((test == pixels).all(axis=1))
    if products(experiment) > AT_ONCE:
        found = _by_workers(experiment, weights, noise, None if len(same) else pixels, most)
    else:
        values, asked = _at_once(experiment, weights, noise.channel, most)
        own = {} if len(same) else _alone(experiment, weights, noise.channel, pixels, most)
        found = Followed(values, own, asked)
    if not len(same):
        return found
    return found._replace(own={each: float(of_all[same[0]]) for each, of_all in found.values.items()})


@st.cache_data(show_spinner=False, max_entries=200)
def _at_once(experiment: Experiment, weights: Array, channel: str, most: float) -> tuple[dict[float, Array], Array]:
    values = {each: under_noise(experiment, weights, channel, each) for each in strengths(experiment, most)}
    return values, under_noise(experiment, weights, ASKED, TWO_PERCENT)


@st.cache_data(show_spinner=False, max_entries=200)
def _alone(experiment: Experiment, weights: Array, channel: str, pixels: Array, most: float) -> dict[float, float]:
    one = pixels[None]
    return {
        each: float(noisy_expectation(experiment, weights, one, Noise(channel, each))[0])
        for each in strengths(experiment, most)
    }


def _by_workers(experiment: Experiment, weights: Array, noise: Noise, alone: Array | None, most: float) -> Followed:
    """What the workers have found by now. alone: a picture that is none of the test images."""
    settings = experiment.only(Stage.PICTURE, Stage.NETWORK)
    job = jobs.tasks("noise", name_of(settings, weights), what="steps")
    every = coarse_to_fine(strengths(experiment, most), noise.gate)
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


def section(
    experiment: Experiment, weights: Array, noise: Noise, shots: int, asked: Asked, most: float
) -> float | None:
    """The film of the strength up to `most`; after a prediction also what becomes of the verdicts.

    Returns ⟨Z⟩ of the picture asked about under this noise, or None if it is still being computed.
    """
    choice = opened.predict("noise", _question(weights), ANSWERS)
    watched = st.container()
    found = follow_noise(experiment, weights, noise, asked.pixels, most)
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

    def rest(position: float) -> None:
        measured = found.values.keys() & found.own.keys()
        desk().choose(STRENGTH, min(measured, key=lambda one: abs(100 * one - position)))

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
    """What the noise of this strength does to the verdicts, and how."""
    test, clean = prepare(experiment).test, models.ask(experiment, weights, prepare(experiment).test.images)
    now = noise.readout_factor * found.values[noise.gate]
    flipped = int(changed(clean, now)[test.row].sum())
    st.caption(
        f"At p = {100 * noise.gate:g} % and {100 * noise.readout:g} % readout error {flipped:,} of {len(test):,} "
        "test verdicts flip, however many shots."
    )
    st.markdown(how(noise, clean, now, weights.size))


def how(noise: Noise, clean: Array, now: Array, gates: int) -> str:
    """What the noise does to ⟨Z⟩: one common factor, or more than that.

    clean, now: ⟨Z⟩ of the distinct test images without and with the noise, (d,). gates: how many there are.
    """
    title = CHANNELS[noise.channel].title
    if not noise.gate:
        return "Without gate noise only the readout error acts: it multiplies every ⟨Z⟩ by the same factor."
    kept = common_factor(clean, now)
    if kept is None:
        return f"**{title} noise is more than a factor here.** {_spread(clean, now)} So verdicts near 0 can flip."
    formula = noise.shrink_factor(gates)
    worked_out = (
        f"(1 − 2e)·(1 − 16p/15)^{gates} = " if formula is not None and np.isclose(formula, kept, rtol=1e-6) else ""
    )
    if abs(kept) < VISIBLE:
        end = "No number of shots that anybody could wait for would show what is left."
    elif kept < 0:
        end = "That is below 0: every verdict is turned over."
    else:
        end = f"It flips no verdict. It costs shots: for a small ⟨Z⟩ about {three_digits(kept**-2)} times as many."
    return f"**{title} noise only shrinks here**: it multiplies every ⟨Z⟩ by {worked_out}{kept:.3g}. {end}"


def common_factor(clean: Array, now: Array) -> float | None:
    """The one number by which noise has multiplied every ⟨Z⟩, or None if there is none. Arrays (d,)."""
    size = float(clean @ clean)
    factor = float(clean @ now) / size if size else 0.0
    return factor if only_shrinks(clean, now, factor) else None


def _spread(clean: Array, now: Array) -> str:
    """Between which shares of their ⟨Z⟩ most pictures keep."""
    loud = np.abs(clean) > LOUD
    if not loud.any():
        return "Every ⟨Z⟩ was almost 0 before."
    low, high = np.percentile(now[loud] / clean[loud], [5, 95])
    return f"Most pictures keep between {low:.2f} and {high:.2f} of their ⟨Z⟩."
