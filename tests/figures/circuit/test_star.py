"""The drawing has exactly the gates that the circuit has, and any browser can read it."""

from itertools import chain
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.circuit import ARRANGEMENTS, LAYERS, arrange, build_circuit, pixel_name, weight_names, weights_shape
from qnn_core.experiment import Experiment
from qnn_core.figures import theme
from qnn_core.figures.circuit.star import overview_svg, shown_pixels, star_svg
from qnn_core.figures.data.encoding import encoding_strip

SVG = "{http://www.w3.org/2000/svg}"
LAYER_LISTS = st.lists(st.sampled_from(list(LAYERS)), min_size=1, max_size=7).map(tuple)


def make(**changes) -> Experiment:
    return Experiment(engine="contraction", **changes)


def parts(svg, name):
    """The groups of one class."""
    return [group for group in ElementTree.fromstring(svg).iter(f"{SVG}g") if name in group.get("class", "").split()]


def label(group):
    return group.find(f"{SVG}text").text


def fill(group):
    return group.find(f"{SVG}rect").get("fill")


@given(st.integers(2, 5), LAYER_LISTS)
def test_every_weight_is_one_gate_in_circuit_order(grid, layers):
    experiment = make(grid=grid, layers=layers)
    gates = parts(star_svg(experiment), "gate")
    assert [gate.get("data-weight") for gate in gates] == list(chain(*weight_names(experiment)))
    assert [label(gate) for gate in gates] == list(np.repeat(layers, experiment.pixels))


@pytest.mark.parametrize("arrangement", list(ARRANGEMENTS))
def test_drawing_and_qiskit_agree_on_the_gates(arrangement):
    experiment = make(grid=3, layers=arrange(("XX", "ZZ"), 2, arrangement))
    circuit = build_circuit(experiment).circuit
    built = [step.operation.name for step in circuit.data if len(step.qubits) == 2]
    svg = star_svg(experiment)
    assert [f"r{label(gate).lower()}" for gate in parts(svg, "gate")] == built
    names = [label(wire) for wire in parts(svg, "wire")]
    assert names == [register.name for register in circuit.qregs]


@pytest.mark.parametrize("grid", [2, 4, 5, 6, 28])
@pytest.mark.parametrize("draw", [star_svg, overview_svg])
def test_says_what_it_shows_and_stands_alone(grid, draw):
    root = ElementTree.fromstring(draw(make(grid=grid)))
    _, _, width, height = map(float, root.get("viewBox").split())
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert f"{grid**2 + 1} qubits" in root[0].text
    background = root[2]
    assert (float(background.get("width")), float(background.get("height"))) == (width, height)
    assert background.get("fill") == "#FFFFFF"


@given(st.integers(2, 28), st.integers(1, 8))
def test_nothing_is_drawn_outside_the_picture(grid, blocks):
    root = ElementTree.fromstring(star_svg(make(grid=grid, layers=("XX",) * blocks)))
    _, _, width, height = map(float, root.get("viewBox").split())
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x")) <= float(box.get("x")) + float(box.get("width")) <= width
        assert 0 <= float(box.get("y")) <= float(box.get("y")) + float(box.get("height")) <= height


def test_many_qubits_are_elided_and_counted():
    experiment = make(grid=28)
    svg = star_svg(experiment)
    shown = [k for k in shown_pixels(784) if k is not None]
    assert shown[0] == 0
    assert shown[-1] == 783
    assert len(parts(svg, "gate")) == 2 * len(shown)
    assert [label(wire) for wire in parts(svg, "wire")] == [pixel_name(k, 28) for k in shown] + ["readout"]
    assert "⋮  784 data qubits in all" in svg
    assert shown_pixels(16) == list(range(16))


def test_no_line_runs_through_the_box_of_another_gate():
    gates = parts(star_svg(make(grid=5)), "gate")
    for line, others in ((gate.find(f"{SVG}line"), gates[:k] + gates[k + 1 :]) for k, gate in enumerate(gates)):
        x, top, bottom = (float(line.get(end)) for end in ("x1", "y1", "y2"))
        for box in (other.find(f"{SVG}rect") for other in others):
            left, y = float(box.get("x")), float(box.get("y"))
            beside = not left - 1 < x < left + float(box.get("width")) + 1
            assert beside or y > bottom or y + float(box.get("height")) < top


def test_pixels_light_their_gates():
    pixels = np.zeros(16)
    pixels[[2, 7, 11]] = 1
    svg = star_svg(make(), pixels=pixels)
    assert [label(gate) for gate in parts(svg, "lit")] == ["X"] * 3
    assert len(parts(star_svg(make()), "encoding")) == 16
    assert not parts(star_svg(make()), "lit")
    grey = star_svg(make(encoding="angle"), pixels=np.full((4, 4), 0.37))
    assert {label(gate) for gate in parts(grey, "lit")} == {"RX(π·0.37)"}


def test_weights_colour_their_gates_as_turns_do():
    experiment = make()
    weights = np.random.default_rng(0).uniform(0, 2 * np.pi, weights_shape(experiment))
    fills = [fill(gate) for gate in parts(star_svg(experiment, weights=weights), "gate")]
    assert fills == [theme.weight_colour(weight) for weight in weights.ravel()]
    turned = [fill(gate) for gate in parts(star_svg(experiment, weights=weights + 2), "gate")]
    assert turned == fills


@given(LAYER_LISTS)
def test_overview_has_one_gate_for_each_layer(layers):
    gates = parts(overview_svg(make(layers=layers)), "composite")
    assert [label(gate) for gate in gates] == [f"{kind} layer" for kind in layers]
    assert {gate.findall(f"{SVG}text")[1].text for gate in gates} == {"16 weights"}


@given(st.lists(st.booleans(), min_size=16, max_size=16))
def test_strip_puts_an_x_on_every_black_pixel(pixels):
    names = [pixel_name(k, 4) for k in range(16)]
    qubits = parts(encoding_strip(np.array(pixels, float), names), "qubit")
    assert [label(qubit) for qubit in qubits] == names
    assert [qubit.find(f"{SVG}g") is not None for qubit in qubits] == pixels


def test_strip_shows_the_middle_of_large_pictures():
    names = [pixel_name(k, 14) for k in range(196)]
    svg = encoding_strip(np.zeros(196), names)
    assert label(parts(svg, "qubit")[0]) == "r4c4"
    assert "Pixels r4c4 to r9c9 of the 14 × 14" in svg


@given(st.floats(-50, 50))
def test_letters_can_be_read_on_any_weight_colour(weight):
    def luminance(colour):
        parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05

    fill = theme.weight_colour(weight)
    dark, light = sorted((luminance(fill), luminance(theme.text_on(fill))))
    assert light / dark > 3.9
