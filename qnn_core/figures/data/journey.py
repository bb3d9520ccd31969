"""A digit on its way into the circuit, in squares: greys, fewer greys, bits, and the wires that they light."""

from collections.abc import Sequence
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.figures import theme
from qnn_core.figures.data.heatmap import grey
from qnn_core.figures.svg import Element, Svg

SIDE, GAP, MARGIN, FOOT = 150, 56, 4, 40
"""A square, the arrow between two, the border and the line of words below, in pixels."""
WORDS = 27
"""Height of the letters below a square: on a phone four squares are shrunk to less than half, and these to 12."""
MOST_LETTERS = 7
"""Larger grids have no room for 0 and 1."""
MOST_WIRES = 16
"""More wires than these would run into each other."""


def journey_svg(
    image: ArrayLike, shrunken: ArrayLike, pixels: ArrayLike, *, layers: Sequence[str] = (), gate: str = "X"
) -> str:
    """The picture, its shrunken greys, and the pixels that the qubits hold, as SVG text.

    image: uint8 (28, 28); shrunken, pixels: (n,) in [0, 1]. NaN is an empty square: there is no such picture.
    layers: kinds of ansatz layers, in order; with them a fourth square shows the qubits' wires, those that the
    picture sets in ink. gate: what sets them, for the words.
    """
    pictures = [grey(np.asarray(values)) for values in (image, shrunken, pixels)]
    grid = isqrt(pictures[1].size)
    words = ("28 × 28 greys", f"{grid} × {grid} greys", f"{grid**2} qubits")
    squares = 4 if layers else 3
    width, height = squares * SIDE + (squares - 1) * GAP + 2 * MARGIN, SIDE + FOOT + MARGIN
    svg = Svg(width, height, "From the digit to the qubits", "The digit, the shrunken digit, and its pixels as bits.")
    for index, (values, below) in enumerate(zip(pictures, words, strict=True)):
        x = MARGIN + index * (SIDE + GAP)
        _square(svg, x, MARGIN, values.reshape(isqrt(values.size), -1), letters=index == 2)
        _below(svg, x, below, first=index == 0, last=index == squares - 1)
        if index:
            _arrow(svg, x - GAP, MARGIN + SIDE / 2)
    if layers:
        x = MARGIN + 3 * (SIDE + GAP)
        _arrow(svg, x - GAP, MARGIN + SIDE / 2)
        lit = _wires(svg, x, MARGIN, pictures[2].ravel(), layers)
        _below(svg, x, f"{gate} on {lit} of {grid**2}", last=True)
    return str(svg)


def _below(svg: Svg, x: float, words: str, *, first: bool = False, last: bool = False) -> None:
    """Words below the square that begins at x; at the ends of the row they grow to the inside."""
    anchor, at = ("start", x) if first else ("end", x + SIDE) if last else ("middle", x + SIDE / 2)
    svg.text(svg.root, at, MARGIN + SIDE + FOOT / 2, words, size=WORDS, text_anchor=anchor)


def shown_wires(pixels: Array) -> list[int]:
    """The data qubits whose wires have room, in order: all of a few; of many, those that the picture sets first.

    pixels: (n,) in [0, 1], NaN for none.
    """
    if len(pixels) <= MOST_WIRES:
        return list(range(len(pixels)))
    lit, rest = np.flatnonzero(pixels > 0), np.flatnonzero(~(pixels > 0))
    spread = lit[np.linspace(0, len(lit) - 1, MOST_WIRES).round().astype(int)] if len(lit) > MOST_WIRES else lit
    return sorted({*spread.tolist(), *rest[: MOST_WIRES - len(spread)].tolist()})


def _wires(svg: Svg, x: float, y: float, pixels: Array, layers: Sequence[str]) -> int:
    """The data qubits above the readout, through all layers, with the lit ones in ink; returns how many are lit."""
    wires = shown_wires(pixels)
    step, readout, left = (SIDE - 26) / len(wires), y + SIDE - 12, x + 34
    for place, k in enumerate(wires):
        height, lit = y + (place + 0.5) * step, bool(pixels[k] > 0)
        look = {"stroke_width": 3, "stroke": theme.ink_colour(1)} if lit else {"stroke": theme.CELL_LINE}
        svg.line(svg.root, x + 6, height, x + SIDE - 30, height, class_="wire lit" if lit else "wire", **look)
        if lit:
            side = min(step - 1, 16.0)
            fill = theme.ink_colour(max(float(pixels[k]), 0.5))
            svg.rect(svg.root, x + 12, height - side / 2, side, side, fill=fill)
    svg.line(svg.root, x + 6, readout, x + SIDE, readout, stroke_width=3, class_="readout")
    band = (SIDE - 34 - 30) / len(layers)
    for number, kind in enumerate(layers):
        group = svg.group(class_="layer", hover=f"{kind} layer")
        fill = theme.LAYER_TINT.get(kind, theme.OTHER_TINT)
        start = left + number * band
        svg.rect(group, start, y, band - 3, SIDE, fill=fill, fill_opacity=0.85, stroke=theme.CELL_LINE, rx=4)
        if band >= 28:
            svg.text(group, start + (band - 3) / 2, y + SIDE / 2, kind, size=18, font_weight="bold")
    return int((pixels > 0).sum())


def _square(svg: Svg, x: float, y: float, values: np.ndarray, *, letters: bool) -> None:
    """One picture, row 0 at the top; each pixel a square, paper left out."""
    side, cell = len(values), SIDE / len(values)
    group = svg.pixels(x, y, SIDE, values)
    if side <= MOST_LETTERS:
        places = [k * cell for k in range(1, side)]
        lines = "".join(f"M{x + at:g} {y:g}v{SIDE}M{x:g} {y + at:g}h{SIDE}" for at in places)
        svg.add(group, "path", d=lines, fill="none", stroke=theme.CELL_LINE, stroke_width=1)
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
