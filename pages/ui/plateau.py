"""The two plateaus of page 10: starts of every width, slopes over the number of pixels, and the law they follow."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, opened, strip
from pages.ui.desk import desk
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare
from qnn_core.arrays import Array
from qnn_core.circuit import merge
from qnn_core.data.dataset import pair_of
from qnn_core.engines import contraction
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.experiment import Stage
from qnn_core.figures.inside import landscape as figures
from qnn_core.inside.plateau import (
    PIXELS,
    Law,
    Steepness,
    first_steps,
    fitted_law,
    squared_length,
    squared_slopes,
    steepness,
    without_turns,
)
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import PAGE_SECONDS
from qnn_core.training.losses import LOSSES
from qnn_core.words import rough

PAGE = "10_flat"
STEPS = 50
WIDTHS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
WIDEST = WIDTHS[-1]
SIDES = (2, 4, 7, 14, 28)
"""Grids on which the slopes are measured; 28×28 with all its pictures takes the longest."""
STARTS = 12
LARGE, SMALL = 784, 16
ANSWERS = ("about as steep", "ten times flatter", "a thousand times flatter", "far flatter than that")
FLATTER = (0.5, 2.0, 5.0)
"""Powers of ten up to which each of the first answers is right."""
STILL = 0.01
"""A loss that has fallen by less than this has hardly moved."""


def variants(experiment: Experiment) -> dict[str, Experiment]:
    """By name the network, and the one without the layers that only turn data qubits, if it has any."""
    left = without_turns(experiment.layers)
    named = {", ".join(experiment.layers): experiment}
    if left and left != experiment.layers:
        named[f"without {' and '.join(sorted(set(experiment.layers) - set(left)))}"] = experiment.with_(layers=left)
    return named


def choose_width() -> float:
    """The control for how wide the start is."""
    width: float = desk().choice(
        st.select_slider,
        "Width of the random start (± half-turns)",
        WIDTHS,
        key="width",
        default=WIDEST,
        format_func=lambda width: f"±{width:g}",
    )
    return width


def starts(experiment: Experiment, width: float) -> str:
    """The first steps from every width, with and without XX. Returns what they show, in two sentences."""
    named = variants(experiment)
    step = seconds_per_image(experiment) * prepare(experiment).train.distinct
    steps = int(np.clip(PAGE_SECONDS / len(WIDTHS) / step, 5, STEPS))
    job = jobs.tasks("starts", experiment, steps, what="starts")
    wanted = [(name, each) for name in named for each in (width, *(other for other in WIDTHS if other != width))]
    job.want(visitor(), {(name, each): (first_steps, (named[name], each, steps)) for name, each in wanted})
    found = job.found(wanted)
    ends = [float(end) for losses in found.values() for end in (losses.min(), losses.max())]
    span = min(ends, default=0.5) - 0.05, max(ends, default=1.0) + 0.05
    for place, name in zip(st.columns(len(named)), named, strict=True):
        curves = {each: found[name, each] for each in WIDTHS if (name, each) in found}
        with place:
            frame.chart(
                figures.first_losses(curves, width, span, LOSSES[experiment.loss].unsure),
                alt=f"{name}: loss of the first {steps} steps from starts of {len(WIDTHS)} widths.",
                caption=f"**{name}.** The first {steps} steps; thick: the chosen width.",
                key=f"first_steps {len(named)} {list(named).index(name)}",
            )
    strip.strip(job, "First steps", page=PAGE)
    return _what_they_show(named, found, width)


def _what_they_show(named: Mapping[str, Experiment], found: Mapping[tuple[str, float], Array], width: float) -> str:
    """How far the loss came from the chosen width, with each of the networks. Two sentences."""
    said: list[str] = []
    for name in named:
        losses = found.get((name, width))
        if losses is None:
            continue
        much = moved(float(losses[0] - losses[-1]))
        said.append(f"with {name} the loss {much}" if not said else f"{name} it {much}")
    if not said:
        return "The first steps from each start are being computed. Each takes a moment."
    fall = {
        each: float(losses[0] - losses[-1]) for (name, each), losses in found.items() if name == next(iter(named))
    }
    return f"From starts of ±{width:g} {' and '.join(said)}. {other_widths(fall, width)}"


def moved(fell: float) -> str:
    """What a loss did that is smaller by so much in the end."""
    if abs(fell) < STILL:
        return "hardly moves"
    return f"falls by {fell:.2f}" if fell > 0 else f"rises by {-fell:.2f}"


def other_widths(fall: Mapping[float, float], width: float) -> str:
    """Whether another start comes further than the chosen one. fall: width → by how much the loss falls."""
    if len(fall) < len(WIDTHS):
        return "The other widths are on their way."
    best = max(fall, key=lambda each: fall[each])
    if fall[best] < max(fall[width], 0.0) + STILL:
        return "From no other width it falls further."
    return f"From ±{best:g} it falls by {fall[best]:.2f}."


def slopes(experiment: Experiment) -> None:
    """The prediction, and both plateaus over the number of pixels."""
    if not without_turns(experiment.layers):
        st.caption("These layers never change ⟨Z⟩: it has no slope at any number of pixels.")
        return
    first, *others = variants(experiment).items()
    asked = f"Weights anywhere on the circle: how steep is ⟨Z⟩ with {LARGE} pixels, compared with {SMALL}?"
    choice = opened.predict("flat", asked, ANSWERS)
    if choice is None:
        return
    found = law(experiment)
    if found is not None:
        opened.verdict_on(choice, ANSWERS[int(np.searchsorted(FLATTER, flatter(found)))])
    job = jobs.tasks("steepness", experiment.only(Stage.PICTURE, Stage.NETWORK, also=["loss"]), what="grids")
    tasks = {
        (name, side): (steepness, (each.with_(grid=side), STARTS))
        for side in SIDES
        for name, each in (first, *others)
        if _can(each, side)
    }
    job.want(visitor(), tasks)
    strip.strip(job, "Slopes", page=PAGE)
    done = job.found(tasks)
    rows = [(name, [done[name, side] for side in SIDES if (name, side) in done]) for name, _ in (first, *others)]
    if not done:
        return
    frame.chart(
        figures.plateaus(rows),
        alt="Slopes at random starts over the number of pixels: of one picture and of the loss.",
        caption=f"{STARTS} random starts for each size; root mean squares. Solid: {rows[0][0]}"
        f"{f'; dashed: {rows[1][0]}' if len(rows) > 1 else ''}. {_two_plateaus(rows)}",
        key="plateaus",
    )


def _can(experiment: Experiment, side: int) -> bool:
    """Whether this network can be computed on this grid, all its pictures from every start in a few seconds."""
    larger = experiment.model_copy(update={"grid": side})
    if contraction.refusal(larger) is not None:
        return False
    return seconds_per_image(larger) * len(pair_of(larger).train_labels) * STARTS < 4 * PAGE_SECONDS


def _two_plateaus(rows: list[tuple[str, list[Steepness]]]) -> str:
    """What the largest network measured shows of each plateau."""
    said = []
    for name, found in rows:
        if len(found) > 1:
            small, large = found[0], found[-1]
            said.append(
                f"From {small.n} to {large.n} pixels ({name}) one picture's slope goes from {rough(small.picture)} "
                f"to {rough(large.picture)}, the loss's from {rough(small.loss)} to {rough(large.loss)}."
            )
    return " ".join(said)


def law(experiment: Experiment) -> Law | None:
    """How slopes shrink with every pixel; None while that is being measured, or if ⟨Z⟩ never changes."""
    if not without_turns(experiment.layers):
        return None
    merged, _ = merge(experiment.layers)
    job = jobs.tasks("law", merged, what="sizes")
    tasks = {n: (squared_slopes, (merged, n)) for n in PIXELS}
    job.want(visitor(), tasks)
    strip.strip(job, "Law", page=PAGE)
    return _fit(job) if job.found(tasks).keys() == tasks.keys() else None


def _fit(job: TasksJob) -> Law:
    found = job.found(PIXELS)
    return fitted_law({n: found[n] for n in PIXELS})


def flatter(found: Law) -> float:
    """Powers of ten by which LARGE pixels are flatter than SMALL, if the law goes on."""
    return float(-np.log10(found.factor) * (LARGE - SMALL) / 2)


def the_law(experiment: Experiment) -> None:
    """The law measured for the layers on the page, and what it says."""
    if not without_turns(experiment.layers):
        st.caption("These layers never change ⟨Z⟩: there is no slope to measure.")
        return
    found = law(experiment)
    if found is None:
        return
    merged = ", ".join(merge(experiment.layers)[0])
    lost = 1 - found.factor
    says = (
        "No pixel takes anything away: ⟨Z⟩ has no plateau."
        if abs(lost) < max(3 * found.error, 0.005)
        else f"Every pixel more takes {100 * lost:.0f} % of the squared slope away."
    )
    frame.chart(
        figures.law_chart(found),
        alt=f"Mean squared slopes of {merged} from {PIXELS[0]} to {PIXELS[-1]} pixels, and a straight line.",
        caption=f"Layers {merged}, random black and white pictures, weights anywhere on the circle. Fitted: a factor "
        f"of **{found.factor:.3f} ± {2 * found.error:.3f}** for each pixel (95 %). {says}",
        key="law",
    )
    if merged == "XX, ZZ":
        st.caption(
            "In theory it is π²/2·[(3/4)ⁿ + (1/4)ⁿ] for a ZZ weight of XX, ZZ. TensorFlow Quantum's start, "
            f"[0, 2π) half-turns, is no whole number of turns: its factor is {squared_length(2 * np.pi):.4f}."
        )
