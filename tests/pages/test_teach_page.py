"""Routes, exercises and predictions: every stop opens, every answer is computed, nothing is said of what is not."""

import re

import pytest

from pages import PAGES
from pages.ui.opened import SKIP, Prediction
from pages.ui.teach import ROUTES, STEPS
from qnn_core import Experiment, prepare
from qnn_core.contest.exercises import EXERCISES
from tests.helpers import is_sentence


@pytest.mark.parametrize("minutes", ROUTES)
def test_minutes_add_up(minutes):
    assert sum(ROUTES[minutes].values()) == minutes
    places = [list(PAGES).index(STEPS[name].page) for name in ROUTES[minutes]]
    assert places == sorted(places) or minutes == 90
    assert len(set(places)) == len(places)


def test_every_stop_is_on_some_route_and_can_be_opened():
    assert {name for route in ROUTES.values() for name in route} == set(STEPS)
    for step in STEPS.values():
        assert step.page in PAGES
        assert isinstance(step.experiment, Experiment)
        assert is_sentence(step.press)
        assert step.ask.endswith("?")


@pytest.mark.parametrize("name", STEPS)
def test_answers_are_computed(visit, name):
    """No digit is typed: other settings give another answer, except where there is no number."""
    visitor = visit("14_teach")
    visitor.choose("minutes", 90).choose(f"answer_{name} is open", True).app.run()
    assert not visitor.app.exception
    answer = STEPS[name].answer(STEPS[name].experiment)
    if "trained in" not in answer:  # which says how long it took
        assert any(answer in text for text in visitor.texts())
    source = STEPS[name].answer.__code__.co_consts
    assert not any(isinstance(one, str) and re.search(r"\d{2,}", one) for one in source)


def test_a_stop_opens_its_page_ready(visit):
    visitor = visit("14_teach", threshold=0.3, layers="YY", grid=2, engine="contraction")
    visitor.app.button(key="open_train").click().run()
    assert visitor.app.title[0].value == "Train"
    assert visitor.app.session_state["desk"].experiment == STEPS["train"].experiment


def test_the_way_back_is_not_numbered(visit):
    visitor = visit("14_teach")
    assert not any(re.match(r"\d+ of \d+$", text) for text in visitor.texts())


@pytest.mark.parametrize("name", EXERCISES)
def test_every_check_answers_without_anything_made(visit, name):
    visitor = visit("14_teach", engine="contraction", seed=4001)
    visitor.choose(f"check_{name} is open", True).app.run()
    assert not visitor.app.exception
    assert any(text.startswith("Not yet. ") for text in visitor.texts())


def test_a_named_pixel_is_checked(visit):
    visitor = visit("14_teach", grid=2, engine="contraction")
    visitor.choose("check_pixel is open", True).app.run()
    says = set()
    for pixel in range(4):
        visitor.set("selectbox", "pixel_of_2", pixel)
        says |= {text for text in visitor.texts() if text.startswith(("Done. ", "Not yet. "))}
    assert sum(text.startswith("Done") for text in says) >= 1
    assert len(says) == 4
    assert prepare(Experiment(grid=2)).test.images.shape[1] == 4


def test_predictions_are_kept_and_counted(visit):
    visitor = visit("14_teach")
    assert any(text.startswith("None yet") for text in visitor.texts())
    made = {"a": Prediction("Which?", "this", "this"), "b": Prediction("How many?", "two", "three")}
    visitor.choose("predictions", made).app.run()
    assert any("1 of 2" in text for text in visitor.texts())
    table = visitor.app.table[0].value
    assert table["you said"].tolist() == ["this", "two"]
    assert table["it was"].tolist() == ["this", "three"]


def test_a_prediction_on_a_page_is_on_the_last_one(visit):
    visitor = visit("10_flat", engine="contraction", grid=2)
    group = next(one for one in visitor.app.button_group if one.key == "predicted_flat")
    options = [option for option in group.options if option != SKIP]
    visitor.set("button_group", "predicted_flat", options[0])
    visitor.tick_until(lambda: "predictions" in visitor.app.session_state["desk"].choices)
    visitor.go("14_teach")
    assert visitor.app.table[0].value["you said"].tolist() == [options[0]]
