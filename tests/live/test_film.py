"""Every number of a film is the one that is computed directly, and a film that could not be drawn is not made."""

import base64
import csv
import io
import itertools
import json
import tracemalloc
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.circuit import wrap
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.branches import Branch
from qnn_core.live.film import MOST_FRAMES, Film, moments
from qnn_core.live.films.common import EDGES
from qnn_core.live.films.training import MOST_BRANCHES, look, training_film
from qnn_core.live.panels import (
    Cells,
    Curve,
    Curves,
    Dial,
    Gauge,
    Heaps,
    Level,
    Number,
    Numbers,
    short,
)
from qnn_core.training.loop import advance, engine_of, evaluate, start
from qnn_core.training.losses import LOSSES
from qnn_core.training.run import expectation_of_test
from tests.helpers import is_sentence, small

TUTORIAL = Experiment(engine="contraction")


@lru_cache
def run(experiment):
    """Snapshots after every step and records of a whole run."""
    state = start(experiment)
    snapshots, records = [(0, state.weights)], []
    while True:
        state, new = advance(experiment, state, 1, test_every=1)
        if not new:
            return snapshots, records
        records += new
        snapshots.append((state.step, state.weights))


def panel(film, kind, number=0):
    """The first, second … panel of a kind."""
    return [one for one in film.panels if one.kind == kind][number]


def plain(item):
    """Only what reaches the browser: dicts, lists, strings, finite numbers, None."""
    if isinstance(item, dict):
        return all(type(key) is str and plain(value) for key, value in item.items())
    if isinstance(item, list):
        return all(map(plain, item))
    return item is None or type(item) in {str, int, bool} or (type(item) is float and np.isfinite(item))


def film_of(*panels, positions=(0, 1), **changes):
    return Film(**{"name": "one", "title": "One film", "panels": panels, "positions": positions, **changes})


def line(**changes):
    """A panel that is all right, with some of its fields changed."""
    curve = Curve("loss", [0, 1, 2], [3, 2, 1], "qnn")
    fields = {"title": "Loss", "x_name": "step", "y_name": "loss", "series": (curve,), "at": [0, 1], **changes}
    return Curves(**fields)


def heap_of(values):
    """How many values lie above each edge and not above the next."""
    return [int(np.count_nonzero((low < values) & (values <= high))) for low, high in itertools.pairwise(EDGES)]


# ---------------------------------------------------------------- a training run, frame by frame


def test_nothing_said_is_on_the_side_of_the_second_digit():
    still = small(layers=("XX",))  # ⟨Z⟩ = −1 whatever the weights
    says_nothing = look(TUTORIAL, np.array([np.zeros(16), np.eye(16)[0] * 0.5]))
    for one in (look(still, np.zeros((1, 4))), says_nothing):
        assert one.first[len(one.first) // 2 :].sum() == 0
    assert says_nothing.first[len(says_nothing.first) // 2 - 1] == says_nothing.first.sum() > 0


@pytest.mark.parametrize("experiment", [TUTORIAL, small(layers=("XX", "YY", "ZZ"))])
def test_every_number_of_a_training_run_is_the_direct_one(experiment):
    snapshots, records = run(experiment)
    test = prepare(experiment).test
    picture = test.images[2]
    film = training_film(experiment, snapshots, records, pinned=picture, truth=1.0, total=len(records))
    data, table = film.to_data(), film.table()
    assert plain(data)
    assert table["step"] == [step for step, _ in snapshots]
    for i, (step, weights) in enumerate(snapshots):
        loss, right = evaluate(experiment, weights, test)
        assert (table["Loss: QNN, test"][i], table["Accuracy: QNN"][i]) == pytest.approx((loss, right))
        assert (table["Now: test hinge loss"][i], table["Now: test accuracy"][i]) == pytest.approx((loss, right))
        assert table["Loss: each batch"][i] == (records[step - 1].loss if step else None)
        one = float(engine_of(experiment).value(picture[None], weights)[0])
        assert table["The pinned picture"][i] == pytest.approx(one)
        assert data["panels"][0]["kind"] == "heaps"
        expectation = expectation_of_test(experiment, weights)
        for name, mine in (("first", is_first(test.labels)), ("second", ~is_first(test.labels))):
            heap = getattr(panel(film, "heaps"), name)[i]
            assert heap.tolist() == heap_of(expectation[mine])
            assert heap[len(heap) // 2 :].sum() == np.count_nonzero(is_first(expectation[mine]))
        for layer in range(len(weights)):
            cells = panel(film, "cells", layer)
            assert np.array_equal(cells.values[i], weights[layer])
            shown = cells.to_data()["values"][i]
            assert shown == pytest.approx(wrap(weights[layer]), abs=1.1e-3)
    written = [number["texts"][-1] for number in panel(film, "numbers").to_data()["numbers"]]
    assert written == [f"{len(records)} of {len(records)}", f"{loss:.3f}", f"{right:.3f}"]


def test_heaps_hold_every_test_picture():
    snapshots, records = run(TUTORIAL)
    film = training_film(TUTORIAL, snapshots, records)
    test = prepare(TUTORIAL).test
    heaps = panel(film, "heaps")
    assert set(heaps.first.sum(axis=1)) == {np.count_nonzero(is_first(test.labels))}
    assert set(heaps.second.sum(axis=1)) == {np.count_nonzero(~is_first(test.labels))}


def test_the_ceiling_is_that_of_the_data():
    snapshots, records = run(TUTORIAL)
    levels = panel(training_film(TUTORIAL, snapshots, records), "curves", 1).levels
    assert [level.y for level in levels] == [prepare(TUTORIAL).ceiling.test_best]


def test_a_film_grows_and_keeps_its_name_and_its_beginning():
    snapshots, records = run(TUTORIAL)
    young = training_film(TUTORIAL, snapshots[:13], records[:12], total=48)
    old = training_film(TUTORIAL, snapshots, records, total=48)
    assert young.name == old.name
    assert (young.growing, old.growing) == (True, False)
    assert young.positions.tolist() == old.positions[:13].tolist()
    before, after = young.table(), old.table()
    assert all(after[name][:13] == values for name, values in before.items())
    other, theirs = run(TUTORIAL.with_(seed=1))
    assert training_film(TUTORIAL.with_(seed=1), other, theirs).name != old.name


def test_the_fair_network_has_its_own_pace():
    from qnn_core.baselines import EpochRecord

    snapshots, records = run(TUTORIAL)
    fair = [EpochRecord(epoch, 0.5, 0.7, 0.5, 0.6 + epoch / 100) for epoch in (1, 2, 3)]
    film = training_film(TUTORIAL, snapshots, records, fair=fair, fair_epochs=4, total=48)
    curves = panel(film, "curves", 1)
    assert curves.at[[0, 24, 48]].tolist() == [0, 50, 100]
    theirs = next(curve for curve in curves.series if curve.token == "classical")
    assert (theirs.x.tolist(), theirs.dash, theirs.mark) == ([25, 50, 75], "dashed", "◆")
    assert theirs.y.tolist() == [record.test_accuracy for record in fair]
    assert panel(training_film(TUTORIAL, snapshots, records, fair=[]), "curves", 1).x_range == (0, 100)


def test_only_losses_of_one_kind_are_drawn_over_one_another():
    state, records = advance(TUTORIAL, start(TUTORIAL), 2)
    runs = [Branch(loss, [0, 2], [1.0, 0.9], [0.5, 0.6], loss) for loss in ("hinge", "squared")]
    film = training_film(TUTORIAL, [(0, start(TUTORIAL).weights), (2, state.weights)], records, behind=runs)
    _, losses, accuracies, *_ = film.panels
    behind = [[one.name for one in panel.series if one.role == "behind"] for panel in (losses, accuracies)]
    assert behind == [["hinge"], ["hinge", "squared"]]
    assert losses.y_name == "hinge loss"


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_of_a_film_is_the_experiments(loss):
    experiment = small(loss=loss)
    weights = start(experiment).weights
    film = training_film(experiment, [(0, weights)], [])
    (shown,) = film.table()[f"Now: test {LOSSES[loss].words}"]
    assert shown == pytest.approx(evaluate(experiment, weights, prepare(experiment).test)[0])
    assert film.panels[1].y_name == LOSSES[loss].words


def test_how_many_pictures_are_undecided():
    experiment = small(start="narrow")
    zero = np.zeros_like(start(experiment).weights)  # ⟨Z⟩ is −1 everywhere
    assert look(experiment, zero).undecided == 0
    half = zero.copy()
    half[1, 0] = 0.5  # and here 0
    assert look(experiment, half).undecided == 1


def test_earlier_runs_are_behind_but_not_too_many():
    snapshots, records = run(TUTORIAL)
    branches = [Branch("slower", [0, 48], [1.0, 0.9], [0.5, 0.6])] * MOST_BRANCHES
    film = training_film(TUTORIAL, snapshots, records, behind=branches)
    for number in (0, 1):
        roles = [curve.role for curve in panel(film, "curves", number).series]
        assert roles.count("behind") == MOST_BRANCHES
        assert roles[-1] == "strong"  # drawn last, so in front
    assert len(set(film.table())) == len(film.table())
    assert film.table()["Loss: slower (5)"][::48] == [1.0, 0.9]
    for bad in ({"behind": [*branches, branches[0]]}, {"pinned": np.zeros(3)}):
        with pytest.raises(InputError) as refused:
            training_film(TUTORIAL, snapshots, records, **bad)
        is_sentence(refused.value)
    with pytest.raises(InputError) as refused:
        training_film(TUTORIAL, [], records)
    is_sentence(refused.value)


def test_a_run_that_has_not_begun_is_a_film():
    film = training_film(TUTORIAL, run(TUTORIAL)[0][:1], [], total=48)
    assert (len(film), film.growing) == (1, True)
    assert plain(film.to_data())


def test_what_was_looked_at_is_not_computed_again():
    weights = run(TUTORIAL)[0][0][1]
    assert look(TUTORIAL, weights) is look(TUTORIAL.with_(epochs=9, seed=3), weights)


# ---------------------------------------------------------------- sizes


def walk(experiment, steps):
    """Weights that wander, as many snapshots as asked for."""
    rng = np.random.default_rng(0)
    shape = (len(experiment.layers), experiment.pixels)
    path = np.cumsum(rng.normal(0, 0.03, (steps, *shape)), axis=0)
    return list(enumerate(path))


def test_a_long_film_is_small():
    film = training_film(TUTORIAL, walk(TUTORIAL, 1000), [], total=1000, pinned=np.ones(16))
    assert len(film) == MOST_FRAMES
    assert (film.positions[0], film.positions[-1]) == (0, 999)
    assert len(json.dumps(film.to_data())) < 300_000 * MOST_FRAMES / 300


def test_a_film_of_large_pictures_is_packed():
    large = TUTORIAL.with_(grid=28)
    film = training_film(large, walk(large, 250), [], pinned=np.zeros(784))
    data = film.to_data()
    assert len(json.dumps(data)) < 1_000_000
    cells, packed = panel(film, "cells"), next(one for one in data["panels"] if one["kind"] == "cells")["packed"]
    assert len(packed) == len(film) >= 200
    greys = np.frombuffer(base64.b64decode(packed[7]), np.uint8)
    assert np.allclose(greys / 255 * 2 - 1, wrap(cells.values[7]), atol=1 / 255)


@given(st.integers(1, 5000), st.integers(2, 400))
def test_moments_keep_both_ends(count, most):
    places = moments(count, most)
    assert (places[0], places[-1], len(places)) == (0, count - 1, min(count, most))
    assert places == sorted(set(places))
    assert max(np.diff(places), default=1) - min(np.diff(places), default=1) <= 1


# ---------------------------------------------------------------- the other films


# ---------------------------------------------------------------- a film checks itself


@given(st.data(), st.integers(1, 8))
def test_what_is_given_is_what_is_in_the_table_and_in_the_data(data, frames):
    number = st.floats(-1, 1)
    values = data.draw(st.lists(number, min_size=frames, max_size=frames))
    cells = data.draw(st.lists(st.lists(number, min_size=6, max_size=6), min_size=frames, max_size=frames))
    at = list(range(frames))
    film = film_of(
        Gauge("Needle", values, ("up", "down")),
        Cells("Map", 2, 3, cells, "class"),
        Curves("Line", "x", "y", (Curve("line", at, values),), at, (Level("top", 1.0),)),
        Numbers("Now", (Number("value", values, "+.2f", " m"),)),
        Dial("Hand", np.array(values) * 1j, ("right", "left")),
        positions=at,
    )
    table = film.table()
    assert table["Needle"] == table["Line: line"] == table["Now: value"] == table["Hand: imaginary part"] == values
    assert [table["Map: row 2, column 1"][i] for i in at] == [row[3] for row in cells]
    sent = film.to_data()
    assert plain(json.loads(json.dumps(sent, allow_nan=False)))
    assert sent["panels"][0]["values"] == pytest.approx(values, abs=1e-4)
    assert sent["panels"][2]["series"][0]["y"] == pytest.approx(values, abs=1e-4)
    rows = list(csv.reader(io.StringIO(film.to_csv())))
    assert rows[0] == list(table)
    assert len(rows) == frames + 1
    assert all(len(row) == len(table) for row in rows)
    assert [float(row[rows[0].index("Needle")]) for row in rows[1:]] == values


def test_nothing_was_measured_between_the_points():
    panel = line(at=[0, 0.5, 2])
    assert film_of(panel, positions=[0, 1, 2]).table()["Loss: loss"] == [3, None, 1]
    assert film_of(panel, positions=[0, 1, 2]).to_csv().splitlines()[2] == "1.0,"


def test_a_hand_may_have_a_whole_path_in_each_frame():
    dial = Dial("Hand", [[1, 0.5j], [1, -0.5j]], ("right", "left"))
    assert dial.to_data()["points"] == [[[1, 0], [0, 0.5]], [[1, 0], [0, -0.5]]]
    assert dict(dial.measured())["imaginary part"] == [0.5, -0.5]


HEAPS = {"title": "Heaps", "x_name": "x", "edges": [0, 1, 2], "names": ("a", "b")}
GAUGE = Gauge("Needle", [0, 1], ("a", "b"))
NAN = float("nan")
WRONG = {
    "no frames": lambda: film_of(GAUGE, positions=[]),
    "no panels": film_of,
    "too many frames": lambda: film_of(GAUGE, positions=[0, 1, 2]),
    "positions that stand": lambda: film_of(GAUGE, positions=[1, 1]),
    "positions that are none": lambda: film_of(GAUGE, positions=[0, NAN]),
    "unknown panel": lambda: film_of("a picture"),
    "unknown kind": lambda: film_of(type("Own", (Gauge,), {})("Needle", [0, 1], ("a", "b"))),
    "rest outside": lambda: film_of(GAUGE, rest=2),
    "ends before it is": lambda: film_of(GAUGE, total=0.5),
    "ends nowhere": lambda: film_of(GAUGE, total=NAN),
    "needle is no number": lambda: Gauge("Needle", [0, NAN], ("a", "b")),
    "needle leaves": lambda: Gauge("Needle", [0, 1.1], ("a", "b")),
    "needle is words": lambda: Gauge("Needle", ["a"], ("a", "b")),
    "truth": lambda: Gauge("Needle", [0], ("a", "b"), truth=0),
    "picture": lambda: Gauge("Needle", [0], ("a", "b"), picture=[[2]]),
    "flat picture": lambda: Gauge("Needle", [0], ("a", "b"), picture=[1]),
    "curve is infinite": lambda: Curve("loss", [0, 1], [0, float("inf")]),
    "curve lacks a value": lambda: Curve("loss", [0, 1], [0]),
    "curve goes back": lambda: Curve("loss", [1, 0], [0, 0]),
    "colour": lambda: Curve("loss", [0], [0], "pink"),
    "dash": lambda: Curve("loss", [0], [0], dash="wavy"),
    "mark": lambda: Curve("loss", [0], [0], mark="x"),
    "role": lambda: Curve("loss", [0], [0], role="weak"),
    "level": lambda: Level("top", NAN),
    "no curve": lambda: line(series=()),
    "axis": lambda: line(x_range=(1, 1)),
    "frames go back": lambda: line(at=[1, 0]),
    "frames are none": lambda: line(at=[0, NAN]),
    "ragged cells": lambda: Cells("Map", 1, 2, [[0, 1], [0]], "ink"),
    "wrong cells": lambda: Cells("Map", 2, 2, [[0, 1]], "ink"),
    "too much ink": lambda: Cells("Map", 1, 2, [[0, 2]], "ink"),
    "scale": lambda: Cells("Map", 1, 2, [[0, 1]], "heat"),
    "marked": lambda: Cells("Map", 1, 2, [[0, 1]], "ink", marked=(2,)),
    "marked too often": lambda: Cells("Map", 1, 2, [[0, 1]], "ink", marked=(0, 1)),
    "edges": lambda: Heaps(**{**HEAPS, "edges": [0, 0, 1]}, first=[[0, 0]], second=[[0, 0]]),
    "bins": lambda: Heaps(**HEAPS, first=[[0, 0, 0]], second=[[0, 0, 0]]),
    "one heap is longer": lambda: Heaps(**HEAPS, first=[[0, 0]], second=[[0, 0], [0, 0]]),
    "negative count": lambda: Heaps(**HEAPS, first=[[0, -1]], second=[[0, 0]]),
    "numbers differ": lambda: Numbers("Now", (Number("a", [1]), Number("b", [1, 2]))),
    "no numbers": lambda: Numbers("Now", ()),
    "hand leaves": lambda: Dial("Hand", [2j], ("a", "b")),
    "hand is no number": lambda: Dial("Hand", [complex(NAN, 0)], ("a", "b")),
    "hand is a block": lambda: Dial("Hand", np.zeros((1, 1, 1)), ("a", "b")),
    "most": lambda: moments(5, 1),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(name):
    with pytest.raises(InputError) as refused:
        WRONG[name]()
    is_sentence(refused.value)


def test_a_film_cannot_be_changed_by_accident():
    values = np.zeros(2)
    gauge = Gauge("Needle", values, ("a", "b"))
    values[0] = 1
    assert gauge.values[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        gauge.values[0] = 1


def test_a_film_says_about_what_it_takes():
    make, (snapshots, records) = training_film.__wrapped__, run(TUTORIAL)
    make(TUTORIAL, snapshots, records, total=48)  # what is made once for all films is there
    tracemalloc.start()
    film = make(TUTORIAL, snapshots, records, total=48)
    text, taken = film.text, tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(text) < taken
    assert taken / 2 < film.nbytes < 2 * taken


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=20), st.integers(2, 6))
def test_what_is_shortened_and_rounded_again_is_what_the_exact_number_is(values, digits):
    for exact, sent in zip(values, short(values, digits), strict=True):
        assert abs(sent - exact) <= 1.5 * 10**-digits
        assert float(f"{sent:.{digits - 1}f}") == float(f"{exact:.{digits - 1}f}"), exact


@pytest.mark.parametrize(
    ("exact", "sent"), [(0.22847, 0.2284), (0.22853, 0.2286), (-0.22847, -0.2284), (0.125, 0.125)]
)
def test_a_five_at_the_end_is_avoided(exact, sent):
    assert short([exact, 3.0, -1e-9]) == [sent, 3, 0]
