"""Who gets in: requests that call this server by one of its names, and no page but its own.

Streamlit's own checks leave two doors open: it asks for the name (`server.allowedHosts`) only when a websocket is
opened, and it takes any page of this machine for its own, whatever its port. So every request passes here first.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from streamlit import config

Scope = Mapping[str, Any]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Send], Awaitable[None]]

LOCAL = ("localhost", "127.0.0.1", "::1")
"""The names if none are set: nobody but this machine."""
WRONG_NAME = "This dashboard does not answer under this name; its teacher can add the name to server.allowedHosts."
WRONG_PAGE = "This dashboard answers only its own pages; another origin has to be in server.corsAllowedOrigins."
POLICY_VIOLATION = 1008


class Door:
    """ASGI middleware that turns away who calls the server by a wrong name or comes from another page."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Hand the request on, or answer 403 (a websocket is closed before it opens, which is 403 too)."""
        why = refusal(_headers(scope)) if scope["type"] in {"http", "websocket"} else None
        if why is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": ""})
        else:
            await _forbid(send, why)


def refusal(headers: Mapping[str, str]) -> str | None:
    """Why a request with these headers (names in lower case) is turned away; None if it may come in.

    A page of the dashboard sends its own host and port as its origin. Whatever else a browser sends as one is
    another page: of a foreign site, or of this machine at another port. Programs and links send none.
    """
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _is_known(host):
        return WRONG_NAME
    if origin is None or _place(origin) == host.lower() or origin in config.get_option("server.corsAllowedOrigins"):
        return None
    return WRONG_PAGE


def _is_known(host: str) -> bool:
    """Whether a Host header, with or without port, is one of the server's names; *.school.example is any below it."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises ValueError if it is none, as the line above does for [::1
    except ValueError:
        return False
    if parts.netloc != host or "@" in host:
        return False
    name = (parts.hostname or "").rstrip(".")
    names = [known.strip().lower() for known in config.get_option("server.allowedHosts") or LOCAL]
    return any(name == known or (known.startswith("*.") and name.endswith(known[1:])) for known in names)


def _place(origin: str) -> str | None:
    """Host and port of an origin; None if it has none, as that of a file."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _headers(scope: Scope) -> dict[str, str]:
    """The headers of a request. Of a name that comes twice nothing is believed."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "" if key in found else value.decode("latin-1")
    return found


async def _forbid(send: Send, why: str) -> None:
    body = f"{why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
