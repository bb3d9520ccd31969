"""The panel: one control for each field of an Experiment; what does not fit is said beside it and changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui import controls
from pages.ui.controls import bounds, layer_menu, written_out
from qnn_core import LAYERS, Experiment, InputError
from qnn_core.circuit import ARRANGEMENTS, arrange
from qnn_core.presets import PRESETS
from tests.helpers import is_sentence


def refusal(visitor):
    """The one sentence beside a control."""
    (error,) = [error.value for error in visitor.app.error]
    return is_sentence(error)


def test_every_field_has_one_control_in_one_group():
    fields = list(Experiment.model_fields)
    assert sorted(controls.CONTROLS) == sorted(fields)
    assert sorted(name for group in controls.GROUPS.values() for name in group) == sorted(fields)


@pytest.mark.parametrize("field", Experiment.model_fields)
def test_bounds_are_those_of_the_field(field):
    low, high = bounds(field)
    default = Experiment(engine="contraction")
    for bound, beyond in ((low, -1), (high, 1)):
        if bound is None:
            continue
        with pytest.raises(InputError):
            default.with_(**{field: bound + beyond})
        step = 1e-9 if isinstance(getattr(default, field), float) else 1
        assert default.with_(**{field: bound - beyond * step})


@given(st.lists(st.sampled_from(list(LAYERS)), min_size=1, max_size=8), st.sampled_from(list(ARRANGEMENTS)))
def test_the_menu_of_layers_gives_them_back(layers, arrangement):
    shown = layer_menu(tuple(layers), arrangement)
    if shown["kinds"] == controls.OWN:
        assert written_out(",".join(layers).lower()) == tuple(layers)
    else:
        assert arrange(shown["kinds"].split(", "), shown["blocks"], shown["arrangement"]) == tuple(layers)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_of_two_arrangements_that_fit_the_chosen_one_stays(arrangement):
    assert layer_menu(("XX", "ZZ"), arrangement)["arrangement"] == arrangement


def test_values_stay_on_the_way_through_the_pages(visit):
    visitor = visit("3_contradictions", engine="contraction")
    visitor.set("slider", "threshold", 0.8).go("4_encode")
    assert visitor.experiment() == "Experiment(threshold=0.8, engine='contraction')"
    visitor.set("number_input", "picture", 7).go("2_shrink").set("slider", "grid", 6).go("5_circuit")
    assert visitor.experiment() == "Experiment(grid=6, threshold=0.8, engine='contraction')"
    assert any(caption.value.startswith("37 qubits, ") for caption in visitor.app.caption)
    visitor.set("slider", "blocks", 2).go("4_encode")
    assert visitor.app.number_input(key="picture").value == 7
    assert visitor.app.slider(key="threshold").value == 0.8
    assert visitor.experiment() == (
        "Experiment(grid=6, threshold=0.8, layers=('XX', 'XX', 'ZZ', 'ZZ'), engine='contraction')"
    )


def test_a_grid_too_large_for_aer_takes_the_contraction_along_and_says_so(visit):
    visitor = visit("2_shrink", threshold=0.4).set("slider", "grid", 5)
    assert not visitor.app.error
    assert any("26 qubits have 2²⁶ amplitudes" in text for text in visitor.texts())
    assert visitor.app.slider(key="grid").value == 5
    assert visitor.experiment() == "Experiment(grid=5, threshold=0.4, engine='contraction')"


@pytest.mark.parametrize("sequence", ["", "foo", ",".join(["XX", "ZZ"] * 8), ",".join(["XX"] * 40)], ids=len)
def test_layers_that_do_not_fit_change_nothing(visit, sequence):
    visitor = visit("5_circuit", threshold=0.4).set("selectbox", "kinds", controls.OWN)
    before = visitor.experiment()
    visitor.set("text_input", "own", sequence)
    words = refusal(visitor)
    assert "validation" not in words
    assert "parameter-shift" not in words  # which would be refused too
    assert visitor.app.text_input(key="own").value == "XX,ZZ"
    assert visitor.experiment() == before
    visitor.set("text_input", "own", "zz, xx,ZZ")  # and the sentence is gone with the next change
    assert not visitor.app.error
    assert "layers=('ZZ', 'XX', 'ZZ')" in visitor.experiment()


def test_pictures_that_run_out_are_refused_beside_the_control(visit):
    visitor = visit("3_contradictions", grid=2, remove_contradictions="binary", digits="1,4")
    before = visitor.experiment()
    visitor.go("1_digits").set("selectbox", "second", 2)
    assert "No training image of a 1 is left" in refusal(visitor)
    assert visitor.app.selectbox(key="second").value == 4
    assert visitor.experiment() == before


def test_two_digits_are_exchanged_in_one_step(visit):
    visitor = visit("1_digits").press("Swap")
    assert visitor.experiment() == "Experiment(digits=(6, 3))"
    assert list(visitor.metrics)[1:3] == ["of them a 6", "of them a 3"]
    visitor.set("selectbox", "first", 3)  # the other one's
    assert visitor.experiment() == "Experiment()"
    visitor.set("selectbox", "second", 3)
    assert visitor.experiment() == "Experiment(digits=(6, 3))"
    assert not visitor.app.error


def test_all_of_them_and_back_to_as_many_as_before(visit):
    visitor = visit("4_encode").set("number_input", "examples", 700)
    visitor.set("toggle", "examples_all", True)
    assert visitor.experiment() == "Experiment(examples=None)"
    visitor.go("2_shrink").set("toggle", "examples_all", False)
    assert visitor.experiment() == "Experiment(examples=700)"
    visitor.set("toggle", "batch_size_all", True)
    assert visitor.experiment() == "Experiment(examples=700, batch_size=None)"


def test_back_to_the_tutorial(visit):
    visitor = visit("4_encode", threshold=0.9, first=1).press("Back to the tutorial's settings")
    assert visitor.experiment() == "Experiment()"


@pytest.mark.parametrize("name", PRESETS)
def test_a_run_is_taken_over_with_the_classs_digits_and_grid(visit, name):
    visitor = visit(digits="0,1", grid=5, engine="contraction", threshold=0.3)
    visitor.app.button(key=name).click().run()
    found = visitor.app.session_state["desk"].experiment
    wanted = PRESETS[name].experiment
    assert (found.digits, found.grid, found.threshold) == ((0, 1), 5, 0.5)
    assert found.layers == wanted.layers
    assert found.engine == "contraction"
    said = next(text for text in visitor.texts() if "Set for this run" in text)
    assert "Threshold 0.5" in said
    assert "Still 0 and 1" in said
    visitor.go("4_encode").set("slider", "threshold", 0.6)
    assert not any("Set for this run" in text for text in visitor.texts())
