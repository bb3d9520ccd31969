"""A class at one server: a third plays and drags films, a third draws, the rest turns pages and moves thresholds.

python -m tests.bench.classroom [--students 30] [--seconds 60] [--roles plays,draws,wanders]
"""

import argparse
import asyncio
import os
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
import psutil

from tests.browser.conftest import serving
from tests.load.acting import CLICK, QUICK, ROLES, VERDICT, Notes, take_part
from tests.load.client import Session

CPU, HEALTH, MEMORY = "server CPU, s per minute", "health check, worst, s", "server memory, MiB"
TARGETS = {CPU: 20, HEALTH: 0.5, f"{CLICK}, 95 %": 1.0, f"{VERDICT}, 95 %": 0.5, MEMORY: 700}
"""What the project has set itself, at 30 students."""
TOGETHER = 5
"""Seconds in which all of them arrive."""
OFTEN = 0.25
"""Seconds between two health checks."""


def server_of(address):
    """The process that serves this address."""
    port = int(address.rsplit(":", 1)[1])
    mine = psutil.Process().children(recursive=True)
    return next(one for one in mine if f"--server.port={port}" in one.cmdline())


def cpu(process):
    """Seconds of CPU of this process alone, without its workers."""
    times = process.cpu_times()
    return times.user + times.system


def memory(process):
    """MiB that it holds."""
    return process.memory_info().rss / 2**20


async def lesson(address, students, seconds, roles):
    """Name → figure, and the notes of the class. address: of a server that has served nobody yet."""
    server, notes = server_of(address), Notes()
    await _warm(address)
    before, start, began = cpu(server), memory(server), time.monotonic()
    checks = asyncio.create_task(_health(address, seconds + TOGETHER))
    everybody = [
        _later(TOGETHER * number / students, take_part(address, roles[number % len(roles)], number, notes, seconds))
        for number in range(students)
    ]
    tabs = await asyncio.gather(*everybody)
    minutes, spent = (time.monotonic() - began) / 60, cpu(server) - before
    drawn = sum(tab.page.runs for tab in tabs)
    found = {
        CPU: spent / minutes,
        "pages and parts of pages drawn per minute": drawn / minutes,
        "server CPU for each of them, ms": 1000 * spent / drawn,
        HEALTH: max(await checks),
        MEMORY: memory(server),
        "server memory before, MiB": start,
        "kB sent per student and minute": sum(tab.bytes for tab in tabs) / len(tabs) / 1000 / minutes,
        "errors": len(notes.errors),
    }
    for name, waits in sorted(notes.waits.items()):
        for share in (50, 95):
            found[f"{name}, {share} %"] = float(np.percentile(waits, share))
    return found, notes


async def _warm(address):
    """The first visitor, who waits for imports and workers."""
    notes = Notes()
    await asyncio.gather(*(take_part(address, role, 10**6 + k, notes, 8) for k, role in enumerate(ROLES)))
    first = await Session.open(address, f"?{QUICK}")
    for page in list(first.page.pages):
        await first.go(page)
        await first.settle()
        await asyncio.sleep(1)
        await first.settle()
    await first.close()


async def _later(seconds, act):
    await asyncio.sleep(seconds)
    return await act


async def _health(address, seconds):
    """How long each answer took, in seconds."""
    until, took = time.monotonic() + seconds, []
    while time.monotonic() < until:
        began = time.monotonic()
        await asyncio.to_thread(lambda: urllib.request.urlopen(f"{address}/_stcore/health", timeout=60).read())
        took.append(time.monotonic() - began)
        await asyncio.sleep(OFTEN)
    return took


def measure(students=30, seconds=60, roles=tuple(ROLES)):
    """The same with a server of its own."""
    with tempfile.TemporaryDirectory() as folder, serving("app.py", Path(folder) / "log") as address:
        return asyncio.run(lesson(address, students, seconds, roles))


def main():
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--roles", type=lambda text: text.split(","), default=list(ROLES))
    options = parser.parse_args()
    load = os.getloadavg()[0]
    found, notes = measure(options.students, options.seconds, options.roles)
    print(f"{options.students} students, {options.seconds:g} s, {os.cpu_count()} cores, load {load:.1f} at the start")
    for name, value in found.items():
        wanted = f"   (at most {TARGETS[name]:g})" if name in TARGETS else ""
        print(f"{name:>45}: {value:10,.3f}{wanted}")
    for error in notes.errors[:10]:
        print(error)


if __name__ == "__main__":
    main()
