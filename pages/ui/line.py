"""Lines of their own between a component and the server: asked by plain HTTP, answered without drawing a page.

To draw a page anew costs the server ten times what an answer costs, most of it for Streamlit's own work; a class
that draws or plays would wait for one another. So a page only says how to answer, and its component asks. When the
pen is lifted, or the film has got all its frames, the page is drawn as ever.
"""

import asyncio
import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from qnn_core import log

Question = TypeVar("Question")

MOST_LINES = 500
"""So many visitors may have one of a kind; who has not asked for the longest time gets it back with the page."""
PIECE_SECONDS = 0.03
"""Between two looks whether there is an answer."""
BUSY_SECONDS = 1.0
"""Who has asked so shortly ago is still asking."""

_asked: dict[str, float] = {}


class NothingToSayError(Exception):
    """There will be no answer: what is asked for is not there, or nobody works on it."""


class Line(Generic[Question]):
    """Questions of one kind.

    name: in its address, /name/visitor. read: makes a question of the JSON that a browser sent; None if it is none.
    most_bytes: of a question. what: it is, in words, for who sends something else.
    patience: seconds that a question waits for an answer that is not there yet.
    """

    def __init__(
        self, name: str, read: Callable[[Any], Question | None], most_bytes: int, *, what: str, patience: float = 0.0
    ) -> None:
        self._name, self._read, self._most_bytes, self._what, self._patience = name, read, most_bytes, what, patience
        self._answers = OrderedDict[str, Callable[[Question], str | None]]()
        self._speaking = set[str]()

    def open(self, visitor: str, answer: Callable[[Question], str | None]) -> str:
        """Answer this visitor from now on; returns the address to ask.

        answer: called in another thread; returns JSON, or None if there is no answer yet. It may raise
        NothingToSayError.
        """
        self._answers[visitor] = answer
        self._answers.move_to_end(visitor)
        while len(self._answers) > MOST_LINES:
            _asked.pop(self._answers.popitem(last=False)[0], None)
        return f"{_base()}/{self._name}/{visitor}"

    def answer_of(self, visitor: str) -> Callable[[Question], str | None] | None:
        """How this visitor is answered."""
        return self._answers.get(visitor)

    def clear(self) -> None:
        """Answer nobody any more; for tests."""
        self._answers.clear()

    def route(self) -> Route:
        """What the server answers beside Streamlit."""
        return Route(f"{_base()}/{self._name}/{{visitor}}", self._hear, methods=["POST"])

    async def _hear(self, request: Request) -> Response:
        """POST a question; the answer is JSON, nothing (204), or one sentence with a status that says no."""
        visitor = request.path_params["visitor"]
        answer = self._answers.get(visitor)
        if answer is None:
            return PlainTextResponse("Nobody is here to answer; load the page again.", 410)
        if visitor in self._speaking:
            return PlainTextResponse("One question at a time.", 429)
        self._speaking.add(visitor)
        try:
            return await self._reply(visitor, answer, await self._question(request))
        except (ClientDisconnect, RecursionError, ValueError):
            return PlainTextResponse(f"This is no {self._what}.", 400)
        finally:
            self._speaking.discard(visitor)

    async def _reply(self, visitor: str, answer: Callable[[Question], str | None], question: Question) -> Response:
        try:
            said = await self._said(visitor, answer, question)
        except NothingToSayError:
            return PlainTextResponse("Nobody works on it any more.", 410)
        except Exception as problem:
            log.fault("fault", problem, visitor=visitor)
            return PlainTextResponse("The answer failed; the page itself still answers.", 500)
        return Response(status_code=204) if said is None else Response(said, media_type="application/json")

    async def _said(self, visitor: str, answer: Callable[[Question], str | None], question: Question) -> str | None:
        """The answer as soon as there is one; None if there is none within the line's patience."""
        until = time.monotonic() + self._patience
        while True:
            _asked[visitor] = time.monotonic()
            said = await run_in_threadpool(answer, question)
            if said is not None or time.monotonic() >= until:
                return said
            await asyncio.sleep(PIECE_SECONDS)

    async def _question(self, request: Request) -> Question:
        """What was sent. Raises ValueError if it is none, or too long for one."""
        written = b""
        async for piece in request.stream():
            written += piece
            if len(written) > self._most_bytes:
                raise ValueError(f"too long for a {self._what}")
        question = self._read(json.loads(written))
        if question is None:
            raise ValueError(f"no {self._what}")
        return question


def is_asking(visitor: str) -> bool:
    """Whether this visitor's browser asks a line at this time: it shows what there is without a page."""
    return time.monotonic() - _asked.get(visitor, -math.inf) <= BUSY_SECONDS


def _base() -> str:
    """Where the dashboard lives on its server: "" or /some/path."""
    path = config.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""
