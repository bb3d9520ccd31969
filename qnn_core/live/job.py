"""A job is work that goes on by itself, slice by slice, while somebody wants it and looks at it."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from functools import partial
from threading import Condition, RLock
from typing import Any, Protocol, TypeVar

from qnn_core import log
from qnn_core.errors import InputError
from qnn_core.shelf import Shelf
from qnn_core.workers.patience import Patient, Submits, submit_patiently
from qnn_core.workers.pool import error_of

Task = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and its arguments."""
LOOK_SECONDS = 10.0
"""Who has not looked at a job for so long has left."""
clock = time.monotonic


class Queue(Protocol):
    """What hands tasks to the workers, in visitors' names: qnn_core.workers.turns.Turns."""

    def of(self, visitor: str, *, background: bool = False) -> Submits: ...
    def place(self, future: Future[Any] | None) -> int: ...


class Job(ABC):
    """Work in slices. Safe to use from many threads; it never computes itself.

    The end of one slice submits the next one. So a job goes on whatever page is shown, until it is done, or nobody
    wants it, or everybody who wanted or watched it has not looked for LOOK_SECONDS.

    message: one sentence if something happened. failed: it stopped because of that, until it is wanted again.
    news: grows whenever there is more to see.
    """

    at_once = 1
    """Tasks on their way at most."""

    def __init__(self, turns: Queue) -> None:
        self.message, self.failed, self.news = "", False, 0
        self._turns = turns
        self._changed = Condition(RLock())
        self._pending: dict[Hashable, Patient] = {}
        self._looked: dict[str, float] = {}
        self._wanted_by, self._left = set[str](), set[str]()
        self._submitting = False

    # What each kind of job says of itself; called under the lock.

    @abstractmethod
    def tasks(self, visitor: str) -> Iterator[tuple[Hashable, Task]]:
        """What can be computed now for a visitor who looks, most urgent first, each task under a key."""

    @abstractmethod
    def take(self, key: Hashable, result: Any) -> None:
        """Keep what a task returned."""

    @property
    @abstractmethod
    def complete(self) -> bool:
        """Nothing is left to do."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """About how many bytes its results take."""

    @abstractmethod
    def progress(self, visitor: str | None = None) -> tuple[int, int]:
        """How much is done, and of how much; in this visitor's eyes."""

    @abstractmethod
    def words(self, visitor: str | None = None) -> str:
        """The progress in words, such as "step 3 of 48"."""

    @property
    def about(self) -> str:
        """What it computes, for the log."""
        return type(self).__name__

    def is_background(self, key: Hashable) -> bool:
        """Whether nobody waits for this very task, so that a film that somebody plays goes first."""
        return False

    def lose(self, key: Hashable, error: BaseException) -> None:
        """A task failed: by default the job stops and says why. What was computed stays."""
        self.failed, self.message = True, sentence(error)

    # What pages do.

    def want(self, visitor: str) -> None:
        """Begin or go on, in this visitor's name."""
        with self._changed:
            if not self._wanted_by and not self.complete:
                log.say("run", state="begun", visitor=visitor, what=self.about)
            self.failed, self.message = False, ""
            self._wanted_by.add(visitor)
            self._left.discard(visitor)
            self.news += 1
            self.watch(visitor)

    def watch(self, visitor: str) -> None:
        """This visitor looks at it; to be said again every few seconds.

        If everybody had left, it goes on for a visitor who had wanted it, and for nobody else.
        """
        with self._changed:
            if not self._watchers():
                self._wanted_by &= {visitor}
            if visitor not in self._left:
                self._looked[visitor] = clock()
            self._go_on()

    def pause(self, visitor: str) -> None:
        """This visitor does not want it any more; it ends with the slice on its way if nobody else looks."""
        with self._changed:
            self._left.add(visitor)
            self._looked.pop(visitor, None)
            self._wanted_by.discard(visitor)
            if others := self._watchers():
                self._wanted_by.update(others)
            else:
                self._wanted_by.clear()
                self._left.clear()
                self._drop_waiting(set(self._pending))
            self.news += 1

    def forget(self) -> None:
        """Drop what is on its way, and who looked."""
        with self._changed:
            pending, self._pending = self._pending, {}
            for visitors in (self._looked, self._left, self._wanted_by):
                visitors.clear()
            self.failed, self.message = False, ""
            self.news += 1
        for future in pending.values():
            future.cancel()

    def _drop_waiting(self, keys: set[Hashable]) -> None:
        """Cancel those of these tasks that wait for their turn; what a worker has begun is let be."""
        for key in keys & self._pending.keys():
            future = self._pending[key]
            if self._turns.place(future.attempt):
                del self._pending[key]
                future.cancel()

    def wait(self, seconds: float) -> None:
        """Until nothing is on its way, but not longer than this."""
        self.wait_until(lambda: not self._pending, seconds)

    def wait_until(self, seen: Callable[[], bool], seconds: float) -> None:
        """Until seen(), looked at after each task, but not longer than this."""
        with self._changed:
            self._changed.wait_for(seen, seconds)

    @property
    def active(self) -> bool:
        """Something is on its way."""
        with self._changed:
            return bool(self._pending)

    def active_for(self, visitor: str) -> bool:
        """Something is on its way that this visitor waits for."""
        return self.active

    @property
    def place(self) -> int:
        """If all that is on its way waits for its turn: how many tasks have theirs first, the next one included."""
        with self._changed:
            places = [self._turns.place(future.attempt) for future in self._pending.values()]
        return min(places, default=0)

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take, if that can be told."""
        return None

    def status(self, visitor: str | None = None) -> str:
        """One of STATUS."""
        with self._changed:
            if self.failed:
                return "stopped"
            if self.active if visitor is None else self.active_for(visitor):
                if not self._wanted_by:
                    return "pausing"
                return "waiting" if self.place else "running"
            done, total = self.progress(visitor)
            return "done" if done >= total else "paused" if done else "ready"

    # How it goes on.

    def _watchers(self) -> list[str]:
        """Who looks, the first one first; who has left is struck out."""
        latest = clock() - LOOK_SECONDS
        self._looked = {visitor: looked for visitor, looked in self._looked.items() if looked > latest}
        return list(self._looked)

    def _go_on(self) -> None:
        """Submit what is next, as often as there is something."""
        if self._submitting:
            return  # a slice that ended at once: the loop below sees it
        self._submitting = True
        try:
            while (following := self._next()) is not None:
                visitor, key, (function, arguments) = following
                executor = self._turns.of(visitor, background=self.is_background(key))
                future = submit_patiently(executor, function, *arguments)
                self._pending[key] = future
                future.add_done_callback(partial(self._ended, key))
        finally:
            self._submitting = False

    def _next(self) -> tuple[str, Hashable, Task] | None:
        if not self._wanted_by or self.failed or len(self._pending) >= self.at_once:
            return None
        for visitor in self._watchers():
            for key, task in self.tasks(visitor):
                if key not in self._pending:
                    return visitor, key, task
        return None

    def _ended(self, key: Hashable, future: Future[Any]) -> None:
        with self._changed:
            if self._pending.get(key) is not future:
                return  # forgotten meanwhile
            del self._pending[key]
            error = error_of(future)
            if error is None:
                self.take(key, future.result())
                if self.complete and not self._pending:
                    log.say("run", state="done", what=self.about)
            elif not future.cancelled():
                log.fault("fault", error, what=self.about)
                self.lose(key, error)
            self.news += 1
            self._go_on()
            self._changed.notify_all()


STATUS = ("ready", "waiting", "running", "pausing", "paused", "done", "stopped")


def sentence(error: BaseException) -> str:
    """Why a task failed, for a person."""
    if isinstance(error, InputError):
        return str(error)
    return f"The work stopped ({type(error).__name__}); start it again."


Kind = TypeVar("Kind", bound=Job)


class Kept(Shelf[Kind]):
    """The jobs of a server by key, in a room of so many bytes; nobody who is at work goes."""

    def __init__(self, name: str, room: int) -> None:
        super().__init__(name, room, stays=lambda job: job.active, grow=True)

    def clear(self) -> list[Kind]:
        """Forget all of them, and drop what is on its way."""
        jobs = super().clear()
        for job in jobs:
            job.forget()
        return jobs
