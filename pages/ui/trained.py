"""Kept trained: at every threshold a network that was trained to the end, in the background, the nearest first."""

import streamlit as st

from pages.ui import follow, jobs, strip, threshold
from pages.ui.opened import Asked
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import ENCODINGS, Experiment
from qnn_core.contest.thresholds import thresholds
from qnn_core.live.film import Film
from qnn_core.live.films.trained import train_at, trained_film
from qnn_core.live.runs import RunJob
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import seconds_of, to_the_end

PAGE, TITLE = "6_train", "Networks"
LONGEST_SECONDS = 1.0
"""Fifty networks that each take longer would be there too late."""


def why_not(experiment: Experiment) -> str | None:
    """Why there can be no film over the threshold, in one sentence; None if there can."""
    if not ENCODINGS[experiment.encoding].makes_bits:
        return "This encoding keeps the greys, so there is no threshold to slide: here is the training itself."
    seconds = seconds_of(to_the_end(experiment))
    if seconds > LONGEST_SECONDS:
        return (
            f"One training takes about {seconds:.0f} s here, too long to do it at every threshold: "
            "here is the training at the one that is set."
        )
    return None


def watch(experiment: Experiment, pinned: Asked) -> Film | None:
    """Draw the networks there are as a film over the threshold, and return it; and how many are still to come."""
    planned = sorted({*thresholds(), experiment.threshold})
    job = _networks(experiment, planned)
    found, made = job.found(planned), None
    if found:
        possible = [one for one in planned if one not in job.errors]
        made = trained_film(experiment, found.values(), possible, pinned.grey, pinned.label(experiment.digits))
        threshold.show(made, key="trained_film")
    else:
        st.caption("The first network is being trained.")
    strip.strip(job, TITLE, page=PAGE)
    if problems := job.problems(visitor()):
        st.caption("Some thresholds are left out. " + plain(" ".join(problems)))
    return made


def run_at(experiment: Experiment) -> RunJob:
    """The run at the threshold that is set, under way: what is saved, and what its curves are drawn from."""
    run = jobs.run(to_the_end(experiment))
    if run.status(visitor()) in {"ready", "paused"}:
        run.want(visitor())
    return follow.look(run)


def drop() -> None:
    """Nobody here wants networks at other thresholds any more."""
    strip.drop(TITLE, page=PAGE)


def _networks(experiment: Experiment, planned: list[float]) -> TasksJob:
    """The work at all these thresholds, the nearest first; it is the same wherever the threshold stands."""
    end = to_the_end(experiment)
    job = jobs.tasks("trained", end.model_copy(update={"threshold": 0.0, "epochs": 1}), what="thresholds")
    nearest = sorted(planned, key=lambda one: abs(one - experiment.threshold))
    job.want(visitor(), {one: (train_at, (end.with_(threshold=one),)) for one in nearest})
    return job
