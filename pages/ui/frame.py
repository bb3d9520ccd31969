"""The rhythm of a page: the question, the control, the picture, what to notice, the code that just ran."""

import base64
import importlib
import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages import PAGES
from pages.ui import address, follow, glossary, hood, present, shade, strip
from pages.ui.brush import BRUSH
from pages.ui.desk import desk, lay_out
from pages.ui.workers import show_trouble, visitor, workers
from qnn_core import Experiment, log
from qnn_core.figures import theme
from qnn_core.live.film import Film
from qnn_core.tokens import page_colours

CHART = {"displayModeBar": False, "scrollZoom": False}
"""No bar of tools: it lay over legends, and was five stops for the Tab key."""
TYPES = {
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".npz": "application/octet-stream",
    ".qasm": "text/plain",
    ".svg": "image/svg+xml",
}
ORDER = tuple(PAGES)
NUMBERED = [name for name, (title, _) in PAGES.items() if title[0].isdigit()]
"""The pages of the lesson itself."""
PHONE = 360
"""Pixels that a phone has for a picture."""

STYLE = page_colours() + (Path(__file__).parent / "page.css").read_text("utf-8")


def head(here: str, question: str | Callable[[], str], *, title: str = "", charts: bool = True) -> None:
    """The head of a page, called before anything else is drawn: where we are, the way back and on, and the question.

    here: this page, as in PAGES. question: or what finds it, once the address is on the desk. title: another one than
    in the menu. charts: whether there will be Plotly charts.
    """
    if charts:
        # Plotly uses pandas if any thread has begun to import it, even if that has not ended yet, and fails.
        importlib.import_module("pandas")
    _leave_automatic_pages()
    title = title or PAGES[here][0].lstrip("0123456789 ")
    if lay_out(address.read):
        log.say("visitor", visitor=visitor(), page=title, ignored=len(desk().notes) or None)
    desk().page = here
    hood.note_visitor()
    address.show()
    shade.hear()
    follow.begin()
    workers()  # started with the first page, so that they are warm when the training page is reached
    st.html(f"<style>{STYLE}</style>")
    present.switch()
    if present.presenting():
        present.begin()
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        if here in NUMBERED:
            st.caption(f"{NUMBERED.index(here) + 1} of {len(NUMBERED)}", width="content")
        st.title(title, anchor=False, width="stretch")
        _turn(ORDER.index(here))
    with st.container(key="question"):
        st.header(question if isinstance(question, str) else question(), anchor=False)
    show_trouble()


def _turn(place: int) -> None:
    """Links to the page before and the page after."""
    for key, label, to, icon in (
        ("back", "Back", place - 1, ":material/arrow_back:"),
        ("next", "Next", place + 1, ":material/arrow_forward:"),
    ):
        if 0 <= to < len(ORDER):
            with st.container(key=key, width="content"):
                st.page_link(f"pages/{ORDER[to]}.py", label=label, icon=icon, width="content")
    if present.presenting():
        present.leave()


def _leave_automatic_pages() -> None:
    """Run once more if this is the first run of the server.

    Streamlit takes a folder called pages for its old automatic menu until some script has called
    st.navigation; a server whose first visitor opens a deep link would show that visitor this menu.
    """
    runs = _runs_of_server()
    if not runs:
        runs.append(1)
        st.navigation([f"pages/{name}.py" for name in ORDER])
        st.rerun()


@st.cache_resource
def _runs_of_server() -> list[int]:
    return []


def part(draw: Callable[..., Any]) -> Callable[..., Any]:
    """A part of a page that is drawn again alone when something in it is touched."""

    @wraps(draw)
    def alone(*arguments: Any) -> None:
        with BRUSH.drawing():
            draw(*arguments)
        follow.part_drawn()

    return st.fragment(alone)


def chart(figure: go.Figure, *, alt: str, caption: str, key: str, height: int | None = None) -> None:
    """A Plotly figure with its alternative text and a caption that says what to notice."""
    plot(figure, alt=alt, key=key, height=height)
    st.caption(caption)


def plot(figure: go.Figure, *, alt: str, key: str, height: int | None = None, **events: Any) -> None:
    """A Plotly figure as this visitor's browser and room want it. events: as st.plotly_chart takes them."""
    letters, dark = present.letters(), shade.is_dark()
    if height or dark or letters != theme.LETTERS:
        figure = theme.adapted(figure, height=height, letters=letters, dark=dark)
    st.plotly_chart(figure, theme=None, config=CHART, alt=alt, key=key, **events)


def svg(picture: str, *, alt: str, caption: str, least_width: int = 0, most_width: int = 4000) -> None:
    """An SVG picture as wide as the page, within bounds in pixels; where the page is narrower it scrolls sideways."""
    wide = least_width > PHONE
    hint = '<span class="sideways">scroll sideways →</span>' if wide else ""
    # What scrolls can be scrolled with the keyboard.
    stop = f' tabindex="0" role="group" aria-label="{escape(alt)}"' if wide else ""
    picture = theme.shaded_svg(picture) if shade.is_dark() else picture
    source = base64.b64encode(picture.encode()).decode()
    st.html(
        f'<div style="overflow-x:auto"{stop}>{hint}<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}" '
        f'style="width:100%;min-width:{least_width}px;max-width:{most_width}px"></div>'
    )
    st.caption(caption)


def columns_of_text(text: str, *, alt: str) -> None:
    """Text whose lines belong together and do not wrap: it scrolls sideways, with the keyboard too."""
    st.html(f'<pre class="columns" tabindex="0" role="img" aria-label="{escape(alt)}">{escape(text)}</pre>')


def download(label: str, make: Callable[[], str | bytes], name: str, *, icon: str | None = None) -> None:
    """A button that makes a file when it is pressed."""
    # A file that is made with the page would not do: the browser asks for it as soon as it sees the button, and in a
    # page that follows its work it may be gone by then.
    who = visitor()

    def made() -> str | bytes:
        follow.file_made(who)
        return make()

    st.download_button(label, made, name, TYPES[Path(name).suffix], on_click="ignore", icon=icon)


def numbers(
    of: str,
    table: Callable[[], Mapping[str, Any]],
    *,
    csv: Callable[[], str] | None = None,
    name: str = "numbers.csv",
) -> None:
    """The numbers behind a picture, for who cannot see it or takes them along; made only while they are open.

    In front of a room there are none. of: "film" or "chart". table: makes the columns. csv: makes a file of them, if
    one is offered, under this name.
    """
    if present.presenting():
        return
    place = st.expander(f"The numbers of this {of}", icon=":material/table:", on_change="rerun")
    if place.open:
        with place:
            st.dataframe(table(), hide_index=True)
            if csv is not None:
                download("CSV", csv, name)


def numbers_of(film: Film, name: str) -> None:
    """The numbers behind a film, and as the file `name`."""
    numbers("film", film.table, csv=film.to_csv, name=name)


def notice(text: str, *, words: bool = True) -> None:
    """What to take home, in a sentence or two, computed from what is on the screen.

    words: those of the glossary stand below it.
    """
    with st.container(key="notice"):
        st.markdown(text)
    if words:
        glossary.show(text)


def code(experiment: Experiment, *functions: Callable[..., Any]) -> None:
    """The source of what the page just computed with, and the Experiment as Python; nothing for a room."""
    if present.presenting():
        return
    with st.expander("The code that just ran", icon=":material/code:"):
        st.code(f"from qnn_core import Experiment\n\nexperiment = {as_python(experiment)}", "python", wrap_lines=True)
        for function in functions:
            st.caption(f"{function.__module__}.{function.__name__}")
            st.code(_source(function), "python", wrap_lines=True)


# Reading a file is slow, and every page does it at every run.
_source = lru_cache(inspect.getsource)


def as_python(experiment: Experiment) -> str:
    """The constructor call with the fields that differ from the tutorial's."""
    changed = experiment.model_dump(exclude_defaults=True)
    return f"Experiment({', '.join(f'{name}={value!r}' for name, value in changed.items())})"


def more(draw: Callable[[], object], *, key: str, label: str = "More") -> None:
    """What not everybody needs: a part that is drawn only while somebody has it open.

    key: under this name the desk keeps whether it is open, for this visitor on every page.
    """
    place = desk().fold(label, key=f"{key} is open")
    if place.open:
        with place:
            draw()


def end(here: str) -> None:
    """The end of a page: what goes on elsewhere; then the page follows its work."""
    strip.elsewhere(here)
    follow.follow()
