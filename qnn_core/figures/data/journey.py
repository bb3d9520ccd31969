"""A digit on its way into the circuit, in three squares: greys, fewer greys, bits."""

from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.figures import theme
from qnn_core.figures.data.heatmap import grey
from qnn_core.figures.svg import Element, Svg

SIDE, GAP, MARGIN, FOOT = 150, 56, 4, 34
"""A square, the arrow between two, the border and the line of words below, in pixels."""
MOST_LETTERS = 7
"""Larger grids have no room for 0 and 1."""


def journey_svg(image: ArrayLike, shrunken: ArrayLike, pixels: ArrayLike) -> str:
    """The picture, its shrunken greys, and the pixels that the qubits hold, as SVG text.

    image: uint8 (28, 28); shrunken, pixels: (n,) in [0, 1]. NaN is an empty square: there is no such picture.
    """
    pictures = [grey(np.asarray(values)) for values in (image, shrunken, pixels)]
    grid = isqrt(pictures[1].size)
    words = ("28 × 28 grey pixels", f"shrunk to {grid} × {grid}", "one qubit each")
    width, height = 3 * SIDE + 2 * GAP + 2 * MARGIN, SIDE + FOOT + MARGIN
    svg = Svg(width, height, "From the digit to the qubits", "The digit, the shrunken digit, and its pixels as bits.")
    for index, (values, below) in enumerate(zip(pictures, words, strict=True)):
        x = MARGIN + index * (SIDE + GAP)
        _square(svg, x, MARGIN, values.reshape(isqrt(values.size), -1), letters=index == 2)
        svg.text(svg.root, x + SIDE / 2, MARGIN + SIDE + FOOT / 2, below, size=16)
        if index:
            _arrow(svg, x - GAP, MARGIN + SIDE / 2)
    return str(svg)


def _square(svg: Svg, x: float, y: float, values: np.ndarray, *, letters: bool) -> None:
    """One picture, row 0 at the top; each pixel a square, paper left out."""
    side, cell = len(values), SIDE / len(values)
    group = svg.group(class_="picture", shape_rendering="crispEdges")  # or thin lines show between the pixels
    for row, column in np.argwhere(values > 0):
        fill = theme.ink_colour(float(values[row, column]))
        svg.rect(group, x + column * cell, y + row * cell, cell, cell, fill=fill, class_="ink")
    if side <= MOST_LETTERS:
        for k in range(1, side):
            svg.line(group, x + k * cell, y, x + k * cell, y + SIDE, stroke=theme.CELL_LINE, stroke_width=1)
            svg.line(group, x, y + k * cell, x + SIDE, y + k * cell, stroke=theme.CELL_LINE, stroke_width=1)
        if letters and np.isin(values, (0, 1)).all():
            _letters(svg, group, (x + cell / 2, y + cell / 2), cell, values)
    svg.rect(group, x, y, SIDE, SIDE, fill="none", stroke=theme.CELL_LINE, stroke_width=1.5)


def _letters(svg: Svg, group: Element, first: tuple[float, float], cell: float, values: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(values):
        fill = theme.text_on(theme.ink_colour(float(value)))
        svg.text(group, first[0] + column * cell, first[1] + row * cell, f"{value:g}", size=0.6 * cell, fill=fill)


def _arrow(svg: Svg, x: float, y: float) -> None:
    """From one square to the next, in the gap that begins at x."""
    svg.line(svg.root, x + 12, y, x + GAP - 18, y, stroke_width=2.5)
    svg.add(svg.root, "path", d=f"M{x + GAP - 22:g} {y - 8:g} l12 8 l-12 8 z", fill=theme.INK)
