"""All 45 pairs of digits: which are hard for everybody, and which only for one network."""

from collections.abc import Mapping
from functools import partial
from itertools import combinations

import streamlit as st

from pages.ui import frame, jobs
from pages.ui.comparison import pictures_of, show, want
from pages.ui.desk import desk, value_of
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.contest.contenders import CONTENDERS, contend
from qnn_core.contest.table import PAIR
from qnn_core.figures.contest.comparison import pair_matrix
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import SAME_LOSS

MATRIX, CLICKED = "pairs", "pair clicked"
"""The matrix of all pairs, and the desk's name for what a click on it has to say."""
PAIRS = list(combinations(range(10), 2))
SHOWN = {"QNN (32)": PAIR[0], "Fair network": PAIR[1], "Ceiling": None}
"""What the matrix can show → whose accuracy it is; None for the ceiling."""
WITH = ("convergence", SAME_LOSS)
"""The budgets that train to the end; the quantum network has another loss in each."""

Accuracies = Mapping[tuple[int, int], float]


@st.cache_data(show_spinner=False, max_entries=200)
def ceiling_of(pictures: Experiment) -> float:
    """The ceiling on the test images; kept, because the data of all 45 pairs are too many to keep."""
    return prepare(pictures).ceiling.test_best


def all_pairs(experiment: Experiment) -> None:
    """QNN, fair network and ceiling for all 45 pairs of digits."""
    if clicked := desk().choices.pop(CLICKED, None):
        st.toast(clicked)
    budget = desk().choices.get("pairs_budget", "convergence")
    # The same work, whichever pair of digits the panel shows.
    pictures = pictures_of(experiment).with_(digits=(3, 6))
    job = pair_runs(pictures, budget)
    results = dict(job.results)
    quantum, fair = (_of(results, name) for name in PAIR)
    ceilings = {pair: ceiling_of(pictures.with_(digits=pair)) for pair in {**quantum, **fair}}
    frame.notice(hardest(quantum, ceilings, loss_of(budget), missing=len(PAIRS) - len(quantum)))
    which = choose()
    show(job)
    values = {"QNN (32)": quantum, "Fair network": fair, "Ceiling": ceilings}[which]
    draw(experiment, values, which)
    pick(experiment)
    columns = {"pair": [f"{a} or {b}" for a, b in values], "test accuracy": list(values.values())}
    frame.numbers("chart", lambda: columns)


def pair_runs(pictures: Experiment, budget: str) -> TasksJob:
    """Both networks on all pairs, trained to the end."""
    job = jobs.tasks("pairs", pictures, budget)
    want(
        job,
        {(name, pair): (contend, (name, pictures.with_(digits=pair), budget)) for pair in PAIRS for name in PAIR},
    )
    return job


def _of(results: Mapping, name: str) -> Accuracies:
    return {pair: outcome.test_accuracy for (model, pair), outcome in results.items() if model == name}


def hardest(quantum: Accuracies, ceilings: Accuracies, loss: str, *, missing: int) -> str:
    """The pair with the lowest ceiling, and the one where the quantum network is furthest below its ceiling."""
    if missing:
        return f"The hardest pairs are named when all are there: {missing} of {len(PAIRS)} are missing."
    lowest = min(PAIRS, key=lambda pair: ceilings[pair])
    furthest = max(PAIRS, key=lambda pair: ceilings[pair] - quantum[pair])
    return (
        f"Hardest for everybody: {lowest[0]} or {lowest[1]}, where nobody gets above {ceilings[lowest]:.3f}. "
        f"Trained with the {loss}, QNN (32) is furthest below the ceiling at {furthest[0]} or {furthest[1]}: "
        f"{quantum[furthest]:.3f} of {ceilings[furthest]:.3f}."
    )


def loss_of(budget: str) -> str:
    """What the quantum network is trained with under a budget."""
    return LOSSES[CONTENDERS[PAIR[0]].allowance(budget).loss].words


def choose() -> str:
    """Whose accuracy is shown, and what the quantum network is trained with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which: str = desk().choice(
            st.segmented_control, "Accuracy of", list(SHOWN), key="pairs_of", default="QNN (32)", required=True
        )
        desk().choice(
            st.selectbox,
            "The QNN is trained with",
            list(WITH),
            key="pairs_budget",
            default="convergence",
            format_func=lambda budget: loss_of(budget).capitalize(),
            width=230,
        )
    return which


def draw(experiment: Experiment, values: Accuracies, which: str) -> None:
    """The matrix, which can be clicked."""
    frame.plot(
        pair_matrix(values, f"Test accuracy: {which}", experiment.digits),
        key=MATRIX,
        on_select=partial(go_to_pair, experiment),
        selection_mode="points",
        alt=f"Test accuracy of {which} for all pairs of digits.",
    )
    st.caption(
        "Click a cell to set these two digits for the whole lesson; those set now are outlined. Both networks are "
        "trained to convergence."
    )


def pick(experiment: Experiment) -> None:
    """The same without a click on the matrix."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pair = desk().choice(
            st.selectbox,
            "Go to a pair",
            PAIRS,
            key="pair",
            default=PAIRS[0],
            format_func=lambda pair: f"{pair[0]} or {pair[1]}",
            width=180,
        )
        st.button("Set the digits", on_click=set_digits, args=(experiment, *pair))
        st.caption(f"Set now: {experiment.digits[0]} or {experiment.digits[1]}.", width="content")


def go_to_pair(experiment: Experiment) -> None:
    """Set the panel's digits to the cell that was clicked."""
    points = value_of(MATRIX).selection.points
    if points and points[0].get("x") != points[0].get("y"):
        set_digits(experiment, *sorted((int(points[0]["x"]), int(points[0]["y"]))))


def set_digits(experiment: Experiment, first: int, second: int) -> None:
    """Set the panel to two digits, and say so; for callbacks."""
    desk().change("digits", digits=(first, second))
    if desk().refused is None:
        # Said on the next run: what a callback shows is lost if the page is drawn again at once.
        desk().choices[CLICKED] = f"The digits are now {first} and {second}, on every page."
