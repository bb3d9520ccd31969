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
    named = kind == "selectbox" and str(widget.value) not in widget.options
    if named or kind in {"button_group", "select_slider"}:  # AppTest knows the words of their values, not the values
        return None
    return next((option for option in reversed(widget.options) if option != str(widget.value)), None)


def unfolded(visit, page):
    """A small network on a page, with the parts unfolded that hold what is asked for here."""
    visitor = visit(engine="contraction", grid=2, examples=40, epochs=1)
    return visitor.choose("one_weight is open", True).go(page)


@pytest.mark.parametrize(("key", "value"), [("predicted_entangled", "it falls a little"), ("dynamic_shots", 100)])
def test_choices_about_entanglement_outlive_it(visit, key, value):
    visitor = visit(engine="contraction", grid=2, examples=40, epochs=1, part="entanglement")
    visitor.choose("dynamic is open", True).go("9_box").set("button_group", key, value)
    visitor.go("1_digits").go("9_box")
    assert not visitor.app.exception
    assert visitor.app.session_state["desk"].choices[key] == visitor.app.session_state[key] == value


MORE = {
    "directions": "plane",
    "around": "plane",
    "reach": "plane",
    "noisy_start": "learn",
    "turned_gate": "one_weight",
}
"""Choices that stand behind a "More", and which."""
FILMS = [
    ("6_train", "training_film", 1),
    ("9_box", "dial_film", 3),
    ("9_box", "weight_film", 0.5),
    ("11_noise", "noise_film", 5),
]
"""Page, film and a place at which it may rest."""


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
        ("7_compare", "selectbox", "budget", "same-loss"),
        ("7_compare", "selectbox", "pair_other", "cosine"),
        ("10_flat", "button_group", "directions", "random"),
        ("10_flat", "button_group", "around", "the start"),
        ("10_flat", "button_group", "reach", "far"),
        ("10_flat", "select_slider", "width", 0.1),
        ("11_noise", "select_slider", "shots", 1000),
        ("11_noise", "button_group", "noisy_start", "uniform"),
        ("9_box", "button_group", "part", "pictures"),
        ("9_box", "button_group", "turned_gate", 0),
    ],
)
def test_menus_outlive_it_too(visit, page, kind, key, value):
    visitor = visit(engine="contraction", grid=2, examples=40, epochs=1)
    if key in MORE:
        visitor.choose(f"{MORE[key]} is open", True)
    visitor.go(page).set(kind, key, value)
    visitor.go("1_digits").go(page)
    assert not visitor.app.exception
    assert visitor.app.session_state["desk"].choices[key] == value
    assert visitor.app.session_state[key] == value


@pytest.mark.parametrize(("page", "film", "place"), FILMS)
def test_where_a_film_rests_outlives_it(visit, page, film, place):
    visitor = unfolded(visit, page)
    if page == "6_train":
        visitor.play().tick_until(lambda: place in visitor.film["positions"])
    visitor.rest(place, on=film).go("1_digits").go(page)
    assert not visitor.app.exception
    assert visitor.sent_to(film)["at"] == place


def test_how_fast_films_are_played_outlives_it_and_is_the_same_for_all(visit):
    visitor = unfolded(visit, "9_box")
    assert visitor.sent_to("dial_film")["speed"] == 1
    visitor.tell("speed", on="dial_film", speed=4)
    assert visitor.sent_to("weight_film")["speed"] == 4
    for page in ("11_noise", "6_train"):
        assert visitor.go(page).sent_to()["speed"] == 4
    for wrong in (3, True, "4", None, [4], float("nan"), 1e9):
        assert visitor.tell("speed", speed=wrong).sent_to()["speed"] == 4
    assert not visitor.app.exception
    assert visitor.tell("speed", speed=0.5).sent_to()["speed"] == 0.5
