"""The same run with each of the other losses, behind the one that is watched."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.engines import contracted
from qnn_core.figures.training.accuracies import accuracy_curves
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
        "Accuracies can be compared: none of them gets above the ceiling."
    )
    if run.trained and len(others) == len(LOSSES) - 1:
        _chart(run, others)


def _chart(run: RunJob, others: dict[Experiment, Branch]) -> None:
    """A closer look at the accuracies: how they part below the ceiling, and where each of them ends."""
    tested = [(record.step, record.test_accuracy) for record in run.records if record.test_accuracy is not None]
    steps, accuracies = zip(*tested, strict=True)
    found: dict[str, tuple[Sequence[float], Sequence[float]]] = {run.experiment.loss: (steps, accuracies)}
    found |= {one.loss: (branch.steps, branch.accuracies) for one, branch in others.items()}
    ceiling = prepare(run.experiment).ceiling.test_best
    ends = {name: found[name][1][-1] for name in LOSSES}
    lowest = min(min(there[len(there) // 2 :]) for _, there in found.values())
    frame.chart(
        accuracy_curves(
            {LOSSES[name].title: found[name] for name in LOSSES},
            LOSSES[run.experiment.loss].title,
            ceiling,
            lowest=lowest - 0.02,
            dashed=True,
        ),
        alt="Test accuracy over the steps with each loss, below the ceiling.",
        caption="**Only the loss differs.** Test accuracy at the end: "
        + ", ".join(f"{LOSSES[name].title.lower()} **{end:.3f}**" for name, end in ends.items())
        + f". The ceiling is {ceiling:.3f}.",
        key="losses_chart",
    )


def _job(experiment: Experiment) -> TasksJob:
    """The work, which is the same whichever of the losses is set."""
    exact = contracted(experiment)
    job = jobs.tasks("losses", exact.with_(loss=Experiment().loss), what="runs")
    names = [name for name in LOSSES if name != experiment.loss]
    job.want(visitor(), {name: (branch_of, (exact.with_(loss=name),)) for name in names})
    return job
