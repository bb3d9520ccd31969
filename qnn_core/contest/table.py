"""The tutorial's table beside this machine's: every model on the same pictures, run after run."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, Outcome, run_contender
from qnn_core.experiment import Experiment

SHARED_FIELDS = ("digits", "grid", "resample", "remove_contradictions", "threshold", "encoding")
"""What every model takes from the Experiment asked for; the rest is its own."""

COLUMNS = {
    "model": "model",
    "parameters": "parameters",
    "effective_parameters": "effective",
    "published": "tutorial",
    "test_accuracy": "here",
    "low": "5 %",
    "high": "95 %",
    "train_accuracy": "training",
    "test_loss": "test loss",
    "loss": "kind",
    "examples_seen": "examples seen",
    "steps": "steps",
    "seconds": "seconds",
}
"""Fields of a row in the order of the table, with their headings."""


FEWEST_PAIRS = 6
"""With fewer, even a difference in every pair could be luck: 2 · 2⁻⁵ > 0.05."""


def compare(
    experiment: Experiment,
    seeds: Sequence[int],
    progress: Callable[[], object] | None = None,
    *,
    models: Iterable[str] | None = None,
    budget: str = "tutorial",
) -> dict[str, Any]:
    """Train the models on the Experiment's images, once for each seed, and make the table.

    models: names from CONTENDERS; by default all but the slow ones. Raises InputError.
    """
    names = default_models() if models is None else [CONTENDERS[name].name for name in models]
    outcomes = []
    for name in names:
        for seed in seeds:
            outcomes.append(run_contender(name, experiment.with_(seed=seed), budget))
            if progress:
                progress()
    return {
        "experiment": experiment.model_dump(mode="json"),
        "budget": budget,
        "seeds": list(seeds),
        "rows": table(outcomes, published=budget == "tutorial" and as_published(experiment)),
        "paired": paired_sentence(outcomes),
    }


def default_models() -> list[str]:
    """Everybody who does not take a minute."""
    return [name for name, contender in CONTENDERS.items() if not contender.slow]


def as_published(experiment: Experiment) -> bool:
    """Whether these are the tutorial's pictures."""
    return all(getattr(experiment, name) == getattr(Experiment(), name) for name in SHARED_FIELDS)


def table(outcomes: Iterable[Outcome], *, published: bool) -> list[dict[str, Any]]:
    """One row for each model: medians over the seeds, the 5 and 95 % quantiles, and every test accuracy."""
    by_model: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_model.setdefault(outcome.model, []).append(outcome)
    return [_row(name, by_model[name], published=published) for name in CONTENDERS if name in by_model]


def _row(name: str, outcomes: list[Outcome], *, published: bool) -> dict[str, Any]:
    contender, first = CONTENDERS[name], outcomes[0]
    accuracies = [outcome.test_accuracy for outcome in outcomes]
    low, high = np.quantile(accuracies, [0.05, 0.95])
    return {
        "name": name,
        "model": contender.title,
        "parameters": first.parameters,
        "effective_parameters": first.effective_parameters,
        "published": contender.published if published else None,
        "test_accuracy": float(np.median(accuracies)),
        "low": float(low),
        "high": float(high),
        "test_accuracies": accuracies,
        "tutorial_accuracies": [outcome.tutorial_accuracy for outcome in outcomes],
        "train_accuracy": float(np.median([outcome.train_accuracy for outcome in outcomes])),
        "test_loss": float(np.median([outcome.test_loss for outcome in outcomes])),
        "loss": first.loss,
        "examples_seen": first.examples_seen,
        "steps": first.steps,
        "seconds": float(np.median([outcome.seconds for outcome in outcomes])),
    }


def paired_sentence(outcomes: Iterable[Outcome], quantum: str = "qnn-32", classical: str = "fair") -> str:
    """Wilcoxon's signed-rank test of two models over the same seeds, in one plain sentence."""
    by_seed: dict[int, dict[str, float]] = {}
    for outcome in outcomes:
        by_seed.setdefault(outcome.seed, {})[outcome.model] = outcome.test_accuracy
    pairs = [seed[classical] - seed[quantum] for seed in by_seed.values() if {quantum, classical} <= set(seed)]
    if not pairs:
        names = f"{CONTENDERS[quantum].title} and {CONTENDERS[classical].title}"
        return f"Run {names} over the same seeds to compare them in pairs."
    if len(pairs) < FEWEST_PAIRS:
        return f"{FEWEST_PAIRS} seeds or more are needed to say whether the difference is luck."
    ahead = sum(pair > 0 for pair in pairs)
    if not np.any(pairs):
        return f"Over {len(pairs)} seeds both networks are equally accurate."
    from scipy.stats import wilcoxon

    chance = float(wilcoxon(pairs).pvalue)
    verdict = "this is no luck" if chance < 0.05 else "this may be luck"
    one, other = CONTENDERS[classical].title, CONTENDERS[quantum].title
    return (
        f"{one} beats {other} for {ahead} of {len(pairs)} seeds, "
        f"by {np.median(pairs):+.3f} in the median: {verdict} (Wilcoxon's paired test, p = {chance:.2g})."
    )


def cells(row: dict[str, Any]) -> list[str]:
    """One row of the table as texts, in the order of COLUMNS; a dash where there is nothing."""
    return [_cell(row[field]) for field in COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def to_markdown(rows: Iterable[dict[str, Any]]) -> str:
    """The table for a README or a report."""
    lines = [list(COLUMNS.values()), ["---"] * len(COLUMNS), *(cells(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def to_csv(rows: Iterable[dict[str, Any]]) -> str:
    """The table for a spreadsheet, numbers in full."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
