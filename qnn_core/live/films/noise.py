"""The film of noise that grows."""

from collections.abc import Sequence

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.film import Film
from qnn_core.live.films.common import EDGES, heaps_of, name_of, over
from qnn_core.live.panels import (
    Heaps,
    Level,
    Number,
    Numbers,
)
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.training.losses import accuracy


def noise_film(
    experiment: Experiment, weights: Array, strengths: Sequence[float], channel: str = "depolarising"
) -> Film:
    """What noise does to a trained network: all test images' ⟨Z⟩ and the accuracy, at rising strengths in [0, 1].

    weights: half-turns (layers, n). Raises InputError as `noisy_expectation` does.
    """
    data, at = prepare(experiment), np.asarray(strengths, float)
    values = [noisy_expectation(experiment, weights, data.test.images, Noise(channel, float(p))) for p in at]
    firsts, seconds = (np.array(side) for side in zip(*(heaps_of(value, data.test) for value in values), strict=True))
    right = np.array([accuracy(value, data.test.whole) for value in values])
    largest = np.array([np.abs(value).max() for value in values])
    first, second = (f"{digit}s" for digit in experiment.digits)
    ceiling = (Level(f"ceiling {data.ceiling.test_best:.3f}", data.ceiling.test_best),)
    panels = (
        Heaps(
            "All test pictures",
            "⟨Z⟩ of the readout",
            EDGES,
            firsts,
            seconds,
            (first, second),
        ),
        over("Accuracy", "noise of a gate", "test accuracy", at, {"QNN": right}, token="qnn", levels=ceiling),
        over("Largest |⟨Z⟩|", "noise of a gate", "|⟨Z⟩|", at, {"largest": largest}, token="ink"),
        Numbers(
            "Now", (Number("noise", at), Number("accuracy", right, token="qnn"), Number("largest |⟨Z⟩|", largest))
        ),
    )
    settings = experiment.only(Stage.PICTURE, Stage.NETWORK)
    return Film(f"noise {channel} {name_of(settings, weights)}", "Noise grows", panels, at, "noise", rest=0)
