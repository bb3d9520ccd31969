"""The same run with each of the other losses, behind the one that is watched."""

import streamlit as st

from pages.ui import jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.engines import contracted
from qnn_core.live.branches import Branch, branch_of
from qnn_core.live.runs import RunJob
from qnn_core.live.tasks import TasksJob

PAGE, TITLE = "6_train", "Other losses"
COMPARED = "compare_losses"
"""Under this name the desk keeps whether the losses are compared."""


def switch() -> None:
    """One press trains the same network with every other loss."""
    desk().choice(
        st.toggle,
        "Compare the losses",
        key=COMPARED,
        default=False,
        help="Trains the same network on the same pictures with each other loss, and draws them behind this one.",
    )


def found(experiment: Experiment) -> dict[Experiment, Branch] | None:
    """The runs with the other losses that have ended; None if nobody asked for them."""
    if not desk().choices.get(COMPARED, False):
        strip.drop(TITLE, page=PAGE)
        return None
    there = _job(experiment).found(LOSSES)
    return {experiment.with_(loss=name): there[name] for name in LOSSES if name in there and name != experiment.loss}


def say(run: RunJob, others: dict[Experiment, Branch] | None) -> None:
    """How far the other losses are; at the end, where each has led to."""
    if others is None:
        return
    job = _job(run.experiment)
    strip.strip(job, TITLE, page=PAGE)
    for problem in job.problems(visitor()):
        st.caption(plain(problem))
    st.caption(
        "Each loss has its own scale, so in the picture of the loss there is only one kind. "
        "Accuracies can be compared: see how they part below the ceiling."
    )
    if run.trained and len(others) == len(LOSSES) - 1:
        st.markdown(_in_words(run, others))


def _in_words(run: RunJob, others: dict[Experiment, Branch]) -> str:
    """Test accuracy at the end with each loss."""
    own = next(record.test_accuracy for record in reversed(run.records) if record.test_accuracy is not None)
    ends = {run.experiment.loss: own, **{one.loss: branch.accuracies[-1] for one, branch in others.items()}}
    each = ", ".join(f"{LOSSES[name].title.lower()} {ends[name]:.3f}" for name in LOSSES)
    ceiling = prepare(run.experiment).ceiling.test_best
    return f"**Only the loss differs.** Test accuracy at the end: {each}. The ceiling is {ceiling:.3f}."


def _job(experiment: Experiment) -> TasksJob:
    """The work, which is the same whichever of the losses is set."""
    exact = contracted(experiment)
    job = jobs.tasks("losses", exact.with_(loss=Experiment().loss), what="runs")
    names = [name for name in LOSSES if name != experiment.loss]
    job.want(visitor(), {name: (branch_of, (exact.with_(loss=name),)) for name in names})
    return job
