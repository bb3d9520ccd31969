"""A guess before the answer, on pages that ask for none themselves; what is right is computed at that moment."""

from collections.abc import Callable
from functools import partial

import numpy as np

from pages.ui import example, frame, models, opened
from pages.ui.route import right_share
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.data.dataset import shrunken
from qnn_core.figures.cards import pair_card
from qnn_core.training.budget import end_name

LEFT, RIGHT = "the left one", "the right one"
ALL, MOST, FEWER = "all of them", "more than 95 %", "95 % or fewer"
QUANTUM, CLASSICAL, LEVEL = "the quantum network", "the fair network", "neither, within 1 %"
NONE, SOME, MANY = "none", "up to 1 in 20", "more than 1 in 20"
SECONDS, MINUTES, HOURS = "in seconds", "in minutes", "in hours"
A_LOT, A_LITTLE = 0.95, 0.05
MARGIN = 0.01
"""A difference of accuracy that is not worth a medal."""


def _card(key: str, words: str, ask: Callable[[Experiment], None], experiment: Experiment) -> None:
    """One line that opens a card, so that it pushes no picture away."""
    frame.more(partial(ask, experiment), key=f"guess_{key}", label=f"Guess first: {words}")


def which_is_it(experiment: Experiment) -> None:
    """Page 2: two shrunken test images, one of each digit; which is the second digit?"""
    _card("shrink", f"which of two is the {experiment.digits[1]}?", _which_is_it, experiment)


def _which_is_it(experiment: Experiment) -> None:
    grey, labels = shrunken(experiment).test, shrunken(experiment).test_labels
    pair = pair_of_test_images(experiment, example.current(experiment))
    frame.svg(
        pair_card(grey[pair[0]], grey[pair[1]], "Two shrunken digits"),
        alt="Two shrunken test images, one of each digit.",
        caption=f"One of them is a {experiment.digits[0]}, the other one a {experiment.digits[1]}.",
        most_width=300,
    )
    opened.prediction(
        "shrink",
        f"Which of these two is the {experiment.digits[1]}?",
        [LEFT, RIGHT],
        lambda: LEFT if labels[pair[0]] < 0 else RIGHT,
    )


def pair_of_test_images(experiment: Experiment, begin: int) -> tuple[int, int]:
    """Numbers of two test images, one of each digit: the first from number `begin` on.

    They are in the order of the file, so that no side is always right.
    """
    labels = shrunken(experiment).test_labels
    after = [int(np.flatnonzero(np.roll(labels == sign, -begin))[0] + begin) % len(labels) for sign in (1, -1)]
    return min(after), max(after)


def how_many_at_best(experiment: Experiment) -> None:
    """Page 3: the ceiling."""
    _card("ceiling", "how good can the best rule be?", _how_many_at_best, experiment)


def _how_many_at_best(experiment: Experiment) -> None:

    def right() -> str:
        best = prepare(experiment).ceiling.test_best
        return ALL if best == 1 else MOST if best > A_LOT else FEWER

    opened.prediction("ceiling", "How many test images can the best rule get right?", [ALL, MOST, FEWER], right)


def who_wins(experiment: Experiment) -> None:
    """Page 6: the quantum network trained to the end, or the fair one?"""
    _card("winner", "who wins?", _who_wins, experiment)


def _who_wins(experiment: Experiment) -> None:

    def right() -> str:
        lead = right_share(models.trained(models.good(experiment))) - models.fair_share(experiment)
        return LEVEL if abs(lead) <= MARGIN else QUANTUM if lead > 0 else CLASSICAL

    run = models.good(experiment)
    trained = end_name(run).replace("Trained", "trained")
    question = f"The QNN is {trained} with the {LOSSES[run.loss].words}. Who is right on more test images?"
    opened.prediction("winner", question, [QUANTUM, CLASSICAL, LEVEL], right)


def how_often_they_differ(experiment: Experiment) -> None:
    """Page 7: on how many test images the two networks disagree."""
    _card("differ", "how often do they disagree?", _how_often_they_differ, experiment)


def _how_often_they_differ(experiment: Experiment) -> None:

    def right() -> str:
        run, test = models.trained(models.good(experiment)), prepare(experiment).test
        quantum = models.ask(experiment, run.weights, test.images)[test.row] > 0
        share = float(np.mean(quantum != (models.fair_logits(experiment) > 0)))
        return NONE if share == 0 else SOME if share <= A_LITTLE else MANY

    question = "On how many test images do the QNN and the fair network disagree?"
    opened.prediction("differ", question, [NONE, SOME, MANY], right)


def how_long_at_full_size(experiment: Experiment) -> None:
    """Page 12: how long the largest network trains."""
    _card("scale", "how long does it train?", _how_long_at_full_size, experiment)


def _how_long_at_full_size(experiment: Experiment) -> None:
    largest = models.largest(experiment)

    def right() -> str:
        seconds = models.trained(largest).seconds
        return SECONDS if seconds < 60 else MINUTES if seconds < 3600 else HOURS

    question = f"How long does a network of {largest.pixels + 1} qubits train here?"
    opened.prediction("scale", question, [SECONDS, MINUTES, HOURS], right)
