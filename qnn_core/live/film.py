"""A film is what can be seen while one number moves: the training step, the threshold, the noise.

Python computes every frame; a player in the browser draws and moves them. A film is made of panels, checks that they
fit, and knows neither how it is drawn nor how fast it is played.
"""

import csv
import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qnn_core.arrays import Array
from qnn_core.errors import InputError
from qnn_core.live.panels import PANELS, Panel, Value, as_numbers, short
from qnn_core.shelf import MIB, Shelf

MOST_FRAMES = 240
"""More are not told apart in ten seconds, and only make the browser wait."""


def moments(count: int, most: int = MOST_FRAMES) -> list[int]:
    """At most so many of `count` places, evenly spread, with both ends. Raises InputError for most < 2."""
    if most < 2:
        raise InputError(f"A film of {most} frames cannot show both ends; allow at least 2.")
    if count <= most:
        return list(range(count))
    return [round(place) for place in np.linspace(0, count - 1, most)]


FILMS = Shelf["Film"]("films", 24 * MIB)
"""Those that were made last: a class looks at the same ones, and whoever moves a film has its page drawn again."""


@dataclass(frozen=True, eq=False)
class Film:
    """What can be seen while one number moves.

    name: the same for the same film, also when it has grown. title: what is to be seen, for those who hear it.
    positions: the moving number at each frame, rising, (frames,). label, unit: of that number: "step", "".
    total: its last value that is planned, if the film is still growing. rest: the frame to show first; the last if
    None. planned: all positions where a frame may come yet, also between those that are there, rising; those alone
    if None. Raises InputError if something does not fit.
    """

    name: str
    title: str
    panels: tuple[Panel, ...]
    positions: Array
    label: str = "step"
    unit: str = ""
    total: float | None = None
    rest: int | None = None
    planned: Array | None = None

    def __post_init__(self) -> None:
        positions = as_numbers(self.positions, "positions of the film")
        if positions.ndim != 1 or not positions.size:
            raise InputError("A film needs at least one frame.")
        if (np.diff(positions) <= 0).any():
            raise InputError("The positions of a film have to rise from frame to frame.")
        object.__setattr__(self, "positions", positions)
        if not self.panels:
            raise InputError("A film needs at least one panel.")
        for panel in self.panels:
            if type(panel) not in PANELS:
                known = ", ".join(kind.kind for kind in PANELS)
                raise InputError(f"The player cannot draw {type(panel).__name__!r}; its panels are {known}.")
            if panel.frames != len(self):
                raise InputError(f"The film has {len(self)} frames, but {panel.title!r} has {panel.frames}.")
        if self.rest is not None and not 0 <= self.rest < len(self):
            raise InputError(f"The film cannot rest at frame {self.rest}; it has frames 0 to {len(self) - 1}.")
        if self.total is not None and not self.total >= positions[-1]:
            raise InputError(f"The film is already at {positions[-1]:g}, but plans to end at {self.total:g}.")
        if self.planned is not None:
            planned = as_numbers(self.planned, "planned positions of the film")
            if planned.ndim != 1 or (np.diff(planned) <= 0).any() or not np.isin(positions, planned).all():
                raise InputError(
                    "The planned positions of a film have to rise, and to be those of its frames and more."
                )
            object.__setattr__(self, "planned", planned)

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def growing(self) -> bool:
        """More frames are planned."""
        return self.total is not None and bool(self.positions[-1] < self.total)

    def to_data(self) -> dict[str, Any]:
        """Lists, strings and numbers for the player, rounded to what can be seen."""
        return {
            "name": self.name,
            "title": self.title,
            "label": self.label,
            "unit": self.unit,
            "positions": short(self.positions, 6),
            "total": short([self.positions[-1] if self.total is None else self.total], 6)[0],
            "rest": self.rest,
            "planned": None if self.planned is None else short(self.planned, 6),
            "panels": [panel.to_data() for panel in self.panels],
        }

    @cached_property
    def text(self) -> str:
        """The same as JSON, made once: what the player gets."""
        return json.dumps(self.to_data(), separators=(",", ":"), allow_nan=False)

    @property
    def nbytes(self) -> int:
        """About what it takes: nine times its text, as was measured; most of it are numbers in lists."""
        return 9 * len(self.text)

    def table(self) -> dict[str, list[Value]]:
        """Every number of every frame, not rounded: column → one entry for each frame, the moving number first."""
        columns: dict[str, list[Value]] = {self.label: list(self.positions.tolist())}
        for panel in self.panels:
            for name, values in panel.measured():
                heading = plain = ": ".join(part for part in (panel.title, name) if part)
                again = 2
                while heading in columns:  # two runs may have one name
                    heading, again = f"{plain} ({again})", again + 1
                columns[heading] = values
        return columns

    def to_csv(self) -> str:
        """The table as text, one line for each frame; empty where nothing was measured."""
        table = self.table()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
        return text.getvalue()
