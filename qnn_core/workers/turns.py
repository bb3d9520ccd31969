"""Visitors take turns at the workers: who has hundreds of tasks waits as long for each as who has one."""

import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from threading import Condition, Thread
from typing import Any, NamedTuple

from qnn_core.errors import InputError
from qnn_core.workers.patience import Submits
from qnn_core.workers.pool import error_of

AHEAD = 1
"""Tasks that lie ready on the pool beside those that run, so that no worker waits."""
FILM_SECONDS = 10.0
"""So long after a film was computed, one worker's worth is kept free for the next slice of one."""
WIDTH_SECONDS = 5.0
"""How long the number of workers is believed; to ask a cluster for it takes a message."""


class Turns:
    """The front of an executor: the next task comes from the visitor who has waited longest since the last one.

    executor: has `submit` and, if it likes, `width`, the number of tasks that it runs at once. It is only called from
    one thread of its own here, never from a future's callback.
    """

    def __init__(self, executor: Submits) -> None:
        self._executor = executor
        self._waiting: dict[str, deque[_Task]] = {}
        self._out = self._behind = 0
        self._film = float("-inf")
        self._width, self._asked = 1, float("-inf")
        self._changed = Condition()
        self._server: Thread | None = None
        self._closed = False

    def submit(self, visitor: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As in concurrent.futures.Executor, in this visitor's name. A task can be cancelled until its turn comes."""
        return self._submit(visitor, False, fn, args, kwargs)

    def _submit(
        self, visitor: str, background: bool, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            if self._closed:
                raise RuntimeError("cannot submit after shutdown")
            self._waiting.setdefault(visitor, deque()).append(_Task(future, fn, args, kwargs, background))
            if not background:
                self._film = time.monotonic()
            if self._server is None:
                self._server = Thread(target=self._serve, daemon=True, name="turns")
                self._server.start()
            self._changed.notify_all()
        return future

    def of(self, visitor: str, *, background: bool = False) -> "OneVisitor":
        """An executor that submits in this visitor's name. background: films of others go first, see FILM_SECONDS."""
        return OneVisitor(self, visitor, background)

    def place(self, future: Future[Any] | None) -> int:
        """How many tasks have their turn up to this one, itself included; 0 if it waits no more."""
        with self._changed:
            queues = [[task for task in queue if not task.future.cancelled()] for queue in self._waiting.values()]
        for turn, queue in enumerate(queues):
            for number, task in enumerate(queue):
                if task.future is future:
                    before = sum(min(len(other), number + 1) for other in queues[:turn])
                    behind = sum(min(len(other), number) for other in queues[turn + 1 :])
                    return before + number + behind + 1
        return 0

    @property
    def load(self) -> tuple[int, int]:
        """How many tasks the workers have, and how many wait for their turn."""
        with self._changed:
            waiting = sum(not task.future.cancelled() for queue in self._waiting.values() for task in queue)
            return self._out, waiting

    def shutdown(self) -> None:
        """Take no more tasks and cancel those that wait; the executor itself goes on."""
        with self._changed:
            self._closed = True
            left = [task.future for queue in self._waiting.values() for task in queue]
            self._waiting.clear()
            self._changed.notify_all()
        for future in left:
            future.cancel()

    def _serve(self) -> None:
        while True:
            self._measure()
            with self._changed:
                task = None
                while not self._closed and (task := self._next()) is None:
                    self._changed.wait(self._patience())
                if task is None:
                    return
                self._out += 1
                self._behind += task.background
            try:
                inner = self._executor.submit(task.fn, *task.args, **task.kwargs)
            except Exception as error:
                self._one_back(task)
                task.future.set_exception(error)
                continue
            inner.add_done_callback(partial(self._done, task))

    def _next(self) -> "_Task | None":
        """A task of the first visitor who has one that may begin; that visitor then stands at the end of the line."""
        if self._out >= self._width + AHEAD:
            return None
        for visitor, queue in list(self._waiting.items()):
            task = self._taken_from(queue)
            if task is not None or not queue:
                del self._waiting[visitor]
            if task is not None:
                if queue:
                    self._waiting[visitor] = queue
                return task
        return None

    def _taken_from(self, queue: "deque[_Task]") -> "_Task | None":
        """The first task that may begin, taken out of the queue; a cancelled one takes nobody's turn."""
        for task in list(queue):
            if task.future.cancelled() or self._may_begin(task):
                queue.remove(task)
                if task.future.set_running_or_notify_cancel():
                    return task
        return None

    def _may_begin(self, task: "_Task") -> bool:
        """Whether it leaves one worker's worth free, if films are being computed."""
        return not task.background or self._behind < max(1, self._width - 1) or self._no_films

    @property
    def _no_films(self) -> bool:
        return time.monotonic() - self._film > FILM_SECONDS

    def _patience(self) -> float | None:
        """Seconds until what must not begin now may, by the clock alone; None if nothing waits for that."""
        return None if self._no_films or not self._waiting else FILM_SECONDS

    def _done(self, task: "_Task", inner: Future[Any]) -> None:
        self._one_back(task)
        error = error_of(inner)
        if error is None:
            task.future.set_result(inner.result())
        else:
            task.future.set_exception(error)

    def _one_back(self, task: "_Task") -> None:
        with self._changed:
            self._out -= 1
            self._behind -= task.background
            if not task.background:
                self._film = time.monotonic()
            self._changed.notify_all()

    def _measure(self) -> None:
        if time.monotonic() - self._asked < WIDTH_SECONDS:
            return
        try:
            self._width = getattr(self._executor, "width", None) or os.cpu_count() or 1
        except InputError:  # a scheduler that is gone; the tasks will say so
            self._width = 1
        self._asked = time.monotonic()


class _Task(NamedTuple):
    future: Future[Any]
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    background: bool


class OneVisitor(Executor):
    """Turns as an executor for one visitor."""

    def __init__(self, turns: Turns, visitor: str, background: bool = False) -> None:
        self._turns, self._visitor, self._background = turns, visitor, background

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As in concurrent.futures.Executor."""
        return self._turns._submit(self._visitor, self._background, fn, args, kwargs)
