"""One block without a two-qubit gate: a dynamic circuit beside the star, measured by Aer with as many shots."""

import streamlit as st

from pages.ui import opened
from pages.ui.box.parts import Opened
from pages.ui.desk import desk
from pages.ui.said import plain
from qnn_core import InputError
from qnn_core.circuit import asks_once
from qnn_core.engines import contracted
from qnn_core.inside.all_pictures import MAX_PIXELS
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.flips import RandomFlips
from qnn_core.live.films.common import name_of
from qnn_core.machine.dynamic import Measured, measure_both
from qnn_core.machine.shots import CONFIDENCE, Estimate
from qnn_core.words import rough, signed

SHOTS = (100, 1000, 10_000, 50_000)
MEASURED = "measured"
"""Under this name the desk keeps what Aer measured, with the name of what it was asked."""


def section(box: Opened) -> None:
    """How it works; a button that runs both circuits; what they said."""
    if not asks_once(box.experiment.layers):
        st.caption("Here every data qubit is asked more than once, so none may be measured before the end.")
        return
    st.markdown(
        "Turn a data qubit, **measure** it, and rotate the readout by +φ or −φ as it came out. "
        "A qubit that was measured is free, so one data qubit does for all pixels."
    )
    own = desk()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shots: int = own.choice(
            st.segmented_control,
            "Shots for each circuit",
            SHOTS,
            key="dynamic_shots",
            default=SHOTS[1],
            required=True,
            format_func=lambda number: f"{number:,}",
        )
        pressed = st.button("Measure both circuits", icon=":material/play_arrow:")
    asked = f"{shots} {name_of(box.experiment, box.weights)} {box.asked.pixels.tobytes().hex()}"
    if pressed:
        own.choose(MEASURED, (asked, _run(box, shots)))
    kept, found = own.choices.get(MEASURED, ("", None))
    if kept != asked or found is None:
        return
    if isinstance(found, str):
        st.warning(found)
    else:
        _said(box, found)


def _run(box: Opened, shots: int) -> Measured | str:
    """What Aer says in a worker, or why it does not."""
    with st.spinner(f"Aer measures both circuits {shots:,} times …"):
        try:
            return opened.with_qiskit(
                measure_both,
                contracted(box.experiment),
                box.weights,
                box.asked.pixels,
                shots,
                box.experiment.seed,
            )
        except InputError as refusal:
            return plain(refusal)


def _said(box: Opened, found: Measured) -> None:
    """Both circuits, their intervals, and whether the exact ⟨Z⟩ is in them."""
    rows = [("without two-qubit gates", found.qubits[1], 0, found.dynamic)]
    gates = sum(len(layer) for layer in box.weights)
    if found.star is not None:
        rows.insert(0, ("the network as drawn", found.qubits[0], gates, found.star))
    st.dataframe(
        {
            "circuit": [row[0] for row in rows],
            "qubits": [row[1] for row in rows],
            "two-qubit gates": [row[2] for row in rows],
            "⟨Z⟩ measured": [signed(row[3].value, ".4f") for row in rows],
            f"{CONFIDENCE:.0%} interval": [_interval(row[3]) for row in rows],
            "exact ⟨Z⟩ inside": ["yes" if _holds(row[3], box.value) else "no" for row in rows],
        },
        hide_index=True,
    )
    if found.star is None:
        st.caption(
            f"The network as drawn would need a statevector of {found.qubits[0]} qubits, which does not fit. "
            "Without two-qubit gates it runs all the same."
        )
    st.caption(f"Of 20 such intervals about one misses. {_exactly(box)}")


def _exactly(box: Opened) -> str:
    """The exact ⟨Z⟩, and by how much the mean over all flips differs from it."""
    exact = f"Exactly, ⟨Z⟩ = {signed(box.value, '.6f')}."
    if box.experiment.pixels > MAX_PIXELS:
        return exact
    mean = RandomFlips.of(cosine_neuron(box.experiment, box.weights), box.asked.pixels).mean()
    ways = 2**box.experiment.pixels
    return f"{exact} The mean over all {ways:,} ways to come out differs by {rough(abs(mean - box.value))}."


def _interval(one: Estimate) -> str:
    return f"{signed(one.low, '.4f')} to {signed(one.high, '.4f')}"


def _holds(one: Estimate, value: float) -> bool:
    # The exact value is known to twelve digits; an interval that ends at ±1 holds what is rounded past it.
    return one.low - 1e-12 <= value <= one.high + 1e-12
