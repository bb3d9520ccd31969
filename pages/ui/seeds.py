"""The run of the page from ten seeds at once: a single curve says little if the next seed gives another."""

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare
from qnn_core.contest.tutorial import published_run
from qnn_core.engines import contracted
from qnn_core.figures.training.accuracies import accuracy_curves
from qnn_core.live.branches import Branch, branch_of
from qnn_core.training.order import steps_per_epoch

TITLE = "Ten seeds"
SEEDS = range(10)


def section(experiment: Experiment) -> None:
    """Open where a figure was published for this run; elsewhere behind a "More"."""
    if published_run(experiment) is None:
        frame.more(lambda: _draw(experiment), key="seeds", label="The same from ten seeds")
    else:
        st.subheader("The same from ten seeds", anchor=False)
        _draw(experiment)


def _draw(experiment: Experiment) -> None:
    """A curve for each seed, as they come from the workers."""
    exact = contracted(experiment)
    job = jobs.tasks("seeds", exact.with_(seed=0), what="seeds")
    job.want(visitor(), {seed: (branch_of, (exact.with_(seed=seed),)) for seed in SEEDS})
    found: dict[int, Branch] = job.found(SEEDS)
    if found:
        ceiling, published = prepare(experiment).ceiling.test_best, published_run(experiment)
        curves = {f"seed {seed}": (found[seed].steps, found[seed].accuracies) for seed in SEEDS if seed in found}
        frame.chart(
            accuracy_curves(curves, f"seed {experiment.seed}", ceiling, published=published),
            alt=f"Test accuracy over the steps from {len(found)} seeds.",
            caption=in_words(experiment, [one.accuracies[-1] for one in found.values()], published),
            key="seeds_chart",
        )
    strip.strip(job, TITLE)
    for problem in job.problems(visitor()):
        st.caption(plain(problem))


def in_words(experiment: Experiment, ends: list[float], published: float | None) -> str:
    """What the ends of the curves say. ends: test accuracies; published: what somebody else's run gave."""
    ordered = experiment.shuffle and steps_per_epoch(len(prepare(experiment).train), experiment.batch_size) > 1
    differs = "the first weights and the order of the examples differ" if ordered else "the first weights differ"
    few = "" if len(ends) == len(SEEDS) else f"{len(ends)} of {len(SEEDS)} seeds so far. "
    spread = (
        f"Only {differs}. The test accuracy ends between "
        f"**{min(ends):.3f}** and **{max(ends):.3f}**, in the middle at {np.median(ends):.3f}."
    )
    if published is None:
        return few + spread
    below = sum(end < published for end in ends)
    return f"{few}{spread} The post printed {published:.4f}: {below} of these {len(ends)} end below it."
