"""What the page "scale" runs on the workers: two trainings, the slopes, and one question to Aer."""

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask, visitor
from qnn_core import Experiment, InputError, prepare
from qnn_core.engines.mps import SecondOpinion, second_opinion
from qnn_core.figures.inside.scale import slopes_chart, starts_curve
from qnn_core.inside.scale import MEASURED_GRIDS, measured_slopes, scale_experiment
from qnn_core.live.runs import RunJob
from qnn_core.live.tasks import TasksJob

PAGE = "12_scale"
AER = "aer_wanted"
"""The desk's choice: the Experiment and the weights about which Aer was asked."""


def runs_of(experiment: Experiment, grid: int) -> dict[str, RunJob]:
    """The two runs on a grid, one for each start; they begin when first asked for."""
    runs = {start: jobs.run(scale_experiment(experiment, grid, start), alone=True) for start in ("narrow", "uniform")}
    for run in runs.values():
        if run.status(visitor()) in {"ready", "paused"}:
            run.want(visitor())
    return runs


def slopes() -> TasksJob:
    """The measured slopes."""
    job = jobs.tasks("slopes", what="grids")
    job.want(visitor(), {grid: (measured_slopes, (grid,)) for grid in MEASURED_GRIDS})
    return job


def live(runs: dict[str, RunJob], slopes: TasksJob) -> None:
    """What is computed so far."""
    for start, run in runs.items():
        strip.strip(run, f"{start.title()} start", page=PAGE)
    strip.strip(slopes, "Slopes", page=PAGE)
    _numbers(runs)
    for message in {run.message for run in runs.values() if run.message}:
        st.warning(plain(message))
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
            slopes_chart(list(slopes.found(MEASURED_GRIDS).values())),
            alt="Mean squared slope at random weights against the number of data qubits, with the law (3/4)^n.",
            caption="The barren plateau: each data qubit more takes a quarter of the squared slope away. "
            "t is a weight, in half-turns.",
            key="slopes",
        )


def _numbers(runs: dict[str, RunJob]) -> None:
    with st.container(horizontal=True, gap="large"):
        for start, run in runs.items():
            tested = [record for record in run.records if record.test_accuracy is not None]
            accuracy = f"{tested[-1].test_accuracy:.4f}" if tested else "–"
            loss = f"{np.mean([record.loss for record in run.records[-20:]]):.4f}" if run.records else "–"
            st.metric(f"{start.title()}: accuracy", accuracy, width="content")
            st.metric(f"{start.title()}: loss", loss, width="content")
        st.metric("Seconds", f"{runs['narrow'].seconds:.1f}", width="content")


def want_aer(run: RunJob) -> None:
    """A press of the button; kept with the weights that the run has now."""
    desk().choices[AER] = (run.experiment, run.state.weights)


def aers_answer(experiment: Experiment) -> SecondOpinion | str | None:
    """⟨Z⟩ of the first test image with the weights at the press, from both, or one sentence; None without a press."""
    wanted, weights = desk().choices.get(AER, (None, None))
    return _ask_aer(experiment, weights) if wanted == experiment else None


@st.cache_data(show_spinner="Aer is computing …", max_entries=20)
def _ask_aer(experiment: Experiment, weights: np.ndarray) -> SecondOpinion | str:
    image = prepare(experiment).test
    try:
        answer: SecondOpinion = ask(second_opinion, experiment, image.images[image.row[0]], weights)
    except InputError as error:
        return str(error)
    return answer
