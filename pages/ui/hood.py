"""Under the hood, for the teacher: who is here, what waits, and how much memory all of it takes."""

import time
from collections.abc import Iterator

import psutil
import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.workers import TURNS, pids, visitor, workers
from qnn_core.shelf import MIB, SHELVES

_sessions: dict[str, str] = {}
"""Visitor → Streamlit's session, of all who have opened a page and have not left."""


def note_visitor() -> None:
    """This visitor is here; to be said with every page."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        _sessions[visitor()] = context.session_id


def visitors() -> int:
    """How many tabs are open; one that was closed is forgotten."""
    if Runtime.exists():
        for who, session in list(_sessions.items()):
            if not Runtime.instance().is_active_session(session):
                _sessions.pop(who, None)
    return len(_sessions)


def show() -> None:
    """All of it in a table."""
    rows = [{"what": what, "now": now} for what, now in facts()]
    st.dataframe(rows, hide_index=True, height="content")
    st.button("Look again", icon=":material/refresh:")
    st.caption(f"As it was at {time.strftime('%H:%M:%S')}. The log of the server says who came and what was run.")


def facts() -> Iterator[tuple[str, str]]:
    """What there is to say of this server, line by line."""
    yield "open tabs", f"{visitors():,}"
    running, waiting = TURNS.load
    yield "tasks at work", f"{running:,} on {workers().width:,} workers"
    yield "tasks in line", f"{waiting:,}"
    for name, shelf in SHELVES.items():
        yield f"{name} kept", f"{len(shelf):,}, {shelf.held / MIB:.1f} of {shelf.room / MIB:.0f} MiB"
    server = psutil.Process()
    yield "memory of the server", f"{server.memory_info().rss / MIB:,.0f} MiB"
    sizes = [psutil.Process(pid).memory_info().rss for pid in pids() if psutil.pid_exists(pid)]
    yield "memory of its workers", f"{sum(sizes) / MIB:,.0f} MiB in {len(sizes)}"
    yield "memory that is free", f"{psutil.virtual_memory().available / MIB:,.0f} MiB"
    yield "threads of the server", f"{server.num_threads():,}"
    yield "up for", f"{(time.time() - server.create_time()) / 60:,.0f} min"
