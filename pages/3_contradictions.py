"""Page 3: pictures that are both digits."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import streamlit as st

from pages.ui import controls, example, frame, guesses, threshold, tiles
from qnn_core.data.contradictions import ceiling, seen_before
from qnn_core.data.dataset import Dataset, pair_of, prepare, shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import ImageSet
from qnn_core.experiment import Experiment
from qnn_core.figures.data.counts import counts_flow
from qnn_core.live.film import Film
from qnn_core.live.films.threshold import threshold_film

SHOWN = 6
FEW, MOST = 0.1, 0.5
"""Shares of different pictures below which they are few, and above which they are most of all."""


def gallery(experiment: Experiment, images: ImageSet) -> None:
    """Contradictory pictures among the greys, most frequent first, each with one original of either label."""
    first, second = experiment.digits
    worst = np.argsort(-np.minimum(images.first, images.second), kind="stable")[:SHOWN]
    originals, grid = pair_of(experiment).train_images, experiment.grid
    pictures, captions, truths = [], [], []
    for index in worst[images.contradictory[worst]]:
        pictures.append(example.enlarged(images.images[index], grid)[0])
        captions.append(f"{images.first[index]:,} × {first}, {images.second[index]:,} × {second}")
        truths.append("")
        for sign, digit, truth in ((1, first, "first"), (-1, second, "second")):
            original = np.flatnonzero((images.row == index) & (images.labels == sign))[0]
            pictures.append(originals[original] / 255)
            captions.append(f"is a {digit}")
            truths.append(truth)
    tiles.show(
        np.array(pictures),
        captions,
        truths=truths,
        size="large",
        group=3,
        alt="Contradictory pictures, each beside an original of the first and one of the second digit.",
        caption="In each group of three: the shrunken picture, and two originals that both become it.",
    )


def with_commas(numbers: Iterable[int]) -> list[str]:
    """12049 → 12,049."""
    return [f"{number:,}" for number in numbers]


def counts(experiment: Experiment, data: Dataset) -> None:
    """How many images each stage leaves."""
    different = len(np.unique(shrunken(experiment).train_set.row[data.kept_rows]))
    stages = [
        ("training images of both digits", len(pair_of(experiment).train_images)),
        ("kept after removing contradictions", len(data.kept)),
        ("different shrunken pictures among them", different),
        ("different pictures after encoding", data.counts.unique),
    ]
    frame.chart(
        counts_flow(stages),
        alt="; ".join(f"{label}: {number:,}" for label, number in stages),
        caption=how_different(data),
        key="counts",
    )


def how_different(data: Dataset) -> str:
    """What the number of different pictures means for a network that learns them."""
    share = data.counts.unique / len(data.kept)
    if share < FEW:
        return "So few different pictures are left that a network could know each of them by heart."
    if share > MOST:
        return "Most pictures are still different: what is learned has to hold for pictures never seen."
    return f"Each picture that is left comes {1 / share:.1f} times on average."


def table(experiment: Experiment, data: Dataset) -> None:
    """The counts that the tutorial prints, and the ceilings."""
    first, second = experiment.digits
    rows = {
        "distinct": [data.grey_counts.unique, data.counts.unique],
        f"carry a {first}": [data.grey_counts.first, data.counts.first],
        f"carry a {second}": [data.grey_counts.second, data.counts.second],
        "carry both": [data.grey_counts.contradictory, data.counts.contradictory],
    }
    grey_column, encoded_column = zip(*rows.values(), strict=True)
    st.table({"pictures": list(rows), "grey": with_commas(grey_column), "kept, encoded": with_commas(encoded_column)})
    best = st.columns(2)
    best[0].metric("Ceiling, training", f"{data.ceiling.train:.4f}", help="Majority label of each distinct picture.")
    best[1].metric("Ceiling, test", f"{data.ceiling.test_best:.4f}", help="With the test images' own majorities.")
    seen = seen_before(data.kept, data.test)
    st.caption(
        f"With the majorities of the training images the test images reach {data.ceiling.test:.4f}."
        if seen > 0.5
        else f"Only {100 * seen:.0f} % of the test images look like a training image: majorities say little of them."
    )


def details(experiment: Experiment, data: Dataset) -> None:
    """The counts of each stage, the tutorial's table, and what was the same among the greys."""
    left, right = st.columns([3, 2])
    with left:
        counts(experiment, data)
    with right:
        table(experiment, data)
    if ENCODINGS[experiment.encoding].makes_bits:
        st.subheader("Contradictions among the grey pictures", anchor=False)
        same_greys(experiment)


def same_greys(experiment: Experiment) -> None:
    """The gallery, or a word that there is nothing to show."""
    pictures = shrunken(experiment).train_set
    if pictures.contradictory.any():
        gallery(experiment, pictures)
    else:
        st.success("There are no contradictions here.", icon=":material/check:")


def lesson(data: Dataset) -> str:
    """What there is to see, at these settings."""
    counts, best = data.counts, data.ceiling.test_best
    if not counts.contradictory:
        return (
            "Every picture that was kept carries one label only: no model is held back by them. "
            f"There are {counts.unique:,} different ones."
        )
    return (
        f"{counts.contradictory:,} of {counts.unique:,} different pictures carry both labels. Nobody can label them "
        f"rightly every time: {100 * best:.1f} % of the test images is the ceiling for every model, quantum or not."
    )


frame.head("3_contradictions", "What if two different digits look the same after shrinking?")
left, right = st.columns(2, vertical_alignment="bottom")
with left:
    experiment = controls.panel("remove_contradictions")
with right:
    guesses.how_many_at_best(experiment)
data = prepare(experiment)
film: Film | None = None
if ENCODINGS[experiment.encoding].makes_bits:
    small, number = shrunken(experiment), example.current(experiment)
    film = threshold.slide(partial(threshold_film, truth=small.train_labels[number]), experiment, small.train[number])
else:
    same_greys(experiment)
frame.notice(lesson(data))
if film is not None:
    frame.numbers_of(film, "thresholds.csv")
frame.more(lambda: details(experiment, data), key="3_contradictions", label="More: the counts of each step")
frame.code(experiment, ceiling, ImageSet.of)
frame.end("3_contradictions")
