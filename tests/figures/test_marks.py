"""Truth and verdict: two marks that cannot be taken for one another, drawn in one place."""

from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from qnn_core.figures.cards import digits_card, pair_card
from qnn_core.figures.data.images import shrunken
from qnn_core.figures.marks import CORNERS, DIGITS, FRAMES, SIDE, marks_svg
from qnn_core.figures.theme import digit_colour
from qnn_core.tokens import TOKENS


def drawn(text):
    """The shapes of a mark: (tag, class, style)."""
    return [(one.tag, one.get("class"), one.get("style")) for one in ElementTree.fromstring(f"<g>{text}</g>")]


@pytest.mark.parametrize("token", DIGITS)
def test_truth_is_a_frame_around_all_and_a_verdict_a_filled_corner(token):
    ((tag, name, style),) = drawn(FRAMES[token])
    assert (tag, name) == ("rect", "truth")
    assert "fill: none" in style
    assert f"stroke: var(--{token})" in style
    (_, name, style), (_, mark, sign) = drawn(CORNERS[token])
    assert (name, mark) == ("verdict", "mark")
    assert f"fill: var(--{token})" in style
    assert "var(--paper)" in sign
    assert f"M{SIDE} {SIDE}" in CORNERS[token]


def test_no_two_marks_are_alike_even_without_colour():
    shapes = {
        text.replace(token, "") for texts, token in product((FRAMES, CORNERS), DIGITS) for text in [texts[token]]
    }
    assert len(shapes) == 3, "both frames are alike but for their colour: the digit itself stands in them"
    assert TOKENS["first"].mark != TOKENS["second"].mark


@pytest.mark.parametrize("label", [1.0, -1.0])
def test_pictures_drawn_on_the_server_have_the_same_frame(label):
    colour = digit_colour(label)
    assert colour in digits_card(np.zeros((1, 28, 28), np.uint8), [label])
    grey = np.zeros(16)
    assert pair_card(grey, grey, "two", truth=label).count(colour) == 2
    assert colour not in pair_card(grey, grey, "two"), "a question does not tell its answer"
    assert colour in str(shrunken(grey, truth=label).layout.shapes)


@pytest.mark.parametrize("dark", [False, True])
def test_a_file_with_the_marks_has_its_colours_in_it(dark):
    one, other = (getattr(TOKENS[token], "dark" if dark else "light") for token in DIGITS)
    both = marks_svg("first", "second", dark=dark)
    assert "var(" not in both
    assert one in both
    assert other in both
    assert len(ElementTree.fromstring(marks_svg("", "", dark=dark))) == 0
