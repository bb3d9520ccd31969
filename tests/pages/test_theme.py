"""The theme in the first message of each page is copied from what Streamlit wrote once."""

import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from pages.ui import theme
from pages.ui.menu import menu

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar")


@pytest.fixture
def calls(monkeypatch):
    """What Streamlit itself was asked to write."""
    real, asked = getattr(app_session, theme.WRITER), []

    def write(message, section="theme"):
        asked.append(section)
        real(message, section)

    monkeypatch.setattr(app_session, theme.WRITER, write)
    return asked


def written():
    """All sections, as Streamlit would write them now."""
    message = CustomThemeConfig()
    parts = (message, message.light, message.dark, message.sidebar, message.light.sidebar)
    for part, section in zip(parts, SECTIONS, strict=True):
        getattr(app_session, theme.WRITER)(part, section)
    return message


def test_the_theme_is_written_once_and_stays_the_same(calls):
    before = written()
    assert before.light.primary_color
    assert calls == list(SECTIONS)
    theme.write_theme_once()
    theme.write_theme_once()
    assert [written() for _ in range(3)] == [before] * 3
    assert calls == 2 * list(SECTIONS)


def test_where_streamlit_writes_it_otherwise_nothing_is_changed(monkeypatch):
    monkeypatch.delattr(app_session, theme.WRITER)
    theme.write_theme_once()
    assert not hasattr(app_session, theme.WRITER)


def test_each_visitor_has_pages_of_their_own(visit):
    visit("2_shrink").go("3_contradictions")
    first, second = menu(), menu()
    assert [page.title for page in first] == [page.title for page in second]
    assert not {id(page) for page in first} & {id(page) for page in second}
