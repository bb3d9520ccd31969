"""A family is a set of interchangeable parts with one signature, each able to introduce itself.

Menus, the command line, help texts and the families' tests are all made from these registries, so a new
part is one definition and one line in its family.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from qnn_core.errors import InputError


@dataclass(frozen=True)
class Part:
    """One member of a family: the name in an Experiment, a title for a menu, a sentence for help."""

    name: str
    title: str
    blurb: str


PartT = TypeVar("PartT", bound=Part)


class Family(Mapping[str, PartT], Generic[PartT]):
    """The parts of one family by name, in menu order."""

    def __init__(self, noun: str, *parts: PartT) -> None:
        self.noun = noun
        self._parts = {part.name: part for part in parts}
        FAMILIES[noun] = self

    def __getitem__(self, name: str) -> PartT:
        if name not in self._parts:
            raise InputError(f"There is no {self.noun} called {name!r}; choose one of {', '.join(self)}.")
        return self._parts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


FAMILIES: dict[str, Family] = {}
"""Every family by its noun; `experiment.py` validates names against it without importing later stages."""
