"""The film of networks that are trained to the end, one at each threshold."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.labels import digit_of
from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.film import FILMS, Film
from qnn_core.live.films.common import heaps_of, heaps_panel, name_of
from qnn_core.live.panels import Cells, Curve, Curves, Gauge, Number, Numbers, Panel
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import ONLY_AT_THE_END, engine_of
from qnn_core.training.losses import LOSSES, accuracy
from qnn_core.training.run import train


class Trained(NamedTuple):
    """A network at the end of its training at one threshold, and what it says of all test images there.

    weights: half-turns (layers, n). loss: of the run's kind. ceiling: the best accuracy that any network could have.
    first, second: counts of both digits over ⟨Z⟩, (bins,).
    """

    threshold: float
    weights: Array
    loss: float
    accuracy: float
    ceiling: float
    first: Array
    second: Array


def train_at(experiment: Experiment) -> Trained:
    """Train to the end at the Experiment's threshold. Raises InputError if no picture is left there."""
    end = to_the_end(experiment)
    data, weights = prepare(end), train(end, test_every=ONLY_AT_THE_END).weights
    expectation = engine_of(end).value(data.test.images, weights)
    return Trained(
        experiment.threshold,
        weights,
        LOSSES[end.loss](expectation, data.test.whole)[0],
        accuracy(expectation, data.test.whole),
        data.ceiling.test_best,
        *heaps_of(expectation, data.test),
    )


@FILMS.keeps
def trained_film(
    experiment: Experiment,
    networks: Iterable[Trained],
    planned: Iterable[float],
    pinned: Array,
    truth: float | None = None,
) -> Film:
    """What the threshold does to a network that is trained to the end at each of them.

    networks: those there are, in any order. planned: all thresholds that there may be. pinned: greys (n,) of one
    picture, which gets its bits at each threshold; truth: its label ±1. Raises InputError if there is no network.
    """
    there = sorted(networks, key=lambda one: one.threshold)
    if not there:
        raise InputError("At no threshold a network has been trained yet; wait for the first one.")
    at = np.array([one.threshold for one in there])
    loss, right, best = (np.array([getattr(one, name) for one in there]) for name in ("loss", "accuracy", "ceiling"))
    grey = check_image(np.asarray(pinned, float), experiment.pixels)
    bits = np.array([ENCODINGS[experiment.encoding].pixels(grey, threshold) for threshold in at])
    engine = engine_of(contracted(experiment))
    verdicts = [float(engine.value(own[None], one.weights)[0]) for own, one in zip(bits, there, strict=True)]
    first, second = experiment.digits
    axis = (min(planned := sorted({*planned, *at.tolist()})), max(planned))
    panels: list[Panel] = [
        heaps_panel(experiment, [one.first for one in there], [one.second for one in there]),
        _over(
            "Accuracy",
            "test accuracy",
            at,
            axis,
            Curve("ceiling", at, best, "muted", "long"),
            Curve("QNN", at, right, "qnn"),
        ),
        _over("Loss", LOSSES[experiment.loss].words, at, axis, Curve("QNN, test", at, loss, "qnn")),
        Numbers(
            "Now",
            (
                Number("threshold", at, ".4g"),
                Number("test accuracy", right, token="qnn"),
                Number("ceiling", best),
                Number(f"test {LOSSES[experiment.loss].words}", loss, token="qnn"),
            ),
        ),
        Gauge(
            "The pinned picture" if truth is None else f"The pinned picture, a {digit_of(experiment.digits, truth)}",
            np.array(verdicts),
            (f"+1: {first}", f"−1: {second}"),
        ),
        Cells("Its bits at this threshold", experiment.grid, experiment.grid, bits, "ink", truth=truth),
    ]
    for number, kind in enumerate(experiment.layers):
        weights = np.array([one.weights[number] for one in there])
        panels.append(
            Cells(f"Weights, {kind} layer {number + 1}", experiment.grid, experiment.grid, weights, "weight")
        )
    settings = experiment.only(Stage.PICTURE, Stage.NETWORK, also=("loss", "seed", "start", "shuffle"))
    name = name_of(settings.model_copy(update={"threshold": 0.0}), grey)
    title = "The threshold slides, and the network is trained to the end again"
    nearest = int(np.argmin(np.abs(at - experiment.threshold)))
    return Film(f"trained {name}", title, tuple(panels), at, "threshold", rest=nearest, planned=np.array(planned))


def _over(title: str, y_name: str, at: Array, axis: tuple[float, float], *curves: Curve) -> Curves:
    """Curves over the thresholds, on an axis that does not move while they come."""
    return Curves(title, "threshold", y_name, curves, at, x_range=axis if axis[0] < axis[1] else None)
