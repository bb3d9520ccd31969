"""What the tutorial printed, beside what is counted here, and why they may differ."""

from typing import Any, NamedTuple

from qnn_core.compare import as_published
from qnn_core.dataset import report
from qnn_core.experiment import Experiment

PRINTED = {
    "training images of both digits": (12_049, ("train_images",)),
    "test images of both digits": (1_968, ("test_images",)),
    "different 4×4 pictures": (10_387, ("grey", "unique")),
    "of them carrying the first digit": (4_961, ("grey", "first")),
    "of them carrying the second digit": (5_475, ("grey", "second")),
    "of them carrying both": (49, ("grey", "contradictory")),
    "images kept": (11_520, ("examples_kept",)),
    "different pictures after the threshold": (193, ("binary", "unique")),
    "… carrying the first digit": (124, ("binary", "first")),
    "… carrying the second digit": (113, ("binary", "second")),
    "… carrying both": (44, ("binary", "contradictory")),
}
"""What is counted → the tutorial's figure, and where the figure of this machine stands in `dataset.report`."""


class Line(NamedTuple):
    """One count of the tutorial. reason: why `here` differs, or that it does not."""

    what: str
    published: int
    here: int
    reason: str


def published_counts(experiment: Experiment) -> list[Line]:
    """The tutorial's counts beside those of the Experiment's pictures."""
    found = report(experiment)
    other = "" if as_published(experiment) else "other pictures: the settings are not the tutorial's"
    lines = []
    for what, (published, path) in PRINTED.items():
        here: Any = found
        for key in path:
            here = here[key]
        lines.append(Line(what, published, here, "the same" if here == published else other or "other data"))
    return lines
