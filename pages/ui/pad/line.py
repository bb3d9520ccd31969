"""The pen's own line to the server: while it draws, it is answered at once, and no page is drawn for it.

To draw a page anew costs the server ten times what an answer costs, most of it for Streamlit's own work; a class
that draws would wait for one another. So a page only says how to answer, and the pad asks by plain HTTP. When the
pen is lifted the page is drawn as ever, and all of it speaks of the finished stroke.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from pages.ui.pad.strokes import MOST_BYTES, Drawing, parse
from qnn_core import log

Answer = Callable[[Drawing], dict[str, Any]]
"""Says of a drawing what living pictures show: name of the picture → what it gets."""

MOST_LINES = 500
"""So many visitors may have one; who has not asked for the longest time loses it, and gets it back with the page."""

_lines: OrderedDict[str, Answer] = OrderedDict()
_speaking: set[str] = set()


def open_line(visitor: str, answer: Answer) -> str:
    """Answer this visitor's pen from now on; returns the address that its pad asks."""
    _lines[visitor] = answer
    _lines.move_to_end(visitor)
    while len(_lines) > MOST_LINES:
        _lines.popitem(last=False)
    return f"{_base()}/pen/{visitor}"


async def _hear(request: Request) -> Response:
    """POST a drawing as the pad writes it; the answer is JSON, or one sentence with a status that says no."""
    visitor = request.path_params["visitor"]
    answer = _lines.get(visitor)
    if answer is None:
        return PlainTextResponse("Nobody draws here; load the page again.", 410)
    if visitor in _speaking:
        return PlainTextResponse("One question at a time.", 429)
    _speaking.add(visitor)
    try:
        drawing = parse(json.loads(await _body(request)))
        if drawing is None:
            return PlainTextResponse("This is no drawing.", 400)
        return JSONResponse(await run_in_threadpool(answer, drawing))
    except (ClientDisconnect, RecursionError, ValueError):
        return PlainTextResponse("This is no drawing.", 400)
    except Exception as problem:
        log.fault("fault", problem, visitor=visitor)
        return PlainTextResponse("The answer failed; the verdict comes when the pen is up.", 500)
    finally:
        _speaking.discard(visitor)


async def _body(request: Request) -> bytes:
    """What was sent. Raises ValueError if it is too long for a drawing."""
    written = b""
    async for piece in request.stream():
        written += piece
        if len(written) > MOST_BYTES:
            raise ValueError("too long for a drawing")
    return written


def _base() -> str:
    """Where the dashboard lives on its server: "" or /some/path."""
    path = config.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""


def routes() -> list[Route]:
    """What the server answers beside Streamlit."""
    return [Route(f"{_base()}/pen/{{visitor}}", _hear, methods=["POST"])]
