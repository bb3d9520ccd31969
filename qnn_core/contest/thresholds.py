"""The threshold decides which pictures become the same: slide it, and every model's accuracy moves."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from qnn_core.baselines import BASELINES, log_loss_and_accuracy, train_epochs
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.training.loop import ONLY_AT_THE_END, evaluate
from qnn_core.training.run import train

COARSE_TO_FINE = (16, 8, 4, 2)
"""Steps in hundredths, so that the whole range is seen early and then filled in."""


class SlidePoint(NamedTuple):
    """Test accuracies at one threshold: the ceiling, the quantum network and the fair one."""

    threshold: float
    ceiling: float
    quantum: float
    fair: float


def thresholds() -> list[float]:
    """0.02, 0.04 … 0.98 in an order that covers the range early."""
    hundredths = dict.fromkeys(t for step in COARSE_TO_FINE for t in range(2, 99, step))
    return [t / 100 for t in hundredths]


def slide_point(experiment: Experiment) -> SlidePoint:
    """Train both networks at the Experiment's threshold. Raises InputError if no picture is left there."""
    data = prepare(experiment)
    weights = train(experiment, test_every=ONLY_AT_THE_END).weights
    _, quantum = evaluate(experiment, weights, data.test)
    baseline = BASELINES["fair"]
    model = baseline.build(experiment)
    train_epochs(model, experiment, 1, baseline.tutorial.epochs)
    _, fair = log_loss_and_accuracy(model, data.test)
    return SlidePoint(threshold=experiment.threshold, ceiling=data.ceiling.test_best, quantum=quantum, fair=fair)


def in_order(points: Iterable[SlidePoint]) -> np.ndarray:
    """Points as rows (threshold, ceiling, quantum, fair), by rising threshold: (p, 4)."""
    return np.array(sorted(points)).reshape(-1, len(SlidePoint._fields))
