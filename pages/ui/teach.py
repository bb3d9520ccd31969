"""Two ways through the lesson for who teaches it: minutes, what to press, what to ask, and the answer behind a click.

Every answer is computed when it is opened, at the settings of its step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from pages import PAGES
from pages.ui import frame, models
from pages.ui.desk import desk
from pages.ui.route import right_share
from qnn_core import Experiment, prepare
from qnn_core.circuit import qubit_count, weights_shape
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.data.digits import SIDE
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines import contracted
from qnn_core.figures.cards import timeline_svg
from qnn_core.inside.scale import SIZES, state_size
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.words import signed

Answer = Callable[[Experiment], str]
"""Computes the answer to a step's question at the step's settings."""


@dataclass(frozen=True)
class Step:
    """One stop of a route.

    page: as in the menu. press: what to do there; ask: what to ask the class. answer: computed when it is opened.
    settings: fields of the Experiment that differ from the tutorial's. choices: what else is chosen on the page.
    """

    page: str
    press: str
    ask: str
    answer: Answer
    settings: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)

    @property
    def experiment(self) -> Experiment:
        """The settings that the step begins with. Raises InputError if there is no such Experiment."""
        return Experiment().with_(**self.settings)


def _pad(experiment: Experiment) -> str:
    share = right_share(models.trained(models.good(experiment)))
    return f"Not always. Of test images it gets {share:.1%} right, and your drawings look different from those."


def _digits(experiment: Experiment) -> str:
    count = len(pair_of(experiment).train_images)
    return f"{SIDE**2} greys for each digit, and there are {count:,} digits to learn from."


def _shrink(experiment: Experiment) -> str:
    left = experiment.pixels
    return f"{left} of {SIDE**2} numbers: {left / SIDE**2:.0%}. More pixels would need as many more qubits."


def _contradictions(experiment: Experiment) -> str:
    data = prepare(experiment)
    return (
        f"No. {data.counts.contradictory} of {data.counts.unique} different pictures carry both labels. "
        f"On the test images no rule can get past {data.ceiling.test_best:.1%}."
    )


def _encode(experiment: Experiment) -> str:
    grey = shrunken(experiment).train[0]
    lit = [int((ENCODINGS["basis"].pixels(grey, level) > 0).sum()) for level in (experiment.threshold, HIGH)]
    return f"Of picture 0, {lit[0]} pixels pass {experiment.threshold:g}, and {lit[1]} pass {HIGH:g}."


HIGH = 0.9
"""Another threshold, for the question about it."""


def _circuit(experiment: Experiment) -> str:
    layers, n = weights_shape(experiment)
    qubits = qubit_count(experiment)
    state = f"The state of {qubits} qubits has {2**qubits:,} amplitudes."
    return f"{layers} layers × {n} pixels = {layers * n} weights. {state}"


def _train(experiment: Experiment) -> str:
    tutorial, end = (models.trained(run) for run in (contracted(experiment), models.good(experiment)))
    return (
        f"After {len(tutorial.records)} steps it is right on {right_share(tutorial):.1%}. "
        f"Trained to the end with a fair loss it is right on {right_share(end):.1%}."
    )


def _compare(experiment: Experiment) -> str:
    data = prepare(experiment)
    quantum = right_share(models.trained(models.good(experiment)))
    fair, images = models.fair_share(experiment), len(data.test)
    return (
        f"With a fair loss the QNN is right on {round(quantum * images):,} of {images:,} test images. "
        f"The fair network is right on {round(fair * images):,}, "
        f"and the ceiling allows {round(data.ceiling.test_best * images):,}."
    )


def _draw(experiment: Experiment) -> str:
    counts = prepare(experiment).counts
    return (
        f"There are {2**experiment.pixels:,} pictures of {experiment.pixels} bits, and only {counts.unique} of them "
        "occur in training. Two drawings with the same bits get the same verdict."
    )


def _box(experiment: Experiment) -> str:
    layers, n = weights_shape(experiment)
    return f"{n + 1} numbers do the work of all {layers * n}: one angle for each pixel, and one factor."


def _noise(experiment: Experiment) -> str:
    run, grey = models.trained(models.good(experiment)), shrunken(experiment).train[0]
    pixels = ENCODINGS[experiment.encoding].pixels(grey, experiment.threshold)
    clean, noisy = (
        float(noisy_expectation(run.experiment, run.weights, pixels[None], Noise(gate=gate))[0])
        for gate in (0.0, ERRORS)
    )
    return f"With {ERRORS:.0%} errors at each gate ⟨Z⟩ of picture 0 goes from {signed(clean)} to {signed(noisy)}."


ERRORS = 0.02


def _scale(experiment: Experiment) -> str:
    largest = models.largest(experiment)
    run, qubits = models.trained(largest), qubit_count(largest)
    return (
        f"Yes: {qubits} qubits, trained in {run.seconds:.1f} s, right on {right_share(run):.1%}. "
        f"A statevector would have {state_size(qubits)}."
    )


STEPS: dict[str, Step] = {
    "draw": Step("0_start", "Let somebody draw.", "Does it always know your digit?", _pad),
    "digits": Step("1_digits", "Scroll through the digits.", "How many numbers is one digit?", _digits),
    "shrink": Step("2_shrink", "Move the grid down to 4.", "How much of a digit is left?", _shrink),
    "both": Step(
        "3_contradictions",
        "Drag the threshold.",
        "Can any rule tell all these pictures apart?",
        _contradictions,
    ),
    "encode": Step("4_encode", "Drag the threshold.", "How many wires are set, and how many at 0.9?", _encode),
    "circuit": Step("5_circuit", "Count the gates of one layer.", "How many weights are there?", _circuit),
    "train": Step(
        "6_train",
        "Press Play and watch the heaps.",
        "Does it learn? Is it done when the film stops?",
        _train,
        settings={"engine": "contraction"},
    ),
    "compare": Step("7_compare", "Wait for the verdict.", "Who wins, and by how many pictures?", _compare),
    "again": Step(
        "8_draw",
        "Draw two digits with the same bits.",
        "Can it tell those two apart?",
        _draw,
        settings={"engine": "contraction"},
    ),
    "box": Step("9_box", "Play the dial to its end.", "How many numbers does the network need?", _box),
    "noise": Step("11_noise", "Play the noise to its end.", "What is left on a machine that errs?", _noise),
    "scale": Step(
        "12_scale",
        "Look at the two curves.",
        "Can 28 × 28 pixels be done?",
        _scale,
        choices={"scale_grid": SIZES[-1]},
    ),
}
"""Name → stop."""

ROUTES: dict[int, dict[str, int]] = {
    45: {
        "draw": 4,
        "shrink": 5,
        "both": 6,
        "encode": 4,
        "circuit": 5,
        "train": 8,
        "compare": 6,
        "box": 4,
        "scale": 3,
    },
    90: {
        "draw": 6,
        "digits": 4,
        "shrink": 6,
        "both": 8,
        "encode": 6,
        "circuit": 8,
        "train": 14,
        "compare": 12,
        "again": 6,
        "box": 10,
        "noise": 5,
        "scale": 5,
    },
}
"""Minutes of the whole lesson → its stops in order, each with its minutes."""


def ready(step: Step) -> None:
    """Put a step's settings and choices on the desk."""
    own = desk()
    own.set(step.experiment)
    for name, value in step.choices.items():
        own.choose(name, value)


def show_route(minutes: int) -> None:
    """The stops of one route: on a line of time, then one under the other."""
    stops = [(PAGES[STEPS[name].page][0], lasts) for name, lasts in ROUTES[minutes].items()]
    frame.svg(
        timeline_svg(stops),
        alt=f"{minutes} minutes: " + ", ".join(f"{title} {lasts}" for title, lasts in stops),
        caption=f"{len(stops)} stops, {sum(lasts for _, lasts in stops)} minutes.",
        least_width=560,
    )
    began = 0
    for name, lasts in ROUTES[minutes].items():
        _show(name, STEPS[name], began, lasts)
        began += lasts


def _show(name: str, step: Step, began: int, lasts: int) -> None:
    title = PAGES[step.page][0]
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{title}** · minute {began} to {began + lasts} · {step.press}", width="stretch")
            if st.button(f"Open {title}", key=f"open_{name}", on_click=ready, args=(step,), width="content"):
                st.switch_page(f"pages/{step.page}.py")
        frame.more(partial(_answer, step), key=f"answer_{name}", label=f"Ask: {step.ask}")


def _answer(step: Step) -> None:
    st.markdown(step.answer(step.experiment))
