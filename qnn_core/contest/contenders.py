"""A fair fight needs the same pictures, a named budget, and every model's bill."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import isqrt
from typing import Any, NamedTuple

import numpy as np

from qnn_core.arrays import Booleans
from qnn_core.baselines import BASELINES, Baseline, Network, bits, in_grey, log_loss_and_accuracy, small_greys
from qnn_core.data.contradictions import best
from qnn_core.data.dataset import prepare
from qnn_core.data.images import ImageSet
from qnn_core.data.labels import FIRST, SECOND, is_first
from qnn_core.engines import Engine
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Mark, Part
from qnn_core.inside.effective import effective_parameters
from qnn_core.inside.product import ProductEngine
from qnn_core.inside.twin import TWIN_LAYERS, TwinEngine
from qnn_core.presets import PRESETS
from qnn_core.streams import Stream, generator
from qnn_core.training.budget import BUDGETS, END, GREY_END, SAME_LOSS, SAME_STEPS, Allowance, as_allowance
from qnn_core.training.loop import ONLY_AT_THE_END, advance, engine_of, evaluate, start
from qnn_core.training.losses import LOSSES
from qnn_core.training.order import examples_seen, steps_per_epoch
from qnn_core.workers.unfinished import SLICE_SECONDS, Unfinished

KERAS_THRESHOLD = 0.5
"""The tutorial's classical networks end in a logit; Keras's accuracy says "first digit" above 0.5, not above 0."""
OF_BASELINES = "cross-entropy"
"""The loss of every classical network: −log of the probability that its logit gives the right digit."""
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
    trained_with: the loss that the training made small. learning_rate: of Adam. Both None for what is not trained.
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
    trained_with: str | None
    learning_rate: float | None


class Begun(NamedTuple):
    """A model on its way: all that its training needs to go on, and the seconds that it has trained."""

    model: Any
    seconds: float = 0.0


@dataclass(frozen=True)
class Contender(Part):
    """One row of the table.

    run(contender, experiment, allowance, begun, until): train it on the Experiment's images with its seed, from the
    beginning or from where it was put down. After `until` seconds it may be put down; the numbers are the same.
    allowances: by budget; a budget that is not there uses the tutorial's. layers: of a quantum network, or of what is
    trained like one. engine(experiment): what computes its answers and slopes.
    pictures(experiment): the training and the test images that it sees.
    mark: how charts show it. missing(): why it cannot run on this machine, or None. slow: not ticked at first.
    trains: whether it is trained at all, with a loss and a learning rate.
    """

    run: Callable[["Contender", Experiment, Allowance, Begun | None, float], Outcome | Begun]
    allowances: Mapping[str, Allowance]
    layers: tuple[str, ...] = ()
    engine: Callable[[Experiment], Engine] = engine_of
    pictures: Callable[[Experiment], tuple[ImageSet, ImageSet]] = bits
    mark: Mark = field(default_factory=Mark)
    missing: Callable[[], str | None] = field(default=lambda: None)
    slow: bool = False
    trains: bool = True

    def allowance(self, budget: str) -> Allowance:
        """Its training under a budget. Raises InputError if there is no such budget."""
        return self.allowances.get(BUDGETS[budget].name, self.allowances["tutorial"])

    def ceiling(self, experiment: Experiment) -> float:
        """The share of the test images that no classifier of what it sees can beat (MATHS section 6)."""
        return best(self.pictures(experiment)[1])

    def sees(self, experiment: Experiment) -> str:
        """What its pictures are: "4×4 bits" or "28×28 greys"."""
        train = self.pictures(experiment)[0]
        side = isqrt(train.stored.shape[1])
        return f"{side}×{side} {'bits' if train.bits else 'greys'}"


def _run_quantum(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome | Begun:
    run = experiment.with_(
        layers=contender.layers,
        examples=allowance.examples,
        epochs=max(allowance.epochs, allowance.steps or 0),  # an epoch is at least one step
        batch_size=allowance.batch_size,
        loss=allowance.loss,
        learning_rate=allowance.learning_rate,
        start=allowance.start,
    )
    data, engine = prepare(run), contender.engine(run)
    steps = allowance.steps_on(len(data.train))
    state, before = Begun(start(run)) if begun is None else begun
    first, budget, began, passed = state.step, 1, time.perf_counter(), 0.0
    while state.step < steps and before + passed < allowance.seconds:
        if passed > until:
            return Begun(state, before + passed)
        state, _ = advance(run, state, min(budget, steps - state.step), test_every=ONLY_AT_THE_END, engine=engine)
        passed = time.perf_counter() - began
        budget = int(np.clip(SLICE_SECONDS * (state.step - first) / (4 * passed), 1, STEPS_AT_ONCE))
    seconds = before + passed
    weights = state.weights
    train_loss, train_accuracy = evaluate(run, weights, data.kept, engine)
    test_loss, test_accuracy = evaluate(run, weights, data.test, engine)
    return Outcome(
        model=contender.name,
        seed=experiment.seed,
        train_accuracy=train_accuracy,
        test_accuracy=test_accuracy,
        train_loss=train_loss,
        test_loss=test_loss,
        loss=run.loss,
        parameters=weights.size,
        effective_parameters=effective_parameters(run, contender.engine),
        examples_seen=examples_seen(state.step, len(data.train), run.batch_size),
        steps=state.step,
        seconds=seconds,
        verdicts=is_first(engine.value(data.test.images, weights)[data.test.row]),
        tutorial_accuracy=test_accuracy,
        trained_with=run.loss,
        learning_rate=run.learning_rate,
    )


def _run_grey(
    contender: Contender, experiment: Experiment, allowance: Allowance, begun: Begun | None, until: float
) -> Outcome | Begun:
    return _run_quantum(contender, in_grey(experiment), allowance, begun, until)


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
    return score(baseline, experiment, model, len(train), batch_size, before + passed(), allowance.learning_rate)


def score(
    baseline: Baseline,
    experiment: Experiment,
    model: Network,
    examples: int,
    batch_size: int,
    seconds: float,
    learning_rate: float,
) -> Outcome:
    """The outcome of a baseline's network that was trained so, on so many examples for so many seconds."""
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
        trained_with=OF_BASELINES,
        learning_rate=learning_rate,
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
        trained_with=None,
        learning_rate=None,
    )


def _quantum_allowances(tutorial: Experiment) -> dict[str, Allowance]:
    return {
        "tutorial": as_allowance(tutorial),
        "same-epochs": Allowance(3, 32),
        "same-steps": Allowance(1, 128, steps=SAME_STEPS),
        "same-seconds": Allowance(100_000, 128, learning_rate=0.005, seconds=2.0),
        **_to_the_end(END),
    }


def _to_the_end(end: Allowance) -> dict[str, Allowance]:
    """Trained until nothing improves any more: with the tutorial's loss, and with that of the classical networks."""
    return {"convergence": end, SAME_LOSS: end._replace(loss=OF_BASELINES)}


def _with_their_loss(allowances: Mapping[str, Allowance]) -> dict[str, Allowance]:
    """What a baseline says of its training, and the loss, which it always brings itself."""
    known = {SAME_LOSS: allowances.get("convergence", allowances["tutorial"]), **allowances}
    return {budget: allowance._replace(loss=OF_BASELINES) for budget, allowance in known.items()}


def _of_baselines() -> Iterator[Contender]:
    """Every baseline is a contender."""
    for baseline in BASELINES.values():
        yield Contender(
            baseline.name,
            baseline.title,
            baseline.blurb,
            _run_baseline,
            _with_their_loss(baseline.allowances),
            pictures=baseline.images,
            mark=baseline.mark,
            missing=baseline.missing,
            slow=baseline.slow,
        )


_SMALL, _LARGE = PRESETS["tutorial-32"].experiment, PRESETS["tutorial-64"].experiment
_INTERLEAVED = ("XX", "ZZ", "XX", "ZZ")
_LONG = {**_quantum_allowances(_LARGE), **_to_the_end(Allowance(1000, None, learning_rate=0.01))}
"""Two blocks have many local minima. From "narrow" all their XX weights would stay 0, so they start anywhere."""

CONTENDERS: Family[Contender] = Family(
    "model",
    Contender(
        "qnn-32",
        "QNN (32)",
        "One XX and one ZZ layer.",
        _run_quantum,
        _quantum_allowances(_SMALL),
        _SMALL.layers,
        mark=Mark("quantum", "circle"),
    ),
    Contender(
        "qnn-64-grouped",
        "QNN (64 grouped)",
        "XX, XX, ZZ, ZZ, as the post has it: without noise the same network as QNN (32), each weight in two halves.",
        _run_quantum,
        _quantum_allowances(_LARGE),
        _LARGE.layers,
        mark=Mark("quantum", "triangle-up"),
    ),
    Contender(
        "qnn-64-interleaved",
        "QNN (64 interleaved)",
        "XX, ZZ, XX, ZZ: another, richer network. It ends in a minimum, another one for each start.",
        _run_quantum,
        _LONG,
        _INTERLEAVED,
        mark=Mark("quantum", "star"),
    ),
    Contender(
        "product",
        "No entanglement (64)",
        "QNN (64 interleaved) with nothing entangled: after every gate all correlations are erased. Trained so.",
        _run_quantum,
        _LONG,
        _INTERLEAVED,
        engine=ProductEngine,
        mark=Mark("other", "star-open"),
    ),
    Contender(
        "cosine",
        "Cosine",
        "The classical twin of QNN (32): −cos of a weighted sum of the pixels, without a circuit.",
        _run_quantum,
        _quantum_allowances(_SMALL),
        TWIN_LAYERS,
        engine=TwinEngine,
        mark=Mark("classical", "triangle-down", "+"),
    ),
    _of_baselines,
    Contender(
        "majority",
        "Majority of identical images",
        "Knows every training picture by heart, and answers what most of those like it were.",
        _run_majority,
        {"tutorial": Allowance(1, None)},
        mark=Mark("ceiling", "x", "x"),
        trains=False,
    ),
    Contender(
        "qnn-grey",
        "QNN (32, grey)",
        "One XX and one ZZ layer on the grey pixels, before any threshold.",
        _run_grey,
        {**_quantum_allowances(_SMALL), **_to_the_end(GREY_END)},
        _SMALL.layers,
        pictures=small_greys,
        mark=Mark("quantum", "circle-open"),
    ),
)


def trained_with(names: Iterable[str], budget: str) -> dict[tuple[str, float], list[str]]:
    """The titles of the models that are trained, by their loss in words and their learning rate under a budget."""
    found: dict[tuple[str, float], list[str]] = {}
    for contender in map(CONTENDERS.__getitem__, names):
        allowance = contender.allowance(budget)
        if contender.trains:
            found.setdefault((LOSSES[allowance.loss].words, allowance.learning_rate), []).append(contender.title)
    return found


def by_name(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by model."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.model, []).append(outcome)
    return found


def run_contender(
    name: str, experiment: Experiment, budget: str, examples: int | None = None, loss: str | None = None
) -> Outcome:
    """Train one model on the Experiment's images with its seed. Raises InputError if it cannot run here.

    examples, loss: so many of them, or another loss, whatever the budget says. A classical network keeps its own.
    """
    outcome = _run(name, experiment, budget, examples, loss, None, math.inf)
    assert isinstance(outcome, Outcome), "nobody has put it down"
    return outcome


def contend(
    name: str,
    experiment: Experiment,
    budget: str,
    examples: int | None = None,
    loss: str | None = None,
    begun: Begun | None = None,
) -> Outcome | Unfinished:
    """The same for a worker: about SLICE_SECONDS of it at a time, and the same numbers.

    In budgets of seconds only those count in which it was at work.
    """
    outcome = _run(name, experiment, budget, examples, loss, begun, SLICE_SECONDS)
    if isinstance(outcome, Begun):
        return Unfinished(contend, (name, experiment, budget, examples, loss, outcome))
    return outcome


def _run(
    name: str,
    experiment: Experiment,
    budget: str,
    examples: int | None,
    loss: str | None,
    begun: Begun | None,
    until: float,
) -> Outcome | Begun:
    contender = CONTENDERS[name]
    problem = contender.missing()
    if problem:
        raise InputError(problem)
    allowance = contender.allowance(budget)
    if examples is not None:
        allowance = allowance._replace(examples=examples)
    if loss is not None:
        allowance = allowance._replace(loss=LOSSES[loss].name)
    return contender.run(contender, experiment, allowance, begun, until)
