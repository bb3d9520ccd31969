"""Pages 10 and 11 as a visitor meets them: meaningful at once, a prediction first, every control answers."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import landscape
from pages.ui.models import THESE
from pages.ui.plateau import WIDTHS, moved, other_widths
from qnn_core import Experiment, prepare
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.training.budget import to_the_end
from tests.visitor import take_home

APP = str(Path(__file__).parents[2] / "app.py")
PAGES = ("10_flat", "11_noise")


def opened(page, **address):
    """The page, first run."""
    app = AppTest.from_file(APP, default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run()


def healthy(app):
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return app


def said(app):
    """All words on the page."""
    kinds = (app.markdown, app.caption, app.success, app.info, app.warning, app.metric)
    return " ".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.parametrize("page", PAGES)
def test_first_view_asks_for_a_prediction_and_says_what_to_notice(page):
    app = healthy(opened(page))
    assert "Your prediction first" in said(app)
    assert len(app.get("plotly_chart")) >= 2
    notice = take_home(app)
    # Two sentences.
    assert notice.count(". ") == 1
    assert notice.endswith(".")


def test_every_plane_of_the_landscape(visit):
    visitor = visit("10_flat").open("The landscape around the start and the end")
    for directions in ("random", "most curved", "of the path"):
        visitor.set("button_group", "directions", directions)
        healthy(visitor.app)
        assert visitor.chart("The loss as a surface")


def test_noise_says_that_it_costs_shots_not_verdicts():
    app = opened("11_noise")
    app.button_group(key="predicted_noise").set_value("most verdicts flip")
    healthy(app.run())
    assert "It is: no verdict flips" in said(app)
    assert "0 of 1,968 test verdicts flip" in said(app)
    assert "It flips no verdict" in said(app)
    app.slider(key="readout_error").set_value(50).run()  # then every bit is a coin, and ⟨Z⟩ is 0: no first digit
    assert "0 of 1,968 test verdicts flip" not in said(healthy(app))
    app.slider(key="readout_error").set_value(2).run()
    app.selectbox(key="channel").set_value("amplitude-damping").run()
    assert "more than a factor here" in said(healthy(app))


@pytest.mark.parametrize(
    ("address", "only_shrinks"),
    [({}, True), ({"blocks": "2"}, False), ({"encoding": "angle", "grid": "2", "engine": "contraction"}, False)],
    ids=["tutorial", "64 weights", "grey"],
)
def test_noise_that_only_shrinks_is_named_only_where_it_does(address, only_shrinks):
    app = opened("11_noise", **address)
    app.button_group(key="predicted_noise").set_value("most verdicts flip")
    # Trained to the end the XX weights stay 0, and noise only shrinks; from a uniform start they do not.
    next(radio for radio in app.radio if radio.label == "Weights").set_value(THESE)
    healthy(app.run())
    assert ("It flips no verdict" in said(app)) == only_shrinks


def test_the_machine_is_refused_where_its_small_grid_has_no_pictures(visit):
    visitor = visit("11_noise", first="0", second="2", remove="binary").open("Run it on a fake machine with wires")
    healthy(visitor.app)
    assert "No training image of a 0 is left" in said(visitor.app)


@pytest.mark.parametrize("layers", [{"blocks": "2"}, {"blocks": "3"}])
def test_many_layers_are_refused_politely(layers):
    app = healthy(opened("11_noise", arrangement="interleaved", **layers))
    assert ("up to 4 layers" in said(app)) == (layers["blocks"] == "3")


def test_a_loss_that_would_take_minutes_is_that_of_the_first_images():
    lesson = to_the_end(Experiment())
    assert landscape.images_for(lesson, 1000) is prepare(lesson).train
    large = Experiment(grid=7, encoding="angle", layers=("XX", "ZZ", "XX", "ZZ"), engine="contraction", examples=None)
    every, some = prepare(large).train, landscape.images_for(large, 61)
    assert 61 * seconds_per_image(large) * some.distinct <= landscape.LONGEST_SECONDS
    assert 100 < len(some) < len(every)
    assert some.labels.tolist() == every.labels[: len(some)].tolist()


def test_what_a_loss_did():
    assert [moved(fell) for fell in (0.25, 0.001, -0.001, -0.25)] == [
        "falls by 0.25",
        "hardly moves",
        "hardly moves",
        "rises by 0.25",
    ]


def test_whether_another_width_comes_further():
    fall = dict.fromkeys(WIDTHS, 0.1)
    assert other_widths(fall, WIDTHS[0]) == "From no other width it falls further."
    assert other_widths({**fall, 0.2: 0.3}, WIDTHS[0]) == "From ±0.2 it falls by 0.30."
    assert other_widths(dict.fromkeys(WIDTHS, -0.1), WIDTHS[0]) == "From no other width it falls further."
    assert other_widths({WIDTHS[0]: 0.1}, WIDTHS[0]) == "The other widths are on their way."
