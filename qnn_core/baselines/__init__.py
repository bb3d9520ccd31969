"""Is any of this quantum? The honest answer needs a classical network of the same size beside it."""

from collections.abc import Sequence

import numpy as np

from qnn_core.arrays import Array, Bytes
from qnn_core.baselines import convolution
from qnn_core.baselines.base import (
    Baseline,
    EpochRecord,
    Network,
    bits,
    greys,
    images_of,
    in_grey,
    log_loss_and_accuracy,
    small_greys,
    train_epochs,
)
from qnn_core.data.dataset import encoded
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Mark
from qnn_core.training.budget import SAME_STEPS, Allowance

# scikit-learn and PyTorch are imported when a network is built, not when the lesson begins.


def _build_fair(experiment: Experiment) -> Network:
    from qnn_core.baselines.fair import build

    return build(experiment)


def _fair_shapes(experiment: Experiment) -> list[tuple[int, ...]]:
    from qnn_core.baselines.fair import HIDDEN

    return [(experiment.pixels, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)]


def _fair_decides(experiment: Experiment, parameters: Sequence[Array], images: Bytes) -> Array:
    from qnn_core.baselines.fair import logits

    return logits(parameters, encoded(experiment, images))


def _build_logistic(experiment: Experiment) -> Network:
    from qnn_core.baselines.fair import build_logistic

    return build_logistic(experiment)


def _logistic_shapes(experiment: Experiment) -> list[tuple[int, ...]]:
    return [(experiment.pixels, 1), (1,)]


def _grey_decides(experiment: Experiment, parameters: Sequence[Array], images: Bytes) -> Array:
    return _fair_decides(in_grey(experiment), parameters, images)


def _build_cnn(experiment: Experiment) -> Network:
    from qnn_core.baselines.cnn import build

    return build(experiment)


def _cnn_decides(experiment: Experiment, parameters: Sequence[Array], images: Bytes) -> Array:
    grey = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return convolution.logits(convolution.named([values.astype(np.float32) for values in parameters]), grey)


_SMALL = {
    "tutorial": Allowance(20, 128),
    "same-epochs": Allowance(3, 32),
    "same-steps": Allowance(1, 128, steps=SAME_STEPS),
    "same-seconds": Allowance(100_000, 128, seconds=2.0),
    "convergence": Allowance(100, 128, least_steps=3000),
}
"""How a small network is trained: as the tutorial trains its fair one, and until nothing improves any more."""

BASELINES: Family[Baseline] = Family(
    "baseline",
    Baseline(
        "fair",
        "Fair network",
        "One hidden layer of 2 ReLU units on the same bits.",
        build=_build_fair,
        images=bits,
        allowances=_SMALL,
        shapes=_fair_shapes,
        decide=_fair_decides,
        mark=Mark("classical", "square", "/"),
    ),
    Baseline(
        "logistic",
        "Logistic regression",
        "One weight for each pixel and a bias, on the same bits.",
        build=_build_logistic,
        images=bits,
        allowances={**_SMALL, "convergence": Allowance(80, 128, learning_rate=0.01, least_steps=3000)},
        shapes=_logistic_shapes,
        decide=_fair_decides,
        mark=Mark("classical", "pentagon", "\\"),
    ),
    Baseline(
        "logistic-grey",
        "Logistic regression (grey)",
        "The same on the grey pixels, before any threshold.",
        build=_build_logistic,
        images=small_greys,
        allowances={**_SMALL, "convergence": Allowance(80, 128, learning_rate=0.02, least_steps=3000)},
        shapes=_logistic_shapes,
        decide=_grey_decides,
        mark=Mark("classical", "pentagon-open", "|"),
    ),
    Baseline(
        "cnn",
        "CNN",
        "Two convolutions and a dense layer on all 28×28 grey pixels.",
        build=_build_cnn,
        images=greys,
        allowances={
            "tutorial": Allowance(1, 128),
            "same-epochs": Allowance(3, 128),
            "same-steps": Allowance(1, 128, steps=SAME_STEPS),
            "same-seconds": Allowance(100_000, 128, seconds=2.0),
            "convergence": Allowance(3, 128),
        },
        shapes=lambda experiment: convolution.shapes(),
        decide=_cnn_decides,
        mark=Mark("large", "diamond", "."),
        missing=convolution.missing,
        slow=True,
    ),
)

__all__ = [
    "BASELINES",
    "Baseline",
    "EpochRecord",
    "Network",
    "bits",
    "images_of",
    "in_grey",
    "log_loss_and_accuracy",
    "small_greys",
    "train_epochs",
]
