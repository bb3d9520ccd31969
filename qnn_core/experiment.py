"""An Experiment is everything that determines the result of a run, and nothing else."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo

from qnn_core.errors import InputError, quoted
from qnn_core.families import FAMILIES

Digit = Annotated[int, Field(ge=0, le=9)]


class Stage(StrEnum):
    """What a setting decides, and so what has to be done again when it changes."""

    PICTURE = "picture"
    """What is seen: the images and their labels."""
    NETWORK = "network"
    """The circuit, and how many weights it has."""
    TRAINING = "training"
    """How the weights come about."""
    ENGINE = "engine"
    """Who computes; the numbers are the same."""


NAMED_PARTS = {
    "resample": "resampler",
    "encoding": "encoding",
    "loss": "loss",
    "start": "start",
    "engine": "engine",
    "gradient": "gradient",
}
"""Experiment field → the family its value must name."""


class Experiment(BaseModel):
    """One validated, frozen, hashable description of a run, with JSON in and out.

    The defaults are the first run of the TensorFlow Quantum MNIST tutorial. Same Experiment, same numbers.
    Build one from outside input with `Experiment.parse`, which turns every problem into one sentence.

    Each field names the stages that it decides. Whoever keeps a result, or shares it between several
    Experiments, asks `fields` and `only` for the settings that decide it and never lists them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    digits: Annotated[tuple[Digit, Digit], Stage.PICTURE] = Field(
        (3, 6), description="the two digits; the first is +1, the second −1"
    )
    grid: Annotated[int, Stage.PICTURE, Stage.NETWORK] = Field(
        4, ge=2, le=28, description="side of the shrunken image, in pixels"
    )
    resample: Annotated[str, Stage.PICTURE] = Field("sample", description="how 28×28 becomes grid×grid")
    remove_contradictions: Annotated[Literal["grey", "binary", "off"], Stage.PICTURE] = Field(
        "grey", description="remove images that carry both labels: before the threshold, after it, or not"
    )
    threshold: Annotated[float, Stage.PICTURE] = Field(
        0.5, ge=0, lt=1, description="a pixel is 1 if its grey value is above this"
    )
    encoding: Annotated[str, Stage.PICTURE] = Field("basis", description="how pixels become qubits")
    layers: Annotated[tuple[str, ...], Stage.NETWORK] = Field(
        ("XX", "ZZ"), min_length=1, max_length=32, description="the ansatz layers, in circuit order"
    )
    examples: Annotated[int | None, Stage.TRAINING] = Field(
        500, ge=2, description="so many training images, in file order; all if null"
    )
    epochs: Annotated[int, Stage.TRAINING] = Field(3, ge=1, le=100_000, description="passes over the examples")
    batch_size: Annotated[int | None, Stage.TRAINING] = Field(
        32, ge=1, description="examples per step; all of them if null"
    )
    loss: Annotated[str, Stage.TRAINING] = Field("hinge", description="what training makes small")
    learning_rate: Annotated[float, Stage.TRAINING] = Field(
        0.001, gt=0, le=1, description="Adam's step, in half-turns"
    )
    start: Annotated[str, Stage.TRAINING] = Field("uniform", description="how the initial weights are drawn")
    shuffle: Annotated[bool, Stage.TRAINING] = Field(True, description="a new order of the examples in each epoch")
    seed: Annotated[int, Stage.TRAINING] = Field(
        0, ge=0, lt=2**32, description="gives the initial weights and the order"
    )
    engine: Annotated[str, Stage.ENGINE] = Field("aer", description="what computes the expectation values")
    gradient: Annotated[str, Stage.ENGINE] = Field("exact", description="what computes their derivatives")

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

    def with_(self, **changes: object) -> Self:
        """A validated copy with some fields changed. Raises InputError."""
        return type(self).parse({**self.model_dump(), **changes})

    @classmethod
    def fields(cls, *stages: Stage) -> tuple[str, ...]:
        """Names of the fields that decide any of these stages, in order; a field that names none decides all."""
        return tuple(name for name, info in cls.model_fields.items() if stages_of(info) & set(stages))

    def only(self, *stages: Stage, also: Iterable[str] = ()) -> Self:
        """The same with every field at its default that decides none of these stages: the key of a cache.

        also: names of single fields that are kept too. What decides the same has the same key. A key is not
        validated, so it describes a part of a run and no run: with the engine left out, a large grid may
        stand beside the default engine, which could not take it.
        """
        kept = {*self.fields(*stages), *also}
        defaults = {name: info.default for name, info in type(self).model_fields.items() if name not in kept}
        return self.model_copy(update=defaults)

    @classmethod
    def parse(cls, fields: Mapping[str, object] | str) -> Self:
        """Build an Experiment from a mapping or a JSON text; raises InputError with one sentence."""
        try:
            return cls.model_validate_json(fields) if isinstance(fields, str) else cls.model_validate(fields)
        except ValidationError as error:
            raise InputError(_sentence(error.errors()[0])) from error


def stages_of(field: FieldInfo) -> set[Stage]:
    """The stages that a field of an Experiment decides; all of them if it names none, so that nothing is missed."""
    return {mark for mark in field.metadata if isinstance(mark, Stage)} or set(Stage)


def _sentence(problem: Mapping[str, Any]) -> str:
    """Pydantic's first complaint as one sentence for a person."""
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message if message.endswith(".") else f"{message}."
    field = str(problem["loc"][0])
    if problem["type"] in {"extra_forbidden", "invalid_key"}:
        name = quoted(problem["loc"][0])
        return f"There is no setting called {name}; the settings are {', '.join(Experiment.model_fields)}."
    if problem["type"] == "missing":
        return f"{field} has too few values; give {len(Experiment.model_fields[field].default)}."
    if problem["type"] in {"too_long", "too_short"}:
        least, most = problem["ctx"].get("min_length"), problem["ctx"].get("max_length")
        bound = f"at least {least}" if problem["type"] == "too_short" else f"at most {most}"
        return f"{field} has {problem['ctx']['actual_length']} values, but it needs {bound}."
    message = message.replace("Input should be", "must be").replace("Tuple should", "should").replace("'", "")
    return f"{field} is {quoted(problem['input'])}, but it {message[0].lower()}{message[1:]}."
