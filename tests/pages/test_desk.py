"""What is chosen on one page is still chosen after a look at another."""

from pathlib import Path

import pytest

import pages
from pages.ui.frame import ORDER

KINDS = ("button_group", "radio", "selectbox", "select_slider", "slider", "toggle", "number_input")
NOT_A_CHOICE = {"machine"}
"""A switch that starts seconds of work."""


def test_only_the_desk_keeps_state():
    files = Path(pages.__file__).parent.rglob("*.py")
    assert [file.name for file in files if "session_state" in file.read_text()] == ["desk.py"]
    for words in ("persist_state", "bind=", "run_every"):
        assert not [file for file in Path(pages.__file__).parent.rglob("*.py") if words in file.read_text()], words


def another(widget, kind):
    """A value that the widget does not have, or None if it has only one."""
    if kind == "toggle":
        return not widget.value
    if kind in {"slider", "number_input"}:
        return widget.min if widget.value != widget.min else widget.min + widget.step
    if kind in {"button_group", "select_slider"}:  # AppTest knows the words of their values, not the values
        return None
    return next((option for option in reversed(widget.options) if option != str(widget.value)), None)


@pytest.mark.parametrize("page", ORDER)
def test_every_choice_outlives_a_visit_to_another_page(visit, page):
    visitor = visit(page, engine="contraction", grid=2, examples=40, epochs=1).wait_for_pictures()
    drawn = {(kind, widget.key) for kind in KINDS for widget in getattr(visitor.app.main, kind)}
    for kind, key in sorted((kind, key) for kind, key in drawn if key not in NOT_A_CHOICE):
        found = [one for one in getattr(visitor.app.main, kind) if one.key == key]
        value = another(found[0], kind) if found else None
        if value is None:
            continue
        visitor.set(kind, key, value)
        kept = getattr(visitor.app, kind)(key=key).value
        visitor.go("1_digits" if page != "1_digits" else "2_shrink").go(page).wait_for_pictures()
        assert not visitor.app.exception
        assert getattr(visitor.app, kind)(key=key).value == kept, key


@pytest.mark.parametrize(
    ("page", "kind", "key", "value"),
    [
        ("7_compare", "button_group", "section", "The threshold"),
        ("10_flat", "button_group", "directions", "random"),
        ("10_flat", "button_group", "around", "the start"),
        ("10_flat", "button_group", "reach", "far"),
        ("10_flat", "select_slider", "width", 0.1),
        ("11_noise", "select_slider", "shots", 1000),
        ("11_noise", "select_slider", "gate_noise", 0.05),
        ("11_noise", "button_group", "noisy_start", "uniform"),
        ("9_box", "button_group", "predicted_entangled", "it falls a little"),
    ],
)
def test_menus_outlive_it_too(visit, page, kind, key, value):
    visitor = visit(page, engine="contraction", grid=2, examples=40, epochs=1).set(kind, key, value)
    visitor.go("1_digits").go(page)
    assert not visitor.app.exception
    assert visitor.app.session_state["desk"].choices[key] == value
    assert visitor.app.session_state[key] == value
