"""The film of a threshold that slides: the picture, how many different ones are left, the ceiling."""

from collections.abc import Sequence

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.film import Film
from qnn_core.live.films.common import name_of, over
from qnn_core.live.panels import (
    Cells,
    Number,
    Numbers,
)

EVERY_THRESHOLD = tuple(np.arange(1, 100) / 100)


def threshold_film(
    experiment: Experiment,
    picture: Array,
    thresholds: Sequence[float] = EVERY_THRESHOLD,
    *,
    rest: float | None = None,
) -> Film:
    """What the threshold does: which pixels are ink, how many distinct pictures are left, how good one can get.

    picture: greys (n,) in [0, 1]. thresholds: rising, in [0, 1); those with no training picture left are skipped.
    rest: the threshold to show first; the Experiment's if None. Raises InputError for an encoding without bits.
    """
    if not ENCODINGS[experiment.encoding].makes_bits:
        raise InputError("This encoding keeps every grey, so the threshold does nothing; choose black and white.")
    grey = check_image(np.asarray(picture, float), experiment.pixels)
    seen = {}
    for threshold in thresholds:
        try:
            seen[float(threshold)] = prepare(experiment.with_(threshold=float(threshold)))
        except InputError:
            if not 0 <= threshold < 1:
                raise
    if not seen:
        raise InputError("At none of these thresholds a training picture is left; choose others.")
    at = np.array(list(seen))
    bits = np.array([ENCODINGS[experiment.encoding].pixels(grey, threshold) for threshold in at])
    distinct = np.array([data.counts.unique for data in seen.values()], float)
    both = np.array([data.counts.contradictory for data in seen.values()], float)
    best = np.array([data.ceiling.test_best for data in seen.values()])
    panels = (
        Cells("This picture", experiment.grid, experiment.grid, bits, "ink"),
        over(
            "Different pictures", "threshold", "pictures", at, {"all": distinct, "with both labels": both}, digits=0
        ),
        over("Best accuracy possible", "threshold", "test accuracy", at, {"ceiling": best}),
        Numbers(
            "Now",
            (
                Number("threshold", at, ".2f"),
                Number("pixels of ink", bits.sum(axis=1), "d"),
                Number("different pictures", distinct, "d"),
                Number("with both labels", both, "d"),
                Number("ceiling", best),
            ),
        ),
    )
    nearest = int(np.argmin(np.abs(at - (experiment.threshold if rest is None else rest))))
    settings = experiment.only(Stage.PICTURE).with_(threshold=0)
    return Film(f"threshold {name_of(settings, grey)}", "The threshold slides", panels, at, "threshold", rest=nearest)
