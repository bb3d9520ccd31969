"""The live training panel: buttons, curves that grow, weights that move."""

import time

import streamlit as st

from pages.ui import follow, frame, jobs, models, strip
from pages.ui.desk import desk
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare
from qnn_core.figures.training.curves import accuracy_curve, loss_curve, verdict_histogram
from qnn_core.figures.training.weights import weight_maps
from qnn_core.live.runs import RunJob

FIRST_LOOK = 0.6
"""Seconds that a network which is kept trained may take before it is first shown."""
MOMENTS = 3
"""With fewer there is nothing to look back at."""
PACES = {"Slow motion": None, "Normal": 12, "Flat out": 1}
"""Menu → pictures of the whole run (Slow motion: one for each step)."""
FRAME_SECONDS = 0.3
"""The film moves on after so long at the earliest."""
PAGE, TITLE = "6_train", "Training"
PLAYING, FILM, MOVED = "playing", "film", "film moved"
"""Names of the desk's choices: the Experiment whose film is playing, at which step, and when it last moved."""


def run_of(experiment: Experiment) -> RunJob:
    """The run of an Experiment, which all visitors share, and a switch for what the fair network gets to see."""
    same = desk().choice(
        st.toggle,
        "Same examples for both networks",
        key=jobs.SAME_EXAMPLES,
        default=False,
        help="The fair network usually sees all images kept; this gives it only the QNN's.",
    )
    return jobs.run(experiment, same_examples=same)


def keep_trained(experiment: Experiment) -> RunJob:
    """The run, under way, after a moment in which most of it is done."""
    run = jobs.run(experiment)
    if run.status(visitor()) in {"ready", "paused"}:
        run.want(visitor())
        run.wait(FIRST_LOOK)
    return run


def film(run: RunJob) -> int:
    """Play or pause, one step, reset, and how fast; returns the step that is shown."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.container(horizontal=True, vertical_alignment="bottom")
        pace = desk().choice(st.segmented_control, "Pace", list(PACES), key="pace", default="Normal", required=True)
    if is_playing(run):
        _move(run, run.steps // (PACES[pace] or run.steps))
    step = _step(run)
    with place:
        _buttons(run, step)
    if is_playing(run):
        follow.moving()
    elif len(run.snapshots) >= MOMENTS:
        step = _look_back(run, step)
    return step


def is_playing(run: RunJob) -> bool:
    """Whether this visitor's film of the run is moving."""
    return bool(desk().choices.get(PLAYING) == run.experiment)


def _step(run: RunJob) -> int:
    """Where this visitor's film is: it plays, or rests at the desk's position."""
    return run.at(desk().choices[FILM] if is_playing(run) else desk().position)[0]


def _play(run: RunJob) -> None:
    desk().choices.update({FILM: _step(run), PLAYING: run.experiment, MOVED: 0.0})
    desk().position = None  # on other pages the film goes on to its end
    if not run.complete:
        run.want(visitor())


def _pause(run: RunJob) -> None:
    _rest(_step(run))
    run.pause(visitor())


def _one_step(run: RunJob) -> None:
    step = _step(run)
    following = run.next_moment(step)
    if following is None:
        following = min(step + run.every, run.steps)
        run.want(visitor(), following)
    _rest(following)


def _rest(step: int | None) -> None:
    desk().choices.pop(PLAYING, None)
    desk().position = step


def _buttons(run: RunJob, step: int) -> None:
    at_the_end = run.complete and step == run.steps
    playing = is_playing(run)
    if playing:
        st.button("Pause", on_click=_pause, args=(run,), icon=":material/pause:", type="primary", shortcut="space")
    else:
        st.button(
            "Go on" if step else "Play",
            on_click=_play,
            args=(run,),
            icon=":material/play_arrow:",
            type="primary",
            disabled=at_the_end,
            shortcut="space",
        )
    stuck = playing or at_the_end
    st.button("One step", on_click=_one_step, args=(run,), icon=":material/skip_next:", disabled=stuck)
    st.button("Reset", on_click=_rest, args=(0,), icon=":material/replay:", help="Back to the same initial weights")


def _move(run: RunJob, steps: int) -> None:
    """The film moves on by so many steps, if they are computed; at the end of the run it rests."""
    now = time.monotonic()
    if now - desk().choices.get(MOVED, 0.0) < FRAME_SECONDS:
        return
    here = _step(run)
    there = run.at(here + max(steps, 1))[0]
    if there == here:
        there = run.next_moment(here) or here
    desk().choices.update({FILM: there, MOVED: now})
    if there == run.at()[0] and not run.active:
        _rest(None if run.trained else there)


def _look_back(run: RunJob, step: int) -> int:
    """A slider through the moments kept, while nothing moves; returns the one chosen."""
    last = run.at()[0]
    chosen: int = desk().draw(
        st.select_slider,
        "Look back at step",
        [moment for moment, _ in run.snapshots],
        key="moment",
        value=step,
        keep=lambda moment: _rest(None if moment == last else moment),
        help="All below as it was then; the run itself stays where it is.",
    )
    return chosen


def picture(run: RunJob, step: int) -> None:
    """All that is seen of a run at one step: from its snapshots, its records and those of the fair network."""
    strip.message(run)
    step, weights = run.at(step)
    moving = is_playing(run) or not step
    records = run.records[:step] if moving else run.records
    fair = run.fair_until(step) if moving else run.fair_records
    _numbers(run, step)
    experiment, data = run.experiment, prepare(run.experiment)
    ceiling = data.ceiling.test_best
    loss, accuracy = models.look(experiment, run.snapshots[0][1])
    left, right = st.columns(2)
    with left:
        frame.chart(
            loss_curve(records, run.steps, loss, None if step == len(records) else step),
            alt=f"Hinge loss of the quantum network against step, {len(records)} of {run.steps} steps done.",
            caption="Loss: 1 means that the network says nothing (⟨Z⟩ = 0). Watch how long it stays there.",
            key="loss",
        )
    with right:
        frame.chart(
            accuracy_curve(records, run.steps, accuracy, fair, run.fair_epochs, ceiling),
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


def _numbers(run: RunJob, step: int) -> None:
    loss, accuracy = models.look(run.experiment, run.at(step)[1])
    fair = run.fair_until(step)
    with st.container(horizontal=True, gap="medium"):
        st.metric("Step", f"{step:,} / {run.steps:,}", width="content")
        st.metric("Test loss", f"{loss:.3f}", width="content")
        st.metric("QNN, test accuracy", f"{accuracy:.3f}", width="content")
        st.metric("Fair, test accuracy", f"{fair[-1].test_accuracy:.3f}" if fair else "–", width="content")
        st.metric("Seconds computing", f"{run.seconds:.2f}", width="content")
