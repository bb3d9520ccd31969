"""Page 13, third part: the circuit as a judge of how alike two pictures are."""

from collections.abc import Mapping

import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment, InputError
from qnn_core.experiment import Stage
from qnn_core.figures.inside.kernel import learning_chart, matrix_chart
from qnn_core.inside.kernel import (
    BITS,
    GREYS,
    LEARNERS,
    PENALTY,
    Memory,
    Point,
    kernel_matrix,
    learnt,
    of_pictures,
    remembered,
    sizes,
)

PAGE = "13_hard"
EACH = 20
"""Pictures of each digit that are compared."""
PICTURES = {BITS: "Black and white", GREYS: "Grey"}


def section(experiment: Experiment) -> None:
    """Who is like whom, and what is learnt from it."""
    encoding: str = desk().choice(
        st.segmented_control,
        "Pictures",
        list(PICTURES),
        key="alike_pictures",
        default=BITS,
        required=True,
        format_func=PICTURES.__getitem__,
    )
    try:
        memory = _memory(experiment.only(Stage.PICTURE))
        matrix, images = kernel_matrix(experiment, encoding, EACH)
        left, right = st.columns(2)
        points = _points(experiment)  # its strip is below the charts, which do not move when it is done
    except InputError as problem:
        st.warning(plain(problem))
        return
    alike = int((matrix > 1 - 1e-9).sum())
    with left:
        frame.chart(
            matrix_chart(matrix, experiment.digits),
            alt=f"How alike {len(images)} training pictures are, each against each; {alike} fields are 1.",
            caption="**The kernel**: how alike the states of two pictures are. Dark is 1, the same; white is 0.",
            key="alike",
        )
    with right:
        frame.chart(
            learning_chart(points, memory),
            alt=f"Test accuracy of {len(LEARNERS)} learners on greys by training images; on bits {memory.test:.4f}.",
            caption="What can be learnt from likeness of greys, beside a straight line (logistic regression).",
            key="learning",
        )
    frame.notice(_lesson(encoding, memory, points))
    frame.more(lambda: _details(memory, points), key="alike_more", label="More: all numbers")


@st.cache_data(show_spinner="Looking for pictures seen before …", max_entries=50)
def _memory(pictures: Experiment) -> Memory:
    return remembered(pictures)


def _points(experiment: Experiment) -> list[Point]:
    """What the workers have learnt so far, the smallest sizes first."""
    pictures = of_pictures(experiment, GREYS)
    keys = [(learner, size) for size in sizes(pictures) for learner in LEARNERS]
    job = jobs.tasks("kernel", pictures, what="points")
    job.want(visitor(), {key: (learnt, (pictures, *key)) for key in keys})
    strip.strip(job, "Learning", page=PAGE)
    for problem in job.problems(visitor()):
        st.caption(plain(problem))
    return list(job.found(keys).values())


def _lesson(encoding: str, memory: Memory, points: list[Point]) -> str:
    if encoding == BITS:
        return (
            "On black and white pictures two states are the same or have nothing in common. Such a kernel only "
            f"memorises: {memory.seen:,} of {memory.total:,} test pictures were seen in training, and it is right on "
            f"{memory.test:.4f} of all."
        )
    at_most = max((point.examples for point in points), default=0)
    last = {point.learner: point.accuracy for point in points if point.examples == at_most}
    if set(last) != set(LEARNERS):
        return "On greys the kernel is a hill around each picture: pictures that are close count as alike."
    words = ", ".join(f"{LEARNERS[name].title} {last[name]:.4f}" for name in LEARNERS)
    return (
        f"On greys the kernel is a hill around each picture, like a Gaussian. From {at_most:,} pictures: {words}. "
        f"{ahead(last)}"
    )


def ahead(accuracies: Mapping[str, float]) -> str:
    """Who is right most often. accuracies: by learner."""
    best = max(accuracies.values())
    first, *level = [LEARNERS[name].title for name in LEARNERS if accuracies[name] == best]
    return f"{' and '.join((first, *level))} stand level." if level else f"{first} is ahead."


def _details(memory: Memory, points: list[Point]) -> None:
    shown = sorted(points, key=lambda point: (point.examples, list(LEARNERS).index(point.learner)))
    st.dataframe(
        {
            "learner": [LEARNERS[point.learner].title for point in shown],
            "training images": [point.examples for point in shown],
            "test accuracy": [round(point.accuracy, 4) for point in shown],
        },
        hide_index=True,
    )
    st.latex(r"K(x, x') = \prod_k \cos^2\bigl(\tfrac{\pi}{2}(x_k - x'_k)\bigr)")
    st.caption(
        f"On bits the memory is right on {memory.train:.4f} of the training pictures; a picture never seen counts as "
        f"the second digit. All learners have scikit-learn's C = {PENALTY:g}, and the Gaussian the width that the "
        "quantum kernel has near its top."
    )
