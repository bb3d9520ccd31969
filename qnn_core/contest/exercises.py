"""Exercises for a class, each with a check: a pure function of what somebody made, with the numbers that decide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import pixel_name
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.labels import digit_of
from qnn_core.engines import contracted
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.inside.cosine import is_cosine
from qnn_core.inside.effective import effective_parameters
from qnn_core.training.loop import engine_of, evaluate


class Finding(NamedTuple):
    """What a check found. done: whether the exercise is solved. words: one sentence with the numbers."""

    done: bool
    words: str


@dataclass(frozen=True)
class Work:
    """What somebody has made.

    experiment: the settings. weights: of their own run, half-turns (layers, n), or None while there is none.
    verdicts: name of a network → its verdict on their drawing, positive for the first digit; empty without a
    drawing. missing_cnn: what to do to get the CNN's verdict, "" if it is there. pixel: the number of the pixel that
    they named, or None. trained: weights of a network trained to the end on the same settings.
    fair: the fair network's test accuracy on the same pictures, or None.
    """

    experiment: Experiment
    weights: Array | None = None
    verdicts: dict[str, float] | None = None
    missing_cnn: str = ""
    pixel: int | None = None
    trained: Array | None = None
    fair: float | None = None


@dataclass(frozen=True)
class Exercise(Part):
    """Something to try. name, title: what it is called; blurb: what to do, in a sentence or two.

    page: where it is done, as in the lesson's menu. check: looks at what was made. needs: what of that, by name
    ("run", "fair", "drawing", "pixel"); the rest need not be gathered.
    """

    page: str
    check: Callable[[Work], Finding]
    needs: tuple[str, ...] = ()


NO_RUN = Finding(False, "There is no run yet. Train a network on page 6.")


def accuracy_of(experiment: Experiment, weights: Array) -> float:
    """The share of the test images on which these weights are right."""
    return evaluate(contracted(experiment), weights, prepare(experiment).test)[1]


def worse_than_chance(work: Work) -> Finding:
    """Whether the own run is right on fewer than half of the test images."""
    if work.weights is None:
        return NO_RUN
    accuracy = accuracy_of(work.experiment, work.weights)
    return Finding(accuracy < 0.5, f"Your network is right on {accuracy:.1%} of the test images. A coin has 50 %.")


def fools_only_the_cnn(work: Work) -> Finding:
    """Whether the CNN takes the drawing for the other digit than the quantum and the fair network do."""
    if not work.verdicts:
        return Finding(False, "There is no drawing yet. Draw a digit.")
    if "cnn" not in work.verdicts:
        return Finding(False, work.missing_cnn)
    says = {name: digit_of(work.experiment.digits, value) for name, value in work.verdicts.items()}
    sentence = f"The QNN says {says['qnn']}, the fair network {says['fair']}, the CNN {says['cnn']}."
    return Finding(says["qnn"] == says["fair"] != says["cnn"], sentence)


def pixel_effects(experiment: Experiment, weights: Array) -> Array:
    """By how much ⟨Z⟩ changes on average over the test images if one pixel is turned over, for each pixel: (n,).

    A pixel in half-turns x becomes 1 − x. weights: half-turns (layers, n).
    """
    test, engine = prepare(experiment).test, engine_of(contracted(experiment))
    images, times = test.images, test.first + test.second
    before = engine.expectation(images, weights)
    effects = np.empty(images.shape[1])
    for k in range(images.shape[1]):
        turned = images.copy()
        turned[:, k] = 1 - turned[:, k]
        effects[k] = np.average(np.abs(engine.expectation(turned, weights) - before), weights=times)
    return effects


def which_pixel(work: Work) -> Finding:
    """Whether the named pixel is the one whose turning over changes ⟨Z⟩ most."""
    if work.experiment.pixels > MOST_PIXELS:
        return Finding(False, f"Choose a grid of at most {MOST_GRID} × {MOST_GRID} pixels; more are too many to try.")
    if work.pixel is None or work.trained is None:
        return Finding(False, "Name a pixel.")
    if not 0 <= work.pixel < work.experiment.pixels:
        return Finding(False, f"There is no such pixel; name one from 0 to {work.experiment.pixels - 1}.")
    effects = pixel_effects(work.experiment, work.trained)
    name, own = pixel_name(work.pixel, work.experiment.grid), float(effects[work.pixel])
    larger = int((effects > own).sum())
    rank = "No pixel changes it more." if not larger else f"Pixels that change it more: {larger}."
    return Finding(larger == 0, f"Turning {name} over changes ⟨Z⟩ by {own:.2f} on average. {rank}")


MOST_GRID = 7
MOST_PIXELS = MOST_GRID**2


def beat_the_fair_network(work: Work) -> Finding:
    """Whether the own run, one block on black and white pixels, is right more often than the fair network."""
    if work.weights is None:
        return NO_RUN
    if not is_cosine(work.experiment.layers) or not ENCODINGS[work.experiment.encoding].makes_bits:
        return Finding(False, "Your network is more than one cosine of black and white pixels. Choose XX, ZZ.")
    if work.fair is None:
        return Finding(False, "The fair network is not trained yet. Try again in a moment.")
    accuracy, numbers = accuracy_of(work.experiment, work.weights), effective_parameters(work.experiment)
    return Finding(
        accuracy > work.fair,
        f"Your {numbers} number{'s' * (numbers != 1)}: {accuracy:.4f}. The fair network: {work.fair:.4f}.",
    )


EXERCISES: Family[Exercise] = Family(
    "exercise",
    Exercise(
        "chance",
        "Worse than a coin",
        "Make a network that is wrong more often than right. Every setting of page 6 is allowed.",
        "6_train",
        worse_than_chance,
        ("run",),
    ),
    Exercise(
        "cnn",
        "Fool only the CNN",
        "Draw a digit that the CNN gets wrong, but neither the QNN nor the fair network.",
        "8_draw",
        fools_only_the_cnn,
        ("drawing",),
    ),
    Exercise(
        "pixel",
        "Which pixel matters most?",
        "Find the pixel that changes ⟨Z⟩ most when it is turned over.",
        "9_box",
        which_pixel,
        ("pixel",),
    ),
    Exercise(
        "seventeen",
        "Beat the fair network",
        "One XX and one ZZ layer are 17 numbers at 4 × 4. Train them to beat the fair network.",
        "6_train",
        beat_the_fair_network,
        ("run", "fair"),
    ),
)
