"""Many small jobs whose results come in one by one, while a page shows what is there."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from qnn_core.errors import InputError
from qnn_core.workers.pool import GIVEN_UP, MOST_LOSSES, error_of, is_lost

Task = tuple[Callable[..., Any], tuple[Any, ...]]


class Executor(Protocol):
    """The one method needed of a concurrent.futures.Executor."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]: ...


class LiveTasks:
    """Functions and their arguments by key; `tick` collects what is done and submits what is next.

    results, errors: by key, as they come; an error is one sentence. A task whose worker died is done again,
    but not for ever.
    """

    def __init__(self, tasks: Mapping[Any, Task]) -> None:
        self._tasks = dict(tasks)
        self.results: dict[Any, Any] = {}
        self.errors: dict[Any, str] = {}
        self._pending: dict[Hashable, Future[Any]] = {}
        self._losses = Counter[Hashable]()

    def add(self, tasks: Mapping[Any, Task]) -> None:
        """More tasks; those already known are not done again."""
        self._tasks.update({key: task for key, task in tasks.items() if key not in self._tasks})

    def forget(self, keys: Iterable[Any]) -> None:
        """Do these tasks again."""
        for key in keys:
            self.results.pop(key, None)
            self.errors.pop(key, None)
            self._losses.pop(key, None)

    @property
    def total(self) -> int:
        """How many tasks there are."""
        return len(self._tasks)

    @property
    def finished(self) -> int:
        """How many are done or failed."""
        return len(self.results) + len(self.errors)

    @property
    def complete(self) -> bool:
        """Nothing is left to do."""
        return self.finished == self.total

    def tick(self, executor: Executor, at_once: int) -> None:
        """Collect, then keep `at_once` tasks on their way."""
        for key in [key for key, future in self._pending.items() if future.done()]:
            self._collect(key, self._pending.pop(key))
        for key, (function, arguments) in self._tasks.items():
            if len(self._pending) >= at_once:
                break
            if key not in self.results and key not in self.errors and key not in self._pending:
                self._pending[key] = executor.submit(function, *arguments)

    def _collect(self, key: Hashable, future: Future[Any]) -> None:
        error = error_of(future)
        if error is None:
            self.results[key] = future.result()
        elif is_lost(error):
            self._losses[key] += 1
            if self._losses[key] >= MOST_LOSSES:
                self.errors[key] = GIVEN_UP
        else:
            known = isinstance(error, InputError)
            self.errors[key] = str(error) if known else f"This run failed ({type(error).__name__})."
