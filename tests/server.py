"""A Streamlit server of the tests' own, and a visitor who speaks its protocol without a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

ROOT = Path(__file__).parents[1]
START_SECONDS = 60


@contextmanager
def serving(script, log, *options, **environment):
    """The address of a server for one script, which has to live to the end; options: of `streamlit run`."""
    with started(script, log, *options, **environment) as (process, address):
        yield address
        assert process.poll() is None, f"The server has died:\n{log.read_text()[-3000:]}"


@contextmanager
def started(script, log, *options, **environment):
    """Its process and its address; it may be told to stop."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as out:
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=variables, stdout=out, stderr=subprocess.STDOUT
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(address, process, log)
        yield process, address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(address, process, log):
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
        except urllib.error.HTTPError:
            return  # it answers, and turns away who calls it by this name
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server did not start:\n{log.read_text()[-3000:]}")


class Tab:
    """One session over the websocket, without a browser. page: its name in the address; query: what follows the ?.

    name: what the visitor's address bar says instead of the address. source: the visitor's own IP address.
    """

    def __init__(self, address, page="", query="", *, name=None, source=""):
        self._open = ExitStack()
        place = urlsplit(address)
        name = name or place.netloc
        stream = connect(
            f"ws://{name}/_stcore/stream",
            sock=socket.create_connection((place.hostname, place.port), source_address=(source, 0)),
            origin=f"http://{name}",
            subprotocols=["streamlit"],
            max_size=None,
        )
        self._stream = self._open.enter_context(stream)
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        self._stream.send(message.SerializeToString())

    def read_until(self, found, seconds=60):
        """Messages of the server until one of which found(message) is true, which is returned."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            message = ForwardMsg.FromString(self._stream.recv(timeout=max(0.1, until - time.monotonic())))
            if found(message):
                return message
        raise TimeoutError

    def close(self):
        """As when the tab is closed."""
        self._open.close()
