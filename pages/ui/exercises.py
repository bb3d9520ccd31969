"""Exercises on a page: what to do, where to do it, and whether what is on the desk solves it."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import streamlit as st

from pages import PAGES
from pages.ui import frame, jobs, models
from pages.ui.comparison import pictures_of
from pages.ui.desk import desk
from pages.ui.sources import drawing
from qnn_core import Experiment, InputError, model_file
from qnn_core.circuit import pixel_name
from qnn_core.contest.contenders import CONTENDERS
from qnn_core.contest.exercises import EXERCISES, MOST_PIXELS, Exercise, Work
from qnn_core.model_file import SavedModel
from qnn_core.training.budget import to_the_end


def show() -> None:
    """All exercises; a check runs only while its part is open."""
    for exercise in EXERCISES.values():
        with st.container(border=True, gap="small"):
            st.markdown(f"**{exercise.title}**  \n{exercise.blurb}")
            title, icon = PAGES[exercise.page]
            st.page_link(f"pages/{exercise.page}.py", label=f"Do it on page {title}", icon=icon)
            frame.more(partial(_check, exercise), key=f"check_{exercise.name}", label=f"Check: {exercise.title}")


def _check(exercise: Exercise) -> None:
    experiment = desk().experiment
    made = [GATHER[need](experiment) for need in exercise.needs]
    finding = exercise.check(Work(experiment, **{name: value for part in made for name, value in part.items()}))
    if finding.done:
        st.success(f"Done. {finding.words}", icon=":material/check:")
    else:
        st.info(f"Not yet. {finding.words}", icon=":material/pending:")


def _run(experiment: Experiment) -> dict[str, Any]:
    """The weights of the run on page 6, where its film rests; none before its first step."""
    run = jobs.peek_run(experiment)
    return {"weights": run.at(desk().position)[1] if run is not None and run.state.step else None}


def _fair(experiment: Experiment) -> dict[str, Any]:
    return {"fair": models.fair_share(experiment)}


def _pixel(experiment: Experiment) -> dict[str, Any]:
    """A control to name a pixel by its row and column; where there are too many, the check says so."""
    if experiment.pixels > MOST_PIXELS:
        return {}
    chosen: int | None = desk().choice(
        st.selectbox,
        "The pixel, by row and column",
        list(range(experiment.pixels)),
        key=f"pixel_of_{experiment.grid}",
        default=None,
        format_func=lambda k: pixel_name(k, experiment.grid),
        placeholder="Name one",
    )
    return {} if chosen is None else {"pixel": chosen, "trained": models.trained(to_the_end(experiment)).weights}


def _drawing(experiment: Experiment) -> dict[str, Any]:
    verdicts, missing = _verdicts(experiment)
    return {"verdicts": verdicts, "missing_cnn": missing}


GATHER: dict[str, Callable[[Experiment], dict[str, Any]]] = {
    "run": _run,
    "fair": _fair,
    "pixel": _pixel,
    "drawing": _drawing,
}
"""What an exercise may need → fields of Work, from what is on the desk."""


def _verdicts(experiment: Experiment) -> tuple[dict[str, float], str]:
    """What the networks say about the drawing, by their names, and what to do for a CNN that is not there."""
    image, asked = drawing(experiment)
    if image is None or asked is None:
        return {}, ""
    weights = models.trained(to_the_end(experiment)).weights
    verdicts = {
        "qnn": float(models.ask(experiment, weights, asked[None])[0]),
        "fair": float(models.fair(experiment).decision_function(asked[None])[0]),
    }
    cnn, missing = _cnn(experiment)
    if cnn is not None:
        verdicts["cnn"] = float(cnn.decide(image[None])[0])
    return verdicts, missing


def _cnn(experiment: Experiment) -> tuple[SavedModel | None, str]:
    """The CNN on page 8, or the one trained on page 7; None, and one sentence about how to get one."""
    loaded = desk().loaded
    if loaded is not None and loaded.network == "cnn":
        return loaded, ""
    advice = CONTENDERS["cnn"].missing()
    if advice:
        return None, advice
    job = jobs.peek_cnn(pictures_of(experiment), desk().choices.get("budget", "tutorial"))
    if job is None or job.outcome is None:
        return None, "There is no CNN yet. Train it on page 7, then come back."
    try:
        return model_file.load(BytesIO(job.to_bytes())), ""
    except InputError as problem:
        return None, str(problem)
