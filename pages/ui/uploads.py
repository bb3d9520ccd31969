"""Page 13, fourth part: one qubit that is shown one pixel again and again."""

import numpy as np
import streamlit as st

from pages.ui import frame
from pages.ui.desk import desk
from pages.ui.workers import ask
from qnn_core import Experiment
from qnn_core.figures.inside.uploads import fit_chart, spectrum_chart
from qnn_core.inside.uploads import MOST_UPLOADS, SAMPLES, STARTS, TARGETS, Fit, fit, grey_values, spectrum, upload

FINE = 400
"""Places at which the curves are drawn."""


def section(experiment: Experiment) -> None:
    """The curve beside its frequencies."""
    target, uploads = _choose()
    found = _fit(target, uploads, experiment.seed)
    fine, x = np.linspace(-1, 1, FINE), grey_values()
    wanted, says = TARGETS[target].values(x), upload(found.angles, x)
    left, right = st.columns(2)
    with left:
        frame.chart(
            fit_chart(fine, TARGETS[target].values(fine), upload(found.angles, fine)),
            alt=f"⟨Z⟩ of one qubit over the grey value after {_uploads(uploads)}, beside what is wanted.",
            caption="x is the pixel's grey, from 0 for paper to 1 for ink. The left half is the mirror image.",
            key="upload_curve",
        )
    with right:
        frame.chart(
            spectrum_chart(spectrum(wanted), spectrum(says), uploads),
            alt=f"Sizes of the frequencies; the qubit has none above {uploads}.",
            caption=f"The same as waves. {_uploads(uploads)}: the frequencies 0 to {uploads}, and no others.",
            key="upload_waves",
        )
    frame.notice(
        f"{_uploads(uploads)} of one pixel: frequencies 0 to {uploads}. The fit's mean squared "
        f"error is {found.error:.4f}; no circuit with so few uploads gets below {found.bound:.4f}."
    )
    frame.more(
        lambda: _details(experiment, target, uploads), key="uploads_more", label="More: every number of uploads"
    )


def _uploads(number: int) -> str:
    return f"{number} upload{'s' * (number > 1)}"


def _choose() -> tuple[str, int]:
    """What is to be learnt, and from how many uploads."""
    left, right = st.columns(2)
    target: str = desk().choice(
        left.segmented_control,
        "What the qubit is to learn",
        list(TARGETS),
        key="upload_target",
        default="dark",
        required=True,
        format_func=lambda name: TARGETS[name].title,
    )
    uploads: int = desk().choice(
        right.slider, "Uploads L of the same pixel", 1, MOST_UPLOADS, key="uploads", default=3
    )
    return target, uploads


@st.cache_data(show_spinner="Fitting …", max_entries=200)
def _fit(target: str, uploads: int, seed: int) -> Fit:
    return ask(fit, target, uploads, seed)


def _details(experiment: Experiment, target: str, uploads: int) -> None:
    tried = range(1, uploads + 1)
    fits = [_fit(target, number, experiment.seed) for number in tried]
    st.dataframe(
        {
            "uploads": list(tried),
            "trained angles": [each.angles.size for each in fits],
            "mean squared error": [round(each.error, 5) for each in fits],
            "at least": [round(each.bound, 5) for each in fits],
        },
        hide_index=True,
    )
    st.caption(
        f"Least squares at {SAMPLES} greys from {STARTS} random starts of this seed, the best one shown. “At least” "
        "is what the best sum of these waves leaves; a qubit must also stay between −1 and 1."
    )
