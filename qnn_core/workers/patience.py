"""A task whose worker died is handed to another one, a few times; nobody else counts losses."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, Protocol

from qnn_core.errors import InputError
from qnn_core.workers.pool import error_of, is_lost

MOST_LOSSES = 3
"""A task that lost its worker so often, one time after the other, is not tried again: it may well be the cause."""
GIVEN_UP = (
    f"The worker that computes this stopped {MOST_LOSSES} times, perhaps for want of memory; "
    "try fewer layers or a smaller grid."
)


class Submits(Protocol):
    """The one method needed of a concurrent.futures.Executor."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]: ...


class GivenUpError(InputError):
    """A task lost its worker too often."""


def submit_patiently(executor: Submits, fn: Callable[..., Any], /, *args: Any) -> "Patient":
    """Submit a task, and again if its worker dies.

    The future ends with what the task returns or raises. After MOST_LOSSES losses it ends with GivenUpError; if the
    loss itself is a sentence for a person (a scheduler that is gone), with that sentence.
    """
    return Patient(executor, fn, args)


class Patient(Future[Any]):
    """What submit_patiently returns. attempt: the executor's own future for the latest try."""

    def __init__(self, executor: Submits, fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
        super().__init__()
        self._executor, self._fn, self._args = executor, fn, args
        self._losses = 0
        self.attempt: Future[Any] | None = None
        self._try()

    def cancel(self) -> bool:
        """Do without the answer; a task that has not begun is not begun."""
        cancelled = super().cancel()
        if cancelled and self.attempt is not None:
            self.attempt.cancel()
        return cancelled

    def _try(self) -> None:
        try:
            self.attempt = self._executor.submit(self._fn, *self._args)
        except Exception as error:  # an executor that takes nothing any more
            self._end(error)
            return
        if self.cancelled():
            self.attempt.cancel()
        self.attempt.add_done_callback(self._tried)

    def _tried(self, attempt: Future[Any]) -> None:
        error = error_of(attempt)
        if error is None or not is_lost(error):
            self._end(error, None if error else attempt.result())
            return
        self._losses += 1
        if self._losses >= MOST_LOSSES:
            self._end(GivenUpError(str(error) if isinstance(error, InputError) else GIVEN_UP))
        elif not self.cancelled():
            # Some pools call this while they hold the lock that their submit needs.
            Thread(target=self._try, daemon=True).start()

    def _end(self, error: BaseException | None, result: Any = None) -> None:
        if self.cancelled() or not self.set_running_or_notify_cancel():
            return
        if error is None:
            self.set_result(result)
        else:
            self.set_exception(error)
