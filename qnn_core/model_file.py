"""A trained network in one file: its Experiment, weights and history. Never pickle, so safe to open."""

import json
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training import Run, fitting_weights

Array = NDArray[np.float64]

FORMAT = "qnn-classroom model 1"
PACKAGES = ("numpy", "qiskit", "qiskit-aer", "qiskit-machine-learning")
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    RuntimeError,
    MemoryError,
    ArithmeticError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy raises, sooner or later, on `.npy` and `.npz` files with a few bytes changed."""


@dataclass(frozen=True)
class SavedModel:
    """weights: half-turns (layers, n). history: one row for each epoch. versions: of the packages it ran on."""

    experiment: Experiment
    weights: Array
    history: list[dict[str, float]]
    versions: dict[str, str]


def to_bytes(run: Run) -> bytes:
    """A run as the content of an `.npz` file: arrays, and the rest as JSON."""
    about = {
        "format": FORMAT,
        "experiment": run.experiment.model_dump(mode="json"),
        "history": run.history,
        "versions": {package: version(package) for package in PACKAGES},
    }
    content = BytesIO()
    np.savez(
        content,
        about=np.array(json.dumps(about)),
        initial_weights=run.initial_weights,
        weights=run.weights,
        test_expectation=run.test_expectation,
    )
    return content.getvalue()


def save(run: Run, path: str | Path) -> None:
    """Write a run to an `.npz` file. Raises InputError if it cannot be written."""
    try:
        Path(path).write_bytes(to_bytes(run))
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); choose another place.") from None


def load(file: str | Path | BinaryIO) -> SavedModel:
    """Read such a file and check every field. Raises InputError with one sentence."""
    name = file if isinstance(file, str | Path) else "The file"
    try:
        with np.load(file, allow_pickle=False) as archive:
            about = json.loads(str(archive["about"]))
            weights = archive["weights"]
    except FileNotFoundError:
        raise InputError(f"There is no file {name}; give one that `train --save` wrote.") from None
    except UNREADABLE:
        raise InputError(f"{name} is not a saved model; give one that `train --save` wrote.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise InputError(f"{name} is not a saved model of this version; train it again.")
    experiment = Experiment.parse(_mapping(about.get("experiment"), "experiment"))
    if weights.dtype.kind != "f":
        raise InputError("The model's weights are not numbers; train it again.")
    rows = about.get("history")
    if not isinstance(rows, list):
        raise InputError("The model's history is missing; train it again.")
    return SavedModel(
        experiment,
        fitting_weights(experiment, weights),
        [_mapping(row, "history") for row in rows],
        _mapping(about.get("versions"), "versions"),
    )


def _mapping(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"The model's {field} is missing or damaged; train it again.")
    return value
