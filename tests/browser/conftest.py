"""A server of its own and one Chromium for all browser tests."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.lesson import Lesson
from tests.server import serving

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def _missing(reason):
    """Skip, or fail where a browser has been promised."""
    if os.environ.get("QNN_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def program(playwright):
    """The path of this machine's Chromium, or of Playwright's own, which need not be there."""
    return next((path for name in NAMES if (path := shutil.which(name))), playwright.chromium.executable_path)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Kinds:
    """The visitors of one browser, by what their screens are like: those of a kind share a cache.

    So a tab has its page in two thirds of the time. A session is a tab's own all the same.
    """

    def __init__(self, browser):
        self._browser, self._contexts = browser, {}

    def new_page(self, **options):
        """A tab of a visitor of this kind; options: of Playwright's new_context."""
        kind = repr(sorted(options.items()))
        if kind not in self._contexts:
            self._contexts[kind] = self._browser.new_context(**options)
        return self._contexts[kind].new_page()


# For one module: an open Playwright keeps an event loop running, which other tests would meet.
@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed.")
    with sync_playwright() as playwright:
        path = program(playwright)
        if not Path(path).exists():
            _missing("There is no Chromium on this machine.")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield Kinds(browser)
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
