"""What the server does beside showing pages: who gets in, and a line in the log for its start, end and faults."""

import asyncio
import os
import platform
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from pages.ui.door import Door
from pages.ui.film.growing import FILMS
from pages.ui.pad import PEN
from pages.ui.theme import write_theme_once
from pages.ui.tidy import keep_together, tidy_up
from pages.ui.workers import visitor
from qnn_core import log
from qnn_core.workers.pool import SCHEDULER
from qnn_core.workers.threads import one_thread


@asynccontextmanager
async def life(app: object) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    log.begin()
    keep_together()
    write_theme_once()
    address, port = config.get_option("server.address"), config.get_option("server.port")
    log.say(
        "start",
        address=address,
        port=port,
        names=",".join(config.get_option("server.allowedHosts")),
        python=platform.python_version(),
        streamlit=st.__version__,
        cores=os.cpu_count(),
        scheduler=os.environ.get(SCHEDULER),
    )
    if not config.get_option("server.headless"):
        webbrowser.open(f"http://localhost:{port}")
    tidying = asyncio.create_task(tidy_up())
    with one_thread:  # the workers have the other cores
        yield
    tidying.cancel()
    log.say("stop")


def script_fault(error: Exception) -> None:
    """A page failed: the details are for the log, the page only says that it happened (client.showErrorDetails)."""
    log.fault("fault", error, visitor=visitor())


OPTIONS: dict[str, Any] = {
    "lifespan": life,
    "middleware": [Middleware(Door)],
    "on_script_error": script_fault,
    "routes": [PEN.route(), FILMS.route()],
}
"""What app.py hands to Streamlit's App."""
