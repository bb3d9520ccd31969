"""Each pixel gets a qubit of its own: an X gate if the pixel is 1, nothing if it is 0."""

from collections.abc import Sequence
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.figures.circuit.gates import pixel_gate, swatch
from qnn_core.figures.svg import Svg
from qnn_core.figures.theme import LINE

WIRE, ROW, MARGIN = 90, 46, 12
"""Length of a wire with an X on it, distance of two wires, and the border, in pixels."""
MOST = 6
"""Of larger pictures only the middle MOST × MOST pixels are drawn."""


def encoding_strip(pixels: ArrayLike, names: Sequence[str]) -> str:
    """One short wire per pixel, arranged like the picture, as SVG text.

    pixels: half-turns of RX in [0, 1], (n,) or (grid, grid); names: n, such as r0c0.
    """
    values = np.asarray(pixels, float).ravel()
    grid = isqrt(len(values))
    side = min(grid, MOST)
    first = (grid - side) // 2
    # RX with its angle needs a longer wire than X.
    wire = WIRE if np.isin(values, (0, 1)).all() else WIRE + 34
    cell, note = 92 + wire + 24, 30 if side < grid else 0
    svg = Svg(side * cell + 2 * MARGIN, side * ROW + 2 * MARGIN + note, "Pixels become gates", _words(values))
    for row in range(side):
        for column in range(side):
            k = (first + row) * grid + first + column
            _qubit(svg, MARGIN + column * cell, MARGIN + (row + 0.5) * ROW, names[k], float(values[k]), wire)
    if side < grid:
        last = first + side - 1
        words = f"Pixels r{first}c{first} to r{last}c{last} of the {grid} × {grid}"
        svg.text(svg.root, MARGIN, side * ROW + MARGIN + 20, words, size=18, text_anchor="start")
    return str(svg)


def _qubit(svg: Svg, x: float, y: float, name: str, pixel: float, wire: float) -> None:
    """Pixel, name, and its wire with the gate it becomes, from x on."""
    qubit = svg.group(class_="qubit")
    swatch(svg, qubit, x + 16, y, pixel, size=28)
    svg.text(qubit, x + 38, y, name, size=19, text_anchor="start")
    svg.line(qubit, x + 92, y, x + 92 + wire, y, stroke=LINE)
    pixel_gate(svg, qubit, x + 92 + wire / 2, y, pixel)


def _words(values: np.ndarray) -> str:
    return (
        f"{len(values)} pixels, each on a qubit of its own: {np.count_nonzero(values == 1)} get an X gate, "
        f"{np.count_nonzero((values > 0) & (values < 1))} a part of it, {np.count_nonzero(values == 0)} nothing."
    )
