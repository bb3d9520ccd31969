"""What the pages about the inside of the network share: a prediction first, a picture to ask, cached answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from pages.ui import example
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask
from qnn_core import Experiment, InputError
from qnn_core.arrays import Array
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.drawing import prepare_drawing
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.labels import FIRST, SECOND
from qnn_core.data.shrink import shrink
from qnn_core.engines import contracted
from qnn_core.machine.checks import ask_aer
from qnn_core.workers.warm import when_warm

Result = TypeVar("Result")

SKIP = "Just show me"
ASKED = "asked last"
"""The desk's name for the key and the question of the prediction that was asked last."""
FIRST_SHOWN = 19
"""The test image that is asked about at first: one that the network has to think about."""


@dataclass(frozen=True)
class Asked:
    """A picture as the circuit gets it.

    pixels: half-turns (n,). grey: before the encoding, (n,) in [0, 1]. name: what to call it. truth: its digit, or
    None.
    """

    pixels: Array
    grey: Array
    name: str
    truth: int | None

    def label(self, digits: tuple[int, int]) -> float | None:
        """Its label ±1, or None if nobody knows it."""
        return None if self.truth is None else FIRST if self.truth == digits[0] else SECOND


@dataclass(frozen=True)
class Prediction:
    """What somebody has predicted. right: what it is, computed at the settings of that moment."""

    question: str
    choice: str
    right: str


PREDICTIONS = "predictions"
"""Under this name the desk keeps them, by their keys."""


def predict(key: str, question: str, options: Sequence[str]) -> str | None:
    """Ask for a prediction; None until there is one. The last option is to skip it."""
    desk().choices[ASKED] = key, question
    with st.container(border=True, key=f"card_{key}"):
        st.markdown(f"**Your prediction first.** {question}")
        choice: str | None = desk().choice(
            st.segmented_control,
            question,
            [*options, SKIP],
            key=f"predicted_{key}",
            default=None,
            label_visibility="collapsed",
        )
    return choice


def verdict_on(choice: str, right: str) -> None:
    """Say whether the prediction was right, and keep that for the end of the lesson."""
    key, question = desk().choices[ASKED]
    if choice != SKIP:
        desk().choices.setdefault(PREDICTIONS, {})[key] = Prediction(question, choice, right)
    if choice == right:
        st.success(f"You predicted it: {right}.", icon=":material/check:")
    elif choice != SKIP:
        st.warning(f"You predicted “{choice}”. It is: {right}.", icon=":material/lightbulb:")


def prediction(key: str, question: str, options: Sequence[str], right: Callable[[], str]) -> None:
    """A small card for a page's question: the options, and after a choice whether it was right.

    right(): which of the options it is at these settings; computed only after a choice.
    """
    choice = predict(key, question, options)
    if choice is not None and choice != SKIP:
        verdict_on(choice, right())


def show_predictions() -> None:
    """All predictions of this session, and how many of them were right."""
    made: dict[str, Prediction] = desk().choices.get(PREDICTIONS, {})
    if not made:
        st.caption("None yet. Some pages ask for one before they show their picture.")
        return
    hits = sum(one.choice == one.right for one in made.values())
    st.markdown(f"**{hits} of {len(made)}** {'was' if hits == 1 else 'were'} right.")
    st.table(
        {
            "question": [one.question for one in made.values()],
            "you said": [one.choice for one in made.values()],
            "it was": [one.right for one in made.values()],
            "verdict": ["right" if one.choice == one.right else "not so" for one in made.values()],
        }
    )


def pick_picture(experiment: Experiment) -> Asked:
    """A control for a test image or, if there is one, the last drawing."""
    ink = desk().ink
    sources = ["Test image", "Your drawing"]
    source = sources[0]
    if ink is not None:
        source = desk().choice(
            st.segmented_control, "Picture", sources, key="box_source", default=sources[0], required=True
        )
    if ink is not None and source == sources[1]:
        try:
            grey = shrink(prepare_drawing(ink).image[None], experiment.grid, experiment.resample)[0]
            return Asked(_pixels(experiment, grey), grey, "your drawing", None)
        except InputError as problem:
            st.warning(plain(problem), icon=":material/draw:")
    last = len(pair_of(experiment).test_images) - 1
    own = desk()
    number: int = own.draw(
        st.number_input,
        f"Test image (0 to {last:,})",
        0,
        last,
        key="test_image",
        value=min(own.choices.get("test_image", FIRST_SHOWN), last),
        keep=lambda chosen: own.choose("test_image", chosen),
    )
    grey, label = shrunken(experiment).test[number], shrunken(experiment).test_labels[number]
    truth = example.digit(experiment, label)
    return Asked(_pixels(experiment, grey), grey, f"test image {number:,}", truth)


def _pixels(experiment: Experiment, grey: Array) -> Array:
    return ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)


@st.cache_data(show_spinner=False, max_entries=200)
def aers_answer(experiment: Experiment, weights: Array, pixels: Array) -> float:
    """⟨Z⟩ of one picture, simulated by Aer in a worker."""
    answer: Array = with_qiskit(ask_aer, contracted(experiment), weights, pixels[None])
    return float(answer[0])


def with_qiskit(function: Callable[..., Result], /, *arguments: Any, **options: Any) -> Result:
    """Let a worker run something that needs Qiskit, and wait for it."""
    return ask(when_warm, function, *arguments, **options)
