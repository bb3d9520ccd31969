"""Fair opponents: a classical network with about as many parameters, 37, and logistic regression with half of them.

Both see the very same bits as the quantum network and are trained by the same Adam.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.neural_network import MLPClassifier
from sklearn.utils.validation import check_is_fitted, validate_data

from qnn_core.arrays import Array
from qnn_core.experiment import Experiment
from qnn_core.training.estimator import TwoClassEstimator, check_epochs, two_classes
from qnn_core.training.order import steps_per_epoch

HIDDEN = 2
"""Hidden ReLU units: with 16 pixels, 37 parameters."""


def logits(parameters: Sequence[Array], X: Array) -> Array:
    """The network itself, (m,): a weighted sum and a bias for each layer, and ReLU between two layers.

    parameters: weights and biases in turn, such as (n, 2), (2,), (2, 1), (1,).
    """
    weights, biases = parameters[::2], parameters[1::2]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        X = np.maximum(X @ weight + bias, 0)
    return (X @ weights[-1])[:, 0] + biases[-1]


class FairClassifier(TwoClassEstimator):
    """scikit-learn's MLPClassifier as the tutorial's fair model: 2 hidden ReLU units, Adam, no decay.

    X: (m, n). y: two classes; a positive decision means classes_[1]. It has no choice of loss: scikit-learn trains it
    with the cross-entropy, as the tutorial does. units: of each hidden layer.
    """

    units: ClassVar[tuple[int, ...]] = (HIDDEN,)

    def __init__(
        self, *, epochs: int = 20, batch_size: int = 128, learning_rate: float = 0.001, seed: int = 0
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train `epochs` passes from new weights."""
        self.__dict__.pop("network_", None)
        check_epochs(self.epochs)
        for _ in range(self.epochs):
            self.partial_fit(X, y)
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        progress: Callable[[list[Any]], object] | None = None,
    ) -> Self:
        """One more pass. `classes` is needed in the first call only if y lacks one of them.

        progress: called at the end of the pass; what it raises stops the training.
        """
        if not hasattr(self, "network_"):
            classes = two_classes(y if classes is None else classes)
            self.network_, self.steps_taken = self._new_network(), 0
        self.network_.set_params(batch_size=min(self.batch_size, len(np.asarray(y))))
        self.network_.partial_fit(X, y, classes=classes)
        self.steps_taken += steps_per_epoch(len(np.asarray(y)), self.batch_size)
        self.classes_ = self.network_.classes_
        self.n_features_in_ = self.network_.n_features_in_
        if progress:
            progress([])
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """The logit of classes_[1], (m,)."""
        check_is_fitted(self, "network_")
        # MLPClassifier tells only probabilities, which round to 0 and 1 when the network is very sure.
        return logits(self.parameters, validate_data(self, X, reset=False, dtype=np.float64))

    @property
    def parameter_count(self) -> int:
        """Weights and biases of the fitted network."""
        check_is_fitted(self, "network_")
        return sum(array.size for array in self.parameters)

    @property
    def parameters(self) -> list[Array]:
        """Weights and biases, layer by layer, as `logits` takes them."""
        check_is_fitted(self, "network_")
        pairs = zip(self.network_.coefs_, self.network_.intercepts_, strict=True)
        return [array for pair in pairs for array in pair]

    def _new_network(self) -> MLPClassifier:
        # scikit-learn knows only the old RandomState; one object, kept, so that each pass has a new order.
        random_state = np.random.RandomState(np.random.default_rng(self.seed).bit_generator)
        return MLPClassifier(
            self.units,
            activation="relu",
            solver="adam",
            alpha=0.0,
            learning_rate_init=self.learning_rate,
            epsilon=1e-7,
            random_state=random_state,
        )


class LogisticClassifier(FairClassifier):
    """Logistic regression: one weight for each pixel and a bias, trained as the fair network is.

    It is scikit-learn's MLPClassifier without a hidden layer, so that budgets, batches and Adam are the same; its
    optimum is that of scikit-learn's LogisticRegression without a penalty.
    """

    units: ClassVar[tuple[int, ...]] = ()


def build(experiment: Experiment) -> FairClassifier:
    """The fair network for an Experiment's seed."""
    return FairClassifier(seed=experiment.seed)


def build_logistic(experiment: Experiment) -> LogisticClassifier:
    """Logistic regression for an Experiment's seed."""
    return LogisticClassifier(seed=experiment.seed)
