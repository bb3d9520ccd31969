"""A gate is a labelled box on a wire; time runs from left to right."""

from qnn_core.circuit import wrap
from qnn_core.figures import theme
from qnn_core.figures.svg import INK, PAPER, Element, Svg

WIDTH, HEIGHT = 32, 27
"""Of a gate with a short name, in pixels."""


def box(
    svg: Svg,
    parent: Element,
    x: float,
    y: float,
    label: str,
    *,
    width: float = WIDTH,
    height: float = HEIGHT,
    size: float = 15.5,
    fill: str = PAPER,
    stroke_dasharray: str = "none",
) -> None:
    """A gate centred on (x, y); its letters are light on dark fills."""
    outline = {"stroke": INK, "stroke_width": 1.5, "rx": 3, "stroke_dasharray": stroke_dasharray}
    svg.rect(parent, x - width / 2, y - height / 2, width, height, fill=fill, **outline)
    svg.text(parent, x, y, label, size=size, fill=theme.text_on(fill), font_weight="bold")


def pixel_gate(svg: Svg, parent: Element, x: float, y: float, pixel: float) -> None:
    """What one pixel in [0, 1] becomes: nothing for 0, a lit X for 1, RX(π·pixel) between."""
    if pixel == 0:
        return
    group = svg.group(parent, class_="encoding lit", hover=f"This pixel is {pixel:.2g}")
    if pixel == 1:
        box(svg, group, x, y, "X", fill=theme.ink_colour(1))
    else:
        box(svg, group, x, y, f"RX(π·{pixel:.2f})", width=100, size=15, fill=theme.ink_colour(pixel))


def swatch(svg: Svg, parent: Element, x: float, y: float, pixel: float, size: float = 18) -> None:
    """The pixel itself, as a small square of its grey centred on (x, y)."""
    fill = theme.ink_colour(min(max(pixel, 0.0), 1.0))
    svg.rect(parent, x - size / 2, y - size / 2, size, size, fill=fill, stroke=INK, stroke_width=1, class_="pixel")


def two_qubit_gate(
    svg: Svg, parent: Element, x: float, wires: tuple[float, float], label: str, weight: float | None, **group: str
) -> None:
    """A labelled box on the upper wire, a line down, and a dot on the lower one.

    Its grey is the size of the weight, in half-turns; below 0 it is hatched.
    """
    gate = svg.group(parent, class_="gate", **group)
    fill = PAPER if weight is None else theme.weight_colour(weight)
    svg.line(gate, x, wires[0], x, wires[1], stroke_width=1.8)
    svg.add(gate, "circle", cx=x, cy=wires[1], r=5.5, fill=INK)
    box(svg, gate, x, wires[0], label, fill=fill)
    if weight is not None and wrap(weight) < 0:
        svg.hatch(gate, x - WIDTH / 2, wires[0] - HEIGHT / 2, WIDTH, HEIGHT)


def meter(svg: Svg, parent: Element, x: float, y: float) -> None:
    """The measuring instrument: a dial with its needle, centred on (x, y)."""
    group = svg.group(parent, class_="meter", hover="Measure Z on the readout")
    svg.rect(group, x - 25, y - 20, 50, 40, fill=PAPER, stroke=INK, stroke_width=1.5, rx=3)
    svg.add(group, "path", d=f"M{x - 16:g} {y + 11:g} a16 16 0 0 1 32 0", fill="none", stroke=INK, stroke_width=2)
    svg.line(group, x, y + 11, x + 11, y - 12, stroke_width=2)


def verdict(svg: Svg, x: float, y: float, digits: tuple[int, int]) -> None:
    """What the sign of the measured mean stands for: the first digit or the second."""
    for offset, sign, digit, colour in ((-14, ">", digits[0], theme.FIRST), (14, "<", digits[1], theme.SECOND)):
        words = f"⟨Z⟩ {sign} 0: {digit}"
        svg.text(svg.root, x, y + offset, words, size=20, text_anchor="start", fill=colour, font_weight="bold")
