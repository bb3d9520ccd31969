"""A fair fight needs the same pictures, a named budget, and every model's bill."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from qnn_core.arrays import Booleans
from qnn_core.baselines import BASELINES, log_loss_and_accuracy
from qnn_core.circuit import merge, weights_shape
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.presets import PRESETS, PUBLISHED_FAIR
from qnn_core.training.loop import ONLY_AT_THE_END, advance, engine_of, evaluate, start

SAME_STEPS = 1800
"""Of everybody in the budget "same-steps": what the tutorial gives its fair network."""
LAST_STREAM = 4
"""Generator of the order in which a baseline gets its examples."""
KERAS_THRESHOLD = 0.5
"""The tutorial's classical networks end in a logit; Keras's accuracy says "first digit" above 0.5, not above 0."""


class Allowance(NamedTuple):
    """What one model may use in one budget.

    examples, batch_size: None is all. seconds: wall time. steps: exactly so many, whatever the epochs say.
    least_steps: more epochs if there are so few examples that they would end before so many steps.
    start: the QNN's initial weights.
    """

    epochs: int
    batch_size: int | None
    examples: int | None = None
    learning_rate: float = 0.001
    seconds: float = math.inf
    steps: int | None = None
    least_steps: int = 0
    start: str = "uniform"

    def steps_on(self, examples: int) -> int:
        """Steps on so many examples, of which the batches are made."""
        per_epoch = -(-examples // min(self.batch_size or examples, examples))
        return self.steps or max(self.epochs, -(-self.least_steps // per_epoch)) * per_epoch


class Outcome(NamedTuple):
    """One model, trained once.

    train_*, test_*: on all training images that were kept, and on the test images. loss: of the kind `loss`.
    effective_parameters: those that change what the model can say. examples_seen: repeats counted.
    verdicts: for every test image in file order, whether the model says "first digit".
    tutorial_accuracy: test accuracy as the tutorial's code counts it.
    """

    model: str
    seed: int
    train_accuracy: float
    test_accuracy: float
    train_loss: float
    test_loss: float
    loss: str
    parameters: int
    effective_parameters: int
    examples_seen: int
    steps: int
    seconds: float
    verdicts: Booleans
    tutorial_accuracy: float


@dataclass(frozen=True)
class Contender(Part):
    """One row of the table.

    run(contender, experiment, allowance): train it on the Experiment's images with its seed.
    allowances: by budget; a budget that is not there uses the tutorial's. published: test accuracy.
    missing(): why it cannot run on this machine, or None. slow: not ticked at first.
    """

    run: Callable[["Contender", Experiment, Allowance], Outcome]
    allowances: dict[str, Allowance]
    published: float | None = None
    layers: tuple[str, ...] = ()
    missing: Callable[[], str | None] = field(default=lambda: None)
    slow: bool = False


BUDGETS: Family[Part] = Family(
    "budget",
    Part(
        "tutorial", "The tutorial's", "As the tutorial: a few dozen steps for a QNN, 20 epochs for the fair network."
    ),
    Part("same-epochs", "Same epochs", "Everybody passes 3 times over all training images."),
    Part("same-steps", "Same steps", f"Everybody takes {SAME_STEPS:,} steps of 128 examples."),
    Part("same-seconds", "Same seconds", "Everybody trains for 2 seconds on this machine."),
    Part("convergence", "To convergence", "Everybody trains until more training hardly changes the loss."),
)


def effective_parameters(experiment: Experiment) -> int:
    """Weights left after merging neighbouring layers; on bits one XX, ZZ block is only n phases and one factor R."""
    merged, _ = merge(experiment.layers)
    if merged == ("XX", "ZZ") and ENCODINGS[experiment.encoding].makes_bits:
        return experiment.pixels + 1
    return len(merged) * experiment.pixels


def _run_quantum(contender: Contender, experiment: Experiment, allowance: Allowance) -> Outcome:
    run = experiment.with_(
        layers=contender.layers,
        examples=allowance.examples,
        epochs=max(allowance.epochs, allowance.steps or 0),  # an epoch is at least one step
        batch_size=allowance.batch_size,
        learning_rate=allowance.learning_rate,
        start=allowance.start,
    )
    data = prepare(run)
    steps = allowance.steps_on(len(data.train))
    state, began = start(run), time.perf_counter()
    while state.step < steps and time.perf_counter() - began < allowance.seconds:
        state, _ = advance(run, state, min(16, steps - state.step), test_every=ONLY_AT_THE_END)
    seconds = time.perf_counter() - began
    engine, weights = engine_of(run), state.weights
    train_loss, train_accuracy = evaluate(engine, weights, data.kept)
    test_loss, test_accuracy = evaluate(engine, weights, data.test)
    layers, n = weights_shape(run)
    return Outcome(
        contender.name,
        experiment.seed,
        train_accuracy,
        test_accuracy,
        train_loss,
        test_loss,
        "hinge",
        layers * n,
        effective_parameters(run),
        _examples_seen(state.step, len(data.train), run.batch_size or len(data.train)),
        state.step,
        seconds,
        engine.value(data.test.images, weights)[data.test.row] > 0,
        test_accuracy,
    )


def _run_grey(contender: Contender, experiment: Experiment, allowance: Allowance) -> Outcome:
    return _run_quantum(contender, experiment.with_(encoding="angle"), allowance)


class _TimeUpError(Exception):
    pass


def _run_baseline(contender: Contender, experiment: Experiment, allowance: Allowance) -> Outcome:
    baseline = BASELINES[contender.name]
    train = baseline.images(experiment)[0].first_examples(allowance.examples)
    batch_size = min(allowance.batch_size or len(train), len(train))
    model = baseline.build(experiment).set_params(batch_size=batch_size, learning_rate=allowance.learning_rate)
    X, began = train.images[train.row], time.perf_counter()

    def check_time(records: Any = None) -> None:
        if time.perf_counter() - began > allowance.seconds:
            raise _TimeUpError

    left, order = allowance.steps_on(len(train)), np.random.default_rng((experiment.seed, LAST_STREAM))
    with suppress(_TimeUpError):
        while left > 0:
            # The last pass may end early: then it takes as many batches as there are steps left.
            last = left * batch_size < len(train)
            rows = order.permutation(len(train))[: left * batch_size] if last else np.arange(len(train))
            model.partial_fit(X[rows], train.labels[rows], classes=[-1.0, 1.0], progress=check_time)
            left -= -(-len(rows) // batch_size)
    return score(contender.name, experiment, model, len(train), batch_size, time.perf_counter() - began)


def score(name: str, experiment: Experiment, model: Any, examples: int, batch_size: int, seconds: float) -> Outcome:
    """The outcome of a baseline trained on so many examples."""
    train, test = BASELINES[name].images(experiment)
    train_loss, train_accuracy = log_loss_and_accuracy(model, train)
    test_loss, test_accuracy = log_loss_and_accuracy(model, test)
    logit = model.decision_function(test.images)[test.row]
    return Outcome(
        name,
        experiment.seed,
        train_accuracy,
        test_accuracy,
        train_loss,
        test_loss,
        "log",
        model.parameter_count,
        model.parameter_count,
        _examples_seen(model.steps_taken, examples, batch_size),
        model.steps_taken,
        seconds,
        logit > 0,
        float(np.mean((logit > KERAS_THRESHOLD) == (test.labels > 0))),
    )


def _examples_seen(steps: int, examples: int, batch_size: int) -> int:
    """Examples that so many steps look at, repeats counted; the last batch of an epoch may be smaller."""
    epochs, batches = divmod(steps, -(-examples // batch_size))
    return epochs * examples + batches * batch_size


def _run_majority(contender: Contender, experiment: Experiment, allowance: Allowance) -> Outcome:
    """Know every training picture by heart and answer its majority; pictures never seen are a second digit."""
    began, data = time.perf_counter(), prepare(experiment)
    known = {image.tobytes(): label > 0 for image, label in zip(data.kept.images, data.kept.majority, strict=True)}
    answers = np.array([known.get(image.tobytes(), False) for image in data.test.images])
    return Outcome(
        contender.name,
        experiment.seed,
        data.ceiling.train,
        data.ceiling.test,
        1 - data.ceiling.train,
        1 - data.ceiling.test,
        "error rate",
        len(known),
        len(known),
        len(data.kept),
        1,
        time.perf_counter() - began,
        answers[data.test.row],
        data.ceiling.test,
    )


def _as_preset(experiment: Experiment) -> Allowance:
    """What an Experiment with a name of its own may use."""
    run = experiment
    return Allowance(run.epochs, run.batch_size, run.examples, run.learning_rate, start=run.start)


def _quantum_allowances(tutorial: Experiment) -> dict[str, Allowance]:
    return {
        "tutorial": _as_preset(tutorial),
        "same-epochs": Allowance(3, 32),
        "same-steps": Allowance(1, 128, steps=SAME_STEPS),
        "same-seconds": Allowance(100_000, 128, learning_rate=0.005, seconds=2.0),
        "convergence": _as_preset(PRESETS["to-the-end"].experiment),
    }


_SMALL, _LARGE = PRESETS["tutorial-32"], PRESETS["tutorial-64"]


CONTENDERS: Family[Contender] = Family(
    "model",
    Contender(
        "qnn-32",
        "QNN (32)",
        "One XX and one ZZ layer.",
        _run_quantum,
        _quantum_allowances(_SMALL.experiment),
        _SMALL.published,
        _SMALL.experiment.layers,
    ),
    Contender(
        "qnn-64-grouped",
        "QNN (64 grouped)",
        "XX, XX, ZZ, ZZ, as the tutorial has it: the same network as QNN (32), with every weight in two halves.",
        _run_quantum,
        _quantum_allowances(_LARGE.experiment),
        _LARGE.published,
        _LARGE.experiment.layers,
    ),
    Contender(
        "qnn-64-interleaved",
        "QNN (64 interleaved)",
        "XX, ZZ, XX, ZZ: another, richer network.",
        _run_quantum,
        {**_quantum_allowances(_LARGE.experiment), "convergence": Allowance(1000, None, learning_rate=0.01)},
        None,
        ("XX", "ZZ", "XX", "ZZ"),
    ),
    Contender(
        "fair",
        "Fair network",
        "Two hidden ReLU units on the same bits.",
        _run_baseline,
        {
            "tutorial": Allowance(20, 128),
            "same-epochs": Allowance(3, 32),
            "same-steps": Allowance(1, 128, steps=SAME_STEPS),
            "same-seconds": Allowance(100_000, 128, seconds=2.0),
            "convergence": Allowance(100, 128, least_steps=3000),
        },
        PUBLISHED_FAIR,
    ),
    Contender(
        "cnn",
        "CNN",
        "Two convolutions and a dense layer on all 28×28 grey pixels.",
        _run_baseline,
        {
            "tutorial": Allowance(1, 128),
            "same-epochs": Allowance(3, 128),
            "same-steps": Allowance(1, 128, steps=SAME_STEPS),
            "same-seconds": Allowance(100_000, 128, seconds=2.0),
            "convergence": Allowance(3, 128),
        },
        0.999,
        missing=BASELINES["cnn"].missing,
        slow=True,
    ),
    Contender(
        "majority",
        "Majority of identical images",
        "Knows every training picture by heart: the ceiling as a model.",
        _run_majority,
        {"tutorial": Allowance(1, None)},
    ),
    Contender(
        "qnn-grey",
        "QNN (32, grey)",
        "One XX and one ZZ layer on grey pictures: no threshold, few pictures alike, and so no ceiling.",
        _run_grey,
        # Thousands of distinct pictures: whole batches would take minutes, and add nothing.
        {**_quantum_allowances(_SMALL.experiment), "convergence": Allowance(20, 128, learning_rate=0.005)},
        None,
        ("XX", "ZZ"),
    ),
)


def run_contender(name: str, experiment: Experiment, budget: str, examples: int | None = None) -> Outcome:
    """Train one model on the Experiment's images with its seed. Raises InputError if it cannot run here.

    examples: only so many of them, whatever the budget says.
    """
    contender = CONTENDERS[name]
    problem = contender.missing()
    if problem:
        raise InputError(problem)
    allowance = contender.allowances.get(BUDGETS[budget].name, contender.allowances["tutorial"])
    if examples is not None:
        allowance = allowance._replace(examples=examples)
    return contender.run(contender, experiment, allowance)
