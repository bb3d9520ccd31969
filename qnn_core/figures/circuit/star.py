"""The star circuit as a picture: every data qubit reaches down to the readout once in every layer."""

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.circuit import READOUT, pixel_name, qubit_count, weight_names
from qnn_core.data.encoding import ENCODINGS, Encoding
from qnn_core.experiment import Experiment
from qnn_core.figures import theme
from qnn_core.figures.circuit.gates import box, meter, verdict
from qnn_core.figures.circuit.staircase import Staircase
from qnn_core.figures.svg import INK, Svg

ALL_WIRES = 25
"""With more data qubits than this, only the first and the last are drawn."""


def star_svg(
    experiment: Experiment,
    *,
    pixels: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> str:
    """Every gate of the circuit (MATHS section 1), as SVG text.

    pixels: half-turns of RX (n,) or (grid, grid), lights the gates of one image. weights: half-turns
    (layers, n), colours the gates.
    """
    n, layers = experiment.pixels, len(experiment.layers)
    values = None if weights is None else np.asarray(weights, float).reshape(layers, n)
    drawing = Staircase(
        shown_pixels(n), n, layers, _title(experiment), _description(experiment), legend=values is not None
    )
    drawing.wires([pixel_name(k, experiment.grid) for k in range(n)], READOUT)
    drawing.encoding(None if pixels is None else np.asarray(pixels, float).reshape(n), ENCODINGS[experiment.encoding])
    for layer, (kind, parameters) in enumerate(zip(experiment.layers, weight_names(experiment), strict=True)):
        drawing.layer(layer, kind, parameters, None if values is None else values[layer])
    drawing.measurement(experiment.digits)
    return str(drawing.svg)


def shown_pixels(n: int) -> list[int | None]:
    """The data qubits to draw, in order; None stands for those left out."""
    return list(range(n)) if n <= ALL_WIRES else [*range(8), None, *range(n - 3, n)]


def overview_svg(experiment: Experiment) -> str:
    """The circuit at a glance, as SVG text: all data qubits as one thick wire, each layer as one gate."""
    step = 196 if len(experiment.layers) <= 4 else 150
    start, data, readout = 426, 92, 222
    end = start + step * len(experiment.layers)
    svg = Svg(end + 290, 268, _title(experiment), _description(experiment))
    for y, words, stop, thickness in (
        (data, f"{experiment.pixels} data qubits", 10, 9),
        (readout, READOUT, 110, 2.5),
    ):
        svg.line(svg.root, 212, y, end + stop, y, stroke_width=thickness)
        svg.text(svg.root, 202, y, words, size=20, text_anchor="end", font_weight="bold")
    _preparation(svg, ENCODINGS[experiment.encoding], data, readout)
    for layer, kind in enumerate(experiment.layers):
        _composite(svg, start + step * (layer + 0.5), step - 26, (data, readout), kind, experiment.pixels)
    box(svg, svg.root, end + 40, readout, "H", width=44, height=44, size=22)
    meter(svg, svg.root, end + 120, readout)
    verdict(svg, end + 162, readout, experiment.digits)
    return str(svg)


def _preparation(svg: Svg, encoding: Encoding, data: float, readout: float) -> None:
    """The pixels on the data qubits; X and H on the readout."""
    box(svg, svg.root, 318, data, encoding.gate, width=110, height=48, size=22)
    svg.text(svg.root, 318, data - 46, encoding.where, size=18)
    box(svg, svg.root, 285, readout, "X", width=44, height=44, size=22)
    box(svg, svg.root, 351, readout, "H", width=44, height=44, size=22)


def _composite(svg: Svg, x: float, width: float, wires: tuple[float, float], kind: str, gates: int) -> None:
    """One layer as one gate over both wires, centred on x."""
    top, bottom = wires[0] - 46, wires[1] + 36
    group = svg.group(class_="composite", hover=f"{gates} {kind} gates, one from each data qubit to the readout")
    fill = theme.LAYER_TINT.get(kind, theme.OTHER_TINT)
    svg.rect(group, x - width / 2, top, width, bottom - top, fill=fill, stroke=INK, stroke_width=2, rx=6)
    svg.text(group, x, (top + bottom) / 2 - 16, f"{kind} layer", size=26, font_weight="bold")
    svg.text(group, x, (top + bottom) / 2 + 20, f"{gates} weights", size=20)


def _title(experiment: Experiment) -> str:
    return f"Circuit of {qubit_count(experiment)} qubits and {experiment.pixels * len(experiment.layers)} weights"


def _description(experiment: Experiment) -> str:
    return (
        f"{experiment.pixels} data qubits and one readout qubit. The pixels are encoded on the data qubits; "
        f"the readout gets X and H. Then come the layers {', '.join(experiment.layers)}, each with one two-qubit "
        "gate between every data qubit and the readout. At the end H on the readout, and Z is measured."
    )
