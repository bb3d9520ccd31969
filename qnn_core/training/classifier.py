"""The quantum network as a scikit-learn classifier, for anyone who has never seen a qubit."""

from math import isqrt
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data

from qnn_core.arrays import Array
from qnn_core.data.images import ImageSet
from qnn_core.data.labels import labels_of
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.estimator import TwoClassEstimator, two_classes
from qnn_core.training.loop import Examples, Record, TrainingState, advance, engine_of, start, total_steps
from qnn_core.training.starts import fitting_weights


class QNNClassifier(TwoClassEstimator):
    """fit, partial_fit, predict, decision_function, score; parameters are named as in Experiment.

    X: pixels as half-turns (m, n) in [0, 1], n a square number; the lesson's bits are 0 and 1.
    y: two classes. A positive expectation value means classes_[1].
    Fitted: coef_, half-turns (layers, n); history_, one Record for each step.
    """

    def __init__(
        self,
        layers: tuple[str, ...] = ("XX", "ZZ"),
        *,
        epochs: int = 3,
        batch_size: int | None = 32,
        loss: str = "hinge",
        learning_rate: float = 0.001,
        start: str = "uniform",
        shuffle: bool = True,
        seed: int = 0,
        engine: str = "contraction",
        gradient: str = "exact",
        warm_start: bool = False,
    ) -> None:
        self.layers = layers
        self.epochs = epochs
        self.batch_size = batch_size
        self.loss = loss
        self.learning_rate = learning_rate
        self.start = start
        self.shuffle = shuffle
        self.seed = seed
        self.engine = engine
        self.gradient = gradient
        self.warm_start = warm_start

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train for `epochs` passes, from new weights or, with warm_start, from the last ones."""
        if not (self.warm_start and hasattr(self, "state_")):
            self._forget()
        return self._train(X, y, self.epochs)

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """One more pass; `classes` only if the first y lacks one of them."""
        return self._train(X, y, 1, classes)

    def decision_function(self, X: ArrayLike) -> Array:
        """The expectation value of the readout, (m,) in [−1, 1]."""
        check_is_fitted(self, "state_")
        pixels = self._pixels(X, reset=False)
        return engine_of(self.experiment_).expectation(pixels, self.coef_)

    @property
    def coef_(self) -> Array:
        """The weights, half-turns (layers, n)."""
        check_is_fitted(self, "state_")
        return self.state_.weights

    def _forget(self) -> None:
        for name in ("state_", "classes_", "history_", "experiment_"):
            self.__dict__.pop(name, None)

    def _train(self, X: ArrayLike, y: ArrayLike, epochs: int, classes: ArrayLike | None = None) -> Self:
        fresh = not hasattr(self, "state_")
        pixels, labels = self._pixels(X, reset=fresh), column_or_1d(y)
        check_consistent_length(pixels, labels)
        known = two_classes(labels if classes is None else classes) if fresh else self.classes_
        if not np.isin(labels, known).all():
            raise InputError(f"y has labels other than {known.tolist()}.")
        experiment = self._experiment(pixels.shape[1], epochs)
        examples = Examples(ImageSet.of(pixels, labels_of(labels == known[1])), None)
        # Further passes continue the step count, so that Adam and the order of the examples go on.
        per_epoch = total_steps(experiment.with_(epochs=1), examples)
        if fresh:
            self.classes_, self.history_ = known, list[Record]()
            self.state_: TrainingState = start(experiment)
        else:
            fitting_weights(experiment, self.coef_)
        self.experiment_ = experiment
        # After passes over another number of examples the count goes on at the next whole pass over these.
        passed = -(-self.state_.step // per_epoch)
        begin, longer = self.state_._replace(step=passed * per_epoch), experiment.with_(epochs=passed + epochs)
        self.state_, records = advance(longer, begin, epochs * per_epoch, examples=examples)
        self.history_ += records
        return self

    def _experiment(self, pixels: int, epochs: int) -> Experiment:
        if isqrt(pixels) ** 2 != pixels:
            raise InputError(f"X has {pixels} columns, but the images must be square.")
        parameters = {name: value for name, value in self.get_params().items() if name != "warm_start"}
        return Experiment.parse({**parameters, "epochs": epochs, "grid": isqrt(pixels), "examples": None})

    def _pixels(self, X: ArrayLike, *, reset: bool) -> Array:
        pixels = validate_data(self, X, reset=reset, dtype=np.float64)
        if pixels.min() < 0 or pixels.max() > 1:
            raise InputError("X must hold pixels between 0 and 1.")
        return pixels
