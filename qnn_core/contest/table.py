"""The published figures beside this machine's: every model on the same pictures, run after run."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, Outcome, by_name, run_contender
from qnn_core.contest.statistics import accuracy_interval, band, median_run, over_seeds, who_is_ahead
from qnn_core.contest.tutorial import published_accuracies
from qnn_core.experiment import Experiment

COLUMNS = {
    "model": "model",
    "parameters": "parameters",
    "effective_parameters": "effective",
    "published": "published",
    "test_accuracy": "here",
    "low": "5 %",
    "high": "95 %",
    "train_accuracy": "training",
    "test_loss": "test loss",
    "loss": "kind",
    "examples_seen": "examples seen",
    "steps": "steps",
    "seconds": "seconds",
    "trained_with": "trained with",
    "learning_rate": "learning rate",
    "interval_low": "2.5 % of images",
    "interval_high": "97.5 %",
    "sees": "sees",
    "ceiling": "ceiling",
}
"""Fields of a row in the order of the table, with their headings."""


PAIR = ("qnn-32", "fair")
"""The two models that the lesson compares: a quantum network, and a classical one of about its size."""


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
        "rows": table(experiment, outcomes, published=published_accuracies(experiment, budget)),
        "paired": paired(experiment, outcomes),
    }


def paired(experiment: Experiment, outcomes: Sequence[Outcome], pair: tuple[str, str] = PAIR) -> str:
    """What is to be said of two models: who is ahead, whether that is luck, and how far their runs lie apart."""
    sentences = who_is_ahead(experiment, outcomes, *pair), over_seeds(outcomes, pair)
    return " ".join(filter(None, sentences))


def default_models() -> list[str]:
    """Everybody who does not take a minute."""
    return [name for name, contender in CONTENDERS.items() if not contender.slow]


def table(
    experiment: Experiment, outcomes: Iterable[Outcome], *, published: Mapping[str, float]
) -> list[dict[str, Any]]:
    """One row for each model: medians over the seeds, every test accuracy, and both kinds of luck.

    low, high: 5 and 95 % of the runs, the luck of the start. interval_low, interval_high: 95 % interval of the median
    run, the luck of the test images. published: test accuracies by model, from `published_accuracies`.
    """
    by_model = by_name(outcomes)
    return [_row(experiment, name, by_model[name], published.get(name)) for name in CONTENDERS if name in by_model]


def _row(experiment: Experiment, name: str, outcomes: list[Outcome], published: float | None) -> dict[str, Any]:
    contender, first = CONTENDERS[name], outcomes[0]
    accuracies = [outcome.test_accuracy for outcome in outcomes]
    low, high = band(outcomes)
    interval_low, interval_high = accuracy_interval(median_run(outcomes))
    return {
        "name": name,
        "model": contender.title,
        "parameters": first.parameters,
        "effective_parameters": first.effective_parameters,
        "published": published,
        "test_accuracy": float(np.median(accuracies)),
        "low": low,
        "high": high,
        "test_accuracies": accuracies,
        "tutorial_accuracies": [outcome.tutorial_accuracy for outcome in outcomes],
        "train_accuracy": float(np.median([outcome.train_accuracy for outcome in outcomes])),
        "test_loss": float(np.median([outcome.test_loss for outcome in outcomes])),
        "loss": first.loss,
        "examples_seen": first.examples_seen,
        "steps": first.steps,
        "seconds": float(np.median([outcome.seconds for outcome in outcomes])),
        "trained_with": first.trained_with,
        "learning_rate": first.learning_rate,
        "interval_low": interval_low,
        "interval_high": interval_high,
        "sees": contender.sees(experiment),
        "ceiling": contender.ceiling(experiment),
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
