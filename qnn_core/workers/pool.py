"""The workers are other processes: this machine's, or those of a cluster that QNN_DASK_SCHEDULER names."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from typing import Any
from weakref import WeakSet

from qnn_core.errors import InputError, quoted
from qnn_core.workers.orphans import end_with_parent
from qnn_core.workers.threads import one_thread

SCHEDULER = "QNN_DASK_SCHEDULER"
"""Environment variable: the address of a Dask scheduler, such as tcp://10.0.0.1:8786."""
ANSWER_SECONDS = 3.5
"""A scheduler that has not answered after so long counts as gone: together with the imports, under five seconds."""


class SchedulerLostError(InputError, BrokenExecutor):
    """A cluster's scheduler has answered before and does not any more."""


class LocalPool(Executor):
    """Spawned processes on this machine; if one of them dies, the next submit starts new ones.

    width: how many tasks run at once. Safe to share between threads. What still runs when the program ends is
    dropped; who wants the answers waits for them, or for `shutdown`.
    """

    def __init__(self, width: int | None = None, *, initializer: Callable[[], object] | None = None) -> None:
        self.width = width or os.cpu_count() or 1
        self._initializer = initializer
        self._lock = threading.Lock()
        self._pool = self._new_pool()
        _open_pools.add(self)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As in concurrent.futures.Executor."""
        with self._lock:
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenExecutor:
                self._pool = self._new_pool()
                return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in concurrent.futures.Executor."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    @property
    def pids(self) -> list[int]:
        """The numbers of its processes."""
        return list(self._pool._processes or {})

    def kill(self) -> None:
        """End the processes at once, whatever they are doing."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()

    def _new_pool(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a server has threads, and Aer its own.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.width, context, _begin, (self._initializer,))
        for _ in range(self.width):
            pool.submit(int)  # a process is started only when there is something to do
        return pool


_open_pools: WeakSet[LocalPool] = WeakSet()


def _kill_all() -> None:
    for pool in list(_open_pools):
        pool.kill()


# At its end Python waits for every task of every pool, however long: a server that is told to stop would go on. What
# is registered last comes first, and only what is registered here comes before that wait.
threading._register_atexit(_kill_all)  # type: ignore[attr-defined]


def _begin(initializer: Callable[[], object] | None) -> None:
    """What a new process does first."""
    # Ctrl-C reaches every process of a terminal; a worker just ends, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.nice(10)  # the pages go first
    end_with_parent()
    one_thread.__enter__()  # there is a process for every core
    if initializer:
        initializer()


class ClusterPool(Executor):
    """The workers of a Dask cluster; Dask itself runs a task again if its worker is lost.

    address: of the scheduler. Raises InputError if it does not answer in ANSWER_SECONDS seconds, if it has no
    workers, or if the extra `cluster` is not installed. If it is lost later, what was on its way is cancelled,
    and every new task fails with SchedulerLostError.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _client(address)
        self._executor = self._client.get_executor(pure=False)
        if not self.width:
            self._client.close()
            raise InputError(f"The scheduler at {quoted(address)} has no workers; start some, or {LOCAL_ADVICE}.")

    @property
    def lost(self) -> bool:
        """Whether the scheduler does not answer any more."""
        return str(self._client.status) != "running"

    @property
    def width(self) -> int:
        """How many tasks run at once; workers may come and go. Raises SchedulerLostError."""
        until = time.monotonic() + ANSWER_SECONDS + 1
        while self._client.status == "connecting" and time.monotonic() < until:
            time.sleep(0.1)  # Dask tries again for ANSWER_SECONDS seconds
        if self.lost:
            raise self._loss()
        try:
            return sum(self._client.nthreads().values())
        except Exception:  # what Dask raises depends on where the connection broke
            raise self._loss() from None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As in concurrent.futures.Executor."""
        future: Future[Any]
        try:
            future = self._executor.submit(fn, *args, **kwargs)
        except Exception:
            future = Future()
            future.set_exception(self._loss())
        return future

    def _loss(self) -> SchedulerLostError:
        return SchedulerLostError(
            f"The scheduler at {quoted(self._address)} does not answer any more; start it again, or {LOCAL_ADVICE}."
        )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As in concurrent.futures.Executor; the cluster itself goes on."""
        self._executor.shutdown(wait and not cancel_futures)
        self._client.close()


LOCAL_ADVICE = f"unset {SCHEDULER} (or give --local) to use this machine's own processes"


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            f"{SCHEDULER} names a cluster, but the extra is missing: pip install 'qnn-classroom[cluster]', "
            f"or {LOCAL_ADVICE}."
        ) from None
    try:
        # A Client that fails keeps trying in the background, so ask for the scheduler first.
        asyncio.run(asyncio.wait_for(_identity(address), ANSWER_SECONDS))
        return Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except Exception as error:  # something else may answer at this address, in any way
        why = type(error).__name__
        raise InputError(
            f"The scheduler at {quoted(address)} cannot be reached ({why}); start it, or {LOCAL_ADVICE}."
        ) from error


async def _identity(address: str) -> Any:
    from distributed.core import rpc

    async with rpc(address, timeout=ANSWER_SECONDS) as scheduler:
        return await scheduler.identity()


def default_executor(
    width: int | None = None, *, local: bool = False, initializer: Callable[[], object] | None = None
) -> LocalPool | ClusterPool:
    """The cluster that QNN_DASK_SCHEDULER names, or else (or if `local`) one process for each core.

    width, initializer: of local processes. Raises InputError as ClusterPool does.
    """
    address = os.environ.get(SCHEDULER, "").strip()
    if address and not local:
        return ClusterPool(address)
    return LocalPool(width, initializer=initializer)


def error_of(done: Future[Any]) -> BaseException | None:
    """Why a finished task has no result: what it raised, or CancelledError.

    Dask cancels a task that it cannot finish, for example when its scheduler is gone.
    """
    return CancelledError() if done.cancelled() else done.exception()


def is_lost(error: BaseException) -> bool:
    """A task failed because its worker died, not because of what it computed."""
    return isinstance(error, BrokenExecutor | CancelledError) or type(error).__name__ == "KilledWorker"
