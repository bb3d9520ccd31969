"""Classes of every size at one server each, one after the other: a table with what they waited for.

python -m tests.load [--seconds 120] [--students 1,5,10,20,30] [--out FILE]
"""

import argparse
import gc
from pathlib import Path

from tests.bench.report import machine
from tests.load.acting import CLICK, FOLLOWS, GAP, MOVED, QUICK, SLOW, VERDICT
from tests.load.classroom import CPU, GREW, HEALTH, MEMORY, SENT, TARGETS, WORKERS, measure

SIZES = (1, 5, 10, 20, 30)
OUT = Path(__file__).parents[1] / "bench" / "results" / "load.md"
ROWS = (
    "errors",
    f"{CLICK}, 95 %",
    f"{FOLLOWS}, 95 %",
    f"{VERDICT}, 95 %",
    f"{MOVED}, 95 %",
    f"{GAP}, 95 %",
    f"{GAP}, worst",
    HEALTH,
    MEMORY,
    GREW,
    WORKERS,
    CPU,
    SENT,
)
"""What is shown of what was found; waits in seconds."""


def columns(sizes):
    """Heading → what is measured: everybody on the contraction; everybody on Aer; the same and a teacher."""
    for students in sizes:
        yield f"{students}", {"students": students, "engine": QUICK}
    most = max(sizes)
    yield f"{most} on Aer", {"students": most, "engine": SLOW}
    yield f"{most} on Aer and a teacher on page 7", {"students": most, "engine": SLOW, "teacher": True}


def markdown(where, seconds, found):
    """The table. found: heading → figures by name."""
    names = list(found)
    lines = [
        f"Measured {where}. Each class for {seconds:g} s; a third plays and drags films, a third draws, the rest "
        "turns pages and moves thresholds.",
        "",
        f"| students | {' | '.join(names)} | at most |",
        f"|---|{'---:|' * (len(names) + 1)}",
    ]
    for row in ROWS:
        values = [_written(found[name].get(row)) for name in names]
        lines.append(f"| {row} | {' | '.join(values)} | {_written(TARGETS.get(row), whole=True)} |")
    return "\n".join(lines) + "\n"


def _written(value, whole=False):
    if value is None:
        return ""
    return f"{value:g}" if whole else f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.2f}"


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--students", type=lambda text: tuple(map(int, text.split(","))), default=SIZES)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    where, found = machine(), {}
    for name, what in columns(options.students):
        found[name], notes = measure(seconds=options.seconds, **what)
        print(name, *notes.errors[:5], sep="\n", flush=True)
        gc.collect()
    text = markdown(where, options.seconds, found)
    options.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
