"""Where the picture that page 8 asks about comes from: the pad, the cells, a photo, or the test images."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import example, pad, tiles
from pages.ui.desk import desk
from pages.ui.pad import Answer
from qnn_core import Experiment, InputError
from qnn_core.arrays import Array, Bytes
from qnn_core.data.dataset import pair_of
from qnn_core.data.drawing import clean_photo, prepare_drawing, read_image
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.labels import digit_of
from qnn_core.data.shrink import shrink
from qnn_core.families import Family, Part
from qnn_core.figures import theme
from qnn_core.inside.hard import hardest


@dataclass(frozen=True)
class Asked:
    """A picture on its way into the circuit, and one sentence about it.

    image: uint8 (28, 28), or None if there is only what follows. grey: (n,) in [0, 1], or None likewise. pixels: the
    half-turns (n,), or None if there is no digit to ask about. trouble: whether the sentence asks for another one.
    """

    says: str
    image: Bytes | None = None
    grey: Array | None = None
    pixels: Array | None = None
    trouble: bool = False


def look(experiment: Experiment, image: Bytes, says: str) -> Asked:
    """An image (28, 28) as the network gets it. says: the sentence about it, unless nothing of it is left."""
    grey = shrink(image[None], experiment.grid, experiment.resample)[0]
    encoding = ENCODINGS[experiment.encoding]
    pixels = encoding.pixels(grey, experiment.threshold)
    if pixels.any():
        return Asked(says, image, grey, pixels)
    level = f"is above {experiment.threshold:g}" if encoding.makes_bits else "has ink"
    says = f"No small pixel {level}, so the network sees nothing; use a thicker pen."
    return Asked(says, image, grey, pixels, trouble=True)


def _ink_or_picture(experiment: Experiment, ink: Bytes | None, name: str, nothing: str) -> Asked:
    """Ink of any size; or, while there is none, the picture that is followed through the lesson."""
    if ink is None:
        number = min(desk().picture, len(pair_of(experiment).train_images) - 1)
        says = f"{nothing}: training picture {number:,} stands in for it."
        return look(experiment, example.image(experiment, number), says)
    try:
        image = prepare_drawing(ink).image
    except InputError as problem:
        return Asked(str(problem), trouble=True)
    return look(experiment, image, f"{name}, cropped and centred like MNIST's digits.")


def drawing(experiment: Experiment) -> tuple[Bytes | None, Array | None]:
    """What is on the pad: its image (28, 28) and its pixels in half-turns (n,); None where there is no digit."""
    if pad.drawn() is None:
        return None, None
    asked = ask_pad(experiment)
    return asked.image, asked.pixels


def ask_pad(experiment: Experiment) -> Asked:
    """What is on the pad, or what stands in for it."""
    return on_pad(experiment, pad.drawn())


def on_pad(experiment: Experiment, ink: Bytes | None) -> Asked:
    """What this ink (280, 280) on the pad is, or what stands in for it."""
    return _ink_or_picture(experiment, ink, "Your drawing", "No drawing yet")


def _draw_pad(experiment: Experiment, weights: Array, answer: Answer) -> None:
    draw_pad(experiment, answer)


def draw_pad(experiment: Experiment, answer: Answer) -> None:
    """The pad, and what to draw on it. answer: what it is told while the pen is down."""
    first, second = experiment.digits
    st.markdown(f"Draw a **{first}** or a **{second}**, as large as you like.")
    pad.pad(answer, example.image(experiment, example.current(experiment)))


def _set(experiment: Experiment) -> Asked:
    if experiment.grid > pad.LARGEST_GRID:
        return Asked(
            f"Cells can be set up to {pad.LARGEST_GRID}×{pad.LARGEST_GRID}; choose a smaller grid.", trouble=True
        )
    bits = pad.bits(experiment.grid)
    lit = int(bits.sum())
    if not lit:
        return Asked("All cells are 0, so the network sees nothing; set some to 1.", None, None, bits, True)
    return Asked(f"{lit} of {len(bits)} cells are 1; they go straight into the circuit.", None, None, bits)


def _draw_cells(experiment: Experiment, weights: Array, answer: Answer) -> None:
    if experiment.grid <= pad.LARGEST_GRID:
        st.markdown("Set the cells: a click, or the arrow keys and space.")
        pad.cells(experiment.grid)


def _photo(experiment: Experiment) -> Asked:
    photo = desk().choices.get("photo")
    if isinstance(photo, str):
        return Asked(photo, trouble=True)
    return _ink_or_picture(experiment, photo, "Your photo", "No photo yet")


def _draw_photo(experiment: Experiment, weights: Array, answer: Answer) -> None:
    place = "A photo of a digit, dark on light paper"
    desk().receive(st.file_uploader, place, type=["png", "jpg", "jpeg"], key="photo_file", keep=_keep_photo)
    photo = desk().choices.get("photo")
    if isinstance(photo, np.ndarray):
        st.image(255 - photo, "What is left of it without the paper", width=260, alt="The ink of the photo.")


def _keep_photo(file: Any) -> None:
    """Put the photo on the desk: its ink, or what is wrong with it."""
    try:
        desk().choices["photo"] = None if file is None else clean_photo(read_image(file))
    except InputError as problem:
        desk().choices["photo"] = str(problem)


def _test_number(experiment: Experiment) -> int:
    number: int = desk().choices.get("test digit", 0)
    return min(number, len(pair_of(experiment).test_images) - 1)


def _test_digit(experiment: Experiment) -> Asked:
    number, pair = _test_number(experiment), pair_of(experiment)
    truth = digit_of(experiment.digits, float(pair.test_labels[number]))
    return look(experiment, pair.test_images[number], f"Test image {number:,}. Somebody wrote a {truth}.")


def _draw_test_digit(experiment: Experiment, weights: Array, answer: Answer) -> None:
    number = _test_number(experiment)
    image = pair_of(experiment).test_images[number]
    with st.container(horizontal=True, gap="small"):
        st.button("A random test digit", on_click=_random, args=(experiment,))
        st.button("A hard one", on_click=_hard, args=(experiment, weights))
    label = pair_of(experiment).test_labels[number]
    tiles.show(
        image[None],
        [f"is a {digit_of(experiment.digits, float(label))}"],
        truths=[theme.digit_token(label)],
        size="single",
        alt="The test image, 28×28 grey pixels.",
    )


def _random(experiment: Experiment) -> None:
    desk().choices["test digit"] = int(np.random.default_rng().integers(len(pair_of(experiment).test_images)))


def _hard(experiment: Experiment, weights: Array) -> None:
    """The hardest test image for these weights; pressed again, the next hardest of five."""
    rows = hardest(experiment, weights).tolist()
    before = _test_number(experiment)
    place = rows.index(before) + 1 if before in rows else 0
    desk().choices["test digit"] = rows[place % len(rows)]


@dataclass(frozen=True)
class Source(Part):
    """A way to get a picture.

    ask(experiment): the picture as it is now. draw(experiment, weights, answer): its controls; answer is what a pen
    is told while it draws (see pages/ui/line.py).
    """

    ask: Callable[[Experiment], Asked]
    draw: Callable[[Experiment, Array, Answer], None]


SOURCES: Family[Source] = Family(
    "source",
    Source("pad", "Draw", "A drawing pad for mouse, finger or pen.", ask_pad, _draw_pad),
    Source("cells", "Cells", "The pixels of the small picture, one by one.", _set, _draw_cells),
    Source("photo", "Photo", "A picture of a digit on paper.", _photo, _draw_photo),
    Source("test", "Test digit", "An image that the network was not trained on.", _test_digit, _draw_test_digit),
)


def choose() -> Source:
    """A control for the source; remembered for the session."""
    name = desk().choice(
        st.segmented_control,
        "Where the picture comes from",
        list(SOURCES),
        key="source",
        default="pad",
        required=True,
        format_func=lambda name: SOURCES[name].title,
        label_visibility="collapsed",
    )
    return SOURCES[name]
