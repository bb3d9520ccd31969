"""An Experiment is everything that determines the result of a run, and nothing else."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from qnn_core.errors import InputError
from qnn_core.families import FAMILIES

Digit = Annotated[int, Field(ge=0, le=9)]

NAMED_PARTS = {
    "resample": "resampler",
    "encoding": "encoding",
    "start": "start",
    "engine": "engine",
    "gradient": "gradient",
}
"""Experiment field → the family its value must name."""


class Experiment(BaseModel):
    """One validated, frozen, hashable description of a run, with JSON in and out.

    The defaults are the first run of the TensorFlow Quantum MNIST tutorial. Same Experiment, same numbers.
    Build one from outside input with `Experiment.parse`, which turns every problem into one sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    digits: tuple[Digit, Digit] = Field((3, 6), description="the two digits; the first is +1, the second −1")
    grid: int = Field(4, ge=2, le=28, description="side of the shrunken image, in pixels")
    resample: str = Field("sample", description="how 28×28 becomes grid×grid")
    remove_contradictions: Literal["grey", "binary", "off"] = Field(
        "grey", description="remove images that carry both labels: before the threshold, after it, or not"
    )
    threshold: float = Field(0.5, ge=0, lt=1, description="a pixel is 1 if its grey value is above this")
    encoding: str = Field("basis", description="how pixels become qubits")
    layers: tuple[str, ...] = Field(
        ("XX", "ZZ"), min_length=1, max_length=32, description="the ansatz layers, in circuit order"
    )
    examples: int | None = Field(500, ge=2, description="so many training images, in file order; all if null")
    epochs: int = Field(3, ge=1, le=100_000, description="passes over the examples")
    batch_size: int | None = Field(32, ge=1, description="examples per step; all of them if null")
    learning_rate: float = Field(0.001, gt=0, le=1, description="Adam's step, in half-turns")
    start: str = Field("uniform", description="how the initial weights are drawn")
    shuffle: bool = Field(True, description="a new order of the examples in each epoch")
    seed: int = Field(0, ge=0, lt=2**32, description="gives the initial weights and the order")
    engine: str = Field("aer", description="what computes the expectation values")
    gradient: str = Field("exact", description="what computes their derivatives")

    @field_validator("digits")
    @classmethod
    def _digits_differ(cls, digits: tuple[int, int]) -> tuple[int, int]:
        if digits[0] == digits[1]:
            raise ValueError(f"must be two different digits, not {digits[0]} twice")
        return digits

    @model_validator(mode="after")
    def _parts_exist(self) -> Self:
        for field, noun in NAMED_PARTS.items():
            FAMILIES[noun][getattr(self, field)]
        for layer in self.layers:
            FAMILIES["layer"][layer]
        return self

    @model_validator(mode="after")
    def _engine_can(self) -> Self:
        # Each engine knows its own limits; the check runs here so that no run starts that cannot end.
        refusal = FAMILIES["engine"][self.engine].refusal(self)
        if refusal:
            raise InputError(refusal)
        return self

    @property
    def pixels(self) -> int:
        """Number of data qubits, grid²."""
        return self.grid**2

    def with_(self, **changes: object) -> "Experiment":
        """A validated copy with some fields changed. Raises InputError."""
        return Experiment.parse({**self.model_dump(), **changes})

    @classmethod
    def parse(cls, fields: Mapping[str, object] | str) -> "Experiment":
        """Build an Experiment from a mapping or a JSON text; raises InputError with one sentence."""
        try:
            return cls.model_validate_json(fields) if isinstance(fields, str) else cls.model_validate(fields)
        except ValidationError as error:
            raise InputError(_sentence(error.errors()[0])) from error


def _sentence(problem: Mapping[str, Any]) -> str:
    """Pydantic's first complaint as one sentence for a person."""
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message if message.endswith(".") else f"{message}."
    field = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        return f"There is no setting called {field!r}; the settings are {', '.join(Experiment.model_fields)}."
    if problem["type"] == "missing":
        return f"{field} has too few values; give {len(Experiment.model_fields[field].default)}."
    if problem["type"] in {"too_long", "too_short"}:
        least, most = problem["ctx"].get("min_length"), problem["ctx"].get("max_length")
        bound = f"at least {least}" if problem["type"] == "too_short" else f"at most {most}"
        return f"{field} has {problem['ctx']['actual_length']} values, but it needs {bound}."
    message = message.replace("Input should be", "must be").replace("Tuple should", "should").replace("'", "")
    return f"{field} is {problem['input']!r}, but it {message[0].lower()}{message[1:]}."
