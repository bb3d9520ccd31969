"""A trial is one finished run as one line of a file: what was run, and how well it did."""

import json
import math
from collections.abc import Container
from functools import partial
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

from qnn_core.errors import InputError, named
from qnn_core.experiment import Experiment
from qnn_core.saving import append_line, check_place

LONGEST_LINE = 2**16
"""Bytes of a line that are read at once; no run needs so many, and the pieces of a longer line are no runs."""

Measured = Annotated[
    float,
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(lambda value: None if math.isnan(value) else value),
]
"""A number, or NaN, which JSON has no word for: it is written as null."""


class Trial(BaseModel):
    """One finished or failed run.

    train_loss, train_accuracy: of the final weights on the examples trained on. test_loss, test_accuracy:
    on the test images. Losses are of the Experiment's kind. seconds: wall time of the training.
    error: one sentence if it failed; then the numbers are NaN.
    """

    model_config = ConfigDict(frozen=True)

    experiment: Experiment
    train_loss: Measured = math.nan
    train_accuracy: Measured = math.nan
    test_loss: Measured = math.nan
    test_accuracy: Measured = math.nan
    seconds: Measured = 0.0
    error: str | None = None

    def to_json(self) -> str:
        """One line of JSON; NaN becomes null."""
        return json.dumps(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, line: str | bytes) -> Self:
        """The reverse. Raises InputError if the line is no trial."""
        try:
            trial = cls.model_validate_json(line)
        except ValidationError as error:
            raise InputError(f"The line is no run: {error.errors()[0]['msg']}.") from None
        numbers = (trial.train_loss, trial.train_accuracy, trial.test_loss, trial.test_accuracy, trial.seconds)
        if trial.error is None and not all(map(math.isfinite, numbers)):
            raise InputError("The line is no run: it has neither all its numbers nor an error.")
        return trial


def read_trials(file: Path, among: Container[Experiment] | None = None) -> list[Trial]:
    """The trials of a JSON-lines file, the last one of each Experiment; lines that are none are skipped.

    among: only those of these Experiments. Raises InputError if the file cannot be read. None is as good as empty.
    """
    if not file.exists():
        return []
    check_place(file)
    trials: dict[Experiment, Trial] = {}
    try:
        with file.open("rb") as stream:
            for line in iter(partial(stream.readline, LONGEST_LINE), b""):
                trial = _trial_of(line)
                if trial and (among is None or trial.experiment in among):
                    trials[trial.experiment] = trial
    except OSError as error:
        raise InputError(f"{named(file)} cannot be read ({error.strerror}); choose another file.") from None
    return list(trials.values())


def _trial_of(line: bytes) -> Trial | None:
    try:
        return Trial.from_json(line)
    except InputError:
        return None


def append(trial: Trial, file: Path) -> None:
    """Add one line. Raises InputError if it cannot be written; then the file is as it was."""
    append_line(file, trial.to_json().encode())
