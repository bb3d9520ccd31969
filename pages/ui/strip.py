"""One strip for every job, the same on all pages: done, running, waiting for its turn, paused, or stopped and why."""

from collections.abc import Callable

import streamlit as st

from pages import PAGES
from pages.ui import follow, jobs
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment
from qnn_core.live.job import Job
from qnn_core.live.runs import RunJob
from qnn_core.live.tasks import TasksJob

STATE = {
    "ready": "ready",
    "running": "",
    "paused": "paused",
    "pausing": "paused",
    "done": "done",
    "stopped": "stopped",
}
JOBS = "jobs"
"""Under this name the desk keeps which page shows which jobs."""
FEW_SECONDS = 2.0
"""Less than this is not worth saying."""
TOO_EARLY = 0.01
"""Before this share is done, the time that a worker took to load would be mistaken for the pace."""


def said(job: Job, title: str) -> str:
    """The job in one line: "Training: step 3 of 48, about 20 s left"."""
    who = visitor()
    status, place = job.status(who), job.place
    if status == "waiting":
        return f"{title} waits for its turn, number {place} in line: {job.words(who)}"
    done, total = job.progress(who)
    left = job.seconds_left if status == "running" and not 0 < done < TOO_EARLY * total else None
    time_left = f", about {_in_words(left)} left" if left is not None and left > FEW_SECONDS else ""
    if status == "running" and isinstance(job, RunJob) and job.first_step_waits:
        time_left += ". The first step is on its way: a new worker loads Qiskit before it"
    return f"{f'{title} {STATE[status]}'.strip()}: {job.words(who)}{time_left}"


def strip(
    job: Job,
    title: str,
    *,
    page: str | None = None,
    always: bool = False,
    watch: Callable[[Job], object] = follow.look,
) -> None:
    """Watch a job and show how far it is; always: also when there is nothing to wait for.

    page: where the job is shown; on the other pages the sidebar then says what it is doing. watch: how.
    """
    watch(job)
    who = visitor()
    if page is not None:
        shown = desk().choices.setdefault(JOBS, {}).setdefault(page, {})
        before = shown.get(title, job)
        if before is not job and isinstance(before, TasksJob):
            before.pause(who)  # another section, or other settings: these tasks are not wanted any more
        shown[title] = job
    if not always and job.status(who) in {"ready", "done"}:
        return
    done, total = job.progress(who)
    st.progress(min(1.0, done / total) if total else 0.0, said(job, title))


def drop(title: str, *, page: str) -> None:
    """This visitor does not want a job any more that a page has shown."""
    job = desk().choices.get(JOBS, {}).get(page, {}).pop(title, None)
    if job is not None:
        job.pause(visitor())


def message(job: Job) -> None:
    """What happened to a job, if anything did."""
    if job.message:
        st.warning(plain(job.message))


def elsewhere(here: str) -> None:
    """In the sidebar: the jobs that work for this visitor but are shown on other pages, with the way back.

    here: this page, as in PAGES.
    """
    kept: dict[str, dict[str, Job]] = desk().choices.get(JOBS, {})
    for page, shown in kept.items():
        working = {title: job for title, job in shown.items() if job.active_for(visitor())}
        if page == here or not working or all(follow.is_looked_at(job) for job in working.values()):
            continue
        with st.sidebar:
            for title, job in working.items():
                strip(job, title, watch=follow.glance)
            st.page_link(f"pages/{page}.py", label=f"Back to page {PAGES[page][0]}", icon=PAGES[page][1])


def of_training(experiment: Experiment) -> None:
    """In the sidebar of other pages: what the run of these settings is doing, and the way back to it."""
    run = jobs.peek_run(experiment)
    if run is None or run.status(visitor()) == "ready":
        return
    with st.sidebar:
        strip(run, "Training", always=True, watch=follow.glance)
        st.page_link("pages/6_train.py", label="Back to the training", icon=":material/trending_down:")


def _in_words(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 6000 else f"{seconds / 3600:,.0f} h"
