"""The start page's pictures: the digit's way to the qubits, and the verdict on its scale."""

import re
from math import isqrt
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.figures.data.journey import MOST_WIRES, journey_svg, shown_wires
from qnn_core.figures.svg import LEVELS
from qnn_core.figures.theme import ink_colour
from qnn_core.figures.training.gauge import LEFT, WIDTH, gauge_svg

SVG = "{http://www.w3.org/2000/svg}"


def pictures(svg):
    return [group for group in ElementTree.fromstring(svg).iter(f"{SVG}g") if group.get("class") == "picture"]


def inked(picture):
    """(row, column) → fill of all pixels that are drawn."""
    return {
        (int(row), int(column)): path.get("fill")
        for path in picture.iter(f"{SVG}path")
        if path.get("class") == "ink"
        for column, row in re.findall(r"M(\d+) (\d+)h1v1h-1z", path.get("d"))
    }


def letters(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize("grid", [2, 4, 7, 28])
def test_ink_lies_where_the_pixels_are(grid):
    rng = np.random.default_rng(grid)
    image = rng.integers(0, 256, (28, 28)).astype(np.uint8)
    shrunken = rng.random(grid**2)
    bits = (shrunken > 0.5).astype(float)
    drawn = pictures(journey_svg(image, shrunken, bits))
    for picture, values in zip(drawn, (image / 255, shrunken, bits), strict=True):
        upright, ink = values.reshape(isqrt(values.size), -1), inked(picture)
        assert sorted(ink) == [tuple(place) for place in np.argwhere(upright)]
        # As dark as the pixel, up to the greys that are told apart.
        for place, fill in ink.items():
            assert abs(int(fill[1:3], 16) - int(ink_colour(upright[place])[1:3], 16)) <= 255 / LEVELS + 1
    assert letters(drawn[0]) == letters(drawn[1]) == []
    assert letters(drawn[2]) == ([f"{bit:g}" for bit in bits] if grid <= 7 else [])


def test_grey_pixels_are_not_written_as_bits():
    shrunken = np.random.default_rng(0).random(16)
    drawn = pictures(journey_svg(np.zeros((28, 28), np.uint8), shrunken, shrunken))
    assert letters(drawn[2]) == []
    assert inked(drawn[1]) == inked(drawn[2])
    assert len(inked(drawn[1])) == 16


@given(st.floats(-1, 1))
def test_the_pointer_stands_at_the_expectation_value(expectation):
    root = ElementTree.fromstring(gauge_svg(expectation, (3, 6)))
    pointer = next(path for path in root.iter(f"{SVG}path") if path.get("class") == "pointer")
    x = float(pointer.get("d")[1:].split()[0]) + 13
    assert x == pytest.approx(LEFT + (WIDTH - 2 * LEFT) * (expectation + 1) / 2, abs=1e-3)
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert f"⟨Z⟩ = {expectation:+.3f}".replace("-", "−") in words
    assert {"−1: 6", "+1: 3"} <= set(words)


def test_no_verdict_has_no_pointer_and_the_same_size():
    with_pointer, without = (ElementTree.fromstring(gauge_svg(value, (3, 6))) for value in (0.3, None))
    assert not [path for path in without.iter(f"{SVG}path") if path.get("class") == "pointer"]
    assert "no verdict" in [text.text for text in without.iter(f"{SVG}text")]
    assert without.get("viewBox") == with_pointer.get("viewBox")


def test_a_picture_that_is_not_there_is_an_empty_square():
    bits = np.array([0.0, 1, 1, 0])
    drawn = pictures(journey_svg(np.full((28, 28), np.nan), np.full(4, np.nan), bits))
    assert [len(inked(picture)) for picture in drawn] == [0, 0, 2]
    assert letters(pictures(journey_svg(np.full((28, 28), np.nan), np.full(4, np.nan), np.full(4, np.nan)))[2]) == []


def classes(svg, name):
    return [element for element in ElementTree.fromstring(svg).iter() if element.get("class") == name]


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "ZZ") * 4])
def test_the_wires_that_a_picture_sets_are_in_ink(layers):
    bits = np.zeros(16)
    bits[[2, 7, 11]] = 1
    svg = journey_svg(np.zeros((28, 28), np.uint8), bits, bits, layers=layers)
    assert len(classes(svg, "wire lit")) == 3
    assert len(classes(svg, "wire")) == 13
    assert len(classes(svg, "layer")) == len(layers)
    assert "X on 3 of 16" in [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    heights = [float(wire.get("y1")) for wire in classes(svg, "wire lit")]
    every = sorted(float(wire.get("y1")) for name in ("wire", "wire lit") for wire in classes(svg, name))
    assert heights == [every[k] for k in (2, 7, 11)]


@pytest.mark.parametrize("lit", [0, 3, 16, 40])
def test_of_many_wires_those_that_are_set_come_first(lit):
    bits = np.zeros(49)
    bits[np.random.default_rng(lit).choice(49, lit, replace=False)] = 1
    wires = shown_wires(bits)
    assert wires == sorted(set(wires))
    assert len(wires) == MOST_WIRES
    assert bits[wires].sum() == min(lit, MOST_WIRES)


def test_no_picture_lights_no_wire():
    nothing = np.full(16, np.nan)
    svg = journey_svg(np.full((28, 28), np.nan), nothing, nothing, layers=("XX", "ZZ"))
    assert not classes(svg, "wire lit")
    assert len(classes(svg, "wire")) == 16
