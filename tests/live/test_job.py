"""A job goes on by itself while somebody wants it and looks, ends when nobody does, and loses nothing."""

import itertools
import threading
import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor

import pytest

from qnn_core.errors import InputError
from qnn_core.live import job as live
from qnn_core.live.job import LOOK_SECONDS, Job, Kept
from qnn_core.workers.turns import Turns
from tests.helpers import is_sentence
from tests.live.fakes import ByHand, Clock, Inline


def successor(number):
    return number + 1


BYTES = 10_000


class Counting(Job):
    """Counts to `total`, one in each slice."""

    def __init__(self, turns, total=5):
        super().__init__(turns)
        self.total, self.number = total, 0

    @property
    def complete(self):
        return self.number >= self.total

    @property
    def nbytes(self):
        return BYTES

    def progress(self, visitor=None):
        return self.number, self.total

    def words(self, visitor=None):
        return f"{self.number} of {self.total}"

    def tasks(self, visitor):
        if not self.complete:
            yield "next", (successor, (self.number,))

    def take(self, key, result):
        assert result == self.number + 1, "a slice was lost or done twice"
        self.number = result


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(live, "clock", clock)
    return clock


def test_a_new_job_does_nothing_even_if_it_is_watched():
    executor = ByHand()
    job = Counting(executor)
    job.watch("ann")
    assert (job.status(), job.active, job.place) == ("ready", False, 0)
    assert not executor.tasks


def test_it_goes_on_by_itself_to_the_end():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    for number in range(5):
        assert (job.number, job.status(), job.active) == (number, "running", True)
        executor.run()
    assert (job.status(), job.active, job.complete) == ("done", False, True)
    assert executor.asked == ["ann"] * 5


def test_thousands_of_slices_that_end_at_once_are_no_recursion():
    job = Counting(Inline(), total=5000)
    job.want("ann")
    assert job.complete


def test_there_is_news_at_every_slice():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    for _ in range(5):
        news = job.news
        executor.run()
        assert job.news > news


def test_pause_ends_it_after_the_slice_on_its_way():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    executor.run()
    job.pause("ann")
    assert (job.status(), job.active) == ("pausing", True)
    executor.run()
    job.watch("ann")
    assert (job.number, job.status(), job.active) == (2, "paused", False)
    job.want("ann")
    while executor.tasks:
        executor.run()
    assert job.complete


def test_pause_takes_back_what_has_not_begun():
    executor = ByHand(waiting=True)
    job = Counting(executor)
    job.want("ann")
    assert (job.status(), job.place) == ("waiting", 1)
    job.pause("ann")
    assert (job.active, executor.tasks[0][0].cancelled()) == (False, True)
    assert job.status() == "ready"


def test_nothing_is_submitted_twice():
    executor = ByHand()
    job = Counting(executor)
    for _ in range(5):
        job.want("ann")
        job.watch("bob")
        job.pause("ann")
        job.want("ann")
    assert len(executor.tasks) == 1


def test_who_pauses_does_not_stop_the_others():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    job.watch("bob")
    job.pause("ann")
    job.watch("ann")  # her page still shows it
    executor.run()
    assert (job.active, executor.asked[-1]) == (True, "bob")
    job.pause("bob")
    executor.run()
    assert not job.active


def test_it_ends_when_nobody_has_looked_for_a_while(clock):
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    for _ in range(2):
        clock.now += LOOK_SECONDS - 1
        job.watch("ann")
        executor.run()
    assert job.active
    clock.now += LOOK_SECONDS + 1
    executor.run()
    assert (job.number, job.active, job.status()) == (3, False, "paused")


def test_it_goes_on_for_who_comes_back_but_not_for_a_stranger(clock):
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    clock.now += LOOK_SECONDS + 1
    executor.run()
    job.watch("ann")
    assert job.active
    clock.now += LOOK_SECONDS + 1
    executor.run()
    job.watch("bob")
    assert not job.active


def test_one_who_watches_keeps_it_going_when_the_other_has_left(clock):
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    for _ in range(4):
        clock.now += LOOK_SECONDS / 2
        job.watch("bob")
        executor.run()
    assert (job.number, job.active) == (4, True)


def test_an_input_error_is_its_sentence_and_play_tries_again():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    executor.run()
    executor.run(InputError("The digits are gone; bring them back."))
    assert (job.status(), job.active, job.number) == ("stopped", False, 1)
    assert is_sentence(job.message).startswith("The digits")
    job.watch("ann")
    assert not job.active
    job.want("ann")
    assert (job.message, job.active) == ("", True)


def test_any_other_error_is_a_sentence_without_secrets():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    executor.run(ZeroDivisionError("/home/secret"))
    assert "ZeroDivisionError" in is_sentence(job.message)
    assert "secret" not in job.message


def test_lost_workers_change_nothing():
    executor = Inline(BrokenExecutor(), "successor", after=2, times=2)
    job = Counting(executor)
    job.want("ann")
    job.wait(10)
    assert job.complete
    assert len(executor.calls) == 7


def test_a_worker_that_always_stops_is_given_up():
    executor = Inline(BrokenExecutor(), "successor")
    job = Counting(executor)
    job.want("ann")
    job.wait(10)
    assert job.status() == "stopped"
    assert "3 times" in is_sentence(job.message)
    assert len(executor.calls) == 3


def test_what_is_forgotten_does_not_come_back():
    executor = ByHand()
    job = Counting(executor)
    job.want("ann")
    job.forget()
    assert not job.active
    assert executor.tasks[0][0].cancelled()
    executor.run()
    assert job.number == 0


def test_many_visitors_on_many_threads():
    with ThreadPoolExecutor(4) as executor:
        turns = Turns(executor)
        job = Counting(turns, total=300)

        def visit(name):
            for number in range(40):
                (job.pause if number % 7 == 3 else job.want)(name)
                job.status(name)
            job.want(name)

        threads = [threading.Thread(target=visit, args=(f"v{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until = time.monotonic() + 30
        while not job.complete:
            assert time.monotonic() < until
            job.wait(0.1)
        turns.shutdown()


def test_a_registry_makes_each_job_once():
    kept, made = Kept("test", BYTES), itertools.count()

    def make():
        next(made)
        return Counting(Inline())

    assert kept.peek("a") is None
    assert kept.get("a", make) is kept.get("a", make) is kept.peek("a")
    assert next(made) == 1


def test_a_registry_is_bounded_but_keeps_who_is_at_work():
    kept, executor = Kept("test", 3 * BYTES + 1_000), ByHand()
    busy = kept.get("busy", lambda: Counting(executor))
    busy.want("ann")
    for name in "abc":
        kept.get(name, lambda: Counting(executor))
    assert (len(kept), kept.peek("a"), kept.peek("busy")) == (3, None, busy)
    kept.get("b", lambda: None)
    kept.get("d", lambda: Counting(executor))
    assert [name for name in "abcd" if kept.peek(name)] == ["b", "d"]
    kept.clear()
    assert (len(kept), busy.active) == (0, False)
