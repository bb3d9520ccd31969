"""The convolutional network behind scikit-learn's interface, with its weights in a safe file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from qnn_core.arrays import Array, Floats32
from qnn_core.baselines.convolution import BatchRecord, CNNState, advance, logits, network, start, steps_per_epoch
from qnn_core.data.digits import SIDE
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.npz import read_arrays
from qnn_core.training.estimator import TwoClassEstimator, check_epochs, two_classes


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
        model.state_, model.classes_, model.n_features_in_ = state, np.array([-1.0, 1.0]), SIDE * SIDE
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
        labels = np.where(np.asarray(y) == self.classes_[1], 1.0, -1.0)
        for _ in range(steps_per_epoch(len(images), self.batch_size)):
            self.state_, records = advance(
                self.state_,
                images,
                labels,
                1,
                seed=self.seed,
                batch_size=self.batch_size,
                learning_rate=self.learning_rate,
            )
            if progress:
                progress(records)
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """The logit of classes_[1], (m,)."""
        check_is_fitted(self, "state_")
        return logits(self.state_.parameters, self._images(X, reset=False))

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

    def save(self, path: str | Path | BinaryIO) -> None:
        """Write the parameters to an `.npz` file."""
        check_is_fitted(self, "state_")
        arrays: dict[str, Any] = {f"parameter_{index}": values for index, values in enumerate(self.state_.parameters)}
        np.savez(path, classes=self.classes_, **arrays)

    def load(self, path: str | Path) -> Self:
        """Read parameters that `save` wrote. Raises InputError if the file does not hold this network."""
        shapes = [tuple(parameter.shape) for parameter in network().parameters()]
        what, advice = "a saved CNN", "train and save one"
        found = read_arrays(path, what, advice)
        try:
            classes = found["classes"]
            parameters = [found[f"parameter_{index}"].astype(np.float32) for index in range(len(shapes))]
        except (KeyError, ValueError):
            raise InputError(f"{path} is not {what}; {advice}.") from None
        fits = [values.shape == shape for values, shape in zip(parameters, shapes, strict=True)]
        if not all(fits) or not all(np.isfinite(values).all() for values in parameters) or classes.shape != (2,):
            raise InputError(f"{path} holds a network of another shape; train and save this one.")
        zeros = [np.zeros_like(values) for values in parameters]
        self.classes_, self.state_, self.n_features_in_ = classes, CNNState(parameters, zeros, zeros), SIDE * SIDE
        return self

    def _images(self, X: ArrayLike, *, reset: bool) -> Floats32:
        images = validate_data(self, X, reset=reset, dtype=np.float32)
        if images.shape[1] != SIDE * SIDE:
            raise InputError(f"X has {images.shape[1]} columns, but the CNN needs {SIDE * SIDE} pixels.")
        return images


def build(experiment: Experiment) -> CNNClassifier:
    """The tutorial's CNN for an Experiment's seed. Raises InputError where PyTorch is missing."""
    network()
    return CNNClassifier(seed=experiment.seed)
