"""A trial is one finished run as one line of a file: what was run, and how well it did."""

import json
import math
import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

from qnn_core.errors import InputError
from qnn_core.experiment import Experiment

Measured = Annotated[
    float,
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(lambda value: None if math.isnan(value) else value),
]
"""A number, or NaN, which JSON has no word for: it is written as null."""


class Trial(BaseModel):
    """One finished or failed run.

    train_loss, train_accuracy: of the final weights on the examples trained on. test_loss, test_accuracy:
    on the test images. Losses are hinge losses. seconds: wall time of the training.
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
    def from_json(cls, line: str) -> Self:
        """The reverse. Raises InputError if the line is no trial."""
        try:
            trial = cls.model_validate_json(line)
        except ValidationError as error:
            raise InputError(f"The line is no run: {error.errors()[0]['msg']}.") from None
        numbers = (trial.train_loss, trial.train_accuracy, trial.test_loss, trial.test_accuracy, trial.seconds)
        if trial.error is None and not all(map(math.isfinite, numbers)):
            raise InputError("The line is no run: it has neither all its numbers nor an error.")
        return trial


def read_trials(file: Path) -> list[Trial]:
    """The trials of a JSON-lines file, the last one of each Experiment; lines that are none are skipped."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); choose another file.") from None
    trials: dict[Experiment, Trial] = {}
    for line in text.splitlines():
        try:
            trial = Trial.from_json(line)
        except InputError:
            continue
        trials[trial.experiment] = trial
    return list(trials.values())


def append(trial: Trial, file: Path) -> None:
    """Add one line; after a half-written last line, on a new one."""
    try:
        with file.open("a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    stream.write(b"\n")
            stream.write(trial.to_json().encode() + b"\n")
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another file.") from None
