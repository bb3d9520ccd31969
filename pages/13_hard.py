"""Page 13: when is it hard for an ordinary computer, and when does quantum data help?"""

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
    """title: in the choice. question: at the head. draw: the part itself. code: what it computes with."""

    title: str
    question: str
    draw: Callable[[Experiment], None]
    code: tuple[Callable[..., Any], ...]


PARTS = {
    "ring": Part(
        "Ring",
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

FIRST = next(iter(PARTS))
CHOSEN = "hard_part"


def chosen() -> Part:
    """The part that this visitor looks at."""
    return PARTS[desk().choices.get(CHOSEN, FIRST)]


frame.head("13_hard", lambda: chosen().question)
experiment = controls.panel(status=False)
desk().choice(
    st.segmented_control,
    "Part of this page",
    list(PARTS),
    key=CHOSEN,
    default=FIRST,
    required=True,
    format_func=lambda name: PARTS[name].title,
    label_visibility="collapsed",
)
chosen().draw(experiment)
frame.code(experiment, *chosen().code)
frame.end("13_hard")
