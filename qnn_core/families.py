"""A family is a set of interchangeable parts with one signature, each able to introduce itself.

Menus, the command line, help texts and the families' tests are all made from these registries, so a new
part is one definition and one line in its family.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from qnn_core.errors import InputError, quoted


@dataclass(frozen=True)
class Part:
    """One member of a family: the name in an Experiment, a title for a menu, a sentence for help."""

    name: str
    title: str
    blurb: str


@dataclass(frozen=True)
class Mark:
    """How charts show a part, so that it is known again, and never by its colour alone.

    role: which of the chart's colours, by meaning: "quantum", "classical", "large", "ceiling" or "other".
    symbol: Plotly's name of its point. pattern: Plotly's pattern of its bars, "" for none.
    """

    role: str = "other"
    symbol: str = "circle"
    pattern: str = ""


PartT = TypeVar("PartT", bound=Part)


class Family(Mapping[str, PartT], Generic[PartT]):
    """The parts of one family by name, in menu order.

    noun: what to call a part. members: parts, or functions without arguments that give parts; such a function is
    asked each time, so that a family can follow another one, as the models of a comparison follow the baselines.
    """

    def __init__(self, noun: str, *members: PartT | Callable[[], Iterable[PartT]]) -> None:
        self.noun = noun
        self._members = list(members)
        self._fixed = self._if_fixed()
        FAMILIES[noun] = self

    @contextmanager
    def with_part(self, part: PartT) -> Iterator[PartT]:
        """For as long as the block lasts, the family has one more part, at its end."""
        self._members.append(part)
        self._fixed = self._if_fixed()
        try:
            yield part
        finally:
            self._members.remove(part)
            self._fixed = self._if_fixed()

    @property
    def _parts(self) -> dict[str, PartT]:
        return self._collected() if self._fixed is None else self._fixed

    def _if_fixed(self) -> dict[str, PartT] | None:
        """All parts, to be looked up quickly; None if some come from a function, which is asked each time."""
        return self._collected() if all(isinstance(member, Part) for member in self._members) else None

    def _collected(self) -> dict[str, PartT]:
        parts: list[PartT] = []
        for member in self._members:
            parts += [member] if isinstance(member, Part) else member()
        return {part.name: part for part in parts}

    def __getitem__(self, name: str) -> PartT:
        parts = self._parts
        if name not in parts:
            raise InputError(f"There is no {self.noun} called {quoted(name)}; choose one of {', '.join(parts)}.")
        return parts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


FAMILIES: dict[str, Family] = {}
"""Every family by its noun; `experiment.py` validates names against it without importing later stages."""
