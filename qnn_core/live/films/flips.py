"""The film of random flips: one picture is measured again and again, and the mean of a cosine becomes ⟨Z⟩."""

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import CosineNeuron
from qnn_core.inside.flips import RandomFlips
from qnn_core.live.film import FILMS, Film
from qnn_core.live.films.common import name_of, over
from qnn_core.live.panels import Cells, Level
from qnn_core.streams import Stream, generator

MEASUREMENTS = 200
"""Frames of the film, each one more measurement of all pixels."""
MOST_CELLS = 60_000
"""Cells of all frames, one byte each; of large pictures fewer measurements are shown."""


@FILMS.keeps
def flips_film(experiment: Experiment, neuron: CosineNeuron, pixels: Array) -> Film:
    """One picture as its pixels come out, measurement by measurement, and the mean of −cos Σ φ·s so far.

    pixels: half-turns (n,) in [0, 1]. The Experiment's seed draws. Raises InputError if the picture does not fit.
    """
    pixels = check_image(np.asarray(pixels, float), experiment.pixels)
    count, grid = max(20, min(MEASUREMENTS, MOST_CELLS // experiment.pixels)), experiment.grid
    flips = RandomFlips.of(neuron, pixels)
    drawn = flips.drawn(generator(experiment.seed, Stream.SHOTS), count)
    answers = flips.answers(drawn)
    at = np.arange(1.0, count + 1)
    mean, exact = np.cumsum(answers) / at, float(neuron.expectation(pixels[None])[0])
    chance = np.tile(flips.flip(pixels), (count, 1))
    level = Level(f"⟨Z⟩ = {exact:.3f}".replace("-", "−"), exact)
    panels = (
        over("The mean so far", "measurements", "−cos Σ φ·s", at, {"mean": mean}, token="qnn", levels=(level,)),
        Cells("The pixels as they come out", grid, grid, drawn, "ink"),
        Cells("How likely each pixel flips", grid, grid, chance, "ink"),
    )
    key = name_of(experiment.only(also=["grid", "seed"]), np.concatenate([flips.phase, flips.paper, pixels]))
    return Film(f"flips {key}", "One picture is measured again and again", panels, at, "measurement")
