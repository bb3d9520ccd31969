"""A trial is one finished run as one line of a file: what was run, and how well it did."""

import json
import math
import os
from pathlib import Path
from typing import NamedTuple

from qnn_core.errors import InputError
from qnn_core.experiment import Experiment


class Trial(NamedTuple):
    """One finished or failed run.

    train_loss, train_accuracy: of the final weights on the examples trained on. test_loss, test_accuracy:
    on the test images. Losses are hinge losses. seconds: wall time of the training.
    error: one sentence if it failed; then the numbers are NaN.
    """

    experiment: Experiment
    train_loss: float = math.nan
    train_accuracy: float = math.nan
    test_loss: float = math.nan
    test_accuracy: float = math.nan
    seconds: float = 0.0
    error: str | None = None

    def to_json(self) -> str:
        """One line of JSON; NaN becomes null."""
        numbers = {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in zip(self._fields[1:], self[1:], strict=True)
        }
        return json.dumps({"experiment": self.experiment.model_dump(mode="json"), **numbers})

    @classmethod
    def from_json(cls, line: str) -> "Trial":
        """The reverse. Raises ValueError, KeyError, TypeError, OverflowError or RecursionError if it is no trial."""
        fields = json.loads(line)
        numbers = [math.nan if fields[name] is None else float(fields[name]) for name in cls._fields[1:-1]]
        experiment, error = Experiment.parse(fields["experiment"]), fields["error"]
        if not (isinstance(error, str) or (error is None and all(map(math.isfinite, numbers)))):
            raise ValueError("a run without its numbers needs an error")
        return cls._make([experiment, *numbers, error])


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
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
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
