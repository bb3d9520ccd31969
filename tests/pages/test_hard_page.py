"""Page 13: every part answers its control, refusals are sentences, and what it says is what was computed."""

import re

import numpy as np
import pytest

from pages.ui import alike, ring
from qnn_core import Experiment
from qnn_core.engines.mps import Timed
from qnn_core.engines.ring import RINGS, RingNetwork, alternating
from qnn_core.inside import kernel
from qnn_core.inside.kernel import LEARNERS, learnt, remembered
from qnn_core.inside.schmidt import cuts, largest_rank
from qnn_core.inside.two_copies import MOST_QUBITS, copies_needed, two_copies_success
from qnn_core.inside.uploads import TARGETS, fit
from tests.helpers import is_sentence

PARTS = ("ring", "copies", "kernel", "uploads")
SMALL = 10


@pytest.fixture
def open_part(visit):
    """Page 13 with this part chosen, and small networks."""

    def opened(part, **address):
        visitor = visit(**address).choose("hard_part", part).choose(ring.SIZE, SMALL).go("13_hard")
        assert not visitor.app.exception
        assert not visitor.app.error
        return visitor

    return opened


def notice(visitor):
    return visitor.notice


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_rhythm(open_part, part):
    visitor = open_part(part)
    assert visitor.app.header[0].value.endswith("?")
    assert len(visitor.charts) in {1, 2}
    assert len(visitor.app.caption) >= len(visitor.charts)
    assert notice(visitor)[-1] == "."
    assert visitor.experiment() == "Experiment()"


def test_each_part_asks_another_question(open_part):
    assert len({open_part(part).app.header[0].value for part in PARTS}) == len(PARTS)


# The ring


@pytest.mark.parametrize("name", RINGS)
def test_the_ranks_are_those_of_the_cut(open_part, name):
    visitor = open_part("ring").set("button_group", "ring", name)
    layers = alternating(Experiment().layers, ring.LAYERS)
    star, ringed = (cuts(RingNetwork(SMALL, layers, each)).cuts[-1].rank for each in ("none", name))
    drawn = {trace["name"]: trace["y"] for trace in visitor.drawn("Schmidt rank")["data"]}
    assert drawn["No ring"][-1] == star
    assert drawn[RINGS[name].title][-1] == ringed
    assert f"star needs {star} terms" in notice(visitor)
    if name != "none":
        assert f"{RINGS[name].title} {ringed}" in notice(visitor)
        assert ("all that" in notice(visitor)) == (ringed == largest_rank(SMALL))


def test_the_contraction_answers_the_star_and_refuses_a_ring(open_part):
    visitor = open_part("ring")
    (refusal,) = [text for text in visitor.texts() if "contraction refuses" in text]
    assert "meet in a gate of their own" in is_sentence(refusal.split("** ")[1])
    visitor.set("button_group", "ring", "none")
    (answer,) = [text for text in visitor.texts() if "contraction answers" in text]
    one, other = re.findall(r"[+−]\d\.\d{3}", answer)
    assert one == other


def test_a_ring_that_adds_nothing_is_not_praised(open_part):
    visitor = open_part("ring", kinds="ZZ").set("button_group", "ring", "ZZ")
    assert "adds no term here: 1 with it, 1 without" in notice(visitor)


def test_measured_points_come_in_and_what_is_beyond_is_not_called_measured(open_part, monkeypatch, nothing_computed):
    monkeypatch.setattr(ring, "ring_by_mps", pretended)
    visitor = open_part("ring")

    def sizes():
        return {trace["name"]: trace["x"] for trace in visitor.drawn("Seconds of Aer")["data"]}

    visitor.tick_until(lambda: len(sizes()["XX ring: measured"]) == 3 <= len(sizes()["No ring: measured"]))
    measured = {trace["name"]: trace for trace in visitor.drawn("Seconds of Aer")["data"]}
    assert measured["XX ring: measured"]["x"] == [4, 6, 8]
    ahead = measured["not measured"]
    assert ahead["line"]["dash"] == "dash"
    assert ahead["x"][0] == 8
    assert "Aer took 0.01 s (No ring) and 1.6 s (XX ring)" in notice(visitor)


def pretended(network):
    """As if Aer took the longer, the more qubits there are in a ring."""
    return Timed(network.data, 0.0, 0.01 if network.ring == "none" else 1e-4 * 2 ** (1.75 * network.data))


def test_the_size_is_in_more(open_part):
    visitor = open_part("ring").open("More: size, entropy, memory")
    assert [chart for chart in visitor.charts if "Bytes of the statevector" in chart]
    visitor.set("select_slider", ring.SIZE, 8)
    assert "most of any state: 16" in str(visitor.drawn("Schmidt rank")["layout"])
    assert visitor.table("layers")["XX ring: rank"].tolist()[-1] == 16


# Two copies


@pytest.mark.parametrize(("often", "sure"), [("2 of 3", 2 / 3), ("9 of 10", 0.9)])
def test_copies_are_those_that_are_needed(open_part, often, sure):
    visitor = open_part("copies").set("button_group", "copies_sure", often)
    needed = [copies_needed(qubits, sure) for qubits in range(1, MOST_QUBITS + 1)]
    drawn = {trace["name"]: trace["y"] for trace in visitor.drawn("Copies needed")["data"]}
    assert drawn["two at a time"] == [each.two for each in needed]
    assert drawn["one at a time"] == [each.one for each in needed]
    proven = [each.qubits for each in needed if each.limit > each.two]
    assert f"From {proven[0]} qubits on" in notice(visitor)
    assert f"{needed[-1].one} for 5" in notice(visitor)


def test_the_game_is_judged_and_goes_on(open_part):
    visitor = open_part("copies")
    table = visitor.table("Pauli Q")
    names, signs = table["Pauli Q"].tolist(), table["Q⊗Q in each pair"].tolist()
    always = [row for row, sign in enumerate(signs) if "−" not in sign]
    assert len(always) == 1
    visitor.set("button_group", "copies_guess", ("the first", "the second")[always[0]])
    (said,) = [text for text in visitor.texts() if "is hidden.**" in text and "+ in every pair" in text]
    assert f"Right: {names[always[0]]}" in said
    assert f"{two_copies_success(5, 10):.4f}" in said
    visitor.press("Another state")
    assert visitor.table("Pauli Q")["Pauli Q"].tolist() != names
    assert not [text for text in visitor.texts() if "+ in every pair" in text]


# The kernel


def test_bits_are_remembered_and_greys_are_learnt(open_part, monkeypatch):
    monkeypatch.setattr(kernel, "SIZES", (30, 60))
    visitor = open_part("kernel")
    memory = remembered(Experiment())
    assert f"{memory.seen:,} of {memory.total:,}" in notice(visitor)
    assert f"{memory.test:.4f}" in notice(visitor)
    matrix = np.array(visitor.drawn("How alike")["data"][0]["z"])
    assert set(np.unique(matrix.round(9))) == {0, 1}
    visitor.set("button_group", "alike_pictures", "angle")
    assert len(np.unique(np.array(visitor.drawn("How alike")["data"][0]["z"]).round(3))) > 100
    visitor.tick_until(lambda: "From 60 pictures" in notice(visitor))
    found = {name: learnt(Experiment(), name, 60).accuracy for name in LEARNERS}
    assert all(f"{LEARNERS[name].title} {accuracy:.4f}" in notice(visitor) for name, accuracy in found.items())
    best = max(found, key=found.get)
    assert f"{LEARNERS[best].title} is ahead" in notice(visitor)


def test_who_is_level_is_not_called_ahead():
    assert alike.ahead({"fidelity": 0.94, "gaussian": 0.93, "regression": 0.9}) == "Quantum kernel is ahead."
    level = alike.ahead({"fidelity": 0.94, "gaussian": 0.9, "regression": 0.94})
    assert level == "Quantum kernel and Logistic regression stand level."


# The uploads


@pytest.mark.parametrize("target", TARGETS)
def test_the_fit_is_drawn_and_its_bound_is_said(open_part, target):
    visitor = open_part("uploads").set("button_group", "upload_target", target).set("slider", "uploads", 2)
    found = fit(target, 2)
    assert f"error is {found.error:.4f}" in notice(visitor)
    assert f"below {found.bound:.4f}" in notice(visitor)
    waves = visitor.drawn("Sizes of the frequencies")["data"][1]["y"]
    assert max(waves[3:]) < 1e-9 < max(waves[:3])


def test_one_upload_is_said_in_the_singular(open_part):
    assert notice(open_part("uploads").set("slider", "uploads", 1)).startswith("1 upload of one pixel")
