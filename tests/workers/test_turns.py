"""Visitors take turns, whoever has how many tasks; what waits can be cancelled."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from qnn_core.workers.turns import AHEAD, Turns


class ByHand:
    """Two workers that end their tasks when they are told to; began: the tasks' arguments in order."""

    width = 2

    def __init__(self):
        self.out, self.began = [], []

    def submit(self, fn, /, *args):
        future = Future()
        self.began.append(args[0])
        self.out.append((future, fn, args))
        return future

    def end_one(self):
        future, fn, args = self.out.pop(0)
        future.set_result(fn(*args))


def wait_for(condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.fixture
def workers():
    return ByHand()


@pytest.fixture
def turns(workers):
    turns = Turns(workers)
    yield turns
    turns.shutdown()


def echo(value):
    return value


def drain(workers, futures):
    """End one task after the other until all futures have ended."""
    while not all(future.done() for future in futures):
        wait_for(lambda: workers.out)
        workers.end_one()


def test_a_result_and_an_error_come_back():
    with ThreadPoolExecutor(1) as executor:
        turns = Turns(executor)
        assert turns.submit("a", echo, 3).result(10) == 3
        with pytest.raises(ZeroDivisionError):
            turns.submit("a", divmod, 1, 0).result(10)
        assert turns.of("b").submit(int, "7", base=8).result(10) == 7


def test_no_more_on_the_pool_than_it_can_run(workers, turns):
    futures = [turns.submit("a", echo, number) for number in range(20)]
    wait_for(lambda: len(workers.out) == workers.width + AHEAD)
    time.sleep(0.05)
    assert len(workers.out) == 3
    drain(workers, futures)
    assert workers.began == list(range(20))


def test_hundreds_of_tasks_of_one_visitor_keep_nobody_waiting(workers, turns):
    many = [turns.submit("hostile", echo, f"h{number}") for number in range(500)]
    wait_for(lambda: len(workers.out) == 3)
    few = [turns.submit(name, echo, name) for name in ("ann", "bob")]
    drain(workers, few)
    assert {"ann", "bob"} <= set(workers.began[:6])
    drain(workers, many)


def test_visitors_with_a_chain_of_slices_get_as_many_turns_each(workers, turns):
    """Each visitor submits the next slice when the last one ends, as a job does."""
    counts, lock = dict.fromkeys("abc", 0), threading.Lock()

    def again(name, future=None):
        with lock:
            counts[name] += 1
        if sum(counts.values()) < 60:
            turns.submit(name, echo, name).add_done_callback(lambda done: again(name, done))

    many = [turns.submit("hostile", echo, "h") for _ in range(300)]
    for name in counts:
        again(name)
    while sum(counts.values()) < 60:
        wait_for(lambda: workers.out)
        workers.end_one()
    assert max(counts.values()) - min(counts.values()) <= 2
    assert workers.began.count("h") <= 40
    for future in many:
        future.cancel()


def test_what_has_not_begun_can_be_cancelled(workers, turns):
    first = [turns.submit("a", echo, number) for number in range(3)]
    wait_for(lambda: len(workers.out) == 3)
    second = [turns.submit("a", echo, number) for number in (3, 4, 5)]
    assert not first[0].cancel()
    assert second[1].cancel()
    drain(workers, [*first, second[0], second[2]])
    assert workers.began == [0, 1, 2, 3, 5]
    assert second[1].cancelled()


def test_the_place_in_line_counts_the_turns_before(workers, turns):
    for number in range(3):
        turns.submit("a", echo, number)
    wait_for(lambda: len(workers.out) == 3)
    ann = [turns.submit("ann", echo, f"a{number}") for number in range(3)]
    bob = turns.submit("bob", echo, "b")
    assert [turns.place(future) for future in (*ann, bob)] == [1, 3, 4, 2]
    ann[0].cancel()
    assert [turns.place(future) for future in (*ann[1:], bob)] == [1, 3, 2]
    workers.end_one()
    wait_for(lambda: turns.place(ann[1]) == 0)
    drain(workers, [*ann[1:], bob])
    assert workers.began[3:] == ["a1", "b", "a2"]


def test_an_executor_that_refuses_is_an_error_and_the_next_task_runs():
    class Refusing:
        width = 1

        def submit(self, fn, /, *args):
            if args == ("no",):
                raise RuntimeError("not this one")
            future = Future()
            future.set_result(fn(*args))
            return future

    turns = Turns(Refusing())
    with pytest.raises(RuntimeError):
        turns.submit("a", echo, "no").result(10)
    assert turns.submit("a", echo, "yes").result(10) == "yes"


def test_after_the_end_nothing_is_taken(workers):
    turns = Turns(workers)
    futures = [turns.submit("a", echo, number) for number in range(6)]
    wait_for(lambda: len(workers.out) == 3)
    turns.shutdown()
    assert [future.cancelled() for future in futures] == [False] * 3 + [True] * 3
    with pytest.raises(RuntimeError):
        turns.submit("a", echo, 1)


# ---------------------------------------------------------------- films go first


def test_while_films_are_computed_one_workers_worth_stays_free(workers, turns):
    slices = [turns.submit("ann", echo, "film")]
    tasks = [turns.of("bob", background=True).submit(echo, f"task {number}") for number in range(9)]
    wait_for(lambda: len(workers.out) == 2)
    time.sleep(0.05)
    assert workers.began == ["film", "task 0"], "a third place, but no second task"
    slices.append(turns.submit("ann", echo, "film again"))
    wait_for(lambda: len(workers.out) == 3)
    assert workers.began == ["film", "task 0", "film again"]
    drain(workers, [*slices, *tasks])
    assert workers.began[3:] == [f"task {number}" for number in range(1, 9)]


def test_one_visitors_film_overtakes_the_same_visitors_tasks(workers, turns):
    turns.submit("ann", echo, "film")
    tasks = [turns.of("bob", background=True).submit(echo, number) for number in range(5)]
    wait_for(lambda: len(workers.out) == 2)
    film = turns.submit("bob", echo, "bob's film")
    wait_for(lambda: "bob's film" in workers.began)
    drain(workers, [film, *tasks])


def test_without_films_tasks_have_all_workers(workers, turns, monkeypatch):
    tasks = [turns.of("bob", background=True).submit(echo, number) for number in range(5)]
    wait_for(lambda: len(workers.out) == 3)
    drain(workers, tasks)
    monkeypatch.setattr("qnn_core.workers.turns.FILM_SECONDS", 0.2)
    film = turns.submit("ann", echo, "film")
    drain(workers, [film])
    tasks = [turns.of("bob", background=True).submit(echo, number) for number in range(5)]
    wait_for(lambda: len(workers.out) == 1)
    wait_for(lambda: len(workers.out) == 3)  # by the clock alone: nothing else happens
    drain(workers, tasks)


def test_a_single_worker_works_for_everybody(turns, workers):
    workers.width = 1
    film = turns.submit("ann", echo, "film")
    task = turns.of("bob", background=True).submit(echo, "task")
    drain(workers, [film, task])
    assert set(workers.began) == {"film", "task"}
