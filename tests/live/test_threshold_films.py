"""The films of a threshold, frame by frame against the data and the networks themselves."""

import base64
import json

import numpy as np
import pytest

from qnn_core.contest.thresholds import slide_point, thresholds
from qnn_core.data.dataset import pair_of, prepare, shrunken
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.film import Film
from qnn_core.live.films.threshold import encoding_film, threshold_film
from qnn_core.live.films.trained import train_at, trained_film
from qnn_core.live.panels import Bars, Gauge, Tile, Tiles
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import engine_of
from qnn_core.training.run import train
from tests.helpers import is_sentence

TUTORIAL = Experiment(engine="contraction")
followed = shrunken(TUTORIAL).train[3]


def panel(film, kind, number=0):
    return [one for one in film.panels if one.kind == kind][number]


# ---------------------------------------------------------------- page 3


def test_every_threshold_is_that_of_its_data():
    film = threshold_film(TUTORIAL, followed, [0.1, 0.3, 0.5, 0.9])
    table = film.table()
    assert film.rest == 2
    for i, threshold in enumerate(film.positions):
        data = prepare(TUTORIAL.with_(threshold=threshold))
        assert table["Different pictures: all"][i] == table["Now: different pictures"][i] == data.counts.unique
        assert table["Different pictures: with both labels"][i] == data.counts.contradictory
        assert table["Best accuracy possible: ceiling"][i] == data.ceiling.test_best
        assert np.array_equal(panel(film, "cells").values[i], followed > threshold)


def test_each_picture_stands_beside_two_originals_that_become_it():
    film = threshold_film(TUTORIAL, followed)
    tiles, train_set = panel(film, "tiles"), pair_of(TUTORIAL)
    assert tiles.group == 3
    for threshold, shown in list(zip(film.positions, tiles.shown, strict=True))[::9]:
        kept = prepare(TUTORIAL.with_(threshold=threshold)).kept
        assert len(shown) == 12
        for square, first, second in zip(*[iter(shown)] * 3, strict=True):
            bits = tiles.pictures[square.picture].ravel()
            assert square.caption == "{:,} × 3\n{:,} × 6".format(*kept.count(bits))
            for tile, token, label, caption in ((first, "first", 1, "is a 3"), (second, "second", -1, "is a 6")):
                assert (tile.token, tile.caption) == (token, caption)
                original = tiles.pictures[tile.picture]
                (row,) = np.flatnonzero((train_set.train_images == np.round(255 * original)).all(axis=(1, 2)))[:1]
                assert train_set.train_labels[row] == label
                assert np.array_equal(shrunken(TUTORIAL).train[row] > threshold, bits)


def test_without_contradictions_it_says_so():
    film = threshold_film(TUTORIAL.with_(remove_contradictions="binary"), followed)
    tiles = panel(film, "tiles")
    assert not any(tiles.shown)
    assert is_sentence(tiles.empty)
    assert tiles.pictures == ()
    assert set(film.table()["Different pictures: with both labels"]) == {0}


def test_thresholds_without_pictures_are_left_out():
    picky = TUTORIAL.with_(remove_contradictions="binary", grid=2)
    assert threshold_film(picky, np.full(4, 0.5), [0.2, 0.5, 0.95, 0.99]).positions.tolist() == [0.95]
    for bad, given in ((picky, [0.99]), (TUTORIAL, [0.5, 1.5]), (TUTORIAL.with_(encoding="angle"), [0.5])):
        with pytest.raises(InputError) as refused:
            threshold_film(bad, np.full(bad.pixels, 0.5), given)
        is_sentence(refused.value)


@pytest.mark.parametrize("make", [threshold_film, encoding_film])
def test_one_film_for_all_thresholds_which_has_the_one_that_is_set(make):
    film, other = make(TUTORIAL, followed), make(TUTORIAL.with_(threshold=0.333, seed=9), followed)
    assert film.name == other.name
    assert (film.positions[film.rest], other.positions[other.rest]) == (0.5, 0.333)
    assert len(other) == len(film) + 1
    names = {make(TUTORIAL.with_(digits=(1, 7)), followed).name, make(TUTORIAL, followed[::-1]).name, film.name}
    assert len(names) == 3


@pytest.mark.parametrize(("grid", "most"), [(4, 300_000), (8, 300_000), (28, 1_000_000)])
@pytest.mark.parametrize("make", [threshold_film, encoding_film])
def test_it_is_small(make, grid, most):
    experiment = TUTORIAL.with_(grid=grid)
    film = make(experiment, shrunken(experiment).train[0])
    assert len(json.dumps(film.to_data(), allow_nan=False)) < most
    assert len(film) >= 24


# ---------------------------------------------------------------- page 4


def test_the_line_cuts_the_pixels_that_become_ink():
    film = encoding_film(TUTORIAL, followed)
    everything, bars = shrunken(TUTORIAL).train, panel(film, "bars")
    assert bars.counts.sum() == everything.size
    assert np.array_equal(bars.at, film.positions)
    for i in range(19, len(film), 20):  # at 0.2, 0.4 …, which are greys themselves
        assert bars.share[i] == pytest.approx((everything > film.positions[i]).mean())
        assert np.array_equal(panel(film, "cells", 1).values[i], followed > film.positions[i])
        assert film.table()["Now: pixels of ink"][i] == np.count_nonzero(followed > film.positions[i])
        distinct = prepare(TUTORIAL.with_(threshold=film.positions[i])).counts.unique
        assert film.table()["Now: different pictures"][i] == distinct
    assert np.array_equal(panel(film, "cells").values, np.tile(followed, (len(film), 1)))


# ---------------------------------------------------------------- page 6


@pytest.fixture(scope="module")
def networks():
    return [train_at(TUTORIAL.with_(threshold=threshold)) for threshold in (0.7, 0.3)]


def test_each_network_is_the_run_at_its_threshold(networks):
    film = trained_film(TUTORIAL, networks, thresholds(), followed, truth=1.0)
    table = film.table()
    assert film.positions.tolist() == [0.3, 0.7]
    for i, threshold in enumerate(film.positions):
        end = to_the_end(TUTORIAL.with_(threshold=threshold))
        run, test = train(end), prepare(end).test
        expected = run.history[-1]
        assert table["Loss: QNN, test"][i] == table["Now: test hinge loss"][i] == pytest.approx(expected["test_loss"])
        assert table["Accuracy: QNN"][i] == pytest.approx(expected["test_accuracy"])
        assert table["Accuracy: ceiling"][i] == prepare(end).ceiling.test_best
        assert table["Accuracy: QNN"][i] == pytest.approx(slide_point(end).quantum)
        bits = (followed > threshold).astype(float)
        assert np.array_equal(panel(film, "cells").values[i], bits)
        value = engine_of(end).value(bits[None], run.weights)[0]
        assert table["The pinned picture, a 3"][i] == pytest.approx(value)
        for layer in (0, 1):
            assert np.array_equal(panel(film, "cells", 1 + layer).values[i], run.weights[layer])
        heaps = panel(film, "heaps")
        assert heaps.first[i].sum() == np.count_nonzero(test.labels > 0)
        right = heaps.first[i][20:].sum() + heaps.second[i][:20].sum()
        assert right == pytest.approx(expected["test_accuracy"] * len(test))


def test_it_is_filled_in_and_keeps_its_name_and_its_axes(networks):
    young, old = (trained_film(TUTORIAL, some, thresholds(), followed) for some in (networks[:1], networks))
    other = trained_film(TUTORIAL.with_(threshold=0.3), networks, thresholds(), followed)
    assert young.name == old.name == other.name
    assert trained_film(TUTORIAL.with_(seed=3), networks, thresholds(), followed).name != old.name
    assert (trained_film(TUTORIAL.with_(threshold=0.6), networks, [], followed).rest, other.rest) == (1, 0)
    for film in (young, old):
        assert film.to_data()["planned"] == sorted(thresholds())
        assert {panel(film, "curves", k).x_range for k in (0, 1)} == {(0.02, 0.98)}
    assert trained_film(TUTORIAL, networks, [0.5], followed).planned.tolist() == [0.3, 0.5, 0.7]


def test_fifty_networks_are_small(networks):
    many = [networks[0]._replace(threshold=threshold) for threshold in thresholds()]
    assert len(json.dumps(trained_film(TUTORIAL, many, thresholds(), followed).to_data())) < 100_000


def test_there_is_no_film_before_the_first_network():
    with pytest.raises(InputError) as refused:
        trained_film(TUTORIAL, [], thresholds(), followed)
    is_sentence(refused.value)


# ---------------------------------------------------------------- the panels and the planned places check themselves


BARS = {
    "title": "Bars", "x_name": "grey", "edges": [0, 0.5, 1], "counts": [3, 4],
    "at": [0.2, 0.7], "share": [0.6, 0.1], "names": ("low", "high"),
}  # fmt: skip
TILES = {"title": "Tiles", "pictures": (np.eye(2), np.eye(3)), "shown": ((Tile(0, "a"), Tile(1, "b")), ())}


def test_bars_and_tiles_say_what_they_hold():
    bars, tiles = Bars(**BARS), Tiles(**TILES, group=2, empty="Nothing here.")
    assert (bars.frames, tiles.frames) == (2, 2)
    assert dict(bars.measured()) == {"high": [0.6, 0.1]}
    assert dict(tiles.measured()) == {"picture 1": ["a", None], "picture 2": ["b", None]}
    data = tiles.to_data()
    assert data["shown"] == [[[0, "a", "ink", ""], [1, "b", "ink", ""]], []]
    assert list(base64.b64decode(data["pictures"][0]["packed"])) == [255, 0, 0, 255]
    assert [one["side"] for one in data["pictures"]] == [2, 3]
    assert json.dumps([bars.to_data(), data])


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Bars(**{**BARS, "edges": [0, 0.5, 0.5]}),
        lambda: Bars(**{**BARS, "edges": [0], "counts": []}),
        lambda: Bars(**{**BARS, "counts": [3]}),
        lambda: Bars(**{**BARS, "counts": [3, -1]}),
        lambda: Bars(**{**BARS, "at": [0.2, 1.1]}),
        lambda: Bars(**{**BARS, "at": [-0.1, 1]}),
        lambda: Bars(**{**BARS, "share": [0.6]}),
        lambda: Bars(**{**BARS, "share": [0.6, 1.1]}),
        lambda: Bars(**{**BARS, "share": [0.6, float("nan")]}),
        lambda: Tiles(**{**TILES, "pictures": (np.ones((2, 3)), np.eye(3))}),
        lambda: Tiles(**{**TILES, "pictures": (np.eye(2) * 1.5, np.eye(3))}),
        lambda: Tiles(**{**TILES, "pictures": (np.eye(2),)}),
        lambda: Tiles(**{**TILES, "shown": ((Tile(-1, "a"),), ())}),
        lambda: Tiles(**{**TILES, "shown": ((Tile(0, "a", "pink"),), ())}),
        lambda: Tiles(**TILES, group=0),
        lambda: planned([0.2, 0.1, 0.3]),
        lambda: planned([0.1, 0.3]),
        lambda: planned([[0.1, 0.2]]),
        lambda: planned([0.1, float("inf")]),
    ],
)
def test_what_does_not_fit_is_refused(bad):
    with pytest.raises(InputError) as refused:
        bad()
    is_sentence(refused.value)


def planned(positions):
    needle = Gauge("Needle", [0, 1], ("up", "down"))
    return Film("one", "One", (needle,), [0.1, 0.2], planned=positions)


def test_planned_positions_are_those_of_the_frames_and_more():
    assert planned([0.1, 0.15, 0.2]).to_data()["planned"] == [0.1, 0.15, 0.2]
    assert planned(None).to_data()["planned"] is None
