"""A fair fight needs the same pictures, a named budget, and every model's bill."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from qnn_core.arrays import Booleans
from qnn_core.baselines import BASELINES, Baseline, Network, log_loss_and_accuracy
from qnn_core.circuit import weights_shape
from qnn_core.data.dataset import prepare
from qnn_core.data.labels import FIRST, SECOND, is_first
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Mark, Part
from qnn_core.inside.effective import effective_parameters
from qnn_core.presets import PRESETS
from qnn_core.streams import Stream, generator
from qnn_core.training.budget import BUDGETS, END, GREY_END, SAME_STEPS, Allowance, as_allowance
from qnn_core.training.loop import ONLY_AT_THE_END, advance, evaluate, start
from qnn_core.training.order import examples_seen, steps_per_epoch
from qnn_core.training.run import expectation_of_test
from qnn_core.workers.unfinished import SLICE_SECONDS, Unfinished

KERAS_THRESHOLD = 0.5
"""The tutorial's classical networks end in a logit; Keras's accuracy says "first digit" above 0.5, not above 0."""
STEPS_AT_ONCE = 16
"""A quantum network looks at the clock after so many steps, or sooner if they take long."""
BROUGHT = {"layers", "seed", *Allowance._fields} & set(Experiment.model_fields)
"""What each model brings itself, or is given apart; all other settings come from the Experiment asked for."""


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


class Begun(NamedTuple):
    """A model on its way: all that its training needs to go on, and the seconds that it has trained."""

    model: Any
    seconds: float = 0.0


@dataclass(frozen=True)
class Contender(Part):
    """One row of the table.

    run(contender, experiment, allowance, begun, until): train it on the Experiment's images with its seed, from the
    beginning or from where it was put down. After `until` seconds it may be put down; the numbers are the same.
    allowances: by budget; a budget that is not there uses the tutorial's. layers: of a quantum network.
    mark: how charts show it. missing(): why it cannot run on this machine, or None. slow: not ticked at first.
    """

    run: Callable[["Contender", Experiment, Allowance, Begun | None, float], Outcome | Begun]
    allowances: Mapping[str, Allowance]
    layers: tuple[str, ...] = ()
    mark: Mark = field(default_factory=Mark)
    missing: Callable[[], str | None] = field(default=lambda: None)
    slow: bool = False

    def allowance(self, budget: str) -> Allowance:
        """Its training under a budget. Raises InputError if there is no such budget."""
        return self.allowances.get(BUDGETS[budget].name, self.allowances["tutorial"])


def _run_quantum(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome | Begun:
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
    state, before = Begun(start(run)) if begun is None else begun
    first, budget, began, passed = state.step, 1, time.perf_counter(), 0.0
    while state.step < steps and before + passed < allowance.seconds:
        if passed > until:
            return Begun(state, before + passed)
        state, _ = advance(run, state, min(budget, steps - state.step), test_every=ONLY_AT_THE_END)
        passed = time.perf_counter() - began
        budget = int(np.clip(SLICE_SECONDS * (state.step - first) / (4 * passed), 1, STEPS_AT_ONCE))
    seconds = before + passed
    weights = state.weights
    train_loss, train_accuracy = evaluate(run, weights, data.kept)
    test_loss, test_accuracy = evaluate(run, weights, data.test)
    layers, n = weights_shape(run)
    return Outcome(
        model=contender.name,
        seed=experiment.seed,
        train_accuracy=train_accuracy,
        test_accuracy=test_accuracy,
        train_loss=train_loss,
        test_loss=test_loss,
        loss=run.loss,
        parameters=layers * n,
        effective_parameters=effective_parameters(run),
        examples_seen=examples_seen(state.step, len(data.train), run.batch_size),
        steps=state.step,
        seconds=seconds,
        verdicts=is_first(expectation_of_test(run, weights)),
        tutorial_accuracy=test_accuracy,
    )


def _run_grey(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome | Begun:
    return _run_quantum(contender, experiment.with_(encoding="angle"), allowance, begun, until)


class _TimeUpError(Exception):
    pass


def _run_baseline(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome | Begun:
    baseline = BASELINES[contender.name]
    train = baseline.images(experiment)[0].first_examples(allowance.examples)
    batch_size = min(allowance.batch_size or len(train), len(train))
    if begun is None:
        new = baseline.build(experiment).set_params(batch_size=batch_size, learning_rate=allowance.learning_rate)
        begun = Begun((new, allowance.steps_on(len(train))))
    (model, left), before = begun
    X, began = train.images[train.row], time.perf_counter()

    def passed() -> float:
        return time.perf_counter() - began

    def check_time(records: Any = None) -> None:
        if before + passed() > allowance.seconds:
            raise _TimeUpError

    order = generator(experiment.seed, Stream.LAST_PASS)
    with suppress(_TimeUpError):
        while left > 0:
            if passed() > until:
                return Begun((model, left), before + passed())
            # The last pass may end early: then it takes as many batches as there are steps left.
            last = left * batch_size < len(train)
            rows = order.permutation(len(train))[: left * batch_size] if last else np.arange(len(train))
            model.partial_fit(X[rows], train.labels[rows], classes=[SECOND, FIRST], progress=check_time)
            left -= steps_per_epoch(len(rows), batch_size)
    return score(baseline, experiment, model, len(train), batch_size, before + passed())


def score(
    baseline: Baseline, experiment: Experiment, model: Network, examples: int, batch_size: int, seconds: float
) -> Outcome:
    """The outcome of a baseline's network that was trained on so many examples for so many seconds."""
    train, test = baseline.images(experiment)
    train_loss, train_accuracy = log_loss_and_accuracy(model, train)
    test_loss, test_accuracy = log_loss_and_accuracy(model, test)
    logit = model.decision_function(test.images)[test.row]
    return Outcome(
        model=baseline.name,
        seed=experiment.seed,
        train_accuracy=train_accuracy,
        test_accuracy=test_accuracy,
        train_loss=train_loss,
        test_loss=test_loss,
        loss="log",
        parameters=model.parameter_count,
        effective_parameters=model.parameter_count,
        examples_seen=examples_seen(model.steps_taken, examples, batch_size),
        steps=model.steps_taken,
        seconds=seconds,
        verdicts=is_first(logit),
        tutorial_accuracy=float(np.mean((logit > KERAS_THRESHOLD) == is_first(test.labels))),
    )


def _run_majority(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome:
    """Know every training picture by heart and answer its majority; pictures never seen are a second digit."""
    began, data = time.perf_counter(), prepare(experiment)
    majority = zip(data.kept.images, is_first(data.kept.majority), strict=True)
    known = {image.tobytes(): first for image, first in majority}
    answers = np.array([known.get(image.tobytes(), False) for image in data.test.images])
    return Outcome(
        model=contender.name,
        seed=experiment.seed,
        train_accuracy=data.ceiling.train,
        test_accuracy=data.ceiling.test,
        train_loss=1 - data.ceiling.train,
        test_loss=1 - data.ceiling.test,
        loss="error rate",
        parameters=len(known),
        effective_parameters=len(known),
        examples_seen=len(data.kept),
        steps=1,
        seconds=time.perf_counter() - began,
        verdicts=answers[data.test.row],
        tutorial_accuracy=data.ceiling.test,
    )


def _quantum_allowances(tutorial: Experiment) -> dict[str, Allowance]:
    return {
        "tutorial": as_allowance(tutorial),
        "same-epochs": Allowance(3, 32),
        "same-steps": Allowance(1, 128, steps=SAME_STEPS),
        "same-seconds": Allowance(100_000, 128, learning_rate=0.005, seconds=2.0),
        "convergence": END,
    }


def _of_baselines() -> Iterator[Contender]:
    """Every baseline is a contender."""
    for baseline in BASELINES.values():
        yield Contender(
            baseline.name,
            baseline.title,
            baseline.blurb,
            _run_baseline,
            baseline.allowances,
            mark=baseline.mark,
            missing=baseline.missing,
            slow=baseline.slow,
        )


_SMALL, _LARGE = PRESETS["tutorial-32"].experiment, PRESETS["tutorial-64"].experiment

CONTENDERS: Family[Contender] = Family(
    "model",
    Contender(
        "qnn-32",
        "QNN (32)",
        "One XX and one ZZ layer.",
        _run_quantum,
        _quantum_allowances(_SMALL),
        _SMALL.layers,
        Mark("quantum", "circle"),
    ),
    Contender(
        "qnn-64-grouped",
        "QNN (64 grouped)",
        "XX, XX, ZZ, ZZ, as the tutorial has it: the same network as QNN (32), with every weight in two halves.",
        _run_quantum,
        _quantum_allowances(_LARGE),
        _LARGE.layers,
        Mark("quantum", "triangle-up"),
    ),
    Contender(
        "qnn-64-interleaved",
        "QNN (64 interleaved)",
        "XX, ZZ, XX, ZZ: another, richer network.",
        _run_quantum,
        {**_quantum_allowances(_LARGE), "convergence": Allowance(1000, None, learning_rate=0.01)},
        ("XX", "ZZ", "XX", "ZZ"),
        Mark("quantum", "star"),
    ),
    _of_baselines,
    Contender(
        "majority",
        "Majority of identical images",
        "Knows every training picture by heart: the ceiling as a model.",
        _run_majority,
        {"tutorial": Allowance(1, None)},
        mark=Mark("ceiling", "x", "x"),
    ),
    Contender(
        "qnn-grey",
        "QNN (32, grey)",
        "One XX and one ZZ layer on grey pictures: no threshold, few pictures alike, and so no ceiling.",
        _run_grey,
        {**_quantum_allowances(_SMALL), "convergence": GREY_END},
        _SMALL.layers,
        Mark("quantum", "circle-open"),
    ),
)


def by_name(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by model."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.model, []).append(outcome)
    return found


def run_contender(name: str, experiment: Experiment, budget: str, examples: int | None = None) -> Outcome:
    """Train one model on the Experiment's images with its seed. Raises InputError if it cannot run here.

    examples: only so many of them, whatever the budget says.
    """
    outcome = _run(name, experiment, budget, examples, None, math.inf)
    assert isinstance(outcome, Outcome), "nobody has put it down"
    return outcome


def contend(
    name: str, experiment: Experiment, budget: str, examples: int | None = None, begun: Begun | None = None
) -> Outcome | Unfinished:
    """The same for a worker: about SLICE_SECONDS of it at a time, and the same numbers.

    In budgets of seconds only those count in which it was at work.
    """
    outcome = _run(name, experiment, budget, examples, begun, SLICE_SECONDS)
    if isinstance(outcome, Begun):
        return Unfinished(contend, (name, experiment, budget, examples, outcome))
    return outcome


def _run(
    name: str, experiment: Experiment, budget: str, examples: int | None, begun: Begun | None, until: float
) -> Outcome | Begun:
    contender = CONTENDERS[name]
    problem = contender.missing()
    if problem:
        raise InputError(problem)
    allowance = contender.allowance(budget)
    if examples is not None:
        allowance = allowance._replace(examples=examples)
    return contender.run(contender, experiment, allowance, begun, until)
