"""What the page "scale" runs on the workers: two trainings, the slopes, and one question to Aer."""

from typing import Any

import numpy as np
import streamlit as st

from pages.ui import frame
from pages.ui.workers import ask, workers
from qnn_core import Experiment, InputError, prepare
from qnn_core.engines.mps import SecondOpinion, second_opinion
from qnn_core.figures.inside.scale import slopes_chart, starts_curve
from qnn_core.inside.scale import MEASURED_GRIDS, measured_slopes, scale_experiment
from qnn_core.live.runs import LiveRun
from qnn_core.live.tasks import LiveTasks

TICK = 0.4


def runs_of(experiment: Experiment, grid: int) -> dict[str, LiveRun]:
    """This session's two runs on a grid, one for each start; they begin when first asked for."""
    kept: dict[Any, dict[str, LiveRun]] = st.session_state.setdefault("scale_runs", {})
    wanted = {start: scale_experiment(experiment, grid, start) for start in ("narrow", "uniform")}
    key = wanted["narrow"]
    if key not in kept:
        kept.clear()  # records of a large run are not small
        kept[key] = {start: LiveRun(run, alone=True) for start, run in wanted.items()}
        for run in kept[key].values():
            run.play()
    return kept[key]


def live(runs: dict[str, LiveRun], slopes: LiveTasks) -> None:
    """The part that ticks until all is computed."""
    done = slopes.complete and not any(run.going or run.busy for run in runs.values())
    frame.tick(_live, runs, slopes, done, every=None if done else TICK)


def _live(runs: dict[str, LiveRun], slopes: LiveTasks, was_done: bool) -> None:
    for run in runs.values():
        run.tick(workers())
    slopes.tick(workers(), at_once=1)
    done = slopes.complete and not any(run.going or run.busy for run in runs.values())
    if done and not was_done:
        st.rerun()
    _numbers(runs)
    for message in {run.message for run in runs.values() if run.message}:
        st.warning(message)
    left, right = st.columns(2)
    narrow, uniform = runs["narrow"], runs["uniform"]
    with left:
        frame.chart(
            starts_curve(narrow.records, uniform.records, narrow.steps),
            alt=f"Loss over {narrow.steps:,} steps from a narrow and from a uniform start.",
            caption="Same circuit, same data, same optimiser. Only the first weights differ.",
            key="starts",
        )
    with right:
        frame.chart(
            slopes_chart(list(slopes.results.values())),
            alt="Mean squared slope at random weights against the number of data qubits, with the law (3/4)^n.",
            caption="The barren plateau: each data qubit more takes a quarter of the squared slope away. "
            "t is a weight, in half-turns.",
            key="slopes",
        )


def _numbers(runs: dict[str, LiveRun]) -> None:
    with st.container(horizontal=True, gap="large"):
        for start, run in runs.items():
            tested = [record for record in run.records if record.test_accuracy is not None]
            accuracy = f"{tested[-1].test_accuracy:.4f}" if tested else "–"
            loss = f"{np.mean([record.loss for record in run.records[-20:]]):.4f}" if run.records else "–"
            st.metric(f"{start.title()}: accuracy", accuracy, width="content")
            st.metric(f"{start.title()}: loss", loss, width="content")
        st.metric("Seconds", f"{runs['narrow'].seconds:.1f}", width="content")


def slopes() -> LiveTasks:
    """The measured slopes of this session."""
    if "scale_slopes" not in st.session_state:
        st.session_state["scale_slopes"] = LiveTasks({grid: (measured_slopes, (grid,)) for grid in MEASURED_GRIDS})
    tasks: LiveTasks = st.session_state["scale_slopes"]
    return tasks


def want_aer(run: LiveRun) -> None:
    """A press of the button; kept, because a tick may end the run of the page in which it came."""
    st.session_state["aer_wanted"] = (run.experiment, run.state.weights)


def aers_answer(experiment: Experiment) -> SecondOpinion | str | None:
    """⟨Z⟩ of the first test image with the weights at the press, from both, or one sentence; None without a press."""
    wanted, weights = st.session_state.get("aer_wanted", (None, None))
    return _ask_aer(experiment, weights) if wanted == experiment else None


@st.cache_data(show_spinner="Aer is computing …", max_entries=20)
def _ask_aer(experiment: Experiment, weights: np.ndarray) -> SecondOpinion | str:
    image = prepare(experiment).test
    try:
        answer: SecondOpinion = ask(second_opinion, experiment, image.images[image.row[0]], weights)
    except InputError as error:
        return str(error)
    return answer
