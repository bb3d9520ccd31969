"""The stages so far in one line: digits → shrink → remove contradictions → threshold → training and test set."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from qnn_core.arrays import Array, Bytes, Integers
from qnn_core.data import digits
from qnn_core.data.contradictions import Ceiling, ceiling
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import Counts, ImageSet
from qnn_core.data.labels import FIRST, SECOND
from qnn_core.data.shrink import shrink
from qnn_core.errors import InputError, named
from qnn_core.experiment import Experiment, Stage
from qnn_core.shelf import MIB, Shelf

NO_THRESHOLD: float = Experiment.model_fields["threshold"].default
"""Under this one greys are kept, whatever the Experiment's."""


@dataclass(frozen=True)
class Shrunken:
    """Both digits' images at grid×grid, grey in [0, 1], and their distinct training images."""

    train: Array
    train_labels: Array
    test: Array
    test_labels: Array
    train_set: ImageSet

    @property
    def nbytes(self) -> int:
        """Bytes of all of it."""
        return self.train.nbytes + self.test.nbytes + self.train_set.nbytes


@dataclass(frozen=True)
class Dataset:
    """What the models of one Experiment see.

    train: the examples trained on (the first `examples` that were kept).
    kept: all training examples that were kept, as encoded pixels.
    test: all test examples, as encoded pixels.
    kept_rows: int, which of the pair's training images were kept, in file order.
    """

    train: ImageSet
    kept: ImageSet
    test: ImageSet
    kept_rows: Integers
    grey_counts: Counts
    ceiling: Ceiling

    @property
    def counts(self) -> Counts:
        """Counts of the encoded images that are left after the removal."""
        return self.kept.counts

    @property
    def nbytes(self) -> int:
        """Bytes of all of it but the greys."""
        return self.kept.nbytes + self.test.nbytes + self.kept_rows.nbytes


def pair_of(experiment: Experiment) -> digits.Pair:
    """All 28×28 images of the Experiment's two digits."""
    return _pair(digits.data_folder(), experiment.digits)


def shrunken(experiment: Experiment) -> Shrunken:
    """All images of the two digits at grid×grid."""
    return _shrunken(digits.data_folder(), experiment.digits, experiment.grid, experiment.resample)


def encoded(experiment: Experiment, images: Bytes) -> Array:
    """Other images, (m, 28, 28), as the network gets them: half-turns (m, n) in [0, 1]."""
    grey = shrink(images, experiment.grid, experiment.resample)
    return ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)


def prepare(experiment: Experiment) -> Dataset:
    """Everything up to the bits, with its counts. Raises InputError if too little data is left."""
    pictures = experiment.only(Stage.PICTURE)
    if not ENCODINGS[experiment.encoding].makes_bits:
        pictures = pictures.model_copy(update={"threshold": NO_THRESHOLD})  # it does nothing there
    folder = digits.data_folder()
    data = _all_examples(folder, pictures)
    if experiment.examples is None or experiment.examples >= len(data.kept):
        return data
    return replace(data, train=_first_examples(folder, pictures, experiment.examples))


def report(experiment: Experiment) -> dict[str, Any]:
    """The counts of every stage, as the `data` command prints them."""
    data = prepare(experiment)
    pair = pair_of(experiment)
    return {
        "experiment": experiment.model_dump(mode="json"),
        "train_images": len(pair.train_images),
        "test_images": len(pair.test_images),
        "grey": data.grey_counts.as_dict(),
        "binary": data.counts.as_dict(),
        "examples_kept": len(data.kept),
        "ceiling": asdict(data.ceiling),
    }


# What is kept makes a moved slider redo only the stages after it.
DATA = Shelf[Any]("data", 192 * MIB)
"""Digits, shrunken pictures and bits; at 28×28 the greys alone take 84 MiB, and each threshold 11."""


@DATA.keeps
def _pair(folder: Path, pair: tuple[int, int]) -> digits.Pair:
    images = digits.keep_pair(digits.load(folder), pair)
    for part, labels in (("training", images.train_labels), ("test", images.test_labels)):
        for digit, label in zip(pair, (FIRST, SECOND), strict=True):
            if not (labels == label).any():
                raise InputError(
                    f"{named(folder)} has no {part} image labelled {digit}; choose other digits or other data."
                )
    return images


@DATA.keeps
def _shrunken(folder: Path, pair: tuple[int, int], grid: int, resample: str) -> Shrunken:
    images = _pair(folder, pair)
    train = shrink(images.train_images, grid, resample)
    return Shrunken(
        train,
        images.train_labels,
        shrink(images.test_images, grid, resample),
        images.test_labels,
        ImageSet.of(train, images.train_labels),
    )


@DATA.keeps
def _all_examples(folder: Path, experiment: Experiment) -> Dataset:
    grey = _shrunken(folder, experiment.digits, experiment.grid, experiment.resample)
    to_pixels = ENCODINGS[experiment.encoding].pixels
    pixels, labels = to_pixels(grey.train, experiment.threshold), grey.train_labels
    kept_rows = np.arange(len(pixels))
    if experiment.remove_contradictions == "grey":
        kept_rows = np.flatnonzero(grey.train_set.consistent)
        kept = ImageSet.of(pixels, labels, kept_rows)
    else:
        kept = ImageSet.of(pixels, labels)
    if experiment.remove_contradictions == "binary":
        kept_rows = np.flatnonzero(kept.consistent)
        kept = ImageSet.of(pixels, labels, kept_rows)
    for digit, of_digit in zip(experiment.digits, (kept.first, kept.second), strict=True):
        if not of_digit.any():
            raise InputError(
                f"No training image of a {digit} is left after removing the contradictions; "
                "change the threshold or keep them."
            )
    test = ImageSet.of(to_pixels(grey.test, experiment.threshold), grey.test_labels)
    return Dataset(
        train=kept,
        kept=kept,
        test=test,
        kept_rows=kept_rows,
        grey_counts=grey.train_set.counts,
        ceiling=ceiling(kept, test),
    )


@DATA.keeps
def _first_examples(folder: Path, pictures: Experiment, examples: int) -> ImageSet:
    return _all_examples(folder, pictures).kept.first_examples(examples)
