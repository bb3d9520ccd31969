"""The film of noise that grows: all test pictures, the accuracy and one picture at every strength."""

from collections.abc import Mapping

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import changed
from qnn_core.engines import contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.live.film import FILMS, Film
from qnn_core.live.films.common import heaps_of, heaps_panel, name_of, over
from qnn_core.live.panels import Curves, Gauge, Heaps, Level, Number, Numbers, Panel
from qnn_core.machine.noise import Noise, noisy_expectation, products_for
from qnn_core.machine.shots import expected_accuracy
from qnn_core.training.loop import engine_of

FINE, COARSE = 40, 10
"""Steps from no noise to the strongest; the coarse ones where each takes seconds."""
WEAK, STRONGEST = 0.1, 1.0
"""Strengths after each gate up to which a film goes: what machines have, or all that there is."""
MANY_PRODUCTS, TOO_MANY_PRODUCTS = 3e7, 2e8
"""For one strength: more take a second or two, so that fewer strengths are computed; more than that take too long."""


def products(experiment: Experiment) -> int:
    """How many products noise of one strength takes, all distinct test images together."""
    return products_for(experiment, len(prepare(experiment).test.images))


def strengths(experiment: Experiment, most: float = WEAK) -> tuple[float, ...]:
    """Those that a film up to `most` has, rising from 0. Raises InputError if each would take too long."""
    needed, images = products(experiment), len(prepare(experiment).test.images)
    if needed > TOO_MANY_PRODUCTS:
        raise InputError(
            f"Gate noise for {images:,} pictures of {experiment.pixels} pixels in {len(experiment.layers)} layers "
            "takes too long at each strength; choose a smaller grid or fewer layers."
        )
    steps = COARSE if needed > MANY_PRODUCTS else FINE
    return tuple(round(most * k / steps, 6) for k in range(steps + 1))


def coarse_to_fine(all_of_them: tuple[float, ...], first: float) -> list[float]:
    """The same in another order: this one first, then the ends, then what halves the gaps."""
    gap, spread = len(all_of_them) - 1, list[float]()
    while gap:
        spread += all_of_them[::gap]
        gap //= 2
    return list(dict.fromkeys([first, all_of_them[0], all_of_them[-1], *spread]))


def under_noise(experiment: Experiment, weights: Array, channel: str, strength: float) -> Array:
    """⟨Z⟩ of each distinct test image, (d,), with this noise after every gate; for workers."""
    images = prepare(experiment).test.images
    if not strength:  # then it is what the network says anyway, in a fraction of the time
        return engine_of(contracted(experiment)).expectation(images, weights)
    return noisy_expectation(experiment, weights, images, Noise(channel, strength))


@FILMS.keeps
def noise_film(
    experiment: Experiment,
    weights: Array,
    noise: Noise,
    values: Mapping[float, Array],
    *,
    own: Mapping[float, float],
    picture: Array,
    truth: float | None = None,
    shots: int | None = None,
    verdicts: bool = True,
) -> Film:
    """What noise does to a trained network, strength by strength.

    weights: half-turns (layers, n). noise: its channel, its readout error, and the strength to show first.
    values: strength → ⟨Z⟩ of each distinct test image, (d,), before the readout's error; 0 must be among them.
    own: strength → ⟨Z⟩ of one picture, whose pixels (n,) are `picture`; truth: its label.
    shots: draw also what so many shots for each picture leave of the accuracy. verdicts: whether to show what becomes
    of the verdicts on all test pictures. Raises InputError if the strength 0 is missing.
    """
    if 0 not in values:
        raise InputError("A film of noise begins without noise; give the values for the strength 0 as well.")
    at = sorted(values.keys() & own.keys())
    table = noise.readout_factor * np.array([values[strength] for strength in at])
    mine = noise.readout_factor * np.array([own[strength] for strength in at])
    percent = 100 * np.array(at)
    first, second = experiment.digits
    grid = experiment.grid
    seen = Gauge("This picture", mine, (f"+1: {first}", f"−1: {second}"), picture.reshape(grid, grid), truth)
    sizes = {"largest of all": np.abs(table).max(axis=1), "this picture": np.abs(mine)}
    size = over("Size of ⟨Z⟩", "noise of a gate, %", "|⟨Z⟩|", percent, sizes)
    panels: tuple[Panel, ...] = (size, seen)
    if verdicts:
        heaps, right, flips = _verdicts(experiment, table, values[0.0], percent, shots)
        panels = (heaps, right, seen, size, flips)
    name = f"noise {noise.channel} {name_of(experiment.only(Stage.PICTURE, Stage.NETWORK), weights)}"
    rest = int(np.argmin(np.abs(percent - 100 * noise.gate)))
    return Film(name, "Noise grows", panels, percent, "noise", " %", rest=rest)


def _verdicts(
    experiment: Experiment, table: Array, clean: Array, percent: Array, shots: int | None
) -> tuple[Heaps, Curves, Numbers]:
    """All test pictures: where they lie, how many are right, how many verdicts flip. table: ⟨Z⟩ (frames, d)."""
    data = prepare(experiment)
    test, best = data.test, data.ceiling.test_best
    firsts, seconds = zip(*(heaps_of(values, test) for values in table), strict=True)
    budgets = {"any number of shots": None, **({} if shots is None else {in_shots(shots): shots})}
    right = {
        name: np.array([expected_accuracy(values, test.whole, budget) for values in table])
        for name, budget in budgets.items()
    }
    level = (Level(f"ceiling {best:.3f}", best),)
    flips = np.array([changed(clean, values)[test.row].sum() for values in table])
    return (
        heaps_panel(experiment, firsts, seconds),
        over("Accuracy", "noise of a gate, %", "test accuracy", percent, right, token="qnn", levels=level),
        Numbers("Verdicts", (Number("flipped by noise", flips, "d", f" of {len(test):,}"),)),
    )


def in_shots(shots: int) -> str:
    """1 shot, 1,000 shots."""
    return f"{shots:,} shot{'s' * (shots > 1)}"
