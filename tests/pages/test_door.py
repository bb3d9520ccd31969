"""Who gets in: only requests that call the server by its name, and only its own pages; the server is a real one."""

import asyncio
import http.client
from urllib.parse import urlsplit

import pytest
from streamlit import config

from pages.ui.door import LOCAL, WRONG_NAME, WRONG_PAGE, Door, refusal
from tests.helpers import is_sentence
from tests.server import Tab, started

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PATHS = {"/": 200, "/train": 200, "/_stcore/health": 200, "/_stcore/host-config": 200, "/_stcore/stream": 101}
"""Path → status for who may come in; the last one is the websocket."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Host and port of a server that also answers to the name school.example, and its log."""
    log = tmp_path_factory.mktemp("door") / "log"
    names = [f"--server.allowedHosts={name}" for name in (*LOCAL, "*.School.example")]
    with started("app.py", log, *names) as (_, address):
        yield urlsplit(address).netloc, log


def status(server, path, host, origin=None):
    """What the server answers."""
    headers = {"Host": host} | ({"Origin": origin} if origin else {}) | (UPGRADE if path.endswith("stream") else {})
    connection = http.client.HTTPConnection(server, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    try:
        return answer.status
    finally:
        connection.close()


def port(server):
    return server[0].rsplit(":", 1)[1]


@pytest.mark.parametrize("path", PATHS)
def test_its_own_page_and_programs_come_in(server, path):
    for name in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST", "room1.school.example"):
        host = f"{name}:{port(server)}"
        assert status(server[0], path, host) == PATHS[path], host
        assert status(server[0], path, host, f"http://{host}") == PATHS[path], host
    # Behind a proxy that speaks TLS the port is the usual one, and nobody names it.
    assert status(server[0], path, "room1.school.example", "https://room1.school.example") == PATHS[path]


@pytest.mark.parametrize("path", PATHS)
def test_a_rebound_name_stays_outside(server, path):
    for name in ("evil.example", "localhost.evil.example", "school.example.evil.example", "notschool.example"):
        host = f"{name}:{port(server)}"
        assert status(server[0], path, host) == 403, host
        assert status(server[0], path, host, f"http://{host}") == 403, host


@pytest.mark.parametrize("path", PATHS)
def test_other_pages_stay_outside(server, path):
    host = f"localhost:{port(server)}"
    for origin in (
        "http://evil.example",
        f"http://evil.example:{port(server)}",
        "http://localhost:9999",  # another page of this machine
        "http://localhost",
        f"http://127.0.0.1:{port(server)}",
        "null",
        "file://",
    ):
        assert status(server[0], path, host, origin) == 403, origin


def test_a_session_begins_and_is_in_the_log(server):
    tab = Tab(f"http://localhost:{port(server)}", "train", "engine=contraction&nonsense=1")
    try:
        tab.read_until(lambda _: "event=visitor" in server[1].read_text())
    finally:
        tab.close()
    lines = server[1].read_text().splitlines()
    (start,) = [line for line in lines if "event=start" in line]
    assert f"address=localhost port={port(server)} " in start
    (visitor,) = [line for line in lines if "event=visitor" in line]
    assert visitor.endswith("page=Train ignored=1")


@pytest.mark.parametrize(
    "host", ["", "[::1", "evil@localhost", ":8501", "local host", "localhost/x", "localhost?x", "localhost:x"]
)
def test_what_is_no_name_stays_outside(host):
    assert refusal({"host": host}) == WRONG_NAME


def test_the_sentences_say_what_to_do():
    assert "server.allowedHosts" in is_sentence(WRONG_NAME)
    assert "server.corsAllowedOrigins" in is_sentence(WRONG_PAGE)


def test_only_this_machine_if_no_names_are_set(monkeypatch):
    set_options(monkeypatch, {"server.allowedHosts": [], "server.corsAllowedOrigins": []})
    assert refusal({"host": "localhost:8501"}) is None
    assert refusal({"host": "evil.example"}) == WRONG_NAME


def test_an_origin_can_be_let_in(monkeypatch):
    set_options(monkeypatch, {"server.allowedHosts": [], "server.corsAllowedOrigins": ["https://lms.example"]})
    assert refusal({"host": "localhost", "origin": "https://lms.example"}) is None
    assert refusal({"host": "localhost", "origin": "http://lms.example"}) == WRONG_PAGE
    assert refusal({"host": "evil.example", "origin": "https://lms.example"}) == WRONG_NAME


@pytest.mark.parametrize("name", [b"host", b"Origin"])
def test_nothing_is_believed_that_is_said_twice(name):
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (name, b"http://localhost")]
    asyncio.run(Door(None)({"type": "http", "headers": headers}, None, send))
    assert sent[0]["status"] == 403


def set_options(monkeypatch, options):
    monkeypatch.setattr(config, "get_option", options.__getitem__)
