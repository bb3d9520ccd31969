"""From a random start the loss is a plain as flat as a table, and the valley is somewhere else.

Slices through the loss along two directions of the weights, with the training path seen in them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.images import ImageSet
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.training.loop import ONLY_AT_THE_END, advance, engine_of, start
from qnn_core.training.losses import LOSSES
from qnn_core.training.starts import fitting_weights
from qnn_core.workers.threads import one_thread

MAX_CURVED = 200
"""Most weights for which the curvature in all directions is computed."""
STEP = 1e-3
"""Half-turns by which a weight is moved, to and fro, to see how the gradient changes: that is the curvature.

A step of this length is small beside the length on which ⟨Z⟩ bends, and large beside rounding.
"""


class Plane(NamedTuple):
    """A flat cut through the space of weights. centre, first, second: (layers, n); directions of length 1."""

    centre: Array
    first: Array
    second: Array

    def at(self, along: Array, across: Array) -> Array:
        """Weights at coordinates in half-turns, (k,) each: (k, layers, n)."""
        return self.centre + along[:, None, None] * self.first + across[:, None, None] * self.second

    def project(self, weights: Array) -> Array:
        """Where weights (k, layers, n) fall on the plane, (k, 2), in half-turns."""
        shift = weights - self.centre
        return np.stack([np.tensordot(shift, self.first, 2), np.tensordot(shift, self.second, 2)], axis=1)


def random_plane(rng: np.random.Generator, centre: Array) -> Plane:
    """Two random directions at right angles."""
    return _plane(centre, rng.normal(size=(2, centre.size)))


def most_curved_plane(experiment: Experiment, centre: Array, images: ImageSet) -> Plane:
    """The two directions in which the loss bends most: the top eigenvectors of its Hessian at the centre.

    At the end of training the gradient is 0, so there the loss rises fastest along them. Raises InputError above
    200 weights.
    """
    if centre.size > MAX_CURVED:
        raise InputError(f"{centre.size} weights bend in too many ways; choose random directions or a smaller grid.")
    slope = _gradient(experiment, images)
    flat = centre.ravel()
    columns = [slope(flat + d) - slope(flat - d) for d in STEP * np.eye(len(flat))]
    hessian = np.array(columns) / (2 * STEP)
    with one_thread:
        values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    top = np.argsort(-np.abs(values))[:2]
    return _plane(centre, vectors[:, top].T)


def path_plane(path: Array) -> Plane:
    """The two directions in which training moved most: PCA of its path (k, layers, n), centred on its end."""
    flat = path.reshape(len(path), -1)
    with one_thread:
        _, _, directions = np.linalg.svd(flat - flat[-1], full_matrices=False)
    if len(directions) < 2:
        raise InputError("A path of fewer than two steps has no two directions; train longer.")
    return _plane(path[-1], directions[:2])


def surface(experiment: Experiment, plane: Plane, reach: float, points: int, images: ImageSet) -> tuple[Array, Array]:
    """The Experiment's mean loss over the plane: coordinates (points,) from −reach to reach, losses (points, points).

    Rows go along `second`, columns along `first`. Raises InputError if the weights do not fit.
    """
    axis = np.linspace(-reach, reach, points)
    along, across = (grid.ravel() for grid in np.meshgrid(axis, axis))
    return axis, losses_at(experiment, plane.at(along, across), images).reshape(points, points)


def losses_at(experiment: Experiment, weights: Array, images: ImageSet) -> Array:
    """The Experiment's mean loss at many weights (k, layers, n): (k,). For one block two matrix products are all."""
    fitting_weights(experiment, weights[0])
    batch = images.whole
    black_and_white = np.isin(batch.images, (0, 1)).all()
    if is_cosine(experiment.layers) and black_and_white:
        neurons = [cosine_neuron(experiment, w) for w in weights]
        turns = np.stack([neuron.turn for neuron in neurons])
        lengths = np.array([neuron.amplitude for neuron in neurons])
        values = -lengths[:, None] * np.cos(turns @ (1 - 2 * batch.images.T))
    else:
        engine = engine_of(experiment)
        values = np.stack([engine.value(batch.images, w) for w in weights])
    loss = LOSSES[experiment.loss]
    return np.array([loss(f, batch)[0] for f in values])


def training_path(experiment: Experiment, every: int, initial_weights: Array | None = None) -> Array:
    """Weights at the start, after every so many steps, and at the end: (k, layers, n)."""
    state = start(experiment, initial_weights)
    path = [state.weights]
    while True:
        state, records = advance(experiment, state, every, test_every=ONLY_AT_THE_END)
        if not records:
            return np.stack(path)
        path.append(state.weights)


def _plane(centre: Array, directions: Array) -> Plane:
    """Two directions (2, weights) made orthonormal."""
    basis, _ = np.linalg.qr(directions.T)
    first, second = (basis * np.sign(np.sum(basis * directions.T, axis=0))).T.reshape(2, *centre.shape)
    return Plane(centre, first, second)


def _gradient(experiment: Experiment, images: ImageSet) -> Callable[[Array], Array]:
    """The gradient of the Experiment's mean loss as a function of flat weights."""
    engine, batch, loss = engine_of(experiment), images.whole, LOSSES[experiment.loss]
    shape = (len(experiment.layers), experiment.pixels)

    def slope(flat: Array) -> Array:
        values, pullback = engine.value_and_pullback(batch.images, flat.reshape(shape))
        return pullback(loss(values, batch)[1]).ravel()

    return slope
