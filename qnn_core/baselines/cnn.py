"""The convolutional network behind scikit-learn's interface."""

from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from qnn_core.arrays import Array, Floats32
from qnn_core.baselines.convolution import BatchRecord, CNNState, Trainer, logits, network, start
from qnn_core.data.digits import SIDE
from qnn_core.data.labels import FIRST, SECOND, labels_of
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.estimator import TwoClassEstimator, check_epochs, two_classes
from qnn_core.training.order import steps_per_epoch


class CNNClassifier(TwoClassEstimator):
    """The network as a scikit-learn estimator.

    X: grey pixels (m, 784) in [0, 1]. y: two classes; a positive decision means classes_[1].
    progress: called with each step's records; what it raises stops the training with the last good state.
    """

    def __init__(
        self, *, epochs: int = 1, batch_size: int = 128, learning_rate: float = 0.001, seed: int = 0
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.seed = seed

    @classmethod
    def of(cls, state: CNNState) -> Self:
        """A fitted network from the state of a training, for labels ±1."""
        model = cls()
        model.state_, model.classes_, model.n_features_in_ = state, np.array([SECOND, FIRST]), SIDE * SIDE
        return model

    def fit(self, X: ArrayLike, y: ArrayLike, progress: Callable[[list[BatchRecord]], object] | None = None) -> Self:
        """Train `epochs` passes from new weights."""
        self.__dict__.pop("state_", None)
        check_epochs(self.epochs)
        for _ in range(self.epochs):
            self.partial_fit(X, y, progress=progress)
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        progress: Callable[[list[BatchRecord]], object] | None = None,
    ) -> Self:
        """One more pass. `classes` is needed in the first call only if y lacks one of them."""
        fresh = not hasattr(self, "state_")
        images = self._images(X, reset=fresh)
        check_consistent_length(images, y)
        if fresh:
            self.classes_ = two_classes(y if classes is None else classes)
            self.state_ = start(self.seed)
        if not np.isin(y, self.classes_).all():
            raise InputError(f"y has labels other than {self.classes_.tolist()}.")
        labels = labels_of(np.asarray(y) == self.classes_[1])
        trainer = Trainer(self.state_, seed=self.seed, batch_size=self.batch_size, learning_rate=self.learning_rate)
        try:
            for _ in range(steps_per_epoch(len(images), self.batch_size)):
                record = trainer.step(images, labels)
                if progress:
                    progress([record])
        finally:
            self.state_ = trainer.state
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """The logit of classes_[1], (m,)."""
        check_is_fitted(self, "state_")
        return logits(self.state_.network, self._images(X, reset=False))

    @property
    def parameter_count(self) -> int:
        """Weights and biases of the fitted network."""
        return sum(parameter.size for parameter in self.parameters)

    @property
    def parameters(self) -> list[Floats32]:
        """Weights and biases, layer by layer."""
        check_is_fitted(self, "state_")
        return self.state_.parameters

    @property
    def steps_taken(self) -> int:
        """Adam steps so far."""
        return self.state_.step

    def _images(self, X: ArrayLike, *, reset: bool) -> Floats32:
        images = validate_data(self, X, reset=reset, dtype=np.float32)
        if images.shape[1] != SIDE * SIDE:
            raise InputError(f"X has {images.shape[1]} columns, but the CNN needs {SIDE * SIDE} pixels.")
        return images


def build(experiment: Experiment) -> CNNClassifier:
    """The tutorial's CNN for an Experiment's seed. Raises InputError where PyTorch is missing."""
    network()
    return CNNClassifier(seed=experiment.seed)
