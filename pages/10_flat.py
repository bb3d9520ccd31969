"""Page 10: why training starts on a plain, and how to start elsewhere."""

import numpy as np
import streamlit as st

from pages.ui import controls, frame, opened
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask, ask_each
from qnn_core import Experiment, InputError, prepare
from qnn_core.engines import contracted
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.figures.inside import landscape as figures
from qnn_core.inside.cosine import is_cosine
from qnn_core.inside.landscape import (
    Plane,
    losses_at,
    path_plane,
    random_plane,
    steepest_plane,
    surface,
    training_path,
)
from qnn_core.inside.plateau import first_steps, gradient_law, gradient_samples, spread_start
from qnn_core.training.budget import PAGE_SECONDS, to_the_end
from qnn_core.training.loop import total_steps

SIDES = (2, 3, 4, 5, 7, 10, 14, 20, 28)
STARTS = 2000
STEPS = 50
WIDTHS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
REACH = {"near": 0.15, "middle": 0.5, "far": 2.0}
DIRECTIONS = ("random", "steepest", "of the path")
AROUND = ("the start", "the end")
ANSWERS = ("about as steep", "ten times flatter", "a thousand times flatter", "too flat to measure")
FLATTER = (0.5, 2.0, 5.0)
"""Powers of ten up to which each of the first answers is right."""
MOST, LEAST = 41, 9  # points along each side of the surface; fewer if the network takes long


@st.cache_data(show_spinner="Training …", max_entries=50)
def path_of(experiment: Experiment) -> np.ndarray:
    """Weights along a run from the seed's start to the end, (k, layers, n)."""
    steps: np.ndarray = ask(training_path, experiment, max(1, total_steps(experiment) // 60))
    return steps


@st.cache_data(show_spinner="Measuring the landscape …", max_entries=100)
def measured(experiment: Experiment, directions: str, reach: float, end: bool) -> tuple[np.ndarray, ...]:
    """Axis, losses, and the path on the plane with its losses. Raises InputError."""
    path, images = path_of(experiment), prepare(experiment).train
    centre = path[-1] if end else path[0]
    if directions == DIRECTIONS[0]:
        plane = random_plane(np.random.default_rng(experiment.seed), centre)
    elif directions == DIRECTIONS[1]:
        plane = steepest_plane(experiment, centre, images)
    else:
        plane = path_plane(path)
        plane = Plane(centre, plane.first, plane.second)
    seconds = 0.0 if is_cosine(experiment.layers) else seconds_per_image(experiment) * images.distinct
    points = int(np.clip((PAGE_SECONDS / (seconds + 1e-9)) ** 0.5, LEAST, MOST))
    axis, losses = ask(surface, experiment, plane, reach, points, images)
    return axis, losses, plane.project(path), losses_at(experiment, path, images)


@st.cache_data(show_spinner=False, max_entries=50)
def slopes(width: float) -> dict[int, np.ndarray]:
    """Slopes at random starts, by number of pixels."""
    rng = np.random.default_rng(0)
    return {side**2: gradient_samples(rng, side**2, width, STARTS) for side in SIDES}


@st.cache_data(show_spinner="Fifty steps from each width …", max_entries=100)
def beginnings(experiment: Experiment) -> dict[float, np.ndarray]:
    """The first losses from each width; of fewer steps if a step takes long."""
    step = seconds_per_image(experiment) * prepare(experiment).train.distinct
    steps = int(np.clip(2 * PAGE_SECONDS / len(WIDTHS) / step, 5, STEPS))
    losses = ask_each(first_steps, [(experiment, width, steps) for width in WIDTHS])
    return dict(zip(WIDTHS, losses, strict=True))


def landscape(experiment: Experiment) -> None:
    """Surface and map along the chosen directions."""
    columns = st.columns([3, 2, 2])
    own = desk()
    directions = own.choice(
        columns[0].segmented_control,
        "Two directions",
        DIRECTIONS,
        key="directions",
        default=DIRECTIONS[2],
        required=True,
    )
    around = own.choice(
        columns[1].segmented_control,
        "Around",
        AROUND,
        key="around",
        default=AROUND[1],
        required=True,
    )
    far = own.choice(
        columns[2].segmented_control, "How far", list(REACH), key="reach", default="middle", required=True
    )
    reach = REACH[far]
    try:
        axis, losses, path, heights = measured(experiment, str(directions), reach, around == AROUND[1])
    except InputError as refusal:
        st.warning(plain(refusal))
        return
    on_plane = directions == DIRECTIONS[2]
    inside = np.abs(path).max(axis=1) <= reach
    left, right = st.columns(2)
    with left:
        frame.chart(
            figures.surface3d(
                axis, losses, path[inside] if on_plane else None, heights[inside] if on_plane else None
            ),
            alt=f"The loss as a surface, from {losses.min():.2f} to {losses.max():.2f}.",
            caption=f"Around {around}: the loss goes from {losses.min():.2f} to {losses.max():.2f} here.",
            key="surface",
        )
    with right:
        frame.chart(
            figures.surface_map(axis, losses, path),
            alt="The same from above, with the training path.",
            caption="From above. The line is the training path, square to circle, cast onto these two directions.",
            key="contours",
        )
    if directions == DIRECTIONS[1]:
        st.caption(
            "Steepest: the two eigenvectors of the loss's second derivatives with the largest size, at this point."
        )
    elif on_plane:
        st.caption("Path: the two directions in which training moved most (principal components of its path).")


def flatter(width: float) -> float:
    """Powers of ten by which 784 pixels are flatter than 16, at starts of this width."""
    return float(-np.log10(gradient_law(784, width) / gradient_law(16, width)) / 2)


def plateau(width: float) -> None:
    """The prediction, and slopes against the law."""
    asked = "At uniform random weights: how steep is the network with 784 pixels, compared with 16?"
    choice = opened.predict("flat", asked, ANSWERS)
    if choice is None:
        return
    opened.verdict_on(choice, ANSWERS[int(np.searchsorted(FLATTER, flatter(1.0)))])
    law = {n: gradient_law(n, width) for n in slopes(width)}
    power = round(flatter(width))
    wide = f"784 pixels are 10^{power} times flatter here than 16. " if power else "784 are as steep here as 16. "
    frame.chart(
        figures.gradients(slopes(width), law),
        alt=f"Slopes at random starts of width {width:g} over the number of pixels, with the law.",
        caption=f"{STARTS:,} random starts of width ±{width:g} for each size. {wide}At width 1 the mean "
        "square follows π²/2·[(3/4)ⁿ + (1/4)ⁿ]; in large networks rare steep starts make it up: most are flatter.",
        key="gradients",
    )


def starts(experiment: Experiment, width: float) -> None:
    """The first steps from every width."""
    curves = beginnings(experiment)
    steps = len(curves[width])
    frame.chart(
        figures.first_losses(curves, width),
        alt=f"Loss of the first {steps} steps from starts of {len(curves)} widths.",
        caption=f"The first {steps} steps on this grid at learning rate {experiment.learning_rate:g}, all examples "
        "in each; thick: the chosen width. Adam divides by the slope's own size, so it moves on a gentle plain too.",
        key="first_steps",
    )


def widths(experiment: Experiment) -> None:
    """Starts from narrow to wide: their first steps, and their slopes."""
    st.subheader("Narrow starts and wide starts")
    width = desk().choice(
        st.select_slider, "Width of the random start (± half-turns)", WIDTHS, key="width", default=1.0
    )
    left, right = st.columns(2)
    with left:
        starts(contracted(experiment).with_(batch_size=None, epochs=STEPS), width)
    with right:
        plateau(width)


frame.head("10_flat", "Why does the loss hardly move at first?")
experiment = controls.panel("layers")
frame.part(landscape)(to_the_end(experiment))
frame.part(widths)(experiment)
frame.notice(
    "At random weights every pixel takes a quarter of the squared slope away: a large network cannot feel which way "
    "is down. A start in which almost nothing is turned keeps R near 1 and the slope alive at any size."
)
frame.code(experiment, surface, gradient_law, spread_start)
frame.end("10_flat")
