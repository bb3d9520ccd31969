"""The panel: one Experiment, kept across pages, read from the address, with one sentence for what does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import controls
from qnn_core import LAYERS, STARTS, Experiment, InputError
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.engines import GRADIENTS
from qnn_core.presets import PRESETS
from tests.helpers import is_sentence

KEYS = (*controls.choices(), *controls.LIMITS, *controls.SWITCHES)


def experiment_of(values):
    """Widget values → Experiment, as the panel reads them."""
    return controls._experiment(values)


def good_and_bad(key):
    """Texts in the address that fit this key, and texts that do not."""
    if key in controls.choices():
        choices = controls.choices()[key]
        return [*choices, *choices.values()], ["", "no such thing", next(iter(choices)) + " "]
    if key in controls.LIMITS:
        low, high = controls.LIMITS[key]
        return [f"{low}", f"{high}", f"{(low + high) / 2}"], [f"{low - 1}", f"{high + 1}", "ten", "", "nan", "inf"]
    return ["true", "false"], ["yes", "1", ""]


@pytest.mark.parametrize("key", KEYS)
def test_address_problem(key):
    good, bad = good_and_bad(key)
    assert [controls.address_problem(key, text) for text in good] == [None] * len(good)
    for text in bad:
        problem = controls.address_problem(key, text)
        assert problem is not None, text
        assert key in is_sentence(problem)


def test_address_problem_of_an_unknown_setting():
    assert "colour" in is_sentence(controls.address_problem("colour", "red"))
    assert controls.address_problem("own", "anything") is None


def test_every_setting_of_an_experiment_is_in_the_panel():
    names = [name for group in controls.GROUPS.values() for name in group]
    assert sorted(names) == sorted(controls.CONTROLS)
    assert set(controls.DEFAULTS) <= {*KEYS, "own"}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_presets_fit_the_panel(preset):
    assert experiment_of(controls.values_of(preset.experiment)) == preset.experiment


@st.composite
def experiments(draw):
    """Any Experiment within the panel's limits."""

    def number(key, whole=True):
        low, high = controls.LIMITS[key]
        return draw(st.integers(int(low), int(high)) if whole else st.floats(low, high))

    first, second = draw(st.permutations(range(10)))[:2]
    fields = {
        "digits": (first, second),
        "grid": number("grid"),
        "resample": draw(st.sampled_from(list(RESAMPLERS))),
        "remove_contradictions": draw(st.sampled_from(list(controls.REMOVALS))),
        "threshold": number("threshold", whole=False),
        "encoding": draw(st.sampled_from(list(ENCODINGS))),
        "layers": tuple(draw(st.lists(st.sampled_from(list(LAYERS)), min_size=1, max_size=8))),
        "examples": draw(st.none() | st.just(number("examples"))),
        "epochs": number("epochs"),
        "batch_size": draw(st.none() | st.just(number("batch"))),
        "learning_rate": number("rate", whole=False),
        "start": draw(st.sampled_from(list(STARTS))),
        "shuffle": draw(st.booleans()),
        "seed": number("seed"),
        "engine": "contraction",
        "gradient": draw(st.sampled_from(list(GRADIENTS))),
    }
    try:
        return Experiment.parse(fields)
    except InputError:  # too many paths for this grid; the same with few layers fits
        return Experiment.parse({**fields, "layers": fields["layers"][:2]})


@given(experiments())
def test_values_of_an_experiment_give_it_back(experiment):
    values = controls.values_of(experiment)
    assert set(values) == set(controls.DEFAULTS)
    assert experiment_of(values) == experiment


def test_values_stay_on_the_way_through_the_pages(visit):
    visitor = visit("3_contradictions", engine="contraction")
    visitor.set("slider", "threshold", 0.8).go("4_encode")
    assert visitor.experiment() == "Experiment(threshold=0.8, engine='contraction')"
    visitor.set("number_input", "picture", 7).go("2_shrink").set("slider", "grid", 6).go("5_circuit")
    assert visitor.experiment() == "Experiment(grid=6, threshold=0.8, engine='contraction')"
    assert visitor.metrics["Qubits"] == "37"
    visitor.set("slider", "blocks", 2).go("4_encode")
    assert visitor.app.number_input(key="picture").value == 7
    assert visitor.app.slider(key="threshold").value == 0.8
    assert visitor.experiment() == (
        "Experiment(grid=6, threshold=0.8, layers=('XX', 'XX', 'ZZ', 'ZZ'), engine='contraction')"
    )


def test_the_address_sets_the_panel_by_name_and_by_title(visit):
    settings = {"first": 1, "second": 7, "threshold": 0.25, "shuffle": "false", "batch": 64, "kinds": "ZZ, XX"}
    for engine in ("contraction", "Exact contraction"):
        assert visit("4_encode", **settings, engine=engine).experiment() == (
            "Experiment(digits=(1, 7), threshold=0.25, layers=('ZZ', 'XX'), batch_size=64, shuffle=False, "
            "engine='contraction')"
        )


def test_a_bad_address_is_named_and_ignored(visit):
    visitor = visit("1_digits", threshold=7, colour="red", second=8)
    assert [is_sentence(warning.value) for warning in visitor.app.warning] == [
        controls.address_problem("threshold", "7"),
        controls.address_problem("colour", "red"),
    ]
    assert visitor.experiment() == "Experiment(digits=(3, 8))"
    assert not visitor.app.exception


def test_a_grid_too_large_for_aer_is_shown_by_the_contraction(visit):
    visitor = visit("2_shrink", threshold=0.4).set("slider", "grid", 5)
    for page in ("2_shrink", "4_encode"):
        visitor.go(page)
        (warning,) = [warning.value for warning in visitor.app.warning]
        assert "26 qubits" in is_sentence(warning)
        assert not visitor.app.exception
        assert visitor.experiment() == "Experiment(grid=5, threshold=0.4, engine='contraction')"
    visitor.press("Use the exact contraction")
    assert not visitor.app.warning
    assert visitor.experiment() == "Experiment(grid=5, threshold=0.4, engine='contraction')"


@pytest.mark.parametrize("sequence", ["", "foo", ",".join(["XX", "ZZ"] * 8), ",".join(["XX"] * 40)], ids=len)
def test_settings_that_do_not_fit_are_named_and_the_last_good_ones_used(visit, sequence):
    visitor = visit("5_circuit", threshold=0.4).set("selectbox", "kinds", controls.OWN)
    before = visitor.experiment()
    visitor.set("text_input", "own", sequence)
    for page in ("5_circuit", "4_encode"):
        visitor.go(page)
        (error,) = [error.value for error in visitor.app.error]
        assert "validation" not in is_sentence(error)
        assert not visitor.app.exception
        assert visitor.experiment() == before


def test_the_same_digit_twice_is_refused(visit):
    visitor = visit("1_digits").set("selectbox", "second", 3)
    assert "two different digits" in is_sentence(visitor.app.error[0].value)
    assert visitor.metrics["Training images"] == "12,049"


def test_layers_written_out(visit):
    visitor = visit("5_circuit", engine="contraction").set("selectbox", "kinds", controls.OWN)
    visitor.set("text_input", "own", "zz, xx,ZZ")
    assert "layers=('ZZ', 'XX', 'ZZ')" in visitor.experiment()
    visitor.set("text_input", "own", "XX,QQ")
    assert "'QQ'" in is_sentence(visitor.app.error[0].value)
    assert "layers=('ZZ', 'XX', 'ZZ')" in visitor.experiment()


def test_back_to_the_tutorial(visit):
    visitor = visit("4_encode", threshold=0.9, first=1).press("Back to the tutorial's settings")
    assert visitor.experiment() == "Experiment()"
