"""Guesses on the pages that show their picture first: what is right is computed, and kept for the last page."""

import numpy as np
import pytest

from pages.ui import guesses
from qnn_core import Experiment, prepare, train
from qnn_core.data.dataset import shrunken
from qnn_core.inside.scale import scale_experiment

CARDS = {
    "2_shrink": "shrink",
    "3_contradictions": "ceiling",
    "6_train": "winner",
    "7_compare": "differ",
    "12_scale": "scale",
}


@pytest.fixture
def guess(visit):
    """Opens a page with its card, and makes a guess; returns what it was."""

    def made(page, choice, **address):
        visitor = visit("0_start", engine="contraction", **address)
        visitor.choose(f"guess_{CARDS[page]} is open", True).go(page)
        visitor.set("button_group", f"predicted_{CARDS[page]}", choice)
        assert not visitor.app.exception
        return visitor.app.session_state["desk"].choices["predictions"][CARDS[page]]

    return made


@pytest.mark.parametrize("picture", [0, 1, 7, 500, 1967, 5000])
def test_which_is_the_second_digit(guess, picture):
    found = guess("2_shrink", guesses.LEFT, picture=picture)
    labels = shrunken(Experiment()).test_labels
    first, second = (
        min(np.flatnonzero(labels == sign), key=lambda k: (k - picture) % len(labels)) for sign in (1, -1)
    )
    assert found.right == (guesses.LEFT if second < first else guesses.RIGHT)
    assert "6" in found.question


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.95])
def test_how_good_the_best_rule_is(guess, threshold):
    found = guess("3_contradictions", guesses.ALL, threshold=threshold)
    best = prepare(Experiment(threshold=threshold)).ceiling.test_best
    assert found.right == (guesses.MOST if best > 0.95 else guesses.FEWER)
    assert best < 1


def test_who_wins_is_level_with_a_fair_loss(guess):
    assert guess("6_train", guesses.QUANTUM).right == guesses.LEVEL


def test_they_hardly_disagree(guess):
    assert guess("7_compare", guesses.NONE).right == guesses.SOME


def test_the_largest_network_takes_seconds(guess):
    seconds = train(scale_experiment(Experiment(), 28, "narrow")).seconds
    assert guess("12_scale", guesses.HOURS).right == guesses.SECONDS
    assert seconds < 60


def test_both_digits_are_in_the_picture_whichever_is_followed():
    sides = {guesses.pair_of_test_images(Experiment(), picture) for picture in range(50)}
    labels = shrunken(Experiment()).test_labels
    assert {labels[left] for left, _ in sides} == {1, -1}
    assert all(labels[left] + labels[right] == 0 for left, right in sides)
