"""What the page "scale" runs on the workers: trainings, logistic regression, the slopes, one question to Aer."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask, visitor
from qnn_core import Experiment, InputError, prepare
from qnn_core.circuit import qubit_count
from qnn_core.engines.mps import SecondOpinion, second_opinion
from qnn_core.figures.inside.scale import slopes_chart, starts_curve
from qnn_core.inside.scale import (
    MEASURED_GRIDS,
    WITHOUT_XX,
    Straight,
    measured_slopes,
    moved,
    scale_experiment,
    straight,
)
from qnn_core.live.runs import RunJob
from qnn_core.training.losses import LOSSES
from qnn_core.training.starts import initial_weights
from qnn_core.words import rough, signed

PAGE = "12_scale"
AER = "aer_wanted"
"""The desk's choice: the Experiment and the weights about which Aer was asked."""
NARROW, ANYWHERE, NO_XX = "Narrow start", "Anywhere", "Anywhere, without XX"
CLEARLY = 0.05
"""Accuracies that differ by less are not called better or worse here."""


def runs_of(experiment: Experiment, grid: int) -> dict[str, RunJob]:
    """The three runs on a grid; they begin when first asked for."""
    wanted = {
        NARROW: scale_experiment(experiment, grid, "narrow"),
        ANYWHERE: scale_experiment(experiment, grid, "uniform"),
        NO_XX: scale_experiment(experiment, grid, "uniform", WITHOUT_XX),
    }
    runs = {name: jobs.run(each, alone=True) for name, each in wanted.items()}
    for run in runs.values():
        if run.status(visitor()) in {"ready", "paused"}:
            run.want(visitor())
    return runs


def classical(experiment: Experiment) -> Straight | None:
    """Logistic regression on the same bits; None while it is being fitted."""
    job = jobs.tasks("logistic", what="grids")
    job.want(visitor(), {experiment: (straight, (experiment,))})
    strip.strip(job, "Logistic regression", page=PAGE)
    found: Straight | None = job.found([experiment]).get(experiment)
    return found


def chart(runs: Mapping[str, RunJob]) -> None:
    """The losses so far."""
    for message in {run.message for run in runs.values() if run.message}:
        st.warning(plain(message))
    steps, loss = runs[NARROW].steps, LOSSES[runs[NARROW].experiment.loss]
    frame.chart(
        starts_curve({name: run.records for name, run in runs.items()}, steps, 1.1 * loss.unsure),
        alt=f"Loss over {steps:,} steps from a narrow start and from starts anywhere.",
        caption="Same pictures, same optimiser, all training images. What differs is where the weights begin, and "
        "whether there is an XX layer.",
        key="starts",
    )


def progress(runs: Mapping[str, RunJob]) -> None:
    """How far each run is."""
    for name, run in runs.items():
        strip.strip(run, name, page=PAGE)


def numbers(runs: Mapping[str, RunJob], linear: Straight | None) -> None:
    """Test accuracies side by side."""
    st.caption(f"Share of the test images told right; the narrow start took {runs[NARROW].seconds:.1f} s.")
    with st.container(horizontal=True, gap="large"):
        for name, run in runs.items():
            found = accuracy(run)
            st.metric(name, "–" if found is None else f"{found:.4f}", width="content")
        st.metric("Logistic regression", "–" if linear is None else f"{linear.accuracy:.4f}", width="content")


def accuracy(run: RunJob) -> float | None:
    """Where the test images were looked at last, if they were."""
    tested = [record.test_accuracy for record in run.records if record.test_accuracy is not None]
    return tested[-1] if tested else None


def take_home(runs: Mapping[str, RunJob], linear: Straight | None) -> str:
    """What the three runs and logistic regression show, once they are there. Two sentences."""
    found = {name: accuracy(run) for name, run in runs.items()}
    ended = all(run.complete for run in runs.values())
    narrow, wide, bare = (found[name] for name in (NARROW, ANYWHERE, NO_XX))
    if not ended or linear is None or narrow is None or wide is None or bare is None:
        return (
            "Three networks are being trained, and logistic regression beside them. They start in different places."
        )
    qubits = qubit_count(runs[NARROW].experiment)
    quantum = f"From a narrow start {qubits} qubits tell {narrow:.4f} of the test images right"
    first = f"{quantum}, logistic regression on the same bits {linear.accuracy:.4f}."
    lost, bare_lost = (value < narrow - CLEARLY for value in (wide, bare))
    if not lost:
        but = f" Without the XX layer it is {bare:.4f} from there." if bare_lost else ""
        return f"{first} At this size a start anywhere comes as far: {wide:.4f}.{but}"
    also = f", and {bare:.4f} without the XX layer" if bare_lost else f"; without the XX layer it is {bare:.4f}"
    return f"{first} From anywhere it is {wide:.4f}{also}: the start decides, not the number of qubits."


def weights_that_moved(run: RunJob) -> str:
    """How many weights training has changed, in a sentence; nothing before it has ended."""
    if not run.complete:
        return ""
    weights = run.state.weights
    count = moved(initial_weights(run.experiment), weights)
    still = "" if count == weights.size else " The others stay exactly where they began."
    return f"{count:,} of {weights.size:,} weights have moved.{still}"


def slopes() -> None:
    """The measured slopes of one picture, beside their law."""
    job = jobs.tasks("slopes", what="grids")
    job.want(visitor(), {grid: (measured_slopes, (grid,)) for grid in MEASURED_GRIDS})
    strip.strip(job, "Slopes", page=PAGE)
    frame.chart(
        slopes_chart(list(job.found(MEASURED_GRIDS).values())),
        alt="Mean squared slope at random weights against the number of data qubits, with the law (3/4)^n.",
        caption="How ⟨Z⟩ of one picture changes with a ZZ weight t of XX, ZZ. Each data qubit more takes a quarter "
        "of the squared slope away. Without XX this slope stays. But then the pictures' slopes cancel in the loss: "
        "see page 10.",
        key="slopes",
    )


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


def check(run: RunJob) -> None:
    """Ask Aer about one picture."""
    st.button(
        "Ask Aer about one picture",
        on_click=want_aer,
        args=(run,),
        icon=":material/fact_check:",
        help="Its matrix_product_state simulator.",
    )
    answer = aers_answer(run.experiment)
    if isinstance(answer, str):
        st.error(plain(answer))
    elif answer is not None:
        st.success(
            f"First test picture, ⟨Z⟩ = {signed(answer.contraction, '.6f')}. "
            f"Aer says {signed(answer.aer, '.6f')} after {answer.seconds:.1f} s; "
            f"the difference is {rough(abs(answer.aer - answer.contraction))}."
        )
