"""The film of one weight that turns all the way round: what one gate does to a picture, and to all test pictures."""

import numpy as np

from qnn_core.arrays import Array, check_image
from qnn_core.circuit import wrap
from qnn_core.data.dataset import prepare
from qnn_core.engines import contracted
from qnn_core.experiment import Experiment, Stage
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.inside.one_weight import one_weight, with_weight
from qnn_core.live.film import FILMS, Film
from qnn_core.live.films.common import name_of, over
from qnn_core.live.panels import Cells, Dial, Gauge, Level, Panel
from qnn_core.training.loop import engine_of
from qnn_core.training.losses import accuracy
from qnn_core.training.starts import fitting_weights

ACCURACY, PICTURE = "All test pictures: accuracy", "This picture"
"""The columns of the table that hold what is moved."""
EVERY_TURN = np.arange(-40, 41) / 40
"""Half-turns."""
TOO_CLOSE = 1e-3
"""A place nearer than this to where the weight stands gives way to it."""
MOST_JOINTS = 65
"""Of the dial's trail; with more pixels it would be a tangle, and only the hand is drawn."""


@FILMS.keeps
def weight_film(
    experiment: Experiment, weights: Array, layer: int, pixel: int, picture: Array, *, truth: float | None = None
) -> Film:
    """One weight moves from −1 to 1 half-turns, a whole turn of its gate, while all others stay.

    weights: half-turns (layers, n); where the moving one stands is one of the frames, and the one to rest at.
    picture: encoded pixels (n,), asked about at every frame; truth: its label ±1.
    Raises InputError if these do not fit.
    """
    weights = fitting_weights(experiment, weights)
    picture, test = check_image(np.asarray(picture, float), experiment.pixels), prepare(experiment).test
    images = np.concatenate([picture[None], test.images])
    engine = engine_of(contracted(experiment))
    wave = one_weight(lambda turned: engine.value(images, turned), weights, layer, pixel)
    now = float(wrap(weights[layer, pixel]))
    at = turns(now)
    values = wave.at(at)
    right = np.array([accuracy(of_test, test.whole) for of_test in values[:, 1:]])
    best = prepare(experiment).ceiling.test_best
    grid, first, second = experiment.grid, *experiment.digits
    names = (f"+1: {first}", f"−1: {second}")
    kind = experiment.layers[layer]
    map_of_weights = np.tile(weights[layer], (len(at), 1))
    map_of_weights[:, pixel] = at
    where = "weight, half-turns"
    panels: list[Panel] = [
        over(
            "All test pictures", where, "test accuracy", at, {"accuracy": right}, token="qnn", levels=(_level(best),)
        ),
        Gauge(PICTURE, values[:, 0], names, picture.reshape(grid, grid), truth),
        over("This picture's ⟨Z⟩", where, "⟨Z⟩", at, {"⟨Z⟩": values[:, 0]}, levels=(Level("", 0.0),)),
        Cells(f"Weights, {kind} layer {layer + 1}", grid, grid, map_of_weights, "weight", marked=(pixel,) * len(at)),
    ]
    if is_cosine(experiment.layers):
        joints = slice(None) if experiment.pixels < MOST_JOINTS else slice(-1, None)
        turned = (with_weight(weights, layer, pixel, place) for place in at)
        hands = np.array([cosine_neuron(experiment, one).dial(picture)[joints] for one in turned])
        panels.insert(0, Dial("The dial", hands, names))
    settings = experiment.only(Stage.PICTURE, Stage.NETWORK)
    others = with_weight(weights, layer, pixel, 0.0).ravel()
    name = f"weight {layer} {pixel} {name_of(settings, np.concatenate([others, [now], picture]))}"
    rest = int(np.searchsorted(at, now))
    return Film(name, f"One weight of {kind} layer {layer + 1} turns", tuple(panels), at, "weight", rest=rest)


def turns(now: float) -> Array:
    """The places of the weight, half-turns, rising: all the way round, and exactly where it stands."""
    far = EVERY_TURN[np.abs(EVERY_TURN - now) > TOO_CLOSE]
    return np.sort(np.append(far, now))


def _level(best: float) -> Level:
    return Level(f"ceiling {best:.3f}", best)
