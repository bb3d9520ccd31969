"""Matrices as small as these are multiplied by one thread.

Several threads would wait for each other longer than they work: with every core busy, as in a class, a product
of 0.1 ms was measured to take 8 ms. And they could add in another order, so that other bits come out.
"""

from contextlib import AbstractContextManager
from functools import lru_cache
from threading import Lock
from types import TracebackType
from typing import Any


class OneThread(AbstractContextManager[None]):
    """While anybody has entered this, from any thread, NumPy's matrix products use one thread."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limit = Lock(), 0, None

    def __enter__(self) -> None:
        with self._lock:
            # The limit is one for the whole process: who comes first sets it, who leaves last lifts it.
            if not self._inside:
                self._limit = _controller().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._limit is not None:
                self._limit.restore_original_limits()


one_thread = OneThread()


@lru_cache(maxsize=1)
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()  # looks through all loaded libraries, which takes some milliseconds
