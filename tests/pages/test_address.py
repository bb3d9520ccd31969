"""A link carries a lesson: what is on the desk is in the address, and what is in the address is on the desk."""

import time
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.address import query_of, read
from pages.ui.desk import Desk, check
from qnn_core import LAYERS, LOSSES, STARTS, Experiment, InputError
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.engines import GRADIENTS
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import total_steps
from tests.helpers import is_sentence


def opened(query):
    """The desk of somebody who opens this address."""
    return read(dict(parse_qsl(query, keep_blank_values=True)))


@st.composite
def experiments(draw):
    """Any Experiment that the pages can show."""
    first, second = draw(st.permutations(range(10)))[:2]
    fields = {
        "digits": (first, second),
        "grid": draw(st.integers(2, 6)),
        "resample": draw(st.sampled_from(list(RESAMPLERS))),
        "remove_contradictions": draw(st.sampled_from(["grey", "off"])),
        "threshold": draw(st.floats(0, 0.99)),
        "encoding": draw(st.sampled_from(list(ENCODINGS))),
        "layers": tuple(draw(st.lists(st.sampled_from(list(LAYERS)), min_size=1, max_size=5))),
        "examples": draw(st.none() | st.integers(2, 5000)),
        "epochs": draw(st.integers(1, 5000)),
        "batch_size": draw(st.none() | st.integers(1, 5000)),
        "loss": draw(st.sampled_from(list(LOSSES))),
        "learning_rate": draw(st.floats(1e-6, 1)),
        "start": draw(st.sampled_from(list(STARTS))),
        "shuffle": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "engine": "contraction",
        "gradient": draw(st.sampled_from(list(GRADIENTS))),
    }
    experiment = Experiment.parse(fields)
    try:
        check(experiment)
    except InputError:
        return Experiment(engine="contraction", seed=fields["seed"])
    return experiment


@given(experiments(), st.integers(0, 500), st.none() | st.floats(0, 1), st.booleans())
def test_a_desk_comes_back_from_its_address(experiment, picture, share, keep):
    steps = total_steps(to_the_end(experiment) if keep else experiment)
    position = None if share is None else round(share * steps)
    own = Desk(experiment, picture, position, choices={"keep_trained": keep, "compare_losses": not keep})
    again = opened(query_of(own))
    assert not again.notes
    assert (again.experiment, again.picture, again.position) == (experiment, picture, position)
    assert again.choices.get("keep_trained", False) == keep
    assert again.choices.get("compare_losses", False) != keep


def test_only_what_differs_is_in_the_address():
    assert query_of(Desk()) == ""
    own = Desk(Experiment(threshold=0.4, digits=(3, 8), examples=None), picture=7, position=20)
    assert query_of(own) == "digits=3,8&threshold=0.4&examples=all&picture=7&position=20"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("first=1&second=7", {"digits": (1, 7)}),
        ("second=8", {"digits": (3, 8)}),
        ("remove=binary", {"remove_contradictions": "binary"}),
        ("remove=After+it", {"remove_contradictions": "binary"}),
        ("kinds=ZZ%2C+XX", {"layers": ("ZZ", "XX")}),
        ("blocks=2", {"layers": ("XX", "XX", "ZZ", "ZZ")}),
        ("blocks=2&arrangement=interleaved", {"layers": ("XX", "ZZ", "XX", "ZZ")}),
        ("kinds=Your+own+sequence&own=XX%2CZZ%2CYY", {"layers": ("XX", "ZZ", "YY")}),
        ("all_examples=true&examples=700", {"examples": None}),
        ("whole_batch=true", {"batch_size": None}),
        ("batch=64&rate=0.01", {"batch_size": 64, "learning_rate": 0.01}),
        ("shuffle=false", {"shuffle": False}),
        ("engine=Exact+contraction", {"engine": "contraction"}),
        ("encoding=Grey&start=Narrow", {"encoding": "angle", "start": "narrow"}),
        ("grid=7&engine=contraction", {"grid": 7, "engine": "contraction"}),
    ],
)
def test_old_links_are_read(query, fields):
    own = opened(query)
    assert own.notes == []
    assert own.experiment == Experiment.parse(fields)


@pytest.mark.parametrize(
    "wrong",
    [
        "threshold=7",
        "threshold=ten",
        "colour=red",
        "digits=3,3",
        "digits=3",
        "layers=XX,QQ",
        "layers=",
        "blocks=two",
        "examples=0",
        "epochs=all",
        "shuffle=maybe",
        "encoding=amplitude",
        "engine=gpu",
        "picture=-1",
        "position=last",
        "position=49",
        "keep_trained=2",
        "compare_losses=on",
        "remove=perhaps",
        "seed=nan",
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_the_rest_is_read(wrong):
    own = opened(f"{wrong}&learning_rate=0.25")
    (note,) = own.notes
    assert is_sentence(note).startswith("The address says")
    assert own.experiment == Experiment(learning_rate=0.25)


@pytest.mark.parametrize(
    "query",
    [
        {"x" * 10**6: "y" * 10**6},
        {"a\nb": "[a link](http://example.com)"},
        {"picture": "9" * 5000},
        {"position": "9" * 13},
        {"seed": "9" * 5000},
        {"threshold": "0.5" * 10**6},
        {"layers": "XX," * 10**6},
        {"first": "3" * 10**6},
        {"blocks": "9" * 5000},
        {"blocks": "999999999"},
        {"kinds": "XX, " * 10**6, "blocks": "9"},
    ],
    ids=lambda query: next(iter(query))[:9],
)
def test_an_address_of_megabytes_is_answered_in_one_line(query):
    began = time.thread_time()
    (note,) = read(query).notes
    assert len(is_sentence(note)) < 400
    assert time.thread_time() - began < 2


def test_an_address_of_many_names_is_read_so_far():
    own = read({"grid": "3", **{f"x{number}": "" for number in range(100_000)}})
    assert own.experiment.grid == 3
    assert len(own.notes) == 32
    assert "more than 32 settings" in is_sentence(own.notes[0])


def test_a_grid_that_only_the_contraction_can_take_is_shown_by_it():
    own = opened("grid=5&threshold=0.4")
    (note,) = own.notes
    assert "26 qubits" in is_sentence(note)
    assert "exact contraction" in note
    assert own.experiment == Experiment(grid=5, threshold=0.4, engine="contraction")


def test_a_link_to_pictures_that_are_not_there_leaves_something_out():
    own = opened("grid=2&remove=binary&first=0&second=2&engine=contraction")
    assert any("No training image of a 0 is left" in note for note in own.notes)
    check(own.experiment)


def test_notes_are_gone_with_the_first_change(visit):
    visitor = visit("4_encode", threshold=7, colour="red", second=8)
    notes = [is_sentence(warning.value) for warning in visitor.app.warning]
    assert len(notes) == 2
    assert visitor.experiment() == "Experiment(digits=(3, 8))"
    visitor.go("3_contradictions")
    assert [warning.value for warning in visitor.app.warning] == notes
    visitor.set("slider", "threshold", 0.6)
    assert not visitor.app.warning
    assert visitor.experiment() == "Experiment(digits=(3, 8), threshold=0.6)"


def test_a_link_opens_a_part_of_a_page():
    assert query_of(Desk(choices={"part": "hand"})) == ""
    own = opened(query_of(Desk(choices={"part": "entanglement"})))
    assert (own.choices["part"], own.notes) == ("entanglement", [])
    own = opened("part=cellar")
    assert "part" not in own.choices
    is_sentence(own.notes[0])
