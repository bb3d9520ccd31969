"""The verdict is where ⟨Z⟩ falls between −1, the second digit, and +1, the first."""

from qnn_core.figures.svg import Svg
from qnn_core.figures.theme import CLASS_SCALE, INK, LINE, MUTED
from qnn_core.words import signed

WIDTH, LEFT, TOP, HEIGHT = 420, 34, 78, 44
"""Whole width; left end, top and height of its scale, in pixels."""


def gauge_svg(expectation: float | None, digits: tuple[int, int]) -> str:
    """A scale from −1 to +1 with a pointer at the expectation value, as SVG text; None: without a pointer.

    What moves with the value carries its place as data-x.
    """
    words = "no verdict" if expectation is None else f"⟨Z⟩ = {signed(expectation)}"
    svg = Svg(WIDTH, TOP + HEIGHT + 40, "The verdict", f"{words} on a scale from −1: {digits[1]} to +1: {digits[0]}")
    gradient = svg.add(svg.root, "linearGradient", id="class")
    for position, colour in CLASS_SCALE:
        svg.add(gradient, "stop", offset=position, stop_color=colour)
    length = WIDTH - 2 * LEFT
    svg.rect(svg.root, LEFT, TOP, length, HEIGHT, fill="url(#class)", stroke=LINE, class_="scale")
    for value, name in ((-1, f"−1: {digits[1]}"), (-0.5, "−0.5"), (0, "0"), (0.5, "+0.5"), (1, f"+1: {digits[0]}")):
        svg.text(svg.root, LEFT + length * (value + 1) / 2, TOP + HEIGHT + 20, name, size=16)
    svg.line(svg.root, WIDTH / 2, TOP - 12, WIDTH / 2, TOP + HEIGHT, stroke=MUTED, stroke_dasharray="7 5")
    x = WIDTH / 2
    if expectation is not None:
        x = LEFT + length * (expectation + 1) / 2
        svg.add(svg.root, "path", d=f"M{x - 13:g} {TOP - 20:g} h26 l-13 18 z", fill=INK, class_="pointer", data_x=x)
    x = min(max(x, 76), WIDTH - 76)
    svg.text(svg.root, x, TOP - 42, words, size=20, font_weight="bold", data_x=x)
    return str(svg)
