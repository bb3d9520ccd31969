"""Page 13: when is a quantum network hard to imitate, and when does quantum data help?"""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from pages.ui import alike, controls, copies, frame, ring, uploads
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.engines.ring import contraction
from qnn_core.inside.kernel import fidelity_kernel
from qnn_core.inside.schmidt import schmidt_values
from qnn_core.inside.two_copies import bell_outcomes, one_copy_limit, two_copies_success
from qnn_core.inside.uploads import upload


class Part(NamedTuple):
    """title: in the choice. question: above the picture. draw: the part itself. code: what it computes with."""

    title: str
    question: str
    draw: Callable[[Experiment], None]
    code: tuple[Callable[..., Any], ...]


PARTS = {
    "ring": Part(
        "A ring of gates",
        "The star has been easy all along. What if its data qubits meet?",
        ring.section,
        (contraction, schmidt_values),
    ),
    "copies": Part(
        "Quantum data",
        "When does quantum data help?",
        copies.section,
        (bell_outcomes, two_copies_success, one_copy_limit),
    ),
    "kernel": Part(
        "Kernel",
        "What if the circuit only says how alike two pictures are?",
        alike.section,
        (fidelity_kernel,),
    ),
    "uploads": Part(
        "Uploads",
        "What can a single qubit learn, if it is shown a pixel again and again?",
        uploads.section,
        (upload,),
    ),
}

frame.head("13_hard", "When is a quantum network hard for an ordinary computer, and when is it useful?")
experiment = controls.panel(status=False)
chosen: str = desk().choice(
    st.segmented_control,
    "Part of this page",
    list(PARTS),
    key="hard_part",
    default="ring",
    required=True,
    format_func=lambda name: PARTS[name].title,
    label_visibility="collapsed",
)
part = PARTS[chosen]
st.subheader(part.question, anchor=False)
part.draw(experiment)
frame.code(experiment, *part.code)
frame.end("13_hard")
