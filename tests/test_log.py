"""The log: one line for each event, whatever is in it."""

import io
import json
import re
import subprocess
import sys

import pytest

from pages.ui.server import script_fault
from qnn_core import log
from qnn_core.live.runs import RunJob
from tests.helpers import small
from tests.live.fakes import ByHand


@pytest.fixture
def lines(monkeypatch):
    """A function that returns what has been logged, line by line."""
    out = io.StringIO()
    for name in ("handlers", "level", "propagate"):
        monkeypatch.setattr(log.LOGGER, name, getattr(log.LOGGER, name))
    monkeypatch.setattr(log.LOGGER, "handlers", [])
    log.begin(out)
    return lambda: out.getvalue().splitlines()


def read(text):
    """The fields of a line."""
    pairs = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', text)
    assert text == " ".join(f"{name}={value}" for name, value in pairs)
    return {name: json.loads(value) if value.startswith('"') else value for name, value in pairs}


def test_a_line_can_be_read_again(lines):
    evil = 'two words, a "quote" \\ and\nevent=start\r\x1b[31m\u2028 é'
    log.say("visitor", page=evil, number=7, share=0.25, nothing=None, empty="")
    (line,) = lines()
    fields = read(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", fields.pop("time"))
    assert fields == {
        "level": "info",
        "event": "visitor",
        "page": evil,
        "number": "7",
        "share": "0.250",
        "empty": "",
    }


def test_a_long_value_is_cut(lines):
    log.say("visitor", page="x" * 10**6)
    assert len(lines()[0]) < 400


def test_a_fault_says_where(lines):
    try:
        small(grid=2).with_(nonsense=1)
    except ValueError as error:
        script_fault(error)
    fields = read(lines()[0])
    assert (fields["level"], fields["event"], fields["error"]) == ("error", "fault", "InputError")
    assert re.fullmatch(r"qnn_core/experiment.py:\d+", fields["where"])
    assert "nonsense" in fields["says"]
    assert fields["visitor"] == "nobody"


def test_a_run_begins_and_ends_once(lines):
    workers = ByHand()
    run = RunJob(workers, small(seed=4, epochs=1), alone=True)
    for who in ("ann", "bob"):
        run.want(who)
    while workers.tasks:
        workers.run()
    run.want("ann")
    begun, done = map(read, lines())
    assert (begun["event"], begun["state"], begun["visitor"]) == ("run", "begun", "ann")
    assert json.loads(begun["what"]) == small(seed=4, epochs=1).model_dump(mode="json", exclude_defaults=True)
    assert (done["event"], done["state"], done["what"]) == ("run", "done", begun["what"])


def test_a_run_that_fails_is_in_the_log(lines):
    workers = ByHand()
    run = RunJob(workers, small(), alone=True)
    run.want("ann")
    workers.run(MemoryError("no room"))
    fault = read(lines()[-1])
    assert (fault["event"], fault["error"], fault["says"]) == ("fault", "MemoryError", "no room")
    assert json.loads(fault["what"])["grid"] == 2


def test_who_imports_the_package_hears_nothing():
    code = "from qnn_core import log; log.say('visitor'); log.fault('fault', ValueError('x'))"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("", "")
