"""A server of its own and one Chromium for all browser tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.lesson import Lesson

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
START_SECONDS = 60


def _missing(reason):
    """Skip, or fail where a browser has been promised."""
    if os.environ.get("QNN_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# For one module: an open Playwright keeps an event loop running, which other tests would meet.
@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed.")
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        program = program or playwright.chromium.executable_path
        if not Path(program).exists():
            _missing("There is no Chromium on this machine.")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a dashboard that was started for these tests."""
    with serving("app.py", tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """The address of a page with nothing but films."""
    with serving("tests/browser/player_app.py", tmp_path_factory.mktemp("films") / "log") as address:
        yield address


@contextmanager
def serving(script, log):
    """A Streamlit server for one script of this folder, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as out:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://localhost:{port}"
    try:
        _wait_for(address, process, log)
        yield address
        assert process.poll() is None, f"The server has died:\n{log.read_text()[-3000:]}"
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
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def lesson(chromium, server):
    """A new visitor."""
    visitor = Lesson(chromium, server)
    yield visitor
    visitor.close()


@pytest.fixture
def visitor(chromium, server):
    """Makes more visitors, each with a session of their own."""
    made = []

    def another():
        made.append(Lesson(chromium, server))
        return made[-1]

    yield another
    for one in made:
        one.close()
