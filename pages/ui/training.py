"""The live training panel: buttons, curves that grow, weights that move."""

import numpy as np
import streamlit as st

from pages.ui import frame, models
from pages.ui.workers import workers
from qnn_core import Experiment, prepare
from qnn_core.figures.training.curves import accuracy_curve, loss_curve, verdict_histogram
from qnn_core.figures.training.weights import weight_maps
from qnn_core.live.runs import LiveRun

TICK = 0.4
"""Seconds between two looks at the workers."""
FIRST_LOOK = 0.6
"""Seconds that a network which is kept trained may take before it is first shown."""
KEPT_RUNS = 40
MOMENTS = 3
"""With fewer there is nothing to look back at."""
PACES = {"Slow motion": 1, "Normal": 12, "Flat out": None}
"""Menu → slices in a run (Slow motion: one step each)."""
STATUS = {
    "ready": "ready",
    "running": "running",
    "stepping": "one step",
    "paused": "paused",
    "done": "done",
    "failed": "stopped",
}


def run_of(experiment: Experiment) -> LiveRun:
    """This session's run of an Experiment; made when first asked for, and kept when the controls move on."""
    runs: dict[Experiment, LiveRun] = st.session_state.setdefault("runs", {})
    if experiment not in runs:
        runs[experiment] = LiveRun(experiment)
        for old in [key for key, run in runs.items() if run.status == "ready" and key != experiment]:
            del runs[old]
        while len(runs) > KEPT_RUNS:
            del runs[next(iter(runs))]
    return runs[experiment]


def buttons(run: LiveRun) -> None:
    """Play or pause, one step, reset, and how fast."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.going:
            st.button("Pause", on_click=run.pause, icon=":material/pause:", type="primary", shortcut="space")
        else:
            label = "Play" if run.state.step == 0 else "Go on"
            st.button(
                label,
                on_click=run.play,
                icon=":material/play_arrow:",
                type="primary",
                disabled=run.complete,
                shortcut="space",
            )
        st.button("One step", on_click=run.step_once, icon=":material/skip_next:", disabled=run.going or run.complete)
        st.button("Reset", on_click=run.reset, icon=":material/replay:", help="Back to the same initial weights")
        pace = st.segmented_control("Pace", list(PACES), default="Normal", required=True, key="pace")
        slices = PACES[pace or "Normal"]
        run.pace = None if slices is None else 1 if slices == 1 else max(1, run.steps // slices)


def same_examples(run: LiveRun) -> None:
    """A switch: what the fair network gets to see."""
    run.same_examples = st.toggle(
        "Same examples for both networks",
        key="same_examples",
        help="The fair network usually sees all images kept; this gives it only the QNN's.",
        disabled=bool(run.fair_records),
        persist_state="session",
    )


def keep_trained(run: LiveRun) -> None:
    """Start the run at once and wait a moment, so that the first look already shows most of it."""
    run.pace = None
    if run.status == "ready":
        run.play()
        run.tick(workers())
        run.wait(FIRST_LOOK)


def live(run: LiveRun) -> None:
    """The part of the page that ticks while the run goes on."""
    frame.tick(_live, run, every=TICK if run.going or run.busy else None)


def _live(run: LiveRun) -> None:
    was_going = run.going or run.busy
    run.tick(workers())
    if was_going and not (run.going or run.busy):
        st.rerun()  # once, at the end: it stops the ticking and sets the buttons right
    if run.message:
        st.warning(run.message)
    _numbers(run)
    experiment, data = run.experiment, prepare(run.experiment)
    ceiling = data.ceiling.test_best
    loss, accuracy = models.look(experiment, run.snapshots[0][1])
    step, weights = _moment(run)
    left, right = st.columns(2)
    with left:
        frame.chart(
            loss_curve(run.records, run.steps, loss, None if step == run.state.step else step),
            alt=f"Hinge loss of the quantum network against step, {run.state.step} of {run.steps} steps done.",
            caption="Loss: 1 means that the network says nothing (⟨Z⟩ = 0). Watch how long it stays there.",
            key="loss",
        )
    with right:
        frame.chart(
            accuracy_curve(run.records, run.steps, accuracy, run.fair_records, run.fair_epochs, ceiling),
            alt=f"Test and training accuracy of the quantum and the fair network; the ceiling is {ceiling:.3f}.",
            caption="Test accuracy: who is higher? Nobody who sees only these pictures can pass the dashed ceiling. "
            "Dotted: accuracy in training.",
            key="accuracy",
        )
    left, right = st.columns(2)
    with left:
        frame.chart(
            verdict_histogram(models.expectation(experiment, weights), data.test.labels, experiment.digits),
            alt=f"Histogram of all test images' expectation values after step {step}, one colour for each digit.",
            caption=f"Every test image at its ⟨Z⟩ after step {step:,}. Training pulls the two heaps apart.",
            key="verdicts",
        )
    with right:
        frame.chart(
            weight_maps(weights, experiment.layers, experiment.grid),
            alt=f"The {weights.size} weights after step {step}, one map for each layer.",
            caption=f"Weights after step {step:,} in half-turns, one cell for each pixel. "
            "Cells that hardly change feel no slope.",
            key="weights",
        )


def _moment(run: LiveRun) -> tuple[int, np.ndarray]:
    """A slider through the moments kept, once nothing moves; step and weights (layers, n) of the one chosen."""
    moments = dict(run.snapshots)
    if run.going or run.busy or len(moments) < MOMENTS:
        return run.snapshots[-1]
    last = run.state.step
    help_text = "The heaps and the weights below as they were then; the run itself stays where it is."
    # With a key of its own for every end, a run that has gone on shows its end again.
    step = st.select_slider(
        "Look back at step", moments, last, key=f"moment{hash((run.experiment, last))}", help=help_text
    )
    return step, moments[step]


def _numbers(run: LiveRun) -> None:
    loss, accuracy = models.look(run.experiment, run.state.weights)
    fair = run.fair_records[-1] if run.fair_records else None
    with st.container(horizontal=True, gap="medium"):
        st.metric("Step", f"{run.state.step:,} / {run.steps:,}", width="content")
        st.metric("Test loss", f"{loss:.3f}", width="content")
        st.metric("QNN, test accuracy", f"{accuracy:.3f}", width="content")
        st.metric("Fair, test accuracy", f"{fair.test_accuracy:.3f}" if fair else "–", width="content")
        st.metric("Seconds computing", f"{run.seconds:.2f}", width="content")


def status_line(experiment: Experiment) -> None:
    """On other pages: what the run is doing, and the way back to it."""
    runs: dict[Experiment, LiveRun] = st.session_state.get("runs", {})
    run = runs.get(experiment)
    if run is None or run.status == "ready":
        return
    with st.sidebar:
        frame.tick(_status, run, every=TICK if run.going or run.busy else None)
        st.page_link("pages/6_train.py", label="Back to the training", icon=":material/trending_down:")


def _status(run: LiveRun) -> None:
    was_going = run.going or run.busy
    run.tick(workers())
    if was_going and not (run.going or run.busy):
        st.rerun()
    text = f"Training {STATUS[run.status]}: step {run.state.step:,} of {run.steps:,}"
    st.progress(run.state.step / run.steps, text)
