"""Many small tasks whose results come in one by one, shared by all who want them."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from qnn_core.errors import InputError
from qnn_core.live.job import Job, Queue, Task, clock
from qnn_core.shelf import weigh
from qnn_core.workers.patience import GivenUpError
from qnn_core.workers.unfinished import Unfinished


class TasksJob(Job):
    """Tasks by key; one that comes back unfinished is submitted again, to go on.

    results, errors: by key, as they come; an error is one sentence.

    Each visitor wants some keys; what nobody who looks wants any more is neither computed nor counted.
    what: a word for the tasks.
    """

    def __init__(self, turns: Queue, at_once: int = 3, what: str = "runs") -> None:
        super().__init__(turns)
        self.at_once, self.what = at_once, what
        self.results: dict[Any, Any] = {}
        self.errors: dict[Any, str] = {}
        self._unlucky = set[Hashable]()
        self._weight = 0
        self._begun: dict[Hashable, Unfinished] = {}
        self._wishes: dict[str, dict[Hashable, Task]] = {}

    @property
    def about(self) -> str:
        return self.what

    def want(self, visitor: str, tasks: Mapping[Any, Task] | None = None) -> None:
        """These tasks, instead of those that this visitor wanted before; known results are not computed again.

        What failed by bad luck, not by what it computed, is tried again for a visitor who comes anew.
        """
        with self._changed:
            was_here = visitor in self._watchers()
            before = self._wishes.get(visitor, {})
            self._looked[visitor] = clock()
            self._wishes[visitor] = dict(before if tasks is None else tasks)
            if was_here and self._wishes[visitor].keys() == before.keys():
                self.watch(visitor)  # nothing new
                return
            self._again(self._unlucky & (self._wishes[visitor].keys() - before.keys()))
            self._drop_waiting(self._pending.keys() - set().union(*self._wishes.values()))
            super().want(visitor)

    def pause(self, visitor: str) -> None:
        """This visitor wants nothing any more."""
        with self._changed:
            self._wishes.pop(visitor, None)
            self._drop_waiting(self._pending.keys() - set().union(*self._wishes.values()))
            super().pause(visitor)

    def again(self, keys: Iterable[Any]) -> None:
        """Do these tasks again."""
        with self._changed:
            self._again(keys)
            self.news += 1
            self._go_on()

    def _again(self, keys: Iterable[Any]) -> None:
        for key in set(keys):
            self.results.pop(key, None)
            self._begun.pop(key, None)
            self.errors.pop(key, None)
            self._unlucky.discard(key)

    def found(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """The results among these keys, in the order in which they came."""
        wanted = set(keys)
        with self._changed:
            return {key: result for key, result in self.results.items() if key in wanted}

    def problems(self, visitor: str) -> list[str]:
        """What went wrong with what this visitor wants, each sentence once."""
        with self._changed:
            return sorted({self.errors[key] for key in self._wishes.get(visitor, {}) if key in self.errors})

    def progress(self, visitor: str | None = None) -> tuple[int, int]:
        """Tasks done or failed, and all tasks, of those that this visitor wants, or that anybody wants who looks."""
        with self._changed:
            visitors = self._watchers() if visitor is None else [visitor]
            keys = set[Hashable]().union(*(self._wishes.get(each, {}) for each in visitors))
            return len(keys) - len(self._open(keys)), len(keys)

    def is_background(self, key: Hashable) -> bool:
        return True

    @property
    def nbytes(self) -> int:
        return self._weight + sum(map(weigh, list(self._begun.values())))

    @property
    def complete(self) -> bool:
        done, total = self.progress()
        return done == total

    def active_for(self, visitor: str) -> bool:
        with self._changed:
            return self.active and bool(self._open(self._wishes.get(visitor, {})))

    def words(self, visitor: str | None = None) -> str:
        done, total = self.progress(visitor)
        return f"{done} of {total} {self.what}"

    def tasks(self, visitor: str) -> Iterator[tuple[Hashable, Task]]:
        wishes = self._wishes.get(visitor, {})
        for key in self._open(wishes):
            begun = self._begun.get(key)
            yield key, wishes[key] if begun is None else (begun.function, begun.arguments)

    def take(self, key: Hashable, result: Any) -> None:
        if isinstance(result, Unfinished):
            self._begun[key] = result
            return
        self._begun.pop(key, None)
        self.results[key] = result
        self._weight += weigh(key) + weigh(result)

    def lose(self, key: Hashable, error: BaseException) -> None:
        """The other tasks go on."""
        self._begun.pop(key, None)
        known = isinstance(error, InputError)
        self.errors[key] = str(error) if known else f"This run failed ({type(error).__name__})."
        if not known or isinstance(error, GivenUpError):
            self._unlucky.add(key)

    def _open(self, keys: Iterable[Hashable]) -> list[Hashable]:
        return [key for key in keys if key not in self.results and key not in self.errors]

    def _watchers(self) -> list[str]:
        here = super()._watchers()
        for visitor in set(self._wishes) - set(self._looked):
            del self._wishes[visitor]
        return here
