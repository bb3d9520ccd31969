"""The processes that compute: started once for the whole server, or those of the cluster that a variable names."""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.brush import BRUSH
from pages.ui.desk import desk
from pages.ui.said import plain
from qnn_core import InputError
from qnn_core.live.slices import warm_up
from qnn_core.workers.patience import submit_patiently
from qnn_core.workers.pool import ClusterPool, LocalPool, default_executor
from qnn_core.workers.turns import Turns

Pool = LocalPool | ClusterPool
Result = TypeVar("Result")

NOBODY = "nobody"
"""In whose name is asked outside of a session."""
_changing = threading.RLock()
_started: list[tuple[Pool, str | None]] = []
"""The pool and what is wrong with the cluster. Not in st.cache_resource, which any visitor can clear."""


def workers() -> Pool:
    """The cluster's workers if QNN_DASK_SCHEDULER names a scheduler that answers, else this machine's."""
    with _changing:
        if _started and isinstance(_started[0][0], ClusterPool) and _started[0][0].lost:
            try_again()
        if not _started:
            _started.append(_start())
        return _started[0][0]


def pids() -> list[int]:
    """The numbers of this machine's worker processes; none if a cluster works."""
    pool = workers()
    return pool.pids if isinstance(pool, LocalPool) else []


def trouble() -> str | None:
    """Why the cluster cannot be used, in one sentence; None if it can, or if there is none."""
    workers()
    return _started[0][1]


def try_again() -> None:
    """Look for the cluster again, the next time that workers are needed."""
    with _changing:
        if _started:
            _started.pop()[0].shutdown(wait=False)


def _start() -> tuple[Pool, str | None]:
    # Two at least, so that both networks train at once.
    width = max(2, os.cpu_count() or 2)
    try:
        return default_executor(width, initializer=warm_up), None
    except InputError as error:
        return default_executor(width, local=True, initializer=warm_up), str(error)


class _Current:
    """Whatever pool is used when a task begins: a cluster that is gone is not asked again."""

    @property
    def width(self) -> int:
        return workers().width

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return workers().submit(fn, *args, **kwargs)


TURNS = Turns(_Current())
"""In which all visitors' tasks reach the workers, each in turn."""


def visitor() -> str:
    """Whose session this is."""
    return desk().visitor if get_script_run_ctx(suppress_warning=True) else NOBODY


def ask(function: Callable[..., Result], /, *arguments: Any, **options: Any) -> Result:
    """Let a worker compute something and wait for it; if the worker dies, another one does it.

    Raises InputError if they keep dying, and whatever the function raises.
    """
    return ask_each(partial(function, **options), [arguments])[0]


def ask_each(function: Callable[..., Result], calls: Iterable[tuple[Any, ...]]) -> list[Result]:
    """The same for several calls, side by side; the answers in their order."""
    executor = TURNS.of(visitor())
    answers = [submit_patiently(executor, function, *call) for call in calls]
    with BRUSH.waiting():
        return [answer.result() for answer in answers]


def show_trouble() -> None:
    """One sentence if the cluster cannot be used, and a button to try again."""
    if problem := trouble():
        st.warning(f"{plain(problem)} Meanwhile this machine's own processes are used.", icon=":material/cloud_off:")
        st.button("Try the cluster again", on_click=try_again)
