"""Many labelled examples are few distinct images: each is kept, counted and computed once."""

import hashlib
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qnn_core.arrays import Array, Booleans, Integers
from qnn_core.data.labels import FIRST, SECOND, is_first, labels_of

MOST_NUMBERS = 500_000
"""A set of distinct images of up to so many pixels is kept as floating point numbers, too: 4 MB."""
LONGEST_KEY = 512
"""Bytes by which an image is found again."""


@dataclass(frozen=True)
class Counts:
    """Distinct images, and how many of them carry the first label, the second, and both.

    `first` and `second` include the contradictory ones, as the tutorial counts them.
    """

    unique: int
    first: int
    second: int
    contradictory: int

    def as_dict(self) -> dict[str, int]:
        """The four counts by name."""
        return asdict(self)


class Batch(NamedTuple):
    """Some labelled examples: each distinct image once, each (image, label) with how often it occurs.

    images: distinct images (d, n). row: int (b,), which image. labels: ±1 (b,). counts: (b,), and their total.
    """

    images: Array
    row: Integers
    labels: Array
    counts: Array
    total: int


@dataclass(frozen=True)
class ImageSet:
    """m labelled examples, stored as their d distinct images.

    Bits are stored as bytes, and greys where they are: sets of the same greys share them.

    stored: (s, n), numbers from 0 to `full`, which means 1. places: int (d,), the row of each distinct image in them.
    row: int (m,), the distinct image each example shows.
    labels: ±1 (m,), +1 is the first digit.
    """

    stored: NDArray[Any]
    places: Integers
    row: Integers
    labels: Array
    full: float = 1.0

    @classmethod
    def of(cls, images: Array, labels: Array, rows: Integers | None = None) -> "ImageSet":
        """Group examples by their image. images: (m, n); labels: ±1 (m,); rows: the examples meant, all if None."""
        some = images if rows is None else images[rows]
        if rows is None:
            rows = np.arange(len(images))
        example, row = distinct_rows(some)
        if is_black_and_white(some):
            return cls(some.astype(np.uint8)[example], np.arange(len(example)), row, labels[rows])
        return cls(images, rows[example], row, labels[rows])

    def __len__(self) -> int:
        return len(self.row)

    @property
    def bits(self) -> bool:
        """Whether every pixel is black or white."""
        return self.stored.dtype == np.uint8 and self.full == 1.0

    @property
    def distinct(self) -> int:
        """d, how many distinct images there are."""
        return len(self.places)

    @property
    def nbytes(self) -> int:
        """Bytes that this set needs for itself: bits are its own, greys are not."""
        own = self.stored.nbytes if self.stored.dtype == np.uint8 else 0
        small = self._small.nbytes if self._small is not None else 0
        return own + small + self.places.nbytes + self.row.nbytes + self.labels.nbytes + 24 * self.distinct

    @property
    def images(self) -> Array:
        """The distinct images as floating point numbers in [0, 1], (d, n); of a large set made anew each time."""
        return self._some(slice(None))

    def _some(self, which: Any) -> Array:
        """Some of the distinct images: a slice, numbers, or a mask over them."""
        if self._small is not None:
            return self._small[which]
        return self._made(which)

    @cached_property
    def _small(self) -> Array | None:
        return self._made(slice(None)) if self.distinct * self.stored.shape[1] <= MOST_NUMBERS else None

    def _made(self, which: Any) -> Array:
        chosen: Array = self.stored[self.places[which]] / self.full
        return chosen

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """How many examples of the first digit show each distinct image, (d,)."""
        return np.bincount(self.row[is_first(self.labels)], minlength=self.distinct)

    @cached_property
    def second(self) -> NDArray[np.int64]:
        """How many examples of the second digit show each distinct image, (d,)."""
        return np.bincount(self.row[~is_first(self.labels)], minlength=self.distinct)

    @cached_property
    def contradictory(self) -> Booleans:
        """Which distinct images carry both labels, (d,)."""
        return (self.first > 0) & (self.second > 0)

    @property
    def consistent(self) -> Booleans:
        """Which of the m examples show an image that carries only one label, (m,)."""
        return ~self.contradictory[self.row]

    @property
    def majority(self) -> Array:
        """The label most examples of each distinct image carry, ±1 (d,); a tie counts as the second digit."""
        return labels_of(self.first > self.second)

    @property
    def whole(self) -> Batch:
        """All examples at once: at most two entries for each distinct image, however many examples."""
        return self._whole if self._small is not None else self._made_whole()

    @cached_property
    def _whole(self) -> Batch:
        return self._made_whole()

    def _made_whole(self) -> Batch:
        rows = [np.flatnonzero(self.first), np.flatnonzero(self.second)]
        labels = np.repeat([FIRST, SECOND], [len(row) for row in rows])
        counts = np.concatenate([self.first[rows[0]], self.second[rows[1]]]).astype(float)
        return Batch(self.images, np.concatenate(rows), labels, counts, len(self))

    def first_examples(self, count: int | None) -> "ImageSet":
        """The first so many examples; all of them if None."""
        if count is None or count >= len(self):
            return self
        return ImageSet.of(self._some(self.row[:count]), self.labels[:count])

    def count(self, image: Array) -> tuple[int, int]:
        """How many examples of the first and of the second digit show exactly this image, (n,)."""
        place = self._place.get(_key(image))
        return (0, 0) if place is None else (int(self.first[place]), int(self.second[place]))

    @cached_property
    def _place(self) -> dict[bytes, int]:
        """Distinct image → its number."""
        return {_key(image): number for number, image in enumerate(self.images)}

    def batch(self, examples: Integers) -> Batch:
        """Some of the examples, by their numbers (b,)."""
        rows = self.row[examples]
        present = np.zeros(self.distinct, bool)  # marking is faster than sorting, and this is done in every step
        present[rows] = True
        row = (np.cumsum(present) - 1)[rows]
        return Batch(self._some(present), row, self.labels[examples], np.ones(len(examples)), len(examples))

    @property
    def counts(self) -> Counts:
        """The numbers the tutorial prints."""
        return Counts(
            self.distinct,
            int(np.count_nonzero(self.first)),
            int(np.count_nonzero(self.second)),
            int(np.count_nonzero(self.contradictory)),
        )


def _key(image: Array) -> bytes:
    """Equal for equal images, also −0.0 and 0.0, whose bytes differ. Of large ones, of 6 kB each, a digest."""
    content = (np.asarray(image, np.float64) + 0.0).tobytes()
    return content if len(content) <= LONGEST_KEY else hashlib.blake2b(content, digest_size=16).digest()


def is_black_and_white(images: Array) -> bool:
    """Whether all pixels are 0 or 1."""
    return np.array_equal(images.astype(bool), images)


def distinct_rows(images: Array | Booleans) -> tuple[Integers, Integers]:
    """One example of each distinct row, and the distinct row of each example: (d,), (m,).

    Rows of zeros and ones are compared as packed bits, others byte by byte.
    """
    bits = images.astype(bool)
    # Adding 0.0 turns −0.0 into 0.0, whose bytes differ.
    packed: NDArray[Any] = np.packbits(bits, axis=1) if np.array_equal(bits, images) else images + 0.0
    if packed.dtype == np.uint8 and packed.shape[1] <= 8:
        # Up to 64 bits fit one integer, which sorts faster.
        padded: NDArray[Any] = np.zeros((len(packed), 8), np.uint8)
        padded[:, : packed.shape[1]] = packed
        key: np.dtype[Any] = np.dtype(np.uint64)
    else:
        padded = np.ascontiguousarray(packed)
        key = np.dtype((np.void, padded.itemsize * padded.shape[1]))
    _, example, row = np.unique(padded.view(key)[:, 0], return_index=True, return_inverse=True)
    return example, row
