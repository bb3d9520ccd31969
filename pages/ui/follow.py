"""The last line of a page: while work goes on, the server draws the page again whenever there is something new."""

import threading
import time
from typing import NoReturn, TypeVar

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import RerunData, RerunException, ScriptRunContext, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from pages.ui.brush import BRUSH
from pages.ui.line import is_asking
from pages.ui.workers import visitor
from qnn_core.live.job import Job

Kind = TypeVar("Kind", bound=Job)

FOLLOWING = True
"""Off in AppTest, which would never see the end of a page; a test of following switches it on."""
PIECE_SECONDS = 0.05
"""Between two of these a click is noticed."""
LONGEST_SECONDS = 0.4
"""After so long the page is drawn again all the same: what moves by itself, such as the time left, has no news."""
EACH_SECONDS = 0.05
"""So much longer for every other visitor who follows something."""
ASKING = 3
"""So many times as long while the browser asks a line of its own, which shows what is new before the page could."""
ASIDE, LONGEST_ASIDE = 5, 5.0
"""So many times as long, in seconds at most, where a line in the sidebar is all that work elsewhere changes."""
REST, LONGEST_REST = 2.0, 1.0
"""A page that took a second to draw is left alone for two, at most one in all: others want to be drawn too."""
FILE_SECONDS = 2.0
"""So long a file stays where the browser fetches it: the second page drawn after it was made would drop it."""


class _Page(threading.local):
    """What is known of the page that this thread draws: the jobs that it shows, each as it was at first."""

    def __init__(self) -> None:
        self.met: dict[Job, int] = {}
        self.looked: list[Job] = []
        self.aside: list[Job] = []
        self.moves, self.began = False, time.monotonic()


_page = _Page()
_following: dict[str, float] = {}
_fetching: dict[str, float] = {}


def begin() -> None:
    """A page begins; nothing has been looked at."""
    _page.met, _page.looked, _page.aside = {}, [], []
    _page.moves, _page.began = False, time.monotonic()


def meet(job: Kind) -> Kind:
    """This page is about to read what a job has got: what comes after that is news to it, also before look()."""
    _page.met.setdefault(job, job.news)
    return job


def look(job: Kind) -> Kind:
    """Watch a job that this page shows, and draw the page again when there is news of it."""
    meet(job).watch(visitor())
    _page.looked.append(job)
    return job


def glance(job: Job) -> None:
    """Watch a job of which this page shows only how far it is: its end is news, and all else can wait."""
    job.watch(visitor())
    if job.active_for(visitor()):
        _page.aside.append(job)


def is_looked_at(job: Job) -> bool:
    """Whether this page has shown it already."""
    return job in _page.looked or job in _page.aside


def moving() -> None:
    """Something on this page moves by itself: draw it again in a moment, whether there is news or not."""
    _page.moves = True


def file_made(who: str) -> None:
    """This visitor's browser is about to fetch a file."""
    _fetching[who] = time.monotonic()


def part_drawn() -> None:
    """A part of a page has been drawn; if it was drawn alone, go on following what it and its page show."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and context.fragment_ids_this_run:
        _page.began = time.monotonic()  # there is nothing to rest from
        follow()


def follow(*jobs: Job) -> None:
    """The last line of a page: come back when there is something new about these jobs and those looked at."""
    for job in jobs:
        look(job)
    if not FOLLOWING or not (_page.moves or _page.aside or _has_news() or _is_active()):
        return
    BRUSH.put_down()
    st.html('<span class="following"></span>')  # the page is whole, though its run goes on
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return
    now = time.monotonic()
    soonest, until = now + min(REST * (now - _page.began), LONGEST_REST), now + _patience()
    while _is_early(soonest, until):
        _wait(_has_news())
        # Whatever is sent to the browser lets clicks through, too, but 20 messages a second are not free.
        context.yield_check()
        if _part_is_touched(context):
            return  # it is drawn next, and goes on following
    # A tab that was closed is still run for a while; it must not keep its jobs alive.
    if _is_there(context):
        draw_again(context)


def draw_again(context: ScriptRunContext) -> NoReturn:
    """Draw this page once more, unless somebody has clicked meanwhile: then what was clicked on comes first.

    st.rerun() asks for this page in place of what was asked for a moment before, so that a click on another page
    is lost; here nothing is asked for, and a click waits until the page begins.

    Raises:
        RerunException: always; Streamlit, which runs the page, takes it as the wish to run it again.
    """
    raise RerunException(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


def _wait(whole: bool) -> None:
    """A piece of the wait; news of the job that was looked at first ends it, unless the whole piece is wanted."""
    if _page.looked and not whole:
        job = _page.looked[0]
        job.wait_until(lambda: _is_new(job), PIECE_SECONDS)
    else:
        time.sleep(PIECE_SECONDS)


def _is_early(soonest: float, until: float) -> bool:
    """Whether the page is not to be drawn again yet: it rests, a file is fetched, or nothing is to be seen."""
    now, who = time.monotonic(), visitor()
    if now < max(soonest, _fetching.get(who, 0.0) + FILE_SECONDS):
        return True
    is_seen = is_asking(who) and _is_active()
    return now < until and (is_seen or not _has_news())


def _part_is_touched(context: ScriptRunContext) -> bool:
    """Whether something in a part of the page was touched. Streamlit lets that wait for the end of the run."""
    # Nothing public says so; where the name is gone, such a touch waits for the end of the work.
    return getattr(context.script_requests, "_state", None) is ScriptRequestType.RERUN


def _has_news() -> bool:
    who = visitor()
    return any(map(_is_new, _page.looked)) or not all(job.active_for(who) for job in _page.aside)


def _is_new(job: Job) -> bool:
    return job.news != _page.met[job]


def _is_active() -> bool:
    """Whether work goes on that this page is about."""
    return any(job.active_for(visitor()) for job in _page.looked)


def _patience() -> float:
    """Seconds until the page is drawn again: the more visitors follow something, the longer."""
    now = time.monotonic()
    _following[visitor()] = now
    others = sum(now - then < 5 for then in list(_following.values())) - 1
    for gone in [who for who, then in list(_following.items()) if now - then > 60]:
        _following.pop(gone, None)
        _fetching.pop(gone, None)
    usual = LONGEST_SECONDS + EACH_SECONDS * others
    if not _page.moves and not _is_active():
        return min(ASIDE * usual, LONGEST_ASIDE)
    return ASKING * usual if is_asking(visitor()) else usual


def _is_there(context: ScriptRunContext) -> bool:
    return not Runtime.exists() or Runtime.instance().is_active_session(context.session_id)
