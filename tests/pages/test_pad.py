"""What is on the pad, in the cells or in a photo is what every page asks about; without a real browser."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from pages.ui.pad import PEN, Asking
from pages.ui.pad.strokes import Drawing, Stroke
from qnn_core import Experiment
from qnn_core.data.dataset import encoded, pair_of
from qnn_core.inside.hard import hardest
from tests.helpers import is_sentence

THREE = [90, 60, 190, 60, 140, 130, 190, 180, 160, 230, 80, 220]
"""The corners of a three, x and y in turn."""


class Pads:
    """Sends what the browser side of a component would."""

    def __init__(self, visitor):
        self.visitor, self.number = visitor, 0

    def send(self, state, value):
        """The one component on the page whose state has this name gets a value."""
        (element,) = self.visitor.components
        states = self.visitor.app._tree.get_widget_states()
        states.widgets.add(id=element.proto.id, json_value=json.dumps({state: value}))
        self.visitor.app._run(states)
        assert not self.visitor.app.exception
        return self.visitor

    def strokes(self, *strokes, width=22):
        """The whole drawing, as the pad sends it."""
        self.number += 1
        written = [{"width": width, "points": list(points)} for points in strokes]
        return self.send("drawing", {"strokes": written, "number": self.number, "pen": "normal"})

    def data(self):
        """What the server has sent to the component."""
        (element,) = self.visitor.components
        return json.loads(element.proto.json)


@pytest.fixture
def page(visit):
    """Page 8 with its pads: visitor, pads."""
    visitor = visit("8_draw", engine="contraction")
    return visitor, Pads(visitor)


def source(visitor, name):
    visitor.set("segmented_control", "source", name)
    assert not visitor.app.exception


def desk(visitor):
    return visitor.app.session_state["desk"]


def sentence(visitor):
    """The one sentence about the picture."""
    (text,) = visitor.sentences
    # Two lines on a phone: nothing below it moves.
    assert len(text) <= 84
    return is_sentence(text)


def shape(visitor):
    """What stands on the page, in which order, whatever it says."""
    return [type(element).__name__ + element.type for element in visitor.app.main]


def offers_the_drawing(visitor):
    return any("Your drawing" in str(group.proto) for group in visitor.app.get("button_group"))


def test_a_drawing_is_asked_about_on_other_pages(page):
    visitor, pads = page
    pads.strokes(THREE)
    assert sentence(visitor).startswith("Your drawing")
    assert desk(visitor).ink.max() == 255
    assert offers_the_drawing(visitor.go("9_box"))
    visitor.go("8_draw")
    assert sentence(visitor).startswith("Your drawing")
    assert pads.data()["strokes"] == [{"width": 22, "points": THREE}]  # and it can be taken back


def test_an_emptied_canvas_is_asked_about_nowhere(page):
    visitor, pads = page
    pads.strokes(THREE)
    pads.strokes()
    assert sentence(visitor).startswith("No drawing yet")
    assert desk(visitor).ink is None
    assert not offers_the_drawing(visitor.go("9_box"))
    assert sentence(visitor.go("8_draw")).startswith("No drawing yet")


def test_nonsense_changes_nothing(page, caplog):
    visitor, pads = page
    pads.strokes(THREE)
    before = desk(visitor).ink.copy()
    for nonsense in (None, 5, "x", [], {"strokes": [{"width": 22, "points": [1, "2"]}]}):
        pads.send("drawing", nonsense)
        assert np.array_equal(desk(visitor).ink, before)
    assert sum("A drawing was ignored" in line for line in caplog.messages) == 5


def on_the_line(pads, *strokes, lifted=False):
    """What the pen's line answers to a drawing. lifted: it is finished."""
    answer = PEN.answer_of(pads.data()["line"].rsplit("/", 1)[1])
    drawing = Drawing(tuple(Stroke(22, np.reshape(points, (-1, 2)).astype(float)) for points in strokes))
    return json.loads(answer(Asking(drawing, lifted)))


def test_the_line_says_what_the_page_says_of_the_same_drawing(page):
    visitor, pads = page
    unfinished, before = on_the_line(pads, THREE[:8]), (visitor.needle, visitor.circuit)
    assert (visitor.needle, visitor.circuit) == before, "the page waits for the pen to be lifted"
    answered = on_the_line(pads, THREE)
    assert answered["needle"] != unfinished["needle"]
    pads.strokes(THREE)
    for name in ("needle", "journey", "sentence"):
        (shown,) = [one for one in visitor.app.get("bidi_component") if one.key == name]
        said = json.loads(shown.proto.json)
        assert {word: said[word] for word in answered[name]} == answered[name]
    bits = encoded(Experiment(), prepared(visitor)[None])[0]
    assert f"setting {int(bits.sum())} of 16 qubits" in visitor.circuit["alt"]


def test_the_line_keeps_what_is_finished(page):
    visitor, pads = page
    on_the_line(pads, THREE[:8])
    assert desk(visitor).ink is None
    answered = on_the_line(pads, THREE, lifted=True)
    visitor.go("4_encode").go("8_draw")
    assert visitor.needle == answered["needle"]["alt"]
    assert sentence(visitor).startswith("Your drawing")


def test_the_line_has_nothing_to_say_of_no_ink_and_no_verdict_on_a_dot(page):
    _, pads = page
    assert on_the_line(pads) == {}
    assert on_the_line(pads, [-50, -50, -60, -60]) == {}
    assert on_the_line(pads, DOT)["needle"]["alt"] == "No verdict."


def prepared(visitor):
    from qnn_core.data.drawing import prepare_drawing

    return prepare_drawing(desk(visitor).ink).image


DOT, THIN = [140, 140], [140, 60, 140, 200]
FULL = [coordinate for y in range(0, 281, 10) for coordinate in (0, y, 280, y)]


def test_the_page_keeps_its_shape(page):
    visitor, pads = page
    empty, sentences = shape(visitor), {sentence(visitor)}
    for strokes, width, words in (
        ([DOT], 14, "dot"),
        ([FULL], 32, "full"),
        ([THREE], 22, "Your drawing"),
        ([THIN], 14, "sees nothing"),
    ):
        visitor.set("slider", "threshold", 0.99 if strokes == [THIN] else 0.5)
        pads.strokes(*strokes, width=width)
        assert words in sentence(visitor)
        assert shape(visitor) == empty
        assert len(visitor.metrics) == 3
        sentences.add(sentence(visitor))
    assert len(sentences) == 5


def test_cells_go_straight_into_the_circuit(page):
    visitor, pads = page
    source(visitor, "cells")
    assert sentence(visitor).startswith("All cells are 0")
    bits = [0] * 16
    for cell in (6, 10, 13):
        bits[cell] = 1
    pads.send("cells", bits)
    assert sentence(visitor).startswith("3 of 16 cells")
    assert "setting 3 of 16 qubits" in visitor.circuit["alt"]
    assert not offers_the_drawing(visitor.go("9_box"))
    visitor.go("8_draw")
    assert sentence(visitor).startswith("3 of 16 cells")  # the source and its cells are remembered
    for nonsense in ([0] * 15, [0.5] * 16, [True] * 16, [2] * 16, "0" * 16, None, {"0": 1}):
        pads.send("cells", nonsense)
        assert sentence(visitor).startswith("3 of 16 cells")


@pytest.mark.parametrize(("grid", "there"), [(2, True), (5, True), (6, False)])
def test_cells_up_to_five_by_five(page, grid, there):
    visitor, _ = page
    visitor.set("slider", "grid", grid)
    source(visitor, "cells")
    assert bool(visitor.components) == there
    assert ("up to 5×5" in sentence(visitor)) != there


def file_of(image, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind)
    return file.getvalue()


def photographed(ink, seed=0):
    """Ink (280, 280) as a phone sees it: grey paper, lit from one side, grain."""
    light = np.linspace(0.55, 0.9, 280)[None, :] * np.linspace(1, 0.85, 280)[:, None]
    grain = np.random.default_rng(seed).normal(0, 0.02, (280, 280))
    return np.clip(255 * (light * (1 - 0.75 * ink / 255) + grain), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photo_is_asked_like_the_drawing(page, kind):
    visitor, pads = page
    pads.strokes(THREE)
    verdict, ink = visitor.metrics, desk(visitor).ink
    source(visitor, "photo")
    assert sentence(visitor).startswith("No photo yet")
    place = visitor.app.file_uploader(key="photo_file")
    place.set_value((f"three.{kind.lower()}", file_of(photographed(ink), kind), f"image/{kind.lower()}")).run()
    assert sentence(visitor).startswith("Your photo")
    assert visitor.metrics == verdict
    visitor.go("4_encode").go("8_draw")
    assert sentence(visitor).startswith("Your photo")


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(40), b"%!PS-Adobe-3.0 EPSF-3.0"]
)
def test_a_bad_photo_gets_a_sentence(page, content):
    visitor, _ = page
    source(visitor, "photo")
    visitor.app.file_uploader(key="photo_file").set_value(("three.png", content, "image/png")).run()
    assert not visitor.app.exception
    assert "PNG or JPEG" in sentence(visitor)
    assert set(visitor.metrics.values()) == {"–"}


def test_test_digits_random_and_hard(page, to_the_end):
    visitor, _ = page
    source(visitor, "test")
    pair = pair_of(Experiment())
    numbers = set()
    for _ in range(4):
        visitor.press("A random test digit")
        numbers.add(desk(visitor).choices["test digit"])
    assert len(numbers) > 1
    assert numbers <= set(range(len(pair.test_images)))
    hard = hardest(Experiment(), to_the_end.weights).tolist()
    desk(visitor).choices["test digit"] = next(row for row in range(10) if row not in hard)
    seen = []
    for _ in range(6):
        visitor.press("A hard one")
        seen.append(desk(visitor).choices["test digit"])
        truth = 3 if pair.test_labels[seen[-1]] > 0 else 6
        assert sentence(visitor).endswith(f"Somebody wrote a {truth}.")
        assert visitor.metrics["QNN says"] == str(9 - truth)  # of these weights' hardest, all are wrong
    assert seen == [*hard, hard[0]]
