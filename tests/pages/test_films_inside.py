"""The films of pages 9 and 11: where they rest, the rest of the page follows."""

import re

import numpy as np
import pytest

from pages.ui import noise as noise_page
from qnn_core import Experiment, prepare
from qnn_core.inside.one_weight import with_weight
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import evaluate
from qnn_core.training.run import train

pytestmark = pytest.mark.usefixtures("nothing_computed")  # else a run of another test is the one to be asked
SMALL = {"engine": "contraction", "grid": 2, "examples": 40, "epochs": 1}
WEIGHT, DIAL, NOISE = "weight_film", "dial_film", "noise_film"


def panel(film, title):
    return next(one for one in film["panels"] if one["title"] == title)


def number(text):
    return float(text.replace("−", "-"))


def accuracy_of(weights):
    """Test accuracy of the small network with these weights, as it can be written in three digits."""
    experiment = Experiment.parse(SMALL)
    return pytest.approx(evaluate(experiment, weights, prepare(experiment).test)[1], abs=6e-4)


def shown(visitor):
    """⟨Z⟩ of the picture and the test accuracy that page 9 says."""
    (answer,) = [number(value) for label, value in visitor.metrics.items() if "⟨Z⟩" in label]
    return answer, number(visitor.metrics["Test accuracy"])


def box(visit, **changes):
    """Page 9, with the part about one weight unfolded."""
    return visit(**SMALL, **changes).choose("one_weight is open", True).go("9_box")


def resting(visitor, key):
    """The frame at which a film is shown, and its position."""
    film, at = visitor.films[key], visitor.sent_to(key)["at"]
    frame = film["rest"] if at is None else film["positions"].index(at)
    return frame, film["positions"][frame]


# ---------------------------------------------------------------- page 9


def test_the_dial_rests_after_all_pixels_until_it_is_moved(visit):
    visitor = box(visit)
    assert resting(visitor, DIAL) == (4, 4)
    visitor.rest(3, on=DIAL)
    assert resting(visitor, DIAL) == (3, 3)
    dial, gauge = (panel(visitor.films[DIAL], title) for title in ("The dial", "⟨Z⟩ so far"))
    assert [point[0] for point in dial["points"]] == pytest.approx(gauge["values"])
    assert gauge["values"][-1] == pytest.approx(shown(visitor)[0], abs=6e-4)
    visitor.set("number_input", "test_image", 3)  # another picture, the same number of pixels
    assert resting(visitor, DIAL) == (3, 3)


def test_an_untouched_weight_is_exactly_what_was_trained(visit):
    weights = train(to_the_end(Experiment.parse(SMALL))).weights
    visitor = box(visit)
    at, position = resting(visitor, WEIGHT)
    assert position == pytest.approx(weights[1, 3], abs=1e-6)  # layer and pixel that are shown first
    visitor.rest(0.5, on=WEIGHT)
    visitor.tell("rest", on=WEIGHT, frame=at)
    assert not [key for key in visitor.app.session_state["desk"].choices if re.match(r"turn\d", key)]


def test_where_a_weight_rests_the_page_follows(visit):
    weights = train(to_the_end(Experiment.parse(SMALL))).weights
    visitor = box(visit)
    before = visitor.films[WEIGHT]
    for place in (0.5, -0.75):
        visitor.rest(place, on=WEIGHT)
        turned = with_weight(weights, 1, 3, place)
        values = panel(visitor.films[WEIGHT], "This picture")["values"]
        at, position = resting(visitor, WEIGHT)
        assert position == place
        assert shown(visitor)[0] == pytest.approx(values[at], abs=6e-4)
        assert shown(visitor)[1] == accuracy_of(turned)
        assert visitor.films[WEIGHT] == before  # so that the player stays where it is
    visitor.press("Back to the trained weights")
    assert resting(visitor, WEIGHT)[0] == before["rest"]
    assert shown(visitor)[1] == accuracy_of(weights)
    assert visitor.films[WEIGHT]["name"] != before["name"]  # so that the player goes back as well


def test_both_gates_of_a_pixel_can_be_turned(visit):
    weights = train(to_the_end(Experiment.parse(SMALL))).weights
    visitor = box(visit).rest(0.5, on=WEIGHT).set("button_group", "turned_gate", 0).rest(0.25, on=WEIGHT)
    turned = with_weight(with_weight(weights, 1, 3, 0.5), 0, 3, 0.25)
    assert shown(visitor)[1] == accuracy_of(turned)
    visitor.set("selectbox", "turned_pixel", 0)  # another pixel: these gates are as they were
    assert shown(visitor)[1] == accuracy_of(weights)


def test_interleaved_layers_have_a_weight_but_no_dial(visit):
    visitor = box(visit, blocks=2, arrangement="interleaved")
    assert list(visitor.films) == [WEIGHT]
    assert "dial" not in [one["kind"] for one in visitor.film["panels"]]


def test_what_the_sentence_says_of_the_weight(visit):
    visitor = box(visit)
    accuracies = visitor.films[WEIGHT]["panels"][1]["series"][0]["y"]
    words = next(text for text in visitor.texts() if "all the way round" in text)
    assert f"between {min(accuracies):.3f} and {max(accuracies):.3f}" in words
    visitor = box(visit, layers="XX")  # every ⟨Z⟩ is −1, whatever the weights
    assert any("does not depend on this weight" in text and "as it is" in text for text in visitor.texts())


@pytest.mark.parametrize(
    "rest", [{"frame": 99}, {"frame": -1}, {"frame": "3"}, {"frame": True}, {"frame": None}, {"frame": float("nan")}]
)
def test_nonsense_from_the_player_moves_nothing(visit, rest):
    visitor = box(visit)
    before = {key: resting(visitor, key) for key in visitor.films}
    for key in before:
        visitor.tell("rest", on=key, **rest)
    assert not visitor.app.exception
    assert {key: resting(visitor, key) for key in visitor.films} == before


# ---------------------------------------------------------------- page 11


def test_more_noise_needs_more_shots(visit):
    visitor, needed = visit("11_noise", engine="contraction"), []
    for percent in (0, 2, 5):
        visitor.rest(percent, on=NOISE)
        needed.append(int(visitor.metrics["this machine"].replace(",", "")))
        assert any(f"With {percent} % noise" in text for text in visitor.texts())
    assert needed[0] < needed[1] < needed[2]


def test_noise_can_be_as_strong_as_there_is(visit):
    visitor = visit("11_noise", **SMALL)
    assert resting(visitor, NOISE)[1] == 2  # what the prediction is about
    assert visitor.films[NOISE]["positions"][-1] == 10
    visitor.set("segmented_control", "noise_reach", "0 to 100 %")
    assert visitor.films[NOISE]["positions"][-1] == 100
    visitor.rest(100, on=NOISE)  # depolarising: every gate makes ⟨Z⟩ change its sign and almost vanish
    assert any("With 100 % noise" in text for text in visitor.texts())
    assert not visitor.app.exception


def test_a_verdict_that_noise_has_turned_over_is_not_called_sure(visit):
    visitor = visit("11_noise", **SMALL).set("selectbox", "channel", "amplitude-damping")
    visitor.set("segmented_control", "noise_reach", "0 to 100 %")
    warned = []
    for percent in (0, 100):
        visitor.rest(percent, on=NOISE)
        values = panel(visitor.films[NOISE], "This picture")["values"]
        turned = (values[-1 if percent else 0] > 0) != (values[0] > 0)
        warned.append(any("turned this verdict over" in text for text in visitor.texts()))
        assert warned[-1] == turned


def test_the_verdicts_are_shown_after_a_prediction(visit):
    visitor = visit("11_noise", **SMALL)
    assert resting(visitor, NOISE)[1] == 2
    assert "heaps" not in [one["kind"] for one in visitor.film["panels"]]
    visitor.set("button_group", "predicted_noise", noise_page.ANSWERS[0])
    heaps = panel(visitor.film, "All test pictures")
    assert heaps["kind"] == "heaps"
    assert visitor.film["rest"] == resting(visitor, NOISE)[0]
    flipped = panel(visitor.film, "Verdicts")["numbers"][0]["texts"][resting(visitor, NOISE)[0]]
    assert any(f" {flipped} test verdicts flip" in text for text in visitor.texts())


def test_readout_error_and_shots_are_in_the_film(visit):
    visitor = visit("11_noise", **SMALL).set("button_group", "predicted_noise", noise_page.ANSWERS[0])
    with_two = np.array(panel(visitor.film, "This picture")["values"])
    visitor.set("slider", "readout_error", 20)
    np.testing.assert_allclose(panel(visitor.film, "This picture")["values"], with_two * 0.6 / 0.96, atol=2e-4)
    visitor.set("select_slider", "shots", 1000)
    assert "1,000 shots" in [one["name"] for one in panel(visitor.film, "Accuracy")["series"]]


def test_where_it_takes_long_the_workers_fill_the_film_in(visit, monkeypatch, nothing_computed):
    at_once = visit("11_noise", **SMALL).rest(5).film
    monkeypatch.setattr(noise_page, "AT_ONCE", 0)
    visitor = visit("11_noise", **SMALL)
    visitor.tick_until(lambda: visitor.films and len(visitor.film["positions"]) == 41).rest(5)
    assert visitor.film == at_once


def test_a_drawing_under_noise(visit, monkeypatch, nothing_computed):
    ink = np.zeros((280, 280), np.uint8)
    ink[60:220, 120:160] = 255
    films = []
    for at_once in (noise_page.AT_ONCE, 0):
        monkeypatch.setattr(noise_page, "AT_ONCE", at_once)
        visitor = visit("11_noise", **{**SMALL, "grid": 3})
        visitor.app.session_state["desk"].ink = ink
        visitor.choose("box_source", "Your drawing").app.run()
        visitor.tick_until(lambda visitor=visitor: visitor.films and len(visitor.film["positions"]) == 41)
        films.append(visitor.film)
    assert films[0] == films[1]
    assert "truth" not in panel(films[0], "This picture")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"blocks": 3, "arrangement": "interleaved"}, "up to 4 layers"),
        ({"blocks": 2, "arrangement": "interleaved", "grid": 28}, "takes too long at each strength"),
    ],
)
def test_where_noise_cannot_be_followed_the_page_says_so(visit, settings, why):
    visitor = visit("11_noise", engine="contraction", **settings)
    assert not visitor.app.exception
    assert any(why in text and "only readout error and shots act" in text for text in visitor.texts())
    assert not visitor.films
    assert visitor.metrics["this machine"]


@pytest.mark.parametrize(("position", "kept"), [(5, 5), (4.9, 5), (float("nan"), 0.5), ("5", 0.5), (True, 0.5)])
def test_a_place_in_a_film_that_was_coarser_is_the_place_that_was_meant(visit, position, kept):
    """The player may have rested before the film was filled in: its third frame is another one by now."""
    visitor = visit("11_noise", **SMALL).tell("rest", on=NOISE, frame=2, position=position)
    assert not visitor.app.exception
    assert resting(visitor, NOISE)[1] == kept
