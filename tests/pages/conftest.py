"""What only the tests of the pages need."""

import pytest

from pages.ui import jobs, pad
from qnn_core.workers.threads import one_thread


@pytest.fixture(autouse=True)
def as_the_server_counts():
    """In one thread, see pages/ui/server.py."""
    with one_thread:
        yield


@pytest.fixture
def draw(monkeypatch):
    """Puts ink (280, 280) on the pad, which AppTest cannot draw on."""
    return lambda ink: monkeypatch.setattr(pad, "drawn", lambda: ink)


@pytest.fixture
def nothing_computed():
    """The server has no runs and no results yet."""
    jobs.clear()
    yield
    jobs.clear()
