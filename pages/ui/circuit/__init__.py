"""The living circuit: point at a pixel, and its wire, its gates and what it does to the readout light up."""

from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui import frame, marks, shade
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.figures.circuit.alive import living_circuit, table
from qnn_core.tokens import stylesheet

FOLDER = Path(__file__).parent
STYLES = stylesheet(".circuit", ".circuit.dark") + (FOLDER / "circuit.css").read_text("utf-8")
SCRIPT = marks.SCRIPT + (FOLDER / "circuit.js").read_text("utf-8")
_circuit = st.components.v2.component("qnn_circuit", css=STYLES, js=SCRIPT)


def show(
    experiment: Experiment,
    weights: Array,
    pixels: Array,
    *,
    key: str,
    truth: float | None = None,
    signal: int = 0,
) -> dict[str, Any]:
    """Draw the circuit with one image in it, and return what was drawn, for `numbers`.

    weights: half-turns (layers, n). pixels: half-turns (n,) in [0, 1]. key: the same for the same picture.
    truth: the image's label ±1, where it is known.
    signal: a signal runs along the wires, once, when this number has changed and is not 0. Raises InputError.
    """
    data = living_circuit(experiment, weights, pixels)
    desk().component(_circuit, key=key, data={**data, "truth": truth, "signal": signal, "dark": shade.is_dark()})
    return data


def numbers(data: dict[str, Any]) -> None:
    """The same as a table, behind a click."""
    frame.numbers("picture", lambda: table(data))
