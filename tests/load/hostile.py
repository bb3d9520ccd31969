"""One who takes all that can be had, beside a class of five: how much longer the others wait.

python -m tests.load.hostile [--seconds 40]
"""

import argparse
import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np

from qnn_core.training.budget import BUDGETS
from tests.load.acting import CLICK, GAP, MOVED, TRAINING, VERDICT, Notes, Student, take_part
from tests.load.classroom import warm
from tests.load.client import Session
from tests.server import serving

ROLES = ("plays", "draws", "plays", "wanders", "plays")
LARGEST = "engine=contraction&grid=28&layers=XX,ZZ,XX,ZZ&examples=all"
MOST_SEEDS = 300
MOST_TIMES = 2.0
"""How many times as long the five may wait for a movement because of the one."""
MOMENT = 0.1
"""Seconds within which nobody sees a difference."""
SOME = 4.0
"""Seconds after which the hostile visitor goes on to the next thing."""
SHOWN = (MOVED, GAP, VERDICT, CLICK)


async def takes_everything(address):
    """For ever: all models at the largest size over all seeds, a large run, and away; the next tab."""
    number = 0
    while True:
        number += 1
        tab = await Session.open(address, f"compare?{LARGEST}&seed={number}")
        try:
            await tab.set("budget", BUDGETS["convergence"].title)
            await tab.set("compare_seeds", MOST_SEEDS)
            await asyncio.sleep(SOME)
            await tab.go("train")
            await tab.until(lambda tab=tab: tab.page.data(TRAINING) is not None)
            await Student(tab, Notes(), number).tell_film(TRAINING, "wants", play=True, step=False)
            await asyncio.sleep(SOME)
        finally:
            await tab.close()


async def five(address, seconds, first):
    """What five who do what a class does have waited for. first: a seed of runs that nobody has asked for yet."""
    notes = Notes()
    parts = (take_part(address, role, first + number, notes, seconds) for number, role in enumerate(ROLES))
    await asyncio.gather(*parts)
    return notes


async def both(address, seconds):
    """Notes of the five without him, and with him."""
    await warm(address)
    alone = await five(address, seconds, first=100)
    hostile = asyncio.create_task(takes_everything(address))
    await asyncio.sleep(SOME)  # till he is at work
    beside = await five(address, seconds, first=200)
    hostile.cancel()
    with suppress(asyncio.CancelledError):
        await hostile
    return alone, beside


def measure(seconds):
    """The same with a server of its own."""
    with tempfile.TemporaryDirectory() as folder, serving("app.py", Path(folder) / "log") as address:
        return asyncio.run(both(address, seconds))


def times(alone, beside, kind=MOVED):
    """How many times as long the median wait is beside him; a MOMENT is the least that counts as a wait."""
    before, after = (max(MOMENT, float(np.median(notes.waits[kind]))) for notes in (alone, beside))
    return after / before


def main():
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40)
    alone, beside = measure(parser.parse_args().seconds)
    for kind in SHOWN:
        if alone.waits[kind] and beside.waits[kind]:
            before, after = (np.percentile(notes.waits[kind], (50, 95)) for notes in (alone, beside))
            print(
                f"{kind:>50}: {before[0]:.2f} s (95 %: {before[1]:.2f}), beside him {after[0]:.2f} s "
                f"(95 %: {after[1]:.2f}): {times(alone, beside, kind):.2f} times"
            )
    print(*alone.errors, *beside.errors, sep="\n")


if __name__ == "__main__":
    main()
