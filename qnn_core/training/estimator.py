"""What the lesson's scikit-learn estimators have in common: two classes, told apart by a sign."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from qnn_core.arrays import Array
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError


class TwoClassEstimator(ClassifierMixin, BaseEstimator):
    """A classifier whose decision is positive for classes_[1]."""

    classes_: NDArray[Any]

    @abstractmethod
    def decision_function(self, X: ArrayLike) -> Array:
        """One number for each image, (m,)."""

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class of each image by the sign of its decision, (m,); 0 counts as classes_[0]."""
        first = is_first(self.decision_function(X))  # before the classes are asked for: it refuses if there are none
        return self.classes_[first.astype(int)]


def check_epochs(epochs: int) -> None:
    """Raises InputError unless there is at least one pass to make."""
    if epochs < 1:
        raise InputError(f"epochs is {epochs}, but a network is trained for at least 1; give more.")


def two_classes(labels: ArrayLike) -> NDArray[Any]:
    """The two classes among the labels, sorted. Raises InputError for any other number of them."""
    classes = np.unique(np.asarray(labels))
    if len(classes) != 2:
        raise InputError(f"y has {len(classes)} classes, but this network tells exactly two apart.")
    return classes
