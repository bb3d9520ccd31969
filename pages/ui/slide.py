"""The threshold slide: both networks trained again at every threshold, in the background."""

import os

import streamlit as st

from pages.ui import frame
from pages.ui.workers import workers
from qnn_core import ENCODINGS, Experiment, InputError
from qnn_core.contest.thresholds import slide_point, thresholds
from qnn_core.figures.contest.thresholds import threshold_slide
from qnn_core.live.tasks import LiveTasks
from qnn_core.training.budget import to_the_end

TICK = 0.8
"""Seconds between two looks at the workers."""
MIDDLE = 0.5
"""The threshold whose training all the others share, so that the work is the same wherever the slider stands."""


def threshold_section(experiment: Experiment) -> None:
    """The chart that grows while it is watched."""
    if not ENCODINGS[experiment.encoding].makes_bits:
        st.info("Grey pictures have no threshold; choose the encoding “Black and white” to slide it.")
        return
    try:
        tasks = _tasks(experiment)
    except InputError as problem:
        st.warning(str(problem))
        return
    frame.tick(_grow, tasks, experiment.threshold, every=None if tasks.complete else TICK)
    frame.notice(
        "The threshold decides which pictures become the same, and no model can undo that: nobody passes the dashed "
        "curve. The gap between the dashed curve and the QNN is the network's own."
    )


def _tasks(experiment: Experiment) -> LiveTasks:
    """The work of this session for these pictures and layers; kept when the controls move on."""
    kept: dict[Experiment, LiveTasks] = st.session_state.setdefault("slides", {})
    try:
        any_threshold = to_the_end(experiment.with_(threshold=MIDDLE))
    except InputError:  # no picture is left there, but there are some here
        any_threshold = to_the_end(experiment).with_(threshold=MIDDLE)
    if any_threshold not in kept:
        points = (any_threshold.with_(threshold=threshold) for threshold in thresholds())
        kept[any_threshold] = LiveTasks({point.threshold: (slide_point, (point,)) for point in points})
    return kept[any_threshold]


def _grow(tasks: LiveTasks, here: float) -> None:
    was_complete = tasks.complete
    tasks.tick(workers(), at_once=os.cpu_count() or 1)
    if tasks.complete and not was_complete:
        st.rerun()
    if not tasks.complete:
        st.progress(tasks.finished / tasks.total, f"{tasks.finished} of {tasks.total} thresholds")
    points = list(tasks.results.values())
    best = max(points, key=lambda point: point.quantum, default=None)
    frame.chart(
        threshold_slide(points, here),
        alt=f"Test accuracy of the ceiling, the quantum and the fair network at {len(points)} thresholds.",
        caption="The ceiling falls where the threshold makes different pictures the same."
        + (f" The QNN is best at {best.threshold:g}: {best.quantum:.3f}." if best else ""),
        key="slide_chart",
    )
    if tasks.errors:
        st.caption("; ".join(sorted(set(tasks.errors.values()))))
