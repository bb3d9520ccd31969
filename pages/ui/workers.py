"""The processes that train: started once for the whole server, or those of the cluster that a variable names."""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from qnn_core import InputError
from qnn_core.live.slices import warm_up
from qnn_core.workers.pool import ClusterPool, LocalPool, default_executor, error_of, is_lost

Pool = LocalPool | ClusterPool
Result = TypeVar("Result")

ATTEMPTS = 3
_changing = threading.Lock()


def workers() -> Pool:
    """The cluster's workers if QNN_DASK_SCHEDULER names a scheduler that answers, else this machine's."""
    with _changing:
        pool, _ = _workers()
        if isinstance(pool, ClusterPool) and pool.lost:
            pool.shutdown(wait=False)
            _workers.clear()
            pool, _ = _workers()
        return pool


def ask(function: Callable[..., Result], /, *arguments: Any, **options: Any) -> Result:
    """Let a worker compute something and wait for it; if the worker dies, another one does it.

    Raises InputError if they keep dying, and whatever the function raises.
    """
    return ask_each(partial(function, **options), [arguments])[0]


def ask_each(function: Callable[..., Result], calls: Iterable[tuple[Any, ...]]) -> list[Result]:
    """The same for several calls, side by side; the answers in their order."""
    waiting = [(call, workers().submit(function, *call)) for call in calls]
    return [_answer(function, call, future) for call, future in waiting]


def _answer(function: Callable[..., Result], call: tuple[Any, ...], future: Future[Result]) -> Result:
    for _ in range(ATTEMPTS):
        wait([future])
        error = error_of(future)
        if error is None or not is_lost(error):
            return future.result()
        future = workers().submit(function, *call)
    raise InputError("The worker processes keep stopping; start the dashboard again.")


def show_trouble() -> None:
    """One sentence if the cluster cannot be used, and a button to try again."""
    trouble = _workers()[1]
    if trouble:
        st.warning(f"{trouble} Meanwhile this machine's own processes are used.", icon=":material/cloud_off:")
        st.button("Try the cluster again", on_click=_workers.clear)


@st.cache_resource(show_spinner="Looking for workers …")
def _workers() -> tuple[Pool, str | None]:
    # Two at least, so that both networks train at once.
    width = max(2, os.cpu_count() or 2)
    try:
        return default_executor(width, initializer=warm_up), None
    except InputError as error:
        return default_executor(width, local=True, initializer=warm_up), str(error)
