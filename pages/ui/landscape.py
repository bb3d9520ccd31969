"""The loss around the weights of page 10: along one line, with its waves, and over a plane, as hills and valleys."""

import numpy as np
import streamlit as st

from pages.ui import frame
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask
from qnn_core import Experiment, InputError, prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import ImageSet
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.figures.inside import landscape as figures
from qnn_core.inside.cosine import is_cosine
from qnn_core.inside.landscape import (
    Plane,
    losses_at,
    most_curved_plane,
    path_plane,
    random_plane,
    surface,
    training_path,
)
from qnn_core.inside.ray import Waves, ray, waves
from qnn_core.training.budget import PAGE_SECONDS
from qnn_core.training.loop import total_steps
from qnn_core.words import rough

REACH = {"near": 0.15, "middle": 0.5, "far": 2.0}
RANDOM, CURVED, OF_PATH = "random", "most curved", "of the path"
DIRECTIONS = (RANDOM, CURVED, OF_PATH)
AROUND = ("the start", "the end")
MOST, LEAST = 41, 9
"""Points along each side of the surface; fewer if the network takes long."""
GRADIENT = 4
"""So many losses take about as long as the two gradients that tell one weight's curvature."""
LINE = 6.0
"""Half-turns to either side of the weights along the line."""
PLACES, FEWEST_PLACES, BINS = 601, 61, 30
LONGEST_SECONDS = 10.0
"""Where the loss of all images would take longer at the fewest places, that of the first of them has to do."""


@st.cache_data(show_spinner="Training …", max_entries=50)
def path_of(experiment: Experiment) -> np.ndarray:
    """Weights along a run from the seed's start to the end, (k, layers, n)."""
    steps: np.ndarray = ask(training_path, experiment, max(1, total_steps(experiment) // 60))
    return steps


def _seconds(experiment: Experiment, images: ImageSet) -> float:
    """About how long one loss takes; of one block on black and white pictures any number takes a moment."""
    if is_cosine(experiment.layers) and ENCODINGS[experiment.encoding].makes_bits:
        return 0.0
    return seconds_per_image(experiment) * images.distinct


def images_for(experiment: Experiment, places: int) -> ImageSet:
    """The training images, or the first of them, of which the loss is known at so many places in a moment."""
    every = prepare(experiment).train
    seconds = places * _seconds(experiment, every)
    return every if seconds <= LONGEST_SECONDS else every.first_examples(int(len(every) * LONGEST_SECONDS / seconds))


def _whose(experiment: Experiment, images: ImageSet) -> None:
    """A word about it if the loss is not that of all images."""
    if len(images) < len(prepare(experiment).train):
        st.caption(f"Here the loss is that of the first {len(images):,} training images: all would take too long.")


def line(experiment: Experiment) -> None:
    """The loss along a line through the trained weights, and the waves that it is made of."""
    images = images_for(experiment, FEWEST_PLACES)
    along, losses, found = _along(experiment, len(images))
    _whose(experiment, images)
    noise = found.noise if isinstance(found, Waves) else None
    left, right = st.columns(2)
    valley = losses[np.abs(along) < LINE / PLACES].min()
    far = losses[np.abs(along) > LINE / 2]
    with left:
        frame.chart(
            figures.ray_chart(along, losses, noise),
            alt=f"The loss along a random line: {valley:.2f} at the trained weights, {far.mean():.2f} far away.",
            caption=f"A line in a random direction through the trained weights. There the loss is {valley:.3f}; "
            f"further away than {LINE / 2:g} half-turns it is {far.mean():.3f} ± {far.std():.3f}.",
            key="ray",
        )
    with right:
        if isinstance(found, str):
            st.caption(plain(found))
            return
        edges = np.linspace(0, np.abs(found.frequency).max() * (1 + 1e-9) + 1e-9, BINS + 1)
        frame.chart(
            figures.spectrum(edges, found.spectrum(edges)),
            alt=f"The amounts of {len(found.frequency):,} waves by their frequency.",
            caption=f"It is exactly 1 plus {len(found.frequency):,} waves, one for each picture. A picture's share c "
            f"is its height. Where they lose step, ±{found.noise:.3f} of noise is left: the grey band is twice that.",
            key="spectrum",
        )
    gap = np.abs(found.loss(along) - losses).max()
    st.caption(f"loss(t) = 1 + Σ c·cos(phase + 2π·frequency·t). The loss itself is {rough(gap)} away from that.")


@st.cache_data(show_spinner="Along the line …", max_entries=50)
def _along(experiment: Experiment, examples: int) -> tuple[np.ndarray, np.ndarray, Waves | str]:
    """Places on the line in half-turns, the losses of so many images there, and the waves, or why there are none."""
    end, images = path_of(experiment)[-1], prepare(experiment).train.first_examples(examples)
    direction = ray(np.random.default_rng(experiment.seed), experiment)
    places = int(np.clip(PAGE_SECONDS / (_seconds(experiment, images) + 1e-9), FEWEST_PLACES, PLACES))
    along = np.linspace(-LINE, LINE, places // 2 * 2 + 1)
    losses: np.ndarray = ask(losses_at, experiment, end + along[:, None, None] * direction, images)
    try:
        return along, losses, waves(experiment, end, direction, images)
    except InputError as refusal:
        return along, losses, str(refusal)


@st.cache_data(show_spinner="Measuring the landscape …", max_entries=100)
def measured(
    experiment: Experiment, directions: str, reach: float, end: bool, examples: int
) -> tuple[np.ndarray, ...]:
    """Axis, losses of so many images, and the path on the plane with its losses. Raises InputError."""
    path, images = path_of(experiment), prepare(experiment).train.first_examples(examples)
    centre = path[-1] if end else path[0]
    if directions == RANDOM:
        plane = random_plane(np.random.default_rng(experiment.seed), centre)
    elif directions == CURVED:
        plane = most_curved_plane(experiment, centre, images)
    else:
        plane = path_plane(path)
        plane = Plane(centre, plane.first, plane.second)
    points = int(np.clip((PAGE_SECONDS / (_seconds(experiment, images) + 1e-9)) ** 0.5, LEAST, MOST))
    axis, losses = ask(surface, experiment, plane, reach, points, images)
    heights: np.ndarray = ask(losses_at, experiment, path, images)
    return axis, losses, plane.project(path), heights


def plane(experiment: Experiment) -> None:
    """Surface and map along the chosen directions."""
    columns = st.columns([3, 2, 2])
    own = desk()
    directions = own.choice(
        columns[0].segmented_control,
        "Two directions",
        DIRECTIONS,
        key="directions",
        default=OF_PATH,
        required=True,
    )
    around = own.choice(
        columns[1].segmented_control, "Around", AROUND, key="around", default=AROUND[1], required=True
    )
    far = own.choice(
        columns[2].segmented_control, "How far", list(REACH), key="reach", default="middle", required=True
    )
    reach = REACH[far]
    # The curvature takes two gradients for each weight, each as long as some losses.
    curved = GRADIENT * experiment.pixels * len(experiment.layers) if directions == CURVED else 0
    images = images_for(experiment, LEAST**2 + len(path_of(experiment)) + curved)
    _whose(experiment, images)
    try:
        axis, losses, path, heights = measured(experiment, str(directions), reach, around == AROUND[1], len(images))
    except InputError as refusal:
        st.warning(plain(refusal))
        return
    on_plane = directions == OF_PATH
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
            caption="From above. The line is the training path, from square to circle, as far as it shows here.",
            key="contours",
        )
    if directions == CURVED:
        st.caption("Most curved: the two directions in which the slope changes most at this point.")
    elif on_plane:
        st.caption("Path: the two directions in which training moved most.")
