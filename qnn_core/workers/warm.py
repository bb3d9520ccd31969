"""A new worker imports Qiskit in the background, in a thread that never ends.

Measured with Qiskit 2.6.2: once the thread that imported qiskit has ended, any other thread that copies a
circuit (as Aer's estimator does for each job) is killed by a segmentation fault in qiskit's `_accelerate`.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_warming: list[tuple[threading.Thread, threading.Event]] = []


def in_background(work: Callable[[], object]) -> None:
    """Start the warm-up of this process."""
    done = threading.Event()

    def warm() -> None:
        try:
            work()
        finally:
            done.set()
            threading.Event().wait()

    thread = threading.Thread(target=warm, daemon=True)
    _warming.append((thread, done))
    thread.start()


def wait_until_warm() -> None:
    """Wait for this process's warm-up, if it has one; the warm-up itself does not wait."""
    for thread, done in _warming:
        if thread is not threading.current_thread():
            done.wait()


def when_warm(function: Callable[..., Result], /, *arguments: object, **options: object) -> Result:
    """Call a function that uses Qiskit, after this worker's warm-up has ended."""
    wait_until_warm()
    return function(*arguments, **options)
