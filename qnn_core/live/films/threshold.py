"""The films of a threshold that slides: which pictures it makes the same, and how one picture gets its bits."""

from collections.abc import Sequence

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import BINS, histogram
from qnn_core.data.sweep import Point, sweep
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.film import FILMS, Film
from qnn_core.live.films.common import name_of, over
from qnn_core.live.panels import Bars, Cells, Number, Numbers, Panel, Tile, Tiles

LETTERED = 5
"""The largest grid whose greys are written into the cells."""


@FILMS.keeps
def threshold_film(
    experiment: Experiment,
    picture: Array,
    thresholds: Sequence[float] | None = None,
    *,
    rest: float | None = None,
    truth: float | None = None,
) -> Film:
    """What the threshold does: which pictures get both labels, how many are left, how good one can get.

    picture: greys (n,) in [0, 1]; truth: its label ±1. thresholds: in [0, 1); those with no training picture left are
    skipped; the usual ones and the Experiment's own if None. rest: the threshold to show first; the Experiment's if
    None.
    Raises InputError for an encoding without bits.
    """
    grey, points, at = _slide(experiment, picture, thresholds)
    distinct = np.array([point.counts.unique for point in points], float)
    both = np.array([point.counts.contradictory for point in points], float)
    best = np.array([point.ceiling.test_best for point in points])
    panels = (
        _contradictions(experiment, points),
        Numbers(
            "Now",
            (
                Number("threshold", at, ".4g"),
                Number("different pictures", distinct, ",d"),
                Number("with both labels", both, ",d"),
                Number("ceiling, test", best, ".4f"),
            ),
        ),
        _bits(experiment, "The followed picture", grey, at, truth),
        over(
            "Different pictures", "threshold", "pictures", at, {"all": distinct, "with both labels": both}, digits=0
        ),
        over("Best accuracy possible", "threshold", "test accuracy", at, {"ceiling": best}),
    )
    return _film(experiment, "contradictions", panels, at, grey, rest)


@FILMS.keeps
def encoding_film(experiment: Experiment, picture: Array, *, truth: float | None = None) -> Film:
    """How one picture gets its bits, and where the threshold cuts the greys of all training images.

    picture: greys (n,) in [0, 1]; truth: its label ±1. Raises InputError for an encoding without bits.
    """
    grey, points, at = _slide(experiment, picture)
    everything = np.sort(shrunken(experiment).train, axis=None)
    panels = (
        Cells(
            "Grey: 0 is paper, 1 is ink",
            experiment.grid,
            experiment.grid,
            np.tile(grey, (len(at), 1)),
            "ink",
            numbers=experiment.grid <= LETTERED,
            truth=truth,
        ),
        _bits(experiment, "Bits: 1 above the threshold", grey, at, truth),
        Bars(
            "All training pixels",
            "grey value",
            np.linspace(0, 1, BINS + 1),
            histogram(everything).astype(float),
            at,
            1 - np.searchsorted(everything, at, "right") / everything.size,
            ("become 0", "become 1"),
        ),
        Numbers(
            "Now",
            (
                Number("threshold", at, ".4g"),
                Number("pixels of ink", (grey > at[:, None]).sum(axis=1), ",d", f" of {experiment.pixels}"),
                Number("different pictures", np.array([point.counts.unique for point in points]), ",d"),
            ),
        ),
    )
    return _film(experiment, "encoding", panels, at, grey, None)


def _slide(
    experiment: Experiment, picture: Array, thresholds: Sequence[float] | None = None
) -> tuple[Array, list[Point], Array]:
    """The picture's greys (n,), what each threshold makes of all pictures, and these thresholds (frames,)."""
    points = sweep(experiment, thresholds)
    if not points:
        raise InputError("At none of these thresholds a training picture is left; choose others.")
    grey = check_image(np.asarray(picture, float), experiment.pixels)
    return grey, points, np.array([point.threshold for point in points])


def _film(
    experiment: Experiment, kind: str, panels: tuple[Panel, ...], at: Array, grey: Array, rest: float | None
) -> Film:
    """One name for all thresholds of the same pictures."""
    pictures = experiment.only(Stage.PICTURE).model_copy(update={"threshold": 0.0})
    nearest = int(np.argmin(np.abs(at - (experiment.threshold if rest is None else rest))))
    return Film(f"{kind} {name_of(pictures, grey)}", "The threshold slides", panels, at, "threshold", rest=nearest)


def _bits(experiment: Experiment, title: str, grey: Array, at: Array, truth: float | None) -> Cells:
    """One picture, black and white, at each threshold."""
    pixels = ENCODINGS[experiment.encoding].pixels
    bits = np.array([pixels(grey, threshold) for threshold in at])
    grid, letters = experiment.grid, experiment.grid <= LETTERED
    return Cells(title, grid, grid, bits, "ink", numbers=letters, truth=truth)


def _contradictions(experiment: Experiment, points: Sequence[Point]) -> Tiles:
    """At each threshold the pictures that carry both labels, each beside an original of either digit."""
    pictures: list[Array] = []
    number: dict[object, int] = {}

    def once(key: object, picture: Array) -> int:
        if key not in number:
            number[key] = len(pictures)
            pictures.append(picture)
        return number[key]

    first, second = experiment.digits
    images, side = pair_of(experiment).train_images, experiment.grid
    shown = []
    for point in points:
        tiles = []
        for one in point.worst:
            square = once(one.bits.tobytes(), one.bits.reshape(side, side))
            tiles.append(Tile(square, f"{one.first:,} × {first}\n{one.second:,} × {second}"))
            for original, digit, token in zip(one.originals, (first, second), ("first", "second"), strict=True):
                tiles.append(Tile(once(original, images[original] / 255), f"is a {digit}", token))
        shown.append(tuple(tiles))
    empty = "At this threshold no picture carries both labels."
    title = "Pictures with both labels, and originals that become them"
    return Tiles(title, tuple(pictures), tuple(shown), group=3, empty=empty)
