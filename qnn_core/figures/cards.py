"""Small pictures for the cards of the route: each page's idea in one look, drawn from its own numbers.

All are SVG text, WIDTH × HEIGHT pixels, so that cards stand in line.
"""

from collections.abc import Sequence
from math import cos, isqrt, sin

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.figures import theme
from qnn_core.figures.data.heatmap import grey
from qnn_core.figures.marks import FRAME
from qnn_core.figures.svg import INK, PAPER, Element, Svg

WIDTH, HEIGHT = 240, 120
MARGIN = 10


def digits_card(images: ArrayLike, labels: ArrayLike) -> str:
    """Handwritten digits in a row. images: uint8 (k, 28, 28), two or three of them; labels: ±1 (k,)."""
    pictures = np.asarray(images)
    svg = _card("Handwritten digits")
    step = (WIDTH - 2 * MARGIN) / len(pictures)
    side = min(step - 4, HEIGHT - 2 * MARGIN)
    for place, (picture, label) in enumerate(zip(pictures, np.asarray(labels), strict=True)):
        x = MARGIN + place * step + (step - side) / 2
        _picture(svg, x, (HEIGHT - side) / 2, side, grey(picture), truth=label)
    return str(svg)


def pair_card(left: ArrayLike, right: ArrayLike, title: str, *, truth: float | None = None) -> str:
    """One picture becomes another. Each uint8 or grey in [0, 1], (side, side) or flattened. truth: their label ±1."""
    svg = _card(title)
    side = HEIGHT - 2 * MARGIN
    _picture(svg, MARGIN, MARGIN, side, _upright(left), truth=truth)
    _picture(svg, WIDTH - MARGIN - side, MARGIN, side, _upright(right), truth=truth)
    middle = HEIGHT / 2
    svg.add(svg.root, "path", d=f"M{WIDTH / 2 - 5:g} {middle - 7:g} l10 7 l-10 7 z", fill=INK)
    return str(svg)


def shares_card(picture: ArrayLike, counts: tuple[int, int], digits: tuple[int, int]) -> str:
    """One picture that carries both labels, and how often each. picture: (n,) in [0, 1]."""
    svg = _card("One picture, two labels")
    side = HEIGHT - 2 * MARGIN
    _picture(svg, MARGIN, MARGIN, side, _upright(picture))
    left, room = MARGIN + side + 16, WIDTH - 2 * MARGIN - side - 16
    rows = zip((MARGIN + 8, HEIGHT / 2 + 8), counts, digits, (theme.FIRST, theme.SECOND), strict=True)
    for y, count, digit, colour in rows:
        svg.text(svg.root, left, y + 6, f"{count:,} × {digit}", size=16, text_anchor="start")
        svg.rect(svg.root, left, y + 18, max(2.0, room * count / max(*counts, 1)), 12, fill=colour, class_="share")
    return str(svg)


def wires_card(pixels: Array, *, most: int = 8) -> str:
    """The first wires, one under the other, with a box where the pixel is not 0. pixels: half-turns (n,)."""
    svg = _card("Pixels on wires")
    shown = pixels[np.linspace(0, len(pixels) - 1, min(most, len(pixels))).round().astype(int)]
    step = (HEIGHT - 2 * MARGIN) / len(shown)
    for place, pixel in enumerate(shown):
        y = MARGIN + (place + 0.5) * step
        svg.line(svg.root, MARGIN + 24, y, WIDTH - MARGIN, y, stroke=theme.CELL_LINE if pixel == 0 else INK)
        cell = {"fill": theme.ink_colour(float(pixel)), "stroke": theme.CELL_LINE, "class_": "pixel"}
        svg.rect(svg.root, MARGIN, y - step / 2 + 1, 14, step - 2, **cell)
        if pixel > 0:
            svg.rect(svg.root, WIDTH / 2 - 12, y - step / 2 + 1, 24, step - 2, fill=INK, class_="gate")
    return str(svg)


def layers_card(layers: Sequence[str], pixels: int) -> str:
    """All data qubits as one thick wire, the readout below, a block for each layer."""
    svg = _card("The layers of the circuit")
    data, readout = 40, 92
    svg.line(svg.root, MARGIN, data, WIDTH - MARGIN, data, stroke_width=8)
    svg.line(svg.root, MARGIN, readout, WIDTH - MARGIN, readout, stroke_width=2.5)
    band = (WIDTH - 2 * MARGIN - 24) / len(layers)
    for number, kind in enumerate(layers):
        x, wide = MARGIN + 12 + number * band, max(3.0, min(band - 4, 70))
        fill = theme.LAYER_TINT.get(kind, theme.OTHER_TINT)
        svg.rect(
            svg.root,
            x + (band - wide) / 2,
            14,
            wide,
            92,
            fill=fill,
            stroke=INK,
            stroke_width=1.5,
            rx=5,
            class_="layer",
        )
        if wide > 34:
            svg.text(svg.root, x + band / 2, 66, kind, size=20, font_weight="bold")
    svg.text(svg.root, WIDTH - MARGIN, 24, str(pixels), size=15, text_anchor="end")
    return str(svg)


def curve_card(heights: ArrayLike, title: str) -> str:
    """A curve from left to right, its lowest point at the foot and its highest at the top."""
    values = np.asarray(heights, float)
    svg = _card(title)
    low, span = float(values.min()), float(np.ptp(values)) or 1.0
    x = np.linspace(MARGIN, WIDTH - MARGIN, len(values))
    y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (values - low) / span
    path = " ".join(f"{'L' if k else 'M'}{a:.1f} {b:.1f}" for k, (a, b) in enumerate(zip(x, y, strict=True)))
    svg.line(svg.root, MARGIN, HEIGHT - MARGIN / 2, WIDTH - MARGIN, HEIGHT - MARGIN / 2, stroke=theme.CELL_LINE)
    svg.add(svg.root, "path", d=path, fill="none", stroke=theme.QNN, stroke_width=3.5, class_="curve")
    return str(svg)


def bars_card(bars: Sequence[tuple[str, float, str]], title: str) -> str:
    """Some bars, one under the other. bars: words, share in [0, 1], colour."""
    svg = _card(title)
    step = (HEIGHT - 2 * MARGIN) / len(bars)
    for place, (words, share, colour) in enumerate(bars):
        y = MARGIN + place * step
        svg.text(svg.root, MARGIN, y + 8, words, size=15, text_anchor="start")
        width = max(2.0, (WIDTH - 2 * MARGIN) * share)
        svg.rect(svg.root, MARGIN, y + 18, width, step - 24, fill=colour, class_="bar")
    return str(svg)


def dial_card(angle: float, length: float) -> str:
    """A clock hand; how far right it ends is the verdict. angle: radians from the right; length in [0, 1]."""
    svg = _card("The hand of the dial")
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - MARGIN
    svg.add(svg.root, "circle", cx=x, cy=y, r=radius, fill="none", stroke=theme.CELL_LINE, stroke_width=1.5)
    svg.line(svg.root, x, y - radius, x, y + radius, stroke=theme.CELL_LINE, stroke_dasharray="4 4")
    tip = x + radius * length * cos(angle), y - radius * length * sin(angle)
    colour = theme.digit_colour(1.0 if cos(angle) > 0 else -1.0)
    svg.line(svg.root, x, y, *tip, stroke=colour, stroke_width=5, stroke_linecap="round", class_="hand")
    svg.text(svg.root, MARGIN + 12, y, "−1", size=16)
    svg.text(svg.root, WIDTH - MARGIN - 12, y, "+1", size=16)
    return str(svg)


def star_card(qubits: int) -> str:
    """Every data qubit as a dot, on rings around the readout. qubits: without the readout."""
    svg = _card(f"{qubits} data qubits and the readout")
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 6
    # The sunflower's way to spread dots evenly over a disc.
    place = np.arange(qubits) + 0.5
    spread, turn = radius * np.sqrt(place / qubits), place * np.pi * (3 - np.sqrt(5))
    dots = " ".join(f"M{x + 1.9 * a * cos(b):.1f} {y + a * sin(b):.1f} h0" for a, b in zip(spread, turn, strict=True))
    svg.add(svg.root, "path", d=dots, stroke=theme.QNN, stroke_width=3, stroke_linecap="round", class_="qubits")
    svg.add(svg.root, "circle", cx=x, cy=y, r=6, fill=INK)
    return str(svg)


def ring_card(qubits: int) -> str:
    """Data qubits on a ring, each with a gate to its neighbours and one to the readout in the middle."""
    svg = _card("A ring of gates around the readout")
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - MARGIN
    points = [
        (x + radius * cos(2 * np.pi * k / qubits), y + radius * sin(2 * np.pi * k / qubits)) for k in range(qubits)
    ]
    for here, beside in zip(points, [*points[1:], points[0]], strict=True):
        svg.line(svg.root, *here, *beside, stroke=theme.QNN, stroke_width=2.5, class_="neighbour")
        svg.line(svg.root, *here, x, y, stroke=theme.CELL_LINE)
    for a, b in [*points, (x, y)]:
        svg.add(svg.root, "circle", cx=a, cy=b, r=6, fill=INK)
    return str(svg)


def timeline_svg(stops: Sequence[tuple[str, int]]) -> str:
    """The stops of a lesson on a line of time, as SVG text. stops: title and minutes of each, in order."""
    minutes = sum(lasts for _, lasts in stops)
    wide, high, foot = 900.0, 46.0, 30.0
    svg = Svg(wide + 2 * MARGIN, high + foot + MARGIN, f"{minutes} minutes", "The stops of the lesson in time.")
    x = float(MARGIN)
    for place, (title, lasts) in enumerate(stops):
        width = wide * lasts / minutes
        group = svg.group(class_="stop", hover=f"{title}: {lasts} minutes")
        fill = theme.OTHER_TINT if place % 2 else PAPER
        svg.rect(group, x, MARGIN / 2, width, high, fill=fill, stroke=theme.CELL_LINE, stroke_width=1.5)
        number = title.split()[0] if title[0].isdigit() else title[0]
        svg.text(group, x + width / 2, MARGIN / 2 + high / 2, number, size=20, font_weight="bold")
        svg.text(group, x + width / 2, MARGIN / 2 + high + foot / 2, f"{lasts} min", size=15)
        x += width
    return str(svg)


def _card(title: str) -> Svg:
    return Svg(WIDTH, HEIGHT, title, title)


def _upright(image: ArrayLike) -> Array:
    values = grey(np.asarray(image))
    return values.reshape(isqrt(values.size), -1)


def _picture(svg: Svg, x: float, y: float, side: float, values: Array, *, truth: float | None = None) -> Element:
    """One picture in a square outline, or in the frame of its digit if that is known. truth: its label ±1."""
    group = svg.pixels(x, y, side, values)
    stroke, width = (theme.CELL_LINE, 1.5) if truth is None else (theme.digit_colour(truth), FRAME)
    svg.rect(group, x, y, side, side, fill="none", stroke=stroke, stroke_width=width)
    return group
