"""Some shrunken 3s and 6s are the very same picture: no classifier can get both right."""

from dataclasses import dataclass

import numpy as np

from qnn_core.data.images import ImageSet


@dataclass(frozen=True)
class Ceiling:
    """The accuracy no classifier of these images can beat (MATHS section 6).

    train: on the training images, with their own majorities.
    test: on the test images, with the training majorities; unseen images count as the second digit.
    test_best: on the test images, with their own majorities: not even hindsight does better.
    """

    train: float
    test: float
    test_best: float


def ceiling(train: ImageSet, test: ImageSet) -> Ceiling:
    """Accuracy of the majority label of each distinct image."""
    learned = np.array([first > second for first, second in map(train.count, test.images)])
    right = np.where(learned, test.first, test.second).sum()
    return Ceiling(best(train), float(right / len(test)), best(test))


def seen_before(train: ImageSet, test: ImageSet) -> float:
    """Share of the test images that look exactly like some training image."""
    seen = np.array([sum(train.count(image)) > 0 for image in test.images])
    return float(np.mean(seen[test.row]))


def best(images: ImageSet) -> float:
    """The share of right answers if each distinct image gets its own majority: nobody can do better, [½, 1]."""
    return float(np.maximum(images.first, images.second).sum() / len(images))
