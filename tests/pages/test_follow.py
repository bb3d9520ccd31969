"""A page whose job is at work draws itself again; one that has nothing to wait for ends at once."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

from pages.ui import follow, jobs, strip
from qnn_core import Experiment
from qnn_core.live import job as live
from qnn_core.live.runs import RunJob
from tests.helpers import is_sentence
from tests.visitor import ROOT

pytestmark = pytest.mark.usefixtures("nothing_computed")


@pytest.fixture
def following(monkeypatch):
    """Pages follow their work, as in a browser; counts how often one was drawn again."""
    drawn, again = [], follow.draw_again

    def count(context):
        drawn.append(time.monotonic())
        again(context)

    monkeypatch.setattr(follow, "FOLLOWING", True)
    monkeypatch.setattr(follow, "draw_again", count)
    return drawn


def test_a_page_follows_its_job_to_the_end(visit, following):
    visitor = visit("6_train", engine="contraction", seed=5)
    following.clear()  # the first page of a server is drawn twice
    visitor.app.run()
    assert not following
    visitor.play()
    assert following
    assert visitor.step == 48
    assert not visitor.app.get("progress")


def test_what_comes_while_the_page_is_drawn_is_shown_too(visit, monkeypatch):
    visitor, draw_strip = visit("6_train", engine="contraction", seed=5), strip.strip

    def when_all_is_done(job, *arguments, **options):
        job.wait_until(lambda: job.complete, 60)  # the film is made already
        draw_strip(job, *arguments, **options)

    monkeypatch.setattr(strip, "strip", when_all_is_done)
    monkeypatch.setattr(follow, "FOLLOWING", True)
    visitor.play()
    (run,) = jobs.RUNS._kept._items.values()
    assert run.complete
    assert visitor.step == 48


def test_a_click_on_another_page_is_not_lost_while_the_page_is_drawn_again(visit, monkeypatch):
    visitor = visit("6_train", engine="contraction", seed=5)
    context, clicked = [], follow.draw_again

    def click_before(running):
        if not context:
            context.append(running)
            page = next(
                key
                for key, page in running.pages_manager.get_pages().items()
                if page["script_path"].endswith("4_encode.py")
            )
            running.script_requests.request_rerun(RerunData(page_script_hash=page))
        clicked(running)

    monkeypatch.setattr(follow, "FOLLOWING", True)
    monkeypatch.setattr(follow, "draw_again", click_before)
    visitor.play()
    assert context
    assert "4 of 13" in " ".join(visitor.texts()), visitor.texts()


def test_a_part_that_is_touched_is_drawn_alone_and_its_page_goes_on_following(visit, monkeypatch):
    visitor = visit("8_draw", engine="contraction", seed=7, epochs=2000)
    visitor.go("6_train").play()
    drawn, again, part_drawn, wait = [], follow.draw_again, follow.part_drawn, follow._wait

    def touch_once(whole):
        context = get_script_run_ctx()
        if not drawn:
            (part,) = context.fragment_storage._fragments
            context.script_requests.request_rerun(
                RerunData(fragment_id=part, page_script_hash=context.page_script_hash)
            )
            drawn.append("touched")
        wait(whole)

    def count_page(context):
        drawn.append("page")
        again(context)

    def count_part():
        if get_script_run_ctx().fragment_ids_this_run:
            drawn.append("part")
        part_drawn()

    monkeypatch.setattr(follow, "FOLLOWING", True)
    monkeypatch.setattr(follow, "_wait", touch_once)
    monkeypatch.setattr(follow, "draw_again", count_page)
    monkeypatch.setattr(follow, "part_drawn", count_part)
    visitor.go("8_draw")
    assert drawn[:3] == ["touched", "part", "page"], drawn
    assert visitor.app.get("progress")[0].proto.text == "Training done: step 32,000 of 32,000"


def test_work_elsewhere_is_news_when_it_ends(monkeypatch):
    follow.begin()
    job, at_work = RunJob(None, Experiment()), [True]
    monkeypatch.setattr(job, "active_for", lambda visitor: at_work[0])
    follow.glance(job)
    job.news += 1
    now = time.monotonic()
    assert follow._is_early(now, now + 60)
    assert follow._patience() == pytest.approx(follow.ASIDE * follow.LONGEST_SECONDS, rel=0.5)
    at_work[0] = False
    assert not follow._is_early(now, now + 60)
    follow.begin()
    follow.glance(job)
    assert not follow._page.aside, "nothing is to come of it"
    follow.begin()


@pytest.mark.parametrize(
    ("asking", "at_work", "waits"), [(False, True, False), (True, True, True), (True, False, False)]
)
def test_a_page_whose_browser_asks_a_line_is_drawn_again_when_the_work_is_done(monkeypatch, asking, at_work, waits):
    follow.begin()
    job = follow.look(RunJob(None, Experiment()))
    job.news += 1
    monkeypatch.setattr(follow, "is_asking", lambda visitor: asking)
    monkeypatch.setattr(job, "active_for", lambda visitor: at_work)
    now = time.monotonic()
    assert follow._is_early(now, now + 60) is waits
    assert not follow._is_early(now, now)
    assert follow._is_early(now + 60, now + 60)
    if at_work:
        assert follow._patience() == pytest.approx(follow.LONGEST_SECONDS * (follow.ASKING if asking else 1), rel=0.5)
    follow.begin()


def test_another_page_follows_it_in_the_sidebar(visit, monkeypatch):
    visitor = visit("6_train", engine="contraction", seed=6, epochs=2000)
    visitor.play()
    monkeypatch.setattr(follow, "FOLLOWING", True)
    visitor.go("4_encode")
    assert visitor.app.get("progress")[0].proto.text == "Training done: step 32,000 of 32,000"


def test_nothing_ticks_and_only_the_desk_keeps_the_session():
    for file in sorted((ROOT / "pages").rglob("*.py")):
        assert not re.search(r"run_every\s*=", file.read_text()), file
    mine = "training comparison slide scale strip follow jobs workers models saved"
    for name in mine.split():
        assert "st.session_state" not in Path(ROOT / "pages" / "ui" / f"{name}.py").read_text(), name
    for name in ("6_train", "7_compare", "12_scale"):
        assert "st.session_state" not in Path(ROOT / "pages" / f"{name}.py").read_text(), name


def test_a_closed_tab_does_not_keep_its_job_alive(visit, monkeypatch):
    visitor = visit("6_train", engine="contraction", seed=8, epochs=5000, batch=1)
    visitor.play()
    (run,) = jobs.RUNS._kept._items.values()
    now = time.monotonic()
    monkeypatch.setattr(live, "clock", lambda: now + live.LOOK_SECONDS + 1)
    run.wait(20)
    assert (run.active, run.status(), run.complete) == (False, "paused", False)


def test_a_worker_that_is_killed_shows_nothing_and_loses_nothing(visit, workers):
    visitor = visit("6_train", engine="contraction", seed=9, epochs=2000)
    visitor.play()
    os.kill(next(iter(workers._pool._processes)), signal.SIGKILL)
    visitor.go("2_shrink")
    visitor.tick_until(lambda: "Training done" in visitor.app.get("progress")[0].proto.text, 120)
    visitor.go("6_train")
    assert not visitor.app.warning


def test_a_job_that_stops_says_why_on_its_page(visit):
    visitor = visit("6_train", engine="contraction", seed=10)
    (run,) = jobs.RUNS._kept._items.values()
    run.lose("steps", ZeroDivisionError("/home/secret"))
    visitor.app.run()
    assert "ZeroDivisionError" in is_sentence(visitor.app.warning[0].value)
    assert visitor.app.get("progress")[0].proto.text == "Training stopped: step 0 of 48"


def test_the_jobs_of_another_page_stand_in_the_sidebar_while_they_work(visit):
    visitor = visit("12_scale").go("6_train")
    links = [link.proto.label for link in visitor.app.get("page_link")]
    assert "Back to page 12 Scale" in links
    texts = [bar.proto.text for bar in visitor.app.get("progress")]
    assert any(re.match(r"(Narrow|Uniform) start.*: step", text) for text in texts), texts
    jobs.clear()
    visitor.app.run()
    assert "Back to page 12 Scale" not in [link.proto.label for link in visitor.app.get("page_link")]
