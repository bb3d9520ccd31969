"""What only the tests of the pages need."""

import pytest

from pages.ui import jobs, pad


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
