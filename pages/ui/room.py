"""What happens to a drawing, for every page that has a pad: its journey, the needle, the sentence about it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import example, living, models, shade, sources
from pages.ui.living import Picture, Sentence
from pages.ui.pad import Answer
from pages.ui.sources import Asked
from qnn_core import Experiment
from qnn_core.arrays import Array, Bytes
from qnn_core.data.encoding import ENCODINGS
from qnn_core.figures.data.journey import journey_svg
from qnn_core.figures.training.gauge import gauge_svg
from qnn_core.words import signed

WIDEST_NEEDLE = 480
"""In pixels."""


def expectation(experiment: Experiment, asked: Asked, weights: Array) -> float | None:
    """⟨Z⟩ of the picture that is asked about; None if there is no digit to ask about."""
    return None if asked.pixels is None else float(models.ask(experiment, weights, asked.pixels[None])[0])


def verdict(experiment: Experiment, asked: Asked, value: float | None, *, aloud: bool = False) -> None:
    """The needle and one sentence about the picture. aloud: say the verdict, too."""
    living.show("needle", _needle(experiment, value))
    first, second = experiment.digits
    st.caption(f"Right of 0 is a {first}, left of 0 a {second}. Near 0 the network hardly knows.")
    living.show("sentence", _sentence(experiment, asked, value if aloud else None))


def journey(experiment: Experiment, asked: Asked, caption: str, *, wires: bool = False) -> None:
    """The picture on its way into the circuit. wires: up to the wires that it lights."""
    living.show("journey", _journey(experiment, asked, wires=wires))
    st.caption(caption)


def answer(
    experiment: Experiment, weights: Callable[[], Array | None], *, wires: bool = False, aloud: bool = False
) -> Answer:
    """How to answer this visitor's pen: what `verdict` and `journey` show of a drawing, without a page.

    weights: those of the network that is asked, or None while it is not there. wires, aloud: as of those two.
    """
    dark = shade.is_dark()

    def answered(ink: Bytes | None) -> dict[str, Any]:
        trained = weights()
        if ink is None:
            return {}
        asked = sources.on_pad(experiment, ink)
        said: dict[str, Picture | Sentence] = {"journey": _journey(experiment, asked, wires=wires)}
        if trained is not None:
            value = expectation(experiment, asked, trained)
            said["needle"] = _needle(experiment, value)
            said["sentence"] = _sentence(experiment, asked, value if aloud else None)
        return {name: one.sent(dark=dark) for name, one in said.items()}

    return answered


def _needle(experiment: Experiment, value: float | None) -> Picture:
    alt = "No verdict." if value is None else f"The expectation value is {signed(value)}."
    return Picture(gauge_svg(value, experiment.digits), alt, WIDEST_NEEDLE)


def _sentence(experiment: Experiment, asked: Asked, value: float | None) -> Sentence:
    """About the picture; value: of which the verdict is said first, or None."""
    loud = "" if value is None else f"It says {example.digit(experiment, value)}."
    return Sentence(asked.says, loud, asked.trouble)


def _journey(experiment: Experiment, asked: Asked, *, wires: bool) -> Picture:
    n = experiment.grid**2
    nothing = np.full(n, np.nan)
    pixels = nothing if asked.pixels is None else asked.pixels
    gate = ENCODINGS[experiment.encoding].gate
    lit = f" It sets the {gate} gate on {int((pixels > 0).sum())} of {n} wires." if wires else ""
    svg = journey_svg(
        np.full((28, 28), np.nan) if asked.image is None else asked.image,
        nothing if asked.grey is None else asked.grey,
        pixels,
        layers=experiment.layers if wires else (),
        gate=gate,
    )
    side = experiment.grid
    return Picture(svg, f"The picture at 28×28, shrunk to {side}×{side}, and as the qubits hold it.{lit}")
