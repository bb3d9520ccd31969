"""The living circuit in Chromium, alone: what is pointed at stands out, layers fold, a signal runs once."""

import numpy as np
import pytest

from pages.ui import circuit
from qnn_core.experiment import Experiment
from qnn_core.figures.circuit.alive import living_circuit
from qnn_core.words import signed


def data_of(layers=("XX", "ZZ"), grid=4, signal=0, seed=1):
    rng = np.random.default_rng(seed)
    experiment = Experiment(layers=layers, grid=grid, engine="contraction")
    weights = rng.uniform(-1, 1, (len(layers), grid**2))
    pixels = np.zeros(grid**2)
    pixels[rng.permutation(grid**2)[:5]] = 1
    return {**living_circuit(experiment, weights, pixels), "signal": signal}


OUTSIDE = """() => [...document.querySelectorAll('.wires svg')].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    const out = part => part.left < box.left - 1 || part.right > Math.min(box.right, innerWidth) + 1;
    return [...svg.querySelectorAll('text, rect')].filter(one => out(one.getBoundingClientRect()))
        .map(one => one.textContent || one.outerHTML);
})"""
"""What is drawn outside its picture."""


class Page:
    """A page of some width with nothing but the circuit."""

    def __init__(self, chromium, width, **options):
        self.tab = chromium.new_page(viewport={"width": width, "height": 900}, **options)
        self.tab.set_content(f"<style>{circuit.STYLES}</style><div id=place></div>")
        self.tab.evaluate(
            """async code => {
                const address = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
                const start = (await import(address)).default, parentElement = document.getElementById('place');
                window.give = data => start({data, parentElement});
            }""",
            circuit.SCRIPT,
        )

    def give(self, data):
        self.tab.evaluate("data => give(data)", data)
        self.tab.locator(".wires svg").first.wait_for()
        return data

    @property
    def said(self):
        return self.tab.locator(".said").inner_text()

    def here(self):
        """The wires that stand out."""
        return sorted(
            {int(one.get_attribute("data-wire")) for one in self.tab.locator("g.row.here").element_handles()}
        )

    def headings(self):
        """What stands in bold, for each line of layers."""
        return [svg.locator("text.head").all_text_contents() for svg in self.tab.locator(".wires svg").all()]

    def signals(self):
        return self.tab.locator(".signal").count()


@pytest.fixture
def page(chromium):
    made = []

    def open_page(width=1000, **options):
        made.append(Page(chromium, width, **options))
        return made[-1]

    yield open_page
    for one in made:
        one.tab.close()


def test_pointing_at_a_pixel_lights_its_wire_and_says_its_numbers(page):
    one = page()
    data = one.give(data_of())
    assert signed(data["value"]) in one.said
    cell = one.tab.locator(".picture rect").nth(6)
    cell.hover()
    assert one.here() == [6]
    assert f"Pixel r1c2 is {int(data['pixels'][6])}." in one.said
    assert f"XX {signed(data['weights'][0][6], '.2f')}, ZZ {signed(data['weights'][1][6], '.2f')}" in one.said
    assert f"turns the hand by {signed(data['turn'][6], '.2f')}" in one.said
    assert f"⟨Z⟩ = {signed(data['flipped'][6])}" in one.said
    one.tab.locator("g.row[data-wire='3'] .hit").first.hover()
    assert one.here() == [3]
    one.tab.mouse.move(5, 890)
    assert one.here() == []
    cell.click()
    one.tab.mouse.move(5, 890)
    assert one.here() == [6], "a tap stays"


def test_the_keyboard_goes_from_pixel_to_pixel(page):
    one = page()
    one.give(data_of())
    one.tab.locator(".wires").focus()
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("End", 15), ("ArrowDown", 15), ("ArrowUp", 14), ("Home", 0)):
        one.tab.keyboard.press(key)
        assert one.here() == [at]
    one.tab.keyboard.press("Escape")
    assert one.here() == []


@pytest.mark.parametrize(("width", "layers"), [(1000, 2), (1000, 8), (500, 8), (360, 2), (360, 8)])
def test_all_layers_and_the_measurement_are_there_at_any_width(page, width, layers):
    one = page(width)
    data = one.give(data_of(("XX", "ZZ") * (layers // 2) if layers < 8 else ("XX", "XX", "ZZ", "ZZ") * 2))
    found = [text for line in one.headings() for text in line if text[0].isdigit()]
    assert found == [f"{number} {kind}" for number, kind in enumerate(data["layers"], start=1)]
    assert one.headings()[-1][-1] in {signed(data["value"]), "turns the hand", "moves ⟨Z⟩"}
    assert signed(data["value"]) in one.headings()[-1]
    wide = one.tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert one.tab.evaluate(OUTSIDE) == []


def test_a_large_grid_says_which_wires_it_shows(page):
    one = page()
    data = one.give(data_of(grid=7))
    assert one.tab.locator(".note").inner_text() == data["note"] == "5 of 49 wires: those that this picture sets."
    assert one.tab.locator("g.row").count() == 5
    assert one.tab.locator("g.row.lit").count() == 5


def test_a_signal_runs_once_for_each_picture_unless_movement_is_unwelcome(page):
    one = page()
    one.give(data_of(signal=1))
    assert one.signals() == 0, "nothing moves before anything has happened"
    one.give(data_of(signal=2, seed=2))
    assert one.signals() == 6  # five wires and the readout
    one.tab.wait_for_function("!document.querySelector('.signal')")
    one.give(data_of(signal=2, seed=3))
    assert one.signals() == 0
    calm = page(reduced_motion="reduce")
    calm.give(data_of(signal=1))
    calm.give(data_of(signal=2, seed=2))
    assert calm.signals() == 0
