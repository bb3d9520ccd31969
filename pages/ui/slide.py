"""The threshold slide: both networks trained again at every threshold, in the background."""

import numpy as np
import streamlit as st

from pages.ui import follow, frame, jobs, strip
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import ENCODINGS, LOSSES, Experiment, InputError
from qnn_core.contest.thresholds import slide_point, thresholds
from qnn_core.figures.contest.thresholds import threshold_slide
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import to_the_end

MIDDLE = 0.5
"""The threshold whose training all the others share, so that the work is the same wherever the slider stands."""


def threshold_section(experiment: Experiment) -> None:
    """The chart that grows while it is watched."""
    if not ENCODINGS[experiment.encoding].makes_bits:
        st.info("Grey pictures have no threshold; choose the encoding “Black and white” to slide it.")
        return
    try:
        job = _points(experiment)
    except InputError as problem:
        st.warning(plain(problem))
        return
    follow.look(job)
    frame.notice(_gap(job, experiment))
    strip.strip(job, "Slide", page="7_compare")
    _chart(job, experiment.threshold)


def _gap(job: TasksJob, experiment: Experiment) -> str:
    """How far both networks stay below the ceiling, in the median over all thresholds."""
    points = list(job.found(thresholds()).values())
    if len(points) < len(thresholds()):
        return "Nobody passes the dashed curve: the threshold decides which pictures become the same."
    loss = LOSSES[experiment.loss].words
    quantum, fair = ([point.ceiling - getattr(point, name) for point in points] for name in ("quantum", "fair"))
    return (
        "Nobody passes the dashed curve: the threshold decides which pictures become the same. "
        f"Trained with the {loss}, the QNN stays {np.median(quantum):.3f} below it in the median, "
        f"the fair network {np.median(fair):.3f}."
    )


def _points(experiment: Experiment) -> TasksJob:
    """The work for these pictures and layers, at every threshold."""
    try:
        any_threshold = to_the_end(experiment.with_(threshold=MIDDLE))
    except InputError:  # no picture is left there, but there are some here
        any_threshold = to_the_end(experiment).with_(threshold=MIDDLE)
    job = jobs.tasks("slide", any_threshold, what="thresholds")
    points = (any_threshold.with_(threshold=threshold) for threshold in thresholds())
    job.want(visitor(), {point.threshold: (slide_point, (point,)) for point in points})
    return job


def _chart(job: TasksJob, here: float) -> None:
    points = list(job.found(thresholds()).values())
    best = max(points, key=lambda point: point.quantum, default=None)
    frame.chart(
        threshold_slide(points, here),
        alt=f"Test accuracy of the ceiling, the quantum and the fair network at {len(points)} thresholds.",
        caption="The ceiling falls where the threshold makes different pictures the same."
        + (f" The QNN is best at {best.threshold:g}: {best.quantum:.3f}." if best else ""),
        key="slide_chart",
    )
    if problems := job.problems(visitor()):
        st.caption(plain("; ".join(problems)))
