"""A worker whose parent is gone ends too, whatever it is doing: nobody would hear its answer."""

import os
import sys
from multiprocessing import connection, parent_process
from threading import Thread


def end_with_parent() -> None:
    """From now on this process ends as soon as the one that spawned it has ended, in whatever way."""
    parent = parent_process()
    if parent is None:
        return
    pipe = parent.sentinel  # the parent holds the other end of it, until it ends
    if sys.platform == "linux":
        _be_signalled(pipe)
    Thread(target=_wait_and_end, args=(pipe,), daemon=True, name="parent watch").start()


def _wait_and_end(pipe: int) -> None:
    connection.wait([pipe])
    os._exit(1)


def _be_signalled(pipe: int) -> None:
    """The system itself ends this process when the pipe is closed: a thread could not while Aer holds Python's lock.

    Not with PR_SET_PDEATHSIG, which ends a worker when the *thread* ends that happened to start it.
    """
    import fcntl

    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    # The signal is SIGIO, which nobody here handles: it ends the process.
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
