"""A lesson that is long, then many tabs that come and go: memory and open files have to stay as they are.

python -m tests.load.soak [--minutes 20] [--students 5] [--tabs 200] [--markdown FILE]
"""

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.load.acting import QUICK, Notes, take_part
from tests.load.client import Session
from tests.load.gauge import Watch
from tests.server import serving

ROLES = ("wanders", "plays", "wanders", "draws", "wanders")
TOGETHER = 4
"""Tabs that are open at once while many come and go."""
GONE = 30
"""After so many seconds without its browser a session is forgotten here, so that the end is seen soon."""
SETTLE = 20.0
"""Seconds until garbage has been collected."""


async def lesson(address, students, minutes, watch, say):
    """Students who turn pages, play and draw; say(sample) once a minute. Returns what went wrong."""
    notes, seconds = Notes(), 60 * minutes
    parts = [
        asyncio.create_task(take_part(address, ROLES[number % len(ROLES)], number, notes, seconds))
        for number in range(students)
    ]
    while not all(part.done() for part in parts):
        await asyncio.wait(parts, timeout=60)
        say(watch.sample())
    await asyncio.gather(*parts)
    return notes.errors


async def come_and_go(address, tabs, watch, say):
    """So many tabs, each on the next page of the lesson until it stands; say(sample) after every tenth of them."""
    first = await Session.open(address, f"?{QUICK}")
    pages = list(first.page.pages)
    await first.close()
    errors = []
    for begin in range(0, tabs, TOGETHER):
        group = [pages[number % len(pages)] for number in range(begin, min(tabs, begin + TOGETHER))]
        for found in await asyncio.gather(*(_look_in(address, page) for page in group)):
            errors += found
        if begin % max(TOGETHER, tabs // 10) < TOGETHER:
            say(watch.sample())
    return errors


async def _look_in(address, page):
    tab = await Session.open(address, f"{page}?{QUICK}")
    await tab.close()
    return tab.errors


async def soak(address, students, minutes, tabs):
    """Samples of the lesson and of the tabs, the last of each when all have left and were forgotten; and errors."""
    watch, rows = Watch(address), []

    def note(what):
        def say(sample):
            rows.append((what, sample))
            print(row(what, sample), flush=True)

        return say

    errors = []
    for what, act in (
        ("lesson", lambda say: lesson(address, students, minutes, watch, say)),
        ("tabs", lambda say: come_and_go(address, tabs, watch, say)),
    ):
        errors += await act(note(what))
        await asyncio.sleep(GONE)
        await _look_in(address, "")  # Streamlit forgets sessions when another one ends
        await asyncio.sleep(SETTLE)
        note(f"after the {what}")(watch.sample())
    return rows, errors


def row(what, sample):
    """One line of the table."""
    return f"| {what} | {sample.seconds / 60:.1f} | {sample.memory:,.0f} | {sample.workers:,.0f} | {sample.files} |"


def markdown(rows, errors, options):
    """The table."""
    lines = [
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores: {options.students} students for {options.minutes:g} "
        f"minutes, then {options.tabs} tabs opened and closed, {TOGETHER} at a time; {len(errors)} errors.",
        "",
        "| | minute | server, MiB | workers, MiB | open files of the server |",
        "|---|---:|---:|---:|---:|",
        *(row(*one) for one in rows),
    ]
    return "\n".join([*lines, *(f"- {error}" for error in errors[:10])]) + "\n"


def main():
    """Print it, and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--tabs", type=int, default=200)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        forget = f"--server.disconnectedSessionTTL={GONE}"
        with serving("app.py", Path(folder) / "log", forget) as address:
            found = asyncio.run(soak(address, options.students, options.minutes, options.tabs))
    text = markdown(*found, options)
    print(text)
    if options.markdown:
        options.markdown.write_text(text)


if __name__ == "__main__":
    main()
