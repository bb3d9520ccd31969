"""A layer looks like a staircase: each gate stands one wire lower and one step further right."""

from collections.abc import Sequence

from qnn_core.arrays import Array
from qnn_core.circuit import wrap
from qnn_core.data.encoding import Encoding
from qnn_core.figures import theme
from qnn_core.figures.circuit.gates import box, meter, pixel_gate, swatch, two_qubit_gate, verdict
from qnn_core.figures.svg import Element, Svg
from qnn_core.words import signed

ROW, STEP = 31, 22
"""Distance of two wires, and of two gates of a layer, in pixels."""
TOP, LEFT, ENCODING, GAP, END = 92, 118, 116, 12, 138
"""Room above the first wire, for the wires' names, for the encoding, between layers, for the measurement."""


class Staircase:
    """The drawing of one star circuit, filled from left to right.

    shown: the data qubits to draw; None is the place of those left out of all `count`.
    """

    def __init__(
        self, shown: Sequence[int | None], count: int, layers: int, title: str, description: str, *, legend: bool
    ) -> None:
        self.shown, self.count = shown, count
        self.band = max(len(shown) * STEP + 18, 116)
        self.readout = TOP + len(shown) * ROW + 14
        self.end = LEFT + ENCODING + layers * (self.band + GAP)
        self.svg = Svg(self.end + END, self.readout + (96 if legend else 44), title, description)
        if legend:
            self._weight_legend()

    def wires(self, names: Sequence[str], readout: str) -> None:
        """All wires with their names, and one line of words for the qubits left out."""
        for y, k in self._slots():
            if k is None:
                words = f"⋮  {self.count} data qubits in all"
                self.svg.text(self.svg.root, LEFT - 56, y, words, text_anchor="start")
            else:
                self._wire(y, names[k], self.end - GAP, stroke=theme.LINE)
        self._wire(self.readout, readout, self.end + 80, stroke_width=2.5)

    def encoding(self, pixels: Array | None, encoding: Encoding) -> None:
        """The gates that write the pixels; without pixels, dashed, where they would be. X and H on the readout."""
        x = LEFT + 52
        self._heading(x, "Encode", "the pixels")
        for y, k in self._slots():
            if k is None:
                continue
            if pixels is None:
                possible = self.svg.group(class_="encoding")
                box(self.svg, possible, x, y, encoding.one_wire, width=72, size=15, stroke_dasharray="4 3")
            else:
                pixel_gate(self.svg, self.svg.root, x, y, float(pixels[k]))
                swatch(self.svg, self.svg.root, 26, y, float(pixels[k]))
        box(self.svg, self.svg.root, x - 22, self.readout, "X")
        box(self.svg, self.svg.root, x + 22, self.readout, "H")

    def layer(self, layer: int, kind: str, parameters: Sequence[str], weights: Array | None) -> None:
        """One tinted band with a gate for each data qubit. weights: half-turns (n,)."""
        left = LEFT + ENCODING + layer * (self.band + GAP)
        band = self.svg.group(class_="layer")
        tint = theme.LAYER_TINT.get(kind, theme.OTHER_TINT)
        self.svg.rect(band, left, 68, self.band, self.readout - 46, fill=tint, fill_opacity=0.65, rx=6)
        self._heading(left + self.band / 2, f"{kind} layer", f"{self.count} weights", band)
        first = left + (self.band - (len(self.shown) - 1) * STEP) / 2
        for slot, (y, k) in enumerate(self._slots()):
            x = first + slot * STEP
            if k is None:
                self.svg.text(band, x, y, "⋱", size=20)
                continue
            weight = None if weights is None else float(weights[k])
            value = "" if weight is None else f" = {signed(float(wrap(weight)))} half-turns"
            hover = f"{kind} gate, weight {parameters[k]}{value}"
            wires = (y, self.readout)
            two_qubit_gate(self.svg, band, x, wires, kind, weight, hover=hover, data_weight=parameters[k])

    def measurement(self, digits: tuple[int, int]) -> None:
        """H and the meter on the readout, and what the sign of the result stands for."""
        box(self.svg, self.svg.root, self.end + 18, self.readout, "H")
        meter(self.svg, self.svg.root, self.end + 74, self.readout)
        self._heading(self.end + 64, "Measure", "the readout")
        verdict(self.svg, self.end + 18, self.readout - 60, digits)

    def _slots(self) -> list[tuple[float, int | None]]:
        """Height and data qubit of each wire's place."""
        return [(TOP + slot * ROW, k) for slot, k in enumerate(self.shown)]

    def _wire(self, y: float, name: str, end: float, **line: object) -> None:
        wire = self.svg.group(class_="wire")
        weight = "bold" if y == self.readout else "normal"
        self.svg.text(wire, LEFT - 14, y, name, size=18, text_anchor="end", font_weight=weight)
        self.svg.line(wire, LEFT - 8, y, end, y, **line)

    def _heading(self, x: float, first: str, second: str, parent: Element | None = None) -> None:
        parent = self.svg.root if parent is None else parent
        self.svg.text(parent, x, 22, first, size=21, font_weight="bold")
        self.svg.text(parent, x, 48, second, size=17)

    def _weight_legend(self) -> None:
        """The greys of −1 to +1 half-turn, under the first layer."""
        left, y, width, steps = LEFT + ENCODING, self.readout + 50, 240.0, 41
        for step in range(steps):
            colour = theme.weight_colour(-0.9999 + 2 * step / steps)
            self.svg.rect(self.svg.root, left + step * width / steps, y, width / steps + 0.5, 16, fill=colour)
        self.svg.hatch(self.svg.root, left, y, width / 2, 16)
        self.svg.rect(self.svg.root, left, y, width, 16, fill="none", stroke=theme.LINE)
        for share, words in ((0, "−1"), (0.5, "0"), (1, "+1")):
            self.svg.text(self.svg.root, left + share * width, y + 30, words, size=17)
        self.svg.text(self.svg.root, left + width + 16, y + 8, "weight in half-turns", size=17, text_anchor="start")
