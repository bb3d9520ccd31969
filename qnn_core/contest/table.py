"""The tutorial's table beside this machine's: every model on the same pictures, run after run."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, Outcome, by_name, run_contender
from qnn_core.contest.statistics import paired_sentence
from qnn_core.contest.tutorial import published_accuracies
from qnn_core.experiment import Experiment

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
        "rows": table(outcomes, published=published_accuracies(experiment, budget)),
        "paired": paired_sentence(outcomes),
    }


def default_models() -> list[str]:
    """Everybody who does not take a minute."""
    return [name for name, contender in CONTENDERS.items() if not contender.slow]


def table(outcomes: Iterable[Outcome], *, published: Mapping[str, float]) -> list[dict[str, Any]]:
    """One row for each model: medians over the seeds, the 5 and 95 % quantiles, and every test accuracy.

    published: test accuracies by model, from `published_accuracies`.
    """
    by_model = by_name(outcomes)
    return [_row(name, by_model[name], published.get(name)) for name in CONTENDERS if name in by_model]


def _row(name: str, outcomes: list[Outcome], published: float | None) -> dict[str, Any]:
    contender, first = CONTENDERS[name], outcomes[0]
    accuracies = [outcome.test_accuracy for outcome in outcomes]
    low, high = np.quantile(accuracies, [0.05, 0.95])
    return {
        "name": name,
        "model": contender.title,
        "parameters": first.parameters,
        "effective_parameters": first.effective_parameters,
        "published": published,
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
