"""A baseline sees the same images as the quantum network and has to answer the same question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qnn_core.arrays import Array, Bytes
from qnn_core.data.dataset import DATA, prepare
from qnn_core.data.digits import data_folder, keep_pair, load
from qnn_core.data.images import ImageSet
from qnn_core.data.labels import is_first
from qnn_core.experiment import Experiment
from qnn_core.families import Mark, Part
from qnn_core.training.budget import Allowance

GREY = "angle"
"""The encoding that keeps the greys."""


class Network(Protocol):
    """The part of scikit-learn's interface that the lesson uses, and what it asks of a network beyond it.

    parameters: weights and biases in the order of the network. steps_taken: optimizer steps so far.
    partial_fit: one more pass; progress is called on the way, and what it raises stops the training.
    """

    @property
    def parameter_count(self) -> int: ...
    @property
    def parameters(self) -> Sequence[NDArray[np.floating]]: ...
    @property
    def steps_taken(self) -> int: ...

    def set_params(self, **params: object) -> Self: ...
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        progress: Callable[[list[Any]], object] | None = None,
    ) -> Self: ...
    def decision_function(self, X: ArrayLike) -> Array: ...


@dataclass(frozen=True)
class Baseline(Part):
    """One classical network, with all that the rest of the lesson asks of it.

    build(experiment): an untrained network for the Experiment's seed. Raises InputError where it cannot run.
    images(experiment): its training and its test images.
    allowances: its training under each budget; a budget that is not there is the tutorial's.
    shapes(experiment): of its parameters, in the order of the network.
    decide(experiment, parameters, images): a logit for each of images (m, 28, 28), positive for the first digit.
    mark: how charts show it. missing(): why it cannot run on this machine, or None. slow: not ticked at first.
    """

    build: Callable[[Experiment], Network]
    images: Callable[[Experiment], tuple[ImageSet, ImageSet]]
    allowances: Mapping[str, Allowance]
    shapes: Callable[[Experiment], list[tuple[int, ...]]]
    decide: Callable[[Experiment, Sequence[Array], Bytes], Array]
    mark: Mark = field(default_factory=Mark)
    missing: Callable[[], str | None] = lambda: None
    slow: bool = False

    @property
    def tutorial(self) -> Allowance:
        """How the tutorial trains it."""
        return self.allowances["tutorial"]


class EpochRecord(NamedTuple):
    """After one epoch: mean log loss and accuracy on the training and the test images."""

    epoch: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


def bits(experiment: Experiment) -> tuple[ImageSet, ImageSet]:
    """What the quantum network sees: all images kept, and the test images, as encoded pixels."""
    data = prepare(experiment)
    return data.kept, data.test


def in_grey(experiment: Experiment) -> Experiment:
    """The same with the grey pixels of its pictures instead of bits."""
    return experiment.with_(encoding=GREY)


def small_greys(experiment: Experiment) -> tuple[ImageSet, ImageSet]:
    """The shrunken pictures as they are before the threshold: grey pixels (m, n) in [0, 1]."""
    return bits(in_grey(experiment))


@DATA.keeps
def whole_digits(pair: tuple[int, int], folder: Path) -> tuple[ImageSet, ImageSet]:
    """All training and test images of two digits as grey pixels (m, 784) in [0, 1]."""
    digits = keep_pair(load(folder), pair)
    return _grey(digits.train_images, digits.train_labels), _grey(digits.test_images, digits.test_labels)


def greys(experiment: Experiment) -> tuple[ImageSet, ImageSet]:
    """What only a large network can see: the original 28×28 grey pixels."""
    return whole_digits(experiment.digits, data_folder())


def _grey(images: Bytes, labels: Array) -> ImageSet:
    # Looking for identical 28×28 images would take longer than it saves: each counts as its own.
    every = np.arange(len(images))
    return ImageSet(images.reshape(len(images), -1), every, every, labels, full=255.0)


def images_of(experiment: Experiment, *, same_examples: bool = False) -> ImageSet:
    """What a baseline trains on: all images kept, or only the examples that the quantum network sees."""
    data = prepare(experiment)
    return data.train if same_examples else data.kept


def train_epochs(
    model: Network, experiment: Experiment, first_epoch: int, epochs: int, *, same_examples: bool = False
) -> list[EpochRecord]:
    """Train the model on, in place, and look at it after each epoch; `first_epoch` counts from 1."""
    images, test = images_of(experiment, same_examples=same_examples), prepare(experiment).test
    X = images.images[images.row]
    records = []
    for epoch in range(first_epoch, first_epoch + epochs):
        model.partial_fit(X, images.labels, classes=[-1.0, 1.0])
        loss, accuracy = log_loss_and_accuracy(model, images)
        test_loss, test_accuracy = log_loss_and_accuracy(model, test)
        records.append(
            EpochRecord(epoch=epoch, loss=loss, accuracy=accuracy, test_loss=test_loss, test_accuracy=test_accuracy)
        )
    return records


def log_loss_and_accuracy(model: Network, images: ImageSet) -> tuple[float, float]:
    """Mean of log(1 + exp(−y·logit)), and the share of right signs; each distinct image is run once."""
    batch = images.whole
    logit = model.decision_function(batch.images)[batch.row]
    share = batch.counts / batch.total
    loss = share @ np.logaddexp(0, -batch.labels * logit)
    return float(loss), float(share[is_first(logit) == is_first(batch.labels)].sum())
