"""What can be made again is kept on a shelf with room for so many bytes; what was used longest ago goes first."""

import threading
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar


class Weighed(Protocol):
    """Something that knows how many bytes it takes."""

    @property
    def nbytes(self) -> int: ...


Given = ParamSpec("Given")
Made = TypeVar("Made", bound=Weighed)

MIB = 2**20


class Shelf:
    """Results of several functions that share one room. Safe to use from many threads.

    name: for those who look under the hood. room: bytes that all of them may take together; a single result that is
    larger is kept all the same, alone, because somebody needs it now.
    """

    def __init__(self, name: str, room: int) -> None:
        self.name, self.room = name, room
        self._items: dict[Hashable, Weighed] = {}
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        SHELVES[name] = self

    def __len__(self) -> int:
        return len(self._items)

    @property
    def held(self) -> int:
        """Bytes on it now; what is there may have grown."""
        return sum(item.nbytes for item in list(self._items.values()))

    def keeps(self, function: Callable[Given, Made]) -> Callable[Given, Made]:
        """A decorator: what the function returns is kept here, by its arguments, unless it raises an error."""

        @wraps(function)
        def kept(*arguments: Given.args, **options: Given.kwargs) -> Made:
            return self.get((function, arguments, tuple(options.items())), lambda: function(*arguments, **options))

        return kept

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key; made first, once, if it is not there."""
        found = self._find(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:  # whoever asks for the same waits; nobody else does
            found = self._find(key)
            if found is not None:
                return found
            try:
                made = make()
                self._put(key, made)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            found = self._items.pop(key, None)
            if found is not None:
                self._items[key] = found  # the last one to go
            return found

    def _put(self, key: Hashable, item: Weighed) -> None:
        with self._lock:
            self._items[key] = item
            while self.held > self.room and len(self._items) > 1:
                del self._items[next(iter(self._items))]


SHELVES: dict[str, Shelf] = {}
"""Name → each shelf of this process."""
