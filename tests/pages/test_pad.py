"""What is on the canvas is what every page asks about."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture
def canvas(monkeypatch):
    """A canvas component whose strokes the test sets: each a rectangle (top, bottom, left, right) of ink."""
    state = SimpleNamespace(strokes=[])

    def st_canvas(*, height, width, **options):
        image = np.full((height, width, 4), 255, np.uint8)
        for top, bottom, left, right in state.strokes:
            image[top:bottom, left:right, :3] = 0
        return SimpleNamespace(json_data={"objects": list(state.strokes)}, image_data=image)

    monkeypatch.setitem(sys.modules, "streamlit_drawable_canvas", SimpleNamespace(st_canvas=st_canvas))
    return state


STROKE = (80, 260, 120, 160)


def said(visitor):
    return " ".join(visitor.texts())


def offers_the_drawing(visitor):
    return any("Your drawing" in str(group.proto) for group in visitor.app.get("button_group"))


def test_a_drawing_is_asked_about_on_other_pages(canvas, visit):
    canvas.strokes = [STROKE]
    visitor = visit("8_draw", engine="contraction")
    assert "Your drawing, cropped" in said(visitor)
    assert visitor.app.session_state["pad_ink"].max() == 255
    assert offers_the_drawing(visitor.go("9_box"))


def test_an_emptied_canvas_is_asked_about_nowhere(canvas, visit):
    canvas.strokes = [STROKE]
    visitor = visit("8_draw", engine="contraction")
    canvas.strokes = []  # taken back, stroke by stroke
    visitor.app.run()
    assert "No drawing yet" in said(visitor)
    assert not offers_the_drawing(visitor.go("9_box"))
    assert "No drawing yet" in said(visitor.go("8_draw"))


def test_clear_forgets_the_drawing(canvas, visit):
    canvas.strokes = [STROKE]
    visitor = visit("8_draw", engine="contraction")
    canvas.strokes = []
    visitor.press("Clear")
    assert not offers_the_drawing(visitor.go("9_box"))
