"""What can be made again is kept on a shelf with room for so many bytes; what was used longest ago goes first."""

import hashlib
import sys
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

Given = ParamSpec("Given")
Made = TypeVar("Made")
Item = TypeVar("Item")

MIB = 2**20
LOOSE = (str, bytes, int, float, complex, bool, type(None))
"""What has no parts that would have to be counted."""
PLAIN = frozenset(LOOSE)


def weigh(thing: Any) -> int:
    """About how many bytes something takes: what it says of itself (nbytes), else all its parts, each once."""
    return _weigh(thing, set())


def _weigh(thing: Any, seen: set[int]) -> int:
    if id(thing) in seen or callable(thing):
        return 0
    seen.add(id(thing))
    own = getattr(thing, "nbytes", None)
    if own is not None:
        return int(own)
    size = sys.getsizeof(thing)
    if isinstance(thing, LOOSE):
        return size
    return size + sum(_weigh(part, seen) for part in _parts(thing))


def _parts(thing: Any) -> Iterable[Any]:
    if isinstance(thing, Mapping):
        return [*thing.keys(), *thing.values()]
    return thing if isinstance(thing, list | tuple | set | frozenset) else getattr(thing, "__dict__", {}).values()


def content_of(thing: Any) -> Hashable:
    """Something hashable that is equal for equal contents.

    thing: numbers, words, arrays, figures, what can be hashed, and lists, tuples, mappings and dataclasses of these.
    """
    return type(thing), _content(thing)  # 1, 1.0 and True are not the same


def _content(thing: Any) -> Hashable:
    if type(thing) in PLAIN:
        return thing
    if isinstance(thing, np.ndarray) and thing.dtype == object:
        thing = thing.tolist()
    elif isinstance(thing, Mapping):
        thing = list(thing.items())
    elif is_dataclass(thing) and not isinstance(thing, type):
        thing = [getattr(thing, part.name) for part in fields(thing)]
    if isinstance(thing, list | tuple):
        kinds = tuple(map(type, thing))
        return (kinds, tuple(thing)) if PLAIN.issuperset(kinds) else tuple(map(content_of, thing))
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, hashlib.sha256(np.ascontiguousarray(thing).tobytes()).digest()
    if type(thing).__hash__ is None:  # a figure
        return hashlib.sha256(thing.to_json().encode()).digest()
    found: Hashable = thing
    return found


class Shelf(Generic[Item]):
    """Results that share one room. Safe to use from many threads.

    name: for those who look under the hood. room: bytes that all of them may take together; a single one that is
    larger is kept all the same, alone, because somebody needs it now. stays(item): whether it may not go now, however
    long ago it was used. grow: whether what is kept may get larger, so that all is weighed again with each new item.
    """

    def __init__(
        self, name: str, room: int, *, stays: Callable[[Item], bool] = lambda item: False, grow: bool = False
    ) -> None:
        self.name, self.room, self._stays, self._grow = name, room, stays, grow
        self._items: dict[Hashable, Item] = {}
        self._sizes: dict[Hashable, int] = {}
        self._keys: dict[Hashable, int] = {}  # what they alone take, which does not grow
        self._lock = threading.RLock()
        self._making: dict[Hashable, threading.Lock] = {}
        SHELVES.setdefault(name, self)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def held(self) -> int:
        """Bytes on it, as far as they were weighed."""
        with self._lock:
            return sum(self._sizes.values())

    def keeps(self, function: Callable[Given, Made]) -> Callable[Given, Made]:
        """A decorator: what the function returns is kept here, unless it raises an error.

        For equal arguments the same thing is returned again, so nobody may change it. Everything that it depends on
        has to be among the arguments: see content_of for what they may be.
        """
        shelf: Shelf[Any] = self

        @wraps(function)
        def kept(*arguments: Given.args, **options: Given.kwargs) -> Made:
            key = function, content_of(arguments), content_of(options)
            made: Made = shelf.get(key, lambda: function(*arguments, **options))
            return made

        return kept

    def get(self, key: Hashable, make: Callable[[], Item]) -> Item:
        """What is kept under a key, which is not None; made first, once, if it is not there."""
        found = self._use(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:  # whoever asks for the same waits; nobody else does
            found = self._use(key)
            if found is not None:
                return found
            try:
                made = make()
                self._put(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def peek(self, key: Hashable) -> Item | None:
        """What is kept under a key, if anything is; that is not a use."""
        with self._lock:
            return self._items.get(key)

    def clear(self) -> list[Item]:
        """Forget everything. Returns what was there."""
        with self._lock:
            items = list(self._items.values())
            self._items.clear()
            self._sizes.clear()
            self._keys.clear()
        return items

    def _use(self, key: Hashable) -> Item | None:
        with self._lock:
            found = self._items.pop(key, None)
            if found is not None:
                self._items[key] = found  # the last one to go
            return found

    def _put(self, key: Hashable, item: Item) -> None:
        with self._lock:
            self._items[key] = item  # the last one to go
            self._keys[key] = weigh(key)
            for one in self._items if self._grow else [key]:
                self._sizes[one] = self._keys[one] + weigh(self._items[one])
            over = self.held - self.room
            for oldest in list(self._items)[:-1]:
                if over <= 0:
                    return
                if not self._stays(self._items[oldest]):
                    over -= self._sizes.pop(oldest)
                    del self._items[oldest], self._keys[oldest]


SHELVES: dict[str, Shelf[Any]] = {}
"""Name → each shelf of this process; of two with one name the first."""
