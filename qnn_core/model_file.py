"""A trained network in one file: its Experiment, parameters and history. Never pickle, so safe to open."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError

from qnn_core import saving
from qnn_core.arrays import Array, Bytes
from qnn_core.baselines import BASELINES, Baseline
from qnn_core.circuit import weights_shape
from qnn_core.data.dataset import encoded
from qnn_core.errors import InputError, cut, named
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.npz import open_arrays
from qnn_core.training.loop import engine_of
from qnn_core.training.run import Run
from qnn_core.training.starts import fitting_weights

Item = TypeVar("Item")

FORMAT = "qnn-classroom model 2"
BEFORE = {"loss": "hinge"}
"""Settings that older files do not name, and what they were when those were written."""
MOST_ITEMS = 600_000
"""Commas in the description: 100,000 epochs have half a million. It could ask for much memory otherwise."""
PACKAGES = ("numpy", "qiskit", "qiskit-aer", "qiskit-machine-learning", "scikit-learn")
WHAT, ADVICE = "a saved model", "give one that the dashboard or `train --save` wrote"


@dataclass(frozen=True)
class Network(Part):
    """One kind of network that can be in a file.

    shapes(experiment): of its arrays, by name, in the order of the network.
    decide(experiment, arrays, images): for images (m, 28, 28), one number each, positive for the first digit.
    """

    shapes: Callable[[Experiment], dict[str, tuple[int, ...]]]
    decide: Callable[[Experiment, Mapping[str, Array], Bytes], Array]


def _quantum_shapes(experiment: Experiment) -> dict[str, tuple[int, ...]]:
    layout = weights_shape(experiment)
    return {"weights": layout, "initial_weights": layout}


def _quantum(experiment: Experiment, arrays: Mapping[str, Array], images: Bytes) -> Array:
    return engine_of(experiment).expectation(encoded(experiment, images), arrays["weights"])


def _of_baselines() -> Iterator[Network]:
    """Every baseline can be in a file; its parameters are numbered in the order of the network."""
    for one in BASELINES.values():
        yield Network(
            one.name,
            one.title,
            one.blurb,
            partial(_baseline_shapes, one),
            partial(_baseline, one),
        )


def _baseline_shapes(baseline: Baseline, experiment: Experiment) -> dict[str, tuple[int, ...]]:
    return _numbered(baseline.shapes(experiment))


def _baseline(baseline: Baseline, experiment: Experiment, arrays: Mapping[str, Array], images: Bytes) -> Array:
    return baseline.decide(experiment, list(arrays.values()), images)


def _numbered(items: Sequence[Item]) -> dict[str, Item]:
    """Parameters of a baseline, or their shapes, under the names that they have in a file."""
    return {f"parameter_{index}": item for index, item in enumerate(items)}


NETWORKS: Family[Network] = Family(
    "network",
    Network("qnn", "QNN", "Weights in half-turns (layers, n).", _quantum_shapes, _quantum),
    _of_baselines,
)


class About(BaseModel):
    """What a file says of its network, beside the arrays; anything missing or more is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["qnn-classroom model 2"]
    network: str
    experiment: dict[str, Any]
    history: list[dict[str, FiniteFloat]]
    versions: dict[str, str]


@dataclass(frozen=True)
class SavedModel:
    """network: a name from NETWORKS. arrays: its parameters by name.

    history: one row for each epoch that was tested, or for each batch of the CNN.
    versions: of the packages it was trained with.
    """

    network: str
    experiment: Experiment
    arrays: dict[str, Array]
    history: list[dict[str, float]]
    versions: dict[str, str]

    @property
    def weights(self) -> Array:
        """Of a quantum network: half-turns (layers, n)."""
        return self.arrays["weights"]

    def decide(self, images: Bytes) -> Array:
        """For images (m, 28, 28), ⟨Z⟩ or a logit: (m,), positive for the first digit."""
        return NETWORKS[self.network].decide(self.experiment, self.arrays, images)


def to_bytes(run: Run) -> bytes:
    """A quantum network's run as the content of an `.npz` file: arrays, and the rest as JSON."""
    arrays = {"weights": run.weights, "initial_weights": run.initial_weights}
    return _content("qnn", run.experiment, arrays, run.history, test_expectation=run.test_expectation)


def baseline_to_bytes(
    name: str, experiment: Experiment, parameters: Sequence[NDArray[Any]], records: Sequence[Any]
) -> bytes:
    """A baseline as such a file. parameters: in the order of the network; records: named tuples of its training."""
    return _content(name, experiment, _numbered(parameters), [record._asdict() for record in records])


def _content(
    network: str, experiment: Experiment, arrays: Mapping[str, NDArray[Any]], history: Any, **more: NDArray[Any]
) -> bytes:
    about = {
        "format": FORMAT,
        "network": network,
        "experiment": experiment.model_dump(mode="json"),
        "history": history,
        "versions": {package: version(package) for package in PACKAGES},
    }
    content = BytesIO()
    everything: dict[str, Any] = {"about": np.array(json.dumps(about)), **arrays, **more}
    np.savez(content, **everything)
    return content.getvalue()


def save(run: Run, path: str | Path) -> None:
    """Write a run to an `.npz` file. Raises InputError if it cannot be written; then the old file is as it was."""
    saving.write(path, to_bytes(run))


def load(file: str | Path | BinaryIO) -> SavedModel:
    """Read such a file and check every field. Raises InputError with one sentence."""
    with open_arrays(file, WHAT, ADVICE) as found:
        about = _about(found, named(file))
        experiment = _experiment(about)
        shapes = NETWORKS[about.network].shapes(experiment)
        arrays = {part: _fitting(part, found.get(part), shape) for part, shape in shapes.items()}
    if about.network == "qnn":
        arrays["weights"] = fitting_weights(experiment, arrays["weights"])
    return SavedModel(about.network, experiment, arrays, about.history, about.versions)


def _about(found: Mapping[str, NDArray[Any]], name: str) -> About:
    """What the file says of itself."""
    text = found["about"].item() if "about" in found and not found["about"].shape else None
    if not isinstance(text, str) or text.count(",") > MOST_ITEMS:
        raise InputError(f"{name} is not {WHAT}; {ADVICE}.")
    try:
        return About.model_validate_json(text)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_input=False)[0]["loc"][:1])) or "description"
        raise InputError(
            f"{name} is no saved model of this version: its {cut(field)} does not fit; train it again."
        ) from None


def _experiment(about: About) -> Experiment:
    fields = {**BEFORE, **about.experiment}
    missing = set(Experiment.model_fields) - set(fields)
    if missing:
        raise InputError(f"The model's experiment lacks {', '.join(sorted(missing))}; train it again.")
    return Experiment.parse(fields)


def _fitting(name: str, values: NDArray[Any] | None, shape: tuple[int, ...]) -> Array:
    """One array of a file, if it is what the network needs."""
    if values is None:
        raise InputError(f"The model's {name} are missing; train it again.")
    if values.dtype.kind != "f" or not np.isfinite(values).all():
        raise InputError(f"The model's {name} are not finite numbers; train it again.")
    if values.shape != shape:
        raise InputError(
            f"The model's {name} have shape {values.shape}, but its network needs {shape}; train it again."
        )
    return values.astype(np.float64)
