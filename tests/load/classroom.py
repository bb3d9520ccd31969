"""A class at one server: a third plays and drags films, a third draws, the rest turns pages and moves thresholds.

python -m tests.load.classroom [--students 30] [--seconds 60] [--roles plays,draws,wanders] [--aer] [--teacher]
"""

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

import numpy as np

from tests.load.acting import CLICK, FOLLOWS, GAP, QUICK, ROLES, SLOW, VERDICT, Notes, take_part
from tests.load.client import Session
from tests.load.gauge import Watch
from tests.server import serving

CPU, HEALTH, MEMORY = "server CPU, s per minute", "health check, worst, s", "server memory, MiB"
WORKERS = "memory of the workers, MiB"
GREW = "server memory, grown in the second half, MiB"
SENT = "kB sent per student and minute"
TARGETS = {
    "errors": 0,
    f"{CLICK}, 95 %": 1.0,
    f"{FOLLOWS}, 95 %": 0.5,
    f"{VERDICT}, 95 %": 0.5,
    f"{GAP}, worst": 2.0,
    HEALTH: 0.5,
    MEMORY: 700,
    CPU: 20,
}
"""What the project has set itself, at 30 students; of CPU for those who use the contraction."""
TOGETHER = 5
"""Seconds in which all of them arrive."""


async def lesson(address, students, seconds, roles=tuple(ROLES), engine=QUICK, teacher=False):
    """Name → figure, and the notes of the class. address: of a server that has served nobody yet."""
    notes = Notes()
    await warm(address, engine)
    parts = [(roles[number % len(roles)], number) for number in range(students)]
    async with Watch(address, every=1) as watch:
        everybody = [
            _later(TOGETHER * number / students, take_part(address, role, number, notes, seconds, engine))
            for role, number in parts
        ]
        if teacher:
            everybody.append(take_part(address, "teaches", students, notes, seconds, engine))
        tabs = await asyncio.gather(*everybody)
        minutes, spent = watch.seconds / 60, watch.spent
    drawn = sum(tab.page.runs for tab in tabs)
    half, end = watch.at(30 * minutes), watch.samples[-1]
    found = {
        "errors": len(notes.errors),
        CPU: spent / minutes,
        "pages and parts of pages drawn per minute": drawn / minutes,
        "server CPU for each of them, ms": 1000 * spent / drawn,
        HEALTH: max(watch.answers),
        MEMORY: max(sample.memory for sample in watch.samples),
        GREW: end.memory - half.memory,
        WORKERS: end.workers,
        SENT: sum(tab.bytes for tab in tabs) / len(tabs) / 1000 / minutes,
    }
    for name, waits in sorted(notes.waits.items()):
        found[f"{name}, times"] = len(waits)
        for share in (50, 95):
            found[f"{name}, {share} %"] = float(np.percentile(waits, share))
        found[f"{name}, worst"] = max(waits)
    return found, notes


async def warm(address, engine=QUICK):
    """The first visitor, who waits for imports and workers."""
    notes = Notes()
    first = (take_part(address, role, 10**6 + k, notes, 8, engine) for k, role in enumerate(ROLES))
    await asyncio.gather(*first)
    tab = await Session.open(address, f"?{QUICK}")
    for page in list(tab.page.pages):
        await tab.go(page)
        await tab.settle()
        await asyncio.sleep(1)
        await tab.settle()
    await tab.close()


async def _later(seconds, act):
    await asyncio.sleep(seconds)
    return await act


def measure(students=30, seconds=60, roles=tuple(ROLES), engine=QUICK, teacher=False):
    """The same with a server of its own."""
    with tempfile.TemporaryDirectory() as folder, serving("app.py", Path(folder) / "log") as address:
        return asyncio.run(lesson(address, students, seconds, roles, engine, teacher))


def main():
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--roles", type=lambda text: text.split(","), default=list(ROLES))
    parser.add_argument("--aer", action="store_true", help="everybody trains on the simulator")
    parser.add_argument("--teacher", action="store_true", help="somebody compares all models on page 7")
    options = parser.parse_args()
    load, engine = os.getloadavg()[0], SLOW if options.aer else QUICK
    found, notes = measure(options.students, options.seconds, options.roles, engine, options.teacher)
    print(f"{options.students} students, {options.seconds:g} s, {os.cpu_count()} cores, load {load:.1f} at the start")
    for name, value in found.items():
        wanted = f"   (at most {TARGETS[name]:g})" if name in TARGETS else ""
        print(f"{name:>60}: {value:10,.3f}{wanted}")
    for error in notes.errors[:10]:
        print(error)


if __name__ == "__main__":
    main()
