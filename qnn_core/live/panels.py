"""The panels of a film: curves, heaps, maps of cells, a gauge, numbers, a dial, bars, small pictures.

Each holds plain numbers for all frames and checks itself when it is made. None knows how it is drawn.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.circuit import wrap
from qnn_core.errors import InputError
from qnn_core.tokens import DASHES, MARKS, TOKENS, Dash, check_token

MOST_LOOSE_CELLS = 100
"""A map with more cells is sent as one byte for each cell."""
LETTERED = 5
"""Maps of up to so many columns and rows have their numbers in the cells."""
DIGITS = 4
"""Figures of a number on its way to the browser; `table` has all of them."""

Scale = Literal["ink", "weight", "class"]
SCALES: dict[Scale, tuple[float, float]] = {"ink": (0.0, 1.0), "weight": (-1.0, 1.0), "class": (-1.0, 1.0)}
"""What a cell's number means, and its range. A weight outside of it is the same turn inside."""
Value = float | str | None
"""An entry of a film's table; None where nothing was measured at this frame."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One picture of a film. title: its heading."""

    kind: ClassVar[str]
    title: str

    @property
    def frames(self) -> int:
        """How many frames it has."""
        raise NotImplementedError

    def to_data(self) -> dict[str, Any]:
        """Lists, strings and numbers for the player."""
        raise NotImplementedError

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        """Name and numbers of everything that moves, one number for each frame."""
        raise NotImplementedError

    def _set(self, name: str, values: ArrayLike, *shape: int) -> Array:
        """Keep a field as a read-only array with this shape, −1 for any size."""
        kept = as_numbers(values, f"{name} of {self.title!r}")
        fits = kept.ndim == len(shape) and all(s in {-1, n} for s, n in zip(shape, kept.shape, strict=True))
        if not fits:
            wanted = " × ".join("any number" if size < 0 else str(size) for size in shape)
            raise InputError(f"The {name} of {self.title!r} have shape {kept.shape}, but need {wanted}.")
        object.__setattr__(self, name, kept)
        return kept

    def _set_edges(self, values: ArrayLike) -> Array:
        """Keep the edges of bins, which rise."""
        edges = self._set("edges", values, -1)
        if len(edges) < 2 or (np.diff(edges) <= 0).any():
            raise InputError(f"The edges of {self.title!r} have to rise, and there have to be two at least.")
        return edges


@dataclass(frozen=True, eq=False)
class Curve:
    """One line. token, dash, mark: its colour and what tells it apart without colour, from `qnn_core.tokens`.

    x, y: (p,), x in rising order. role: "strong"; "faint" for what is measured on the way; "behind" for an earlier
    run, whose name can be clicked. Raises InputError if these do not fit.
    """

    name: str
    x: Array
    y: Array
    token: str = "ink"
    dash: Dash | None = None
    mark: str | None = None
    role: Literal["strong", "faint", "behind"] = "strong"

    def __post_init__(self) -> None:
        own = TOKENS[check_token(self.token)]
        for name, default, known in (("dash", own.dash, DASHES), ("mark", own.mark, MARKS)):
            if getattr(self, name) is None:
                object.__setattr__(self, name, default)
            _choice(f"{name} of the curve {self.name!r}", getattr(self, name), known)
        _choice(f"role of the curve {self.name!r}", self.role, ("strong", "faint", "behind"))
        x, y = as_numbers(self.x, f"x of {self.name!r}"), as_numbers(self.y, f"y of {self.name!r}")
        if x.ndim != 1 or x.shape != y.shape:
            raise InputError(f"The curve {self.name!r} has {x.size} places for {y.size} values; give one for each.")
        if (np.diff(x) < 0).any():
            raise InputError(f"The places of the curve {self.name!r} go back; give them in rising order.")
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    def to_data(self) -> dict[str, Any]:
        """For the player."""
        return {
            "name": self.name,
            "token": self.token,
            "dash": self.dash,
            "mark": self.mark,
            "role": self.role,
            "x": short(self.x),
            "y": short(self.y),
        }

    def at(self, place: float) -> float | None:
        """Its value at exactly this place, the last one if there are several; None if it has no point there."""
        here = int(np.searchsorted(self.x, place + 1e-9, "right")) - 1
        return float(self.y[here]) if here >= 0 and abs(self.x[here] - place) <= 1e-9 else None


@dataclass(frozen=True, eq=False)
class Level:
    """A line across a panel that does not move, such as a ceiling. name: what is written at it."""

    name: str
    y: float
    token: str = "muted"

    def __post_init__(self) -> None:
        check_token(self.token)
        as_numbers(self.y, f"level {self.name!r}")


@dataclass(frozen=True, eq=False)
class Curves(Panel):
    """Lines over one axis, with a mark that stands where the film is.

    at: the place on the x axis of each frame, (frames,). x_range: both ends of the axis, if not those of the curves.
    digits: decimals of the values that are written beside the names.
    """

    kind = "curves"
    x_name: str
    y_name: str
    series: tuple[Curve, ...]
    at: Array
    levels: tuple[Level, ...] = ()
    x_range: tuple[float, float] | None = None
    digits: int = 3

    def __post_init__(self) -> None:
        at = self._set("at", self.at, -1)
        if not self.series:
            raise InputError(f"The panel {self.title!r} has no curve; give at least one.")
        if self.x_range is not None:
            low, high = as_numbers(self.x_range, f"x_range of {self.title!r}")
            if low >= high:
                raise InputError(f"The axis of {self.title!r} goes from {low:g} to {high:g}; let it rise.")
        if (np.diff(at) < 0).any():
            raise InputError(f"The frames of {self.title!r} go back along the axis; give them in rising order.")

    @property
    def frames(self) -> int:
        return len(self.at)

    def to_data(self) -> dict[str, Any]:
        xs = np.concatenate([self.at, *(curve.x for curve in self.series)])
        low, high = self.x_range or (float(xs.min()), float(xs.max()))
        return {
            "kind": self.kind,
            "title": self.title,
            "x_name": self.x_name,
            "y_name": self.y_name,
            "x_range": short([low, high if high > low else low + 1]),
            "digits": self.digits,
            "at": short(self.at),
            "series": [curve.to_data() for curve in self.series],
            "levels": [{"name": level.name, "y": short([level.y])[0], "token": level.token} for level in self.levels],
        }

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        for curve in self.series:
            yield curve.name, [curve.at(place) for place in self.at]


@dataclass(frozen=True, eq=False)
class Heaps(Panel):
    """Two histograms over one axis, one for each of two classes.

    edges: of the bins, rising, (bins + 1,). first, second: counts (frames, bins) ≥ 0. names: of both classes.
    """

    kind = "heaps"
    x_name: str
    edges: Array
    first: Array
    second: Array
    names: tuple[str, str]

    def __post_init__(self) -> None:
        edges = self._set_edges(self.edges)
        first = self._set("first", self.first, -1, len(edges) - 1)
        second = self._set("second", self.second, len(first), len(edges) - 1)
        if (first < 0).any() or (second < 0).any():
            raise InputError(f"A heap of {self.title!r} has a negative count; counts are 0 or more.")

    @property
    def frames(self) -> int:
        return len(self.first)

    def to_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "x_name": self.x_name,
            "edges": short(self.edges),
            "names": list(self.names),
            "first": [short(row) for row in self.first],
            "second": [short(row) for row in self.second],
        }

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        for name, counts in zip(self.names, (self.first, self.second), strict=True):
            for low, high, column in zip(self.edges, self.edges[1:], counts.T, strict=False):
                yield f"{name}, {low:g} to {high:g}", column.tolist()


@dataclass(frozen=True, eq=False)
class Cells(Panel):
    """A map of outlined cells, row by row.

    values: (frames, rows·columns). scale: "ink" in [0, 1], "weight" in half-turns, or "class" in [−1, 1].
    numbers: whether they stand in the cells; where there is room, if None. marked: for each frame the cell that is
    framed, −1 for none. truth: +1 or −1, the digit of the picture that the cells are, which frames it.
    """

    kind = "cells"
    rows: int
    columns: int
    values: Array
    scale: Scale
    numbers: bool | None = None
    marked: tuple[int, ...] | None = None
    truth: float | None = None

    def __post_init__(self) -> None:
        _check_truth(self.title, self.truth)
        _choice(f"scale of {self.title!r}", self.scale, tuple(SCALES))
        values = self._set("values", self.values, -1, self.rows * self.columns)
        low, high = SCALES[self.scale]
        if self.scale != "weight" and ((values < low) | (values > high)).any():
            raise InputError(f"The cells of {self.title!r} have to lie from {low:g} to {high:g}.")
        if self.marked is not None:
            if len(self.marked) != len(values):
                raise InputError(
                    f"The map {self.title!r} has {len(values)} frames, but marks a cell in {len(self.marked)}."
                )
            if not all(-1 <= cell < values.shape[1] for cell in self.marked):
                raise InputError(
                    f"The map {self.title!r} marks a cell that it does not have; it has {values.shape[1]}."
                )

    @property
    def frames(self) -> int:
        return len(self.values)

    @property
    def shown(self) -> Array:
        """The values on their scale: weights wrapped, (frames, cells)."""
        return wrap(self.values) if self.scale == "weight" else self.values

    def to_data(self) -> dict[str, Any]:
        fits = max(self.rows, self.columns) <= LETTERED and self.scale != "ink"
        data: dict[str, Any] = {
            "kind": self.kind,
            "title": self.title,
            "rows": self.rows,
            "columns": self.columns,
            "scale": self.scale,
            "numbers": fits if self.numbers is None else self.numbers,
        }
        if self.values.shape[1] > MOST_LOOSE_CELLS:
            low, high = SCALES[self.scale]
            data["packed"] = [_packed((frame - low) / (high - low)) for frame in self.shown]
        else:
            data["values"] = [short(frame, 3) for frame in self.shown]
        if self.marked is not None:
            data["marked"] = [int(cell) for cell in self.marked]
        return data | _truth_data(self.truth)

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        for cell, column in enumerate(self.values.T):
            row, place = divmod(cell, self.columns)
            yield f"row {row + 1}, column {place + 1}", column.tolist()


@dataclass(frozen=True, eq=False)
class Gauge(Panel):
    """A needle between the second class at −1 and the first at +1.

    values: (frames,) in [−1, 1]. names: of the first and the second class. picture: greys (rows, columns) in [0, 1]
    of what is asked about. truth: +1 or −1, which frames the picture.
    """

    kind = "gauge"
    values: Array
    names: tuple[str, str]
    picture: Array | None = None
    truth: float | None = None

    def __post_init__(self) -> None:
        if (np.abs(self._set("values", self.values, -1)) > 1 + 1e-9).any():
            raise InputError(f"The needle of {self.title!r} has to stay from −1 to 1.")
        if self.picture is not None:
            greys = self._set("picture", self.picture, -1, -1)
            if ((greys < 0) | (greys > 1)).any():
                raise InputError(f"The picture of {self.title!r} has to have greys from 0 to 1.")
        _check_truth(self.title, self.truth)

    @property
    def frames(self) -> int:
        return len(self.values)

    def to_data(self) -> dict[str, Any]:
        picture = None if self.picture is None else [short(row) for row in self.picture]
        return {
            "kind": self.kind,
            "title": self.title,
            "values": short(np.clip(self.values, -1, 1)),
            "names": list(self.names),
            **_truth_data(self.truth),
            **({} if picture is None else {"picture": picture}),
        }

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        yield "", self.values.tolist()


@dataclass(frozen=True, eq=False)
class Number:
    """A value that is written. values: (frames,). form: as in an f-string. unit: written after it.

    token: its colour, with that token's mark before the label.
    """

    label: str
    values: Array
    form: str = ".3f"
    unit: str = ""
    token: str = "ink"

    def __post_init__(self) -> None:
        check_token(self.token)
        object.__setattr__(self, "values", as_numbers(self.values, self.label))

    @property
    def texts(self) -> list[str]:
        """What is written in each frame, with a true minus."""
        numbers = (int(value) if self.form.endswith("d") else value for value in self.values.tolist())
        return [f"{number:{self.form}}".replace("-", "−") + self.unit for number in numbers]


@dataclass(frozen=True, eq=False)
class Numbers(Panel):
    """Values that are written, one below the other."""

    kind = "numbers"
    numbers: tuple[Number, ...]

    def __post_init__(self) -> None:
        if len({number.values.shape for number in self.numbers}) != 1 or self.numbers[0].values.ndim != 1:
            raise InputError(f"The numbers of {self.title!r} have to have one value for each frame.")

    @property
    def frames(self) -> int:
        return len(self.numbers[0].values)

    def to_data(self) -> dict[str, Any]:
        numbers = [
            {"label": number.label, "texts": number.texts, "token": number.token, "mark": TOKENS[number.token].mark}
            for number in self.numbers
        ]
        return {"kind": self.kind, "title": self.title, "numbers": numbers}

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        for number in self.numbers:
            yield number.label, number.values.tolist()


@dataclass(frozen=True, eq=False)
class Dial(Panel):
    """A hand in the unit circle and the trail of its tip; how far right it points is what counts.

    points: complex, |·| ≤ 1: (frames,), where the trail is made of the frames before; or (frames, p), a trail for
    each frame. names: of what the right and the left end mean.
    """

    kind = "dial"
    points: Any
    names: tuple[str, str]

    def __post_init__(self) -> None:
        points = np.array(self.points, complex)
        if points.ndim not in {1, 2} or not points.size:
            raise InputError(f"The points of {self.title!r} have shape {points.shape}; give one path for each frame.")
        if not np.isfinite(points).all() or (np.abs(points) > 1 + 1e-9).any():
            raise InputError(f"The hand of {self.title!r} leaves its circle; its length is at most 1.")
        points.setflags(write=False)
        object.__setattr__(self, "points", points)

    @property
    def frames(self) -> int:
        return len(self.points)

    def to_data(self) -> dict[str, Any]:
        pairs = np.stack([self.points.real, self.points.imag], axis=-1)
        if pairs.ndim == 2:
            path: list[Any] = [short(pair) for pair in pairs]
        else:
            path = [[short(pair) for pair in frame] for frame in pairs]
        names = list(self.names)
        return {"kind": self.kind, "title": self.title, "names": names, "grows": pairs.ndim == 2, "points": path}

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        tip = self.points if self.points.ndim == 1 else self.points[:, -1]
        yield "real part", tip.real.tolist()
        yield "imaginary part", tip.imag.tolist()


@dataclass(frozen=True, eq=False)
class Bars(Panel):
    """One histogram that does not change, and a line that cuts it; the heights are on a log scale.

    edges: of the bins, rising, (bins + 1,). counts: (bins,) ≥ 0. at: where the line stands, (frames,), inside the
    edges. share: how much lies right of it, (frames,) in [0, 1]. names: of what lies left and right.
    """

    kind = "bars"
    x_name: str
    edges: Array
    counts: Array
    at: Array
    share: Array
    names: tuple[str, str]

    def __post_init__(self) -> None:
        edges = self._set_edges(self.edges)
        if (self._set("counts", self.counts, len(edges) - 1) < 0).any():
            raise InputError(f"A bar of {self.title!r} has a negative count; counts are 0 or more.")
        at, share = self._set("at", self.at, -1), self._set("share", self.share, len(self.at))
        if ((at < edges[0]) | (at > edges[-1])).any():
            raise InputError(f"The line of {self.title!r} leaves the bars, from {edges[0]:g} to {edges[-1]:g}.")
        if ((share < 0) | (share > 1)).any():
            raise InputError(f"The share of {self.title!r} has to lie from 0 to 1.")

    @property
    def frames(self) -> int:
        return len(self.at)

    def to_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "x_name": self.x_name,
            "edges": short(self.edges),
            "counts": short(self.counts),
            "at": short(self.at),
            "share": short(self.share),
            "names": list(self.names),
        }

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        yield self.names[1], self.share.tolist()


class Tile(NamedTuple):
    """What stands in one place of one frame. picture: its number. token: the colour of its frame and caption."""

    picture: int
    caption: str
    token: str = "ink"


@dataclass(frozen=True, eq=False)
class Tiles(Panel):
    """Small pictures with captions, other ones in each frame; every picture is sent once.

    pictures: greys (side, side) in [0, 1], of any sides. shown: for each frame its tiles, in order. group: so many of
    them belong together. empty: what is said in a frame that has none.
    """

    kind = "tiles"
    pictures: tuple[Array, ...]
    shown: tuple[tuple[Tile, ...], ...]
    group: int = 1
    empty: str = ""

    def __post_init__(self) -> None:
        pictures = tuple(as_numbers(one, f"pictures of {self.title!r}") for one in self.pictures)
        for one in pictures:
            if one.ndim != 2 or one.shape[0] != one.shape[1] or not one.size:
                raise InputError(f"A picture of {self.title!r} has shape {one.shape}; it has to be a square.")
            if ((one < 0) | (one > 1)).any():
                raise InputError(f"The pictures of {self.title!r} have to have greys from 0 to 1.")
        object.__setattr__(self, "pictures", pictures)
        for tile in (tile for tiles in self.shown for tile in tiles):
            check_token(tile.token)
            if not 0 <= tile.picture < len(pictures):
                raise InputError(
                    f"The panel {self.title!r} shows picture {tile.picture}, but has {len(pictures)} of them."
                )
        if self.group < 1:
            raise InputError(f"The groups of {self.title!r} have {self.group} pictures; one is the least.")

    @property
    def frames(self) -> int:
        return len(self.shown)

    def to_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "group": self.group,
            "empty": self.empty,
            "pictures": [{"side": len(one), "packed": _packed(one)} for one in self.pictures],
            "shown": [
                [[tile.picture, tile.caption, tile.token, TOKENS[tile.token].mark] for tile in tiles]
                for tiles in self.shown
            ],
        }

    def measured(self) -> Iterator[tuple[str, list[Value]]]:
        for place in range(max(map(len, self.shown), default=0)):
            here = (tiles[place] if place < len(tiles) else None for tiles in self.shown)
            yield f"picture {place + 1}", [tile and tile.caption.replace("\n", ", ") for tile in here]


PANELS: tuple[type[Panel], ...] = (Curves, Heaps, Cells, Gauge, Numbers, Dial, Bars, Tiles)
"""What the player can draw."""


def _check_truth(title: str, truth: float | None) -> None:
    if truth is not None and abs(truth) != 1:
        raise InputError(f"The truth of {title!r} is {truth}; it has to be 1 or −1.")


def _truth_data(truth: float | None) -> dict[str, float]:
    return {} if truth is None else {"truth": float(truth)}


def _packed(greys: Array) -> str:
    """Numbers from 0 to 1 as one byte each, 255 is 1."""
    return base64.b64encode(np.round(255 * greys).astype(np.uint8).tobytes()).decode()


def as_numbers(values: ArrayLike, what: str) -> Array:
    """Finite numbers as a read-only array. Raises InputError with what they are."""
    try:
        kept = np.array(values, float)
    except (TypeError, ValueError):
        raise InputError(f"The {what} are no numbers, or not the same number in every frame.") from None
    if not np.isfinite(kept).all():
        raise InputError(f"The {what} are not all finite numbers; leave out what could not be computed.")
    kept.setflags(write=False)
    return kept


def _choice(what: str, given: object, known: Sequence[str]) -> None:
    if given not in known:
        raise InputError(f"The {what} is {given!r}, but has to be one of {', '.join(map(repr, known))}.")


def short(values: ArrayLike, digits: int = DIGITS) -> list[Any]:
    """Numbers with so many decimals, whole ones without a point: what JSON is short with. One row.

    Rounded once more, to one decimal less, they are still what the exact numbers are: 0.22847 does not become 0.2285,
    of which the player would make 0.229.
    """
    exact, unit = np.asarray(values, float).ravel(), 10.0**-digits
    rounded = np.round(exact, digits)
    between = (np.abs(np.rint(rounded / unit)) % 10 == 5) & (rounded != exact)
    rounded = np.round(rounded + between * np.sign(exact - rounded) * unit, digits)
    return [int(value) if value == int(value) else value for value in rounded.tolist()]
