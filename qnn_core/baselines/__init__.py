"""Is any of this quantum? The honest answer needs a classical network of the same size beside it."""

from importlib.util import find_spec
from typing import Any

from qnn_core.baselines.base import Baseline, EpochRecord, bits, greys, images_of, log_loss_and_accuracy, train_epochs
from qnn_core.experiment import Experiment
from qnn_core.families import Family


def _fair(experiment: Experiment) -> Any:
    from qnn_core.baselines.fair import build

    return build(experiment)


def _cnn(experiment: Experiment) -> Any:
    from qnn_core.baselines.cnn import build

    return build(experiment)


def _cnn_missing() -> str | None:
    if find_spec("torch"):
        return None
    return "The CNN needs PyTorch; add it with `python -m pip install torch==2.13.0`, then start again."


BASELINES: Family[Baseline] = Family(
    "baseline",
    Baseline("fair", "Fair network", "One hidden layer of 2 ReLU units on the same bits.", _fair, 20, 128, bits),
    Baseline("cnn", "CNN", "Two convolutions and a dense layer on 28×28 pixels.", _cnn, 1, 128, greys, _cnn_missing),
)

__all__ = ["BASELINES", "Baseline", "EpochRecord", "images_of", "log_loss_and_accuracy", "train_epochs"]
