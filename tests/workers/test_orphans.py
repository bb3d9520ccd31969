"""Workers end with the process that started them, however that ended and whatever they were doing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qnn_core.contest.trial import read_trials
from qnn_core.workers import orphans

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")

SECONDS = 5
"""The promise: after so long nobody is left."""
TRIALS = ["-m", "qnn_core", "trials", "--local", "--seeds", "0:100000", "--epochs", "2"]
SCRIPT = """
import signal, sys, time
from qnn_core.workers.pool import LocalPool
from tests.workers.test_orphans import WORK

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # ends in order, as a server does
    pool = LocalPool(2)
    for _ in range(4):
        pool.submit(WORK[sys.argv[1]])
    time.sleep(600)
"""


def busy():
    print("at work", flush=True)
    while True:
        time.sleep(0.01)


def holding_the_lock():
    """One call into C, for minutes, during which no other thread runs any Python."""
    print("at work", flush=True)
    sum(range(2**60))


def resting():
    """Done at once: the worker waits for its next task."""
    print("at work", flush=True)


WORK = {work.__name__: work for work in (busy, holding_the_lock, resting)}


def children_of(number):
    """Every process below this one, with what started it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == number:
            found += [(int(folder.name), started(folder)), *children_of(int(folder.name))]
    return found


def started(folder):
    """When a process began, so that another one of the same number is told apart; None if it is gone."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def wait_for(condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_working(number):
    return "spawn_main" in Path(f"/proc/{number}/cmdline").read_text()


def is_there(child):
    number, began = child
    return began is not None and started(Path(f"/proc/{number}")) == began


def end(process, how):
    """End a process whose workers are at work, and see that they follow."""
    left = children_of(process.pid)
    try:
        assert any(is_working(child) for child, _ in left)
        process.send_signal(how)
        process.wait(SECONDS)
        wait_for(lambda: not any(map(is_there, left)), SECONDS)
    finally:
        process.kill()
        process.wait()
        for number, _ in filter(is_there, left):
            os.kill(number, signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_workers_of_trials(tmp_path, how):
    command = [sys.executable, *TRIALS, "--json", str(tmp_path / "runs.jsonl")]
    process, runs = subprocess.Popen(command, stdout=subprocess.DEVNULL), tmp_path / "runs.jsonl"
    wait_for(lambda: runs.exists() and runs.stat().st_size > 5000, 60)
    end(process, how)
    assert len(read_trials(runs)) >= runs.read_text().count("\n") > 5


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("work", WORK)
def test_the_workers_of_a_pool(tmp_path, work, how):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, str(script), work], stdout=subprocess.PIPE, text=True, env=where)
    assert [process.stdout.readline() for _ in range(2)] == ["at work\n"] * 2
    end(process, how)
    process.stdout.close()


def test_a_process_that_nobody_spawned_stays():
    orphans.end_with_parent()
    assert os.getpid()
