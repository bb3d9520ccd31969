"""More training examples: what they bring each of two networks."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.ui import frame, jobs
from pages.ui.comparison import pictures_of, show, want
from pages.ui.desk import desk
from pages.ui.workers import visitor
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.contest.contenders import CONTENDERS, contend
from qnn_core.contest.table import PAIR
from qnn_core.figures.contest.comparison import learning_curves
from qnn_core.live.tasks import TasksJob

COUNTS = (50, 100, 200, 500, 1000, 2000, 5000)
SEEDS = 5
ALIKE = 0.0005
"""Gains that differ by less than this look the same in three digits."""

Curves = dict[str, dict[int, list[float]]]
"""Model → number of examples → test accuracies over the seeds."""


def more_examples(experiment: Experiment) -> None:
    """Accuracy against the number of training examples."""
    pictures = pictures_of(experiment)
    kept = len(prepare(pictures).kept)
    counts = [*(count for count in COUNTS if count < kept), kept]
    loss = desk().choices.get("curves_loss", "hinge")
    job = runs(pictures, counts, loss)
    curves: Curves = {}
    for (name, count, _), outcome in list(job.results.items()):
        curves.setdefault(name, {}).setdefault(count, []).append(outcome.test_accuracy)
    _, total = job.progress(visitor())
    frame.notice(what_they_bring(curves, counts) if total == len(job.results) else "The runs are on their way.")
    show(job)
    if curves:
        frame.chart(
            learning_curves(curves, prepare(pictures).ceiling.test_best),
            alt="Test accuracy against the number of training examples, for the QNN and the fair network.",
            caption=f"Median and 5–95 % band over {SEEDS} seeds, both trained to convergence.",
            key="learning",
        )
    desk().choice(
        st.segmented_control,
        "The QNN is trained with the loss",
        list(LOSSES),
        key="curves_loss",
        default="hinge",
        required=True,
        format_func=lambda name: LOSSES[name].title,
    )
    if curves:
        points = [(name, count, value) for name in curves for count in curves[name] for value in curves[name][count]]
        names, sizes, accuracies = zip(*points, strict=True)
        frame.numbers("chart", lambda: {"model": names, "examples": sizes, "test accuracy": accuracies})


def runs(pictures: Experiment, counts: list[int], loss: str) -> TasksJob:
    """Both networks on so many examples, over the seeds."""
    job = jobs.tasks("examples", pictures, loss)
    want(
        job,
        {
            (name, count, seed): (contend, (name, pictures.with_(seed=seed), "convergence", count, loss))
            for seed in range(SEEDS)
            for count in counts
            for name in PAIR
        },
    )
    return job


def what_they_bring(curves: Mapping[str, Mapping[int, list[float]]], counts: list[int]) -> str:
    """The median accuracy of each network with the fewest and with all examples."""
    few, every = counts[0], counts[-1]
    ends = {name: [float(np.median(curves[name][count])) for count in (few, every)] for name in PAIR}
    parts = [f"{CONTENDERS[name].title} goes from {low:.3f} to {high:.3f}" for name, (low, high) in ends.items()]
    gains = {name: high - low for name, (low, high) in ends.items()}
    more = max(gains, key=lambda name: gains[name])
    alike = max(gains.values()) - min(gains.values()) < ALIKE
    if gains[more] < ALIKE:
        last = "More examples bring neither anything."
    else:
        last = "Both gain alike." if alike else f"{CONTENDERS[more].title} gains more."
    return f"From {few:,} to {every:,} examples, {' and '.join(parts)}. {last}"
