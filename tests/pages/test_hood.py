"""Under the hood the teacher sees what is so."""

import os
import re

import psutil

from pages.ui import hood, jobs
from pages.ui.workers import TURNS, pids
from tests.helpers import small
from tests.workers.test_turns import ByHand, Turns, echo, wait_for


def facts(visitor):
    visitor.choose("hood is open", True).app.run()
    table = visitor.table("what")
    return dict(zip(table["what"], table["now"], strict=True))


def number(text):
    return int(re.match(r"[\d,]+", text)[0].replace(",", ""))


def test_it_is_true(visit, nothing_computed):
    jobs.run(small())
    jobs.run(small(seed=1))
    found = facts(visit())
    assert number(found["runs kept"]) == 2
    assert number(found["CNNs kept"]) == 0
    assert found["tasks in line"] == "0"
    own = psutil.Process(os.getpid()).memory_info().rss / hood.MIB
    assert abs(number(found["memory of the server"]) - own) < 0.2 * own
    sizes = [psutil.Process(pid).memory_info().rss / hood.MIB for pid in pids()]
    assert len(sizes) >= 2
    assert found["memory of its workers"].endswith(f"in {len(sizes)}")
    # They have just begun, and grow.
    assert 20 * len(sizes) < number(found["memory of its workers"]) < 1.1 * sum(sizes)


def test_every_visitor_is_counted(visit, monkeypatch):
    monkeypatch.setattr(hood, "_sessions", {})
    visit("1_digits")
    assert facts(visit())["open tabs"] == "2"


def test_who_has_closed_the_tab_is_not(monkeypatch):
    class Server:
        @staticmethod
        def is_active_session(session):
            return session == "second"

    monkeypatch.setattr(hood, "_sessions", {"ann": "first", "bob": "second"})
    monkeypatch.setattr(hood.Runtime, "exists", lambda: True)
    monkeypatch.setattr(hood.Runtime, "instance", Server)
    assert hood.visitors() == 1
    assert hood._sessions == {"bob": "second"}


def test_the_load_is_what_runs_and_what_waits():
    workers = ByHand()
    turns = Turns(workers)
    futures = [turns.submit("ann", echo, number) for number in range(6)]
    wait_for(lambda: turns.load == (3, 3))
    futures[-1].cancel()
    assert turns.load == (3, 2)
    turns.shutdown()


def test_the_dashboards_own_turns_rest():
    assert TURNS.load[1] == 0
