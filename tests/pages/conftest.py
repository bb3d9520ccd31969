"""What only the tests of the pages need."""

import pytest

from pages.ui import jobs, pad, training


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


@pytest.fixture
def quick_film(monkeypatch):
    """The film of a run moves on each time the page is drawn."""
    monkeypatch.setattr(training, "FRAME_SECONDS", 0.0)
