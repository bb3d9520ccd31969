"""What happens to a drawing, for every page that has a pad: its journey, the needle, the sentence about it."""

import numpy as np
import streamlit as st

from pages.ui import example, frame, models
from pages.ui.needle import needle
from pages.ui.said import plain
from pages.ui.sources import Asked
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.data.encoding import ENCODINGS
from qnn_core.figures.data.journey import journey_svg


def expectation(experiment: Experiment, asked: Asked, weights: Array) -> float | None:
    """⟨Z⟩ of the picture that is asked about; None if there is no digit to ask about."""
    return None if asked.pixels is None else float(models.ask(experiment, weights, asked.pixels[None])[0])


def verdict(experiment: Experiment, asked: Asked, value: float | None, *, aloud: bool = False) -> None:
    """The needle and one sentence about the picture; as SVG, which takes no time. aloud: say the verdict, too."""
    needle(value, experiment.digits, key="needle")
    said = f"**It says {example.digit(experiment, value)}.** " if aloud and value is not None else ""
    with st.container(key="sentence"):  # two lines high, however short, so that nothing below it moves
        icon = ":material/error:" if asked.trouble else ":material/visibility:"
        st.markdown(f"{icon} {said}{plain(asked.says)}")


def journey(experiment: Experiment, asked: Asked, caption: str, *, wires: bool = False) -> None:
    """The picture on its way into the circuit. wires: up to the wires that it lights."""
    n = experiment.grid**2
    nothing = np.full(n, np.nan)
    pixels = nothing if asked.pixels is None else asked.pixels
    gate = ENCODINGS[experiment.encoding].gate
    lit = f" It sets the {gate} gate on {int((pixels > 0).sum())} of {n} wires." if wires else ""
    frame.svg(
        journey_svg(
            np.full((28, 28), np.nan) if asked.image is None else asked.image,
            nothing if asked.grey is None else asked.grey,
            pixels,
            layers=experiment.layers if wires else (),
            gate=gate,
        ),
        alt=f"The picture at 28×28, shrunk to {experiment.grid}×{experiment.grid}, and as the qubits hold it.{lit}",
        caption=caption,
    )
