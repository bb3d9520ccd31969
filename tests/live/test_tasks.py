"""Many small tasks: everything arrives, errors are sentences, what nobody wants is not computed."""

import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor

from qnn_core.errors import InputError
from qnn_core.live.tasks import TasksJob
from qnn_core.workers.turns import Turns
from qnn_core.workers.unfinished import Unfinished
from tests.helpers import is_sentence
from tests.live.fakes import ByHand, Inline


def refuse(value):
    if value == 2:
        raise InputError("Two is refused.")
    if value == 3:
        raise ZeroDivisionError
    return value * 10


def tasks(*values):
    return {value: (refuse, (value,)) for value in values}


def losing(times):
    return Inline(BrokenExecutor(), "refuse", times=times)


def wanted(executor, *values, **options):
    job = TasksJob(executor, **options)
    job.want("ann", tasks(*values))
    job.wait(10)
    return job


def test_results_and_errors():
    job = wanted(Inline(), 0, 1, 2, 3, 4)
    assert job.results == {0: 0, 1: 10, 4: 40}
    assert job.errors[2] == "Two is refused."
    assert "ZeroDivisionError" in is_sentence(job.errors[3])
    assert (job.progress("ann"), job.complete, job.status("ann")) == ((5, 5), True, "done")
    assert job.words("ann") == "5 of 5 runs"
    assert len(job.problems("ann")) == 2
    assert job.found([4, 0, 2]) == {0: 0, 4: 40}


def test_never_more_at_once():
    executor = ByHand()
    job = wanted_by_hand(executor, 0, 1, 4, 5, 6)
    assert (len(executor.tasks), job.results) == (3, {})
    executor.run()
    assert len(executor.tasks) == 3


def wanted_by_hand(executor, *values):
    job = TasksJob(executor)
    job.want("ann", tasks(*values))
    return job


def drain(executor):
    while executor.tasks:
        executor.run()


def test_what_is_not_wanted_any_more_is_neither_computed_nor_counted():
    executor = ByHand(waiting=True)
    job = wanted_by_hand(executor, *range(10, 30))
    executor.run()
    job.want("ann", tasks(0, 10, 11))
    assert job.progress("ann") == (1, 3)
    drain(executor)
    assert (job.results, job.progress("ann")) == ({10: 100, 0: 0, 11: 110}, (3, 3))


def test_what_another_visitor_wants_is_computed_all_the_same():
    executor = ByHand(waiting=True)
    job = wanted_by_hand(executor, 0, 1)
    job.want("bob", tasks(1, 4))
    job.want("ann", tasks())
    assert (job.progress("ann"), job.progress("bob"), job.progress()) == ((0, 0), (0, 2), (0, 2))
    assert not job.active_for("ann")
    drain(executor)
    assert (sorted(job.results), job.active_for("bob")) == ([1, 4], False)
    assert set(executor.asked[2:]) == {"bob"}


def test_results_are_shared():
    executor = Inline()
    job = wanted(executor, 0, 1)
    job.want("bob", tasks(1, 4))
    assert job.progress("bob") == (2, 2)
    assert len(executor.calls) == 3


def test_a_page_that_wants_the_same_again_is_no_news():
    executor = ByHand()
    job = wanted_by_hand(executor, 0, 1)
    news = job.news
    job.want("ann", tasks(0, 1))
    assert job.news == news


def test_pause_drops_what_this_visitor_wants():
    executor = ByHand(waiting=True)
    job = wanted_by_hand(executor, 0, 1, 4)
    job.pause("ann")
    assert (job.active, job.progress("ann")) == (False, (0, 0))
    drain(executor)
    assert job.results == {}


def test_a_lost_worker_loses_nothing():
    executor = losing(2)
    assert wanted(executor, 0, 1).results == {0: 0, 1: 10}
    assert len(executor.calls) == 4


def test_tasks_can_be_done_again():
    executor = Inline()
    job = wanted(executor, 0, 1, 2)
    job.again([1, 2])
    job.wait(10)
    assert job.results == {0: 0, 1: 10}
    assert len(executor.calls) == 5


def test_a_task_that_always_loses_its_worker_is_given_up_until_somebody_comes_anew():
    executor = losing(10**9)
    job = wanted(executor, 1)
    assert len(executor.calls) == 3
    assert "3 times" in job.errors[1]
    executor.error = None
    job.want("ann", tasks(1))
    assert 1 in job.errors
    job.want("bob", tasks(1))
    job.wait(10)
    assert (job.results, job.errors) == ({1: 10}, {})


def test_what_a_task_refuses_is_not_tried_again():
    executor = Inline()
    job = wanted(executor, 2)
    job.want("bob", tasks(2))
    assert len(executor.calls) == 1


def test_on_threads():
    with ThreadPoolExecutor(2) as executor:
        turns = Turns(executor)
        job = TasksJob(turns)
        job.want("ann", tasks(*range(10, 60)))
        until = time.monotonic() + 30
        while not job.complete:
            assert time.monotonic() < until
            job.wait(0.1)
        assert job.results == {value: value * 10 for value in range(10, 60)}
        turns.shutdown()


# ---------------------------------------------------------------- long tasks


def count_to(last, number=0):
    """Counts, one at a time."""
    return number if number == last else Unfinished(count_to, (last, number + 1))


def test_an_unfinished_task_goes_on_where_it_was_put_down():
    executor = Inline()
    job = TasksJob(executor)
    job.want("ann", {"a": (count_to, (3,)), "b": (refuse, (1,))})
    assert job.results == {"a": 3, "b": 10}
    assert [args for name, args in executor.calls if name == "count_to"] == [(3,), (3, 1), (3, 2), (3, 3)]
    assert job.progress("ann") == (2, 2)
    assert not job._begun


def test_a_long_task_that_nobody_wants_any_more_ends_with_its_slice():
    executor = ByHand()
    job = TasksJob(executor)
    job.want("ann", {"a": (count_to, (100,))})
    executor.run()
    executor.run()
    job.want("ann", {"b": (refuse, (1,))})
    while executor.tasks:
        executor.run()
    assert job.results == {"b": 10}
    job.want("ann", {"a": (count_to, (100,))})
    assert executor.tasks[0][2] == (100, 3), "what was done is not done again"
    job.again(["a"])
    while executor.tasks:
        executor.run()
    assert job.results["a"] == 100


def test_a_long_task_whose_worker_dies_loses_a_slice():
    job = TasksJob(Inline(BrokenExecutor(), "count_to", after=2, times=2))
    job.want("ann", {"a": (count_to, (5,))})
    job.wait(10)  # another try is made by another thread
    assert (job.results, job.errors) == ({"a": 5}, {})
