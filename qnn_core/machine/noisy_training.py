"""A real machine learns from shots: every slope is the difference of two noisy counts, and all of it costs time."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.data.images import Batch
from qnn_core.engines.gradients import parameter_shift
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.machine.shots import check_shots, expected_accuracy, sample
from qnn_core.streams import Stream, generator
from qnn_core.training.adam import adam_step
from qnn_core.training.loop import Examples, engine_of, examples_of, start
from qnn_core.training.losses import LOSSES, Loss, accuracy

Measure = Callable[[Array, Array], Array]
"""From pixels (m, n) and weights (layers, n) to ⟨Z⟩, (m,)."""


class NoisyRecord(NamedTuple):
    """One step. loss, accuracy: of its batch, as the shots show them, before the step.

    circuits: different circuits run so far, each with all its shots. test_accuracy: of the new weights, to be
    expected under the same noise with the same shots. weights: half-turns (layers, n), after the step.
    """

    step: int
    loss: float
    accuracy: float
    circuits: int
    test_accuracy: float
    weights: Array


def train_with_shots(
    experiment: Experiment,
    shots: int | None,
    noise: Noise | None = None,
    *,
    steps: int,
    initial_weights: Array | None = None,
    examples: Examples | None = None,
) -> Iterator[NoisyRecord]:
    """Train as a machine has to: gradients by parameter shift, every ⟨Z⟩ a mean of `shots` shots under noise.

    shots: for each circuit; None for the exact ⟨Z⟩. Each step draws `batch_size` examples; each distinct
    image among them takes 1 + 2·weights circuits. The shift rule stays exact under gate noise, because ⟨Z⟩
    is still one sine in each angle. The loss has to be one whose slope is linear in f: the value and the slopes of an
    image come from different shots, so each step's gradient is then right on average, with however few shots.
    Raises InputError for another loss, and as `start` and `noisy_expectation` do.
    """
    kind = LOSSES[experiment.loss]
    if shots is not None:
        check_shots(shots)
        if problem := biased(experiment):
            raise InputError(problem)
    examples = examples or examples_of(experiment)
    measure = _measurement(experiment, shots, noise)
    state = start(experiment, initial_weights)
    weights, moments, circuits = state.weights, state.moments, 0
    order = generator(experiment.seed, Stream.BATCHES)
    size = min(experiment.batch_size or len(examples.train), len(examples.train))
    for step in range(1, steps + 1):
        batch = examples.train.batch(order.choice(len(examples.train), size, replace=False))
        values, gradient = measured_gradient(kind, measure, batch, weights)
        loss, right = kind(values, batch)[0], accuracy(values, batch)
        circuits += len(batch.images) * circuits_per_image(weights.size)
        weights, moments = adam_step(weights, gradient, moments, step, experiment.learning_rate)
        tested = noisy_accuracy(experiment, weights, examples, shots, noise)
        yield NoisyRecord(
            step=step, loss=loss, accuracy=right, circuits=circuits, test_accuracy=tested, weights=weights
        )


def measured_gradient(loss: Loss, measure: Measure, batch: Batch, weights: Array) -> tuple[Array, Array]:
    """⟨Z⟩ of the batch's distinct images as measured, (d,), and the gradient by the weights, (layers, n).

    Each call of `measure` takes new shots. The slope of the loss comes from the values, the slopes of ⟨Z⟩ from
    shifted circuits: independent shots, so the mean of the product is the product of the means.
    """
    values = measure(batch.images, weights)
    jacobian = parameter_shift(lambda shifted: measure(batch.images, shifted), weights)
    return values, np.tensordot(loss(values, batch)[1], jacobian, 1)


def biased(experiment: Experiment) -> str | None:
    """Why shots would train towards something else with the Experiment's loss, in one sentence; None if they do not.

    E[g(f̂)] is g(f) for every unbiased f̂ only if g is linear; here g is the slope of the loss.
    """
    loss = LOSSES[experiment.loss]
    if loss.linear:
        return None
    fit = " or ".join(f"“{one.title}”" for one in LOSSES.values() if one.linear)
    return f"From shots the slope of the {loss.words} would be wrong on average; choose the loss {fit}."


def circuits_per_image(weights: int) -> int:
    """One circuit for the value and two for the slope by each weight."""
    return 1 + 2 * weights


def machine_seconds(circuits: int, shots: int = 1000, rate: float = 1000.0) -> float:
    """How long a machine takes that repeats a circuit `rate` times a second (1 kHz)."""
    return circuits * shots / rate


def noisy_accuracy(
    experiment: Experiment, weights: Array, examples: Examples, shots: int | None, noise: Noise | None
) -> float:
    """Accuracy on the test images that is to be expected under noise with so many shots each."""
    batch = (examples.test or examples.train).whole
    return expected_accuracy(_exact(experiment, noise)(batch.images, weights), batch, shots)


def _exact(experiment: Experiment, noise: Noise | None) -> Measure:
    """⟨Z⟩ with gate noise but without shots."""
    if noise is None:
        return engine_of(experiment).expectation
    return lambda pixels, weights: noisy_expectation(experiment, weights, pixels, noise)


def _measurement(experiment: Experiment, shots: int | None, noise: Noise | None) -> Measure:
    """⟨Z⟩ as a machine shows it: the mean of `shots` shots, new ones at every call."""
    exact = _exact(experiment, noise)
    if shots is None:
        return exact
    rng = generator(experiment.seed, Stream.SHOTS)
    return lambda pixels, weights: sample(rng, exact(pixels, weights), shots)


def run_with_shots(experiment: Experiment, shots: int | None, noise: Noise | None, steps: int) -> list[NoisyRecord]:
    """All records of `train_with_shots`; a worker can be sent this function."""
    return list(train_with_shots(experiment, shots, noise, steps=steps))
