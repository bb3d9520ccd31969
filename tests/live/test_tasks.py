"""Many small jobs: everything arrives, errors are sentences, a lost worker loses nothing."""

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor

from qnn_core.errors import InputError
from qnn_core.live.tasks import LiveTasks


class Inline:
    """Runs a task at once; loses the first `losses` of them."""

    def __init__(self, losses=0):
        self.losses = losses
        self.submitted = 0

    def submit(self, fn, /, *args):
        self.submitted += 1
        future = Future()
        if self.submitted <= self.losses:
            future.set_exception(BrokenExecutor())
            return future
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def refuse(value):
    if value == 2:
        raise InputError("Two is refused.")
    if value == 3:
        raise ZeroDivisionError
    return value * 10


def run(tasks, executor, at_once=2):
    ticks = 0
    while not tasks.complete:
        tasks.tick(executor, at_once)
        ticks += 1
        assert ticks < 100
    return tasks


def test_results_and_errors():
    tasks = run(LiveTasks({value: (refuse, (value,)) for value in range(5)}), Inline())
    assert tasks.results == {0: 0, 1: 10, 4: 40}
    assert tasks.errors[2] == "Two is refused."
    assert "ZeroDivisionError" in tasks.errors[3]
    assert (tasks.finished, tasks.total) == (5, 5)


def test_a_lost_worker_loses_nothing():
    executor = Inline(losses=3)
    tasks = run(LiveTasks({value: (refuse, (value,)) for value in (0, 1)}), executor)
    assert tasks.results == {0: 0, 1: 10}
    assert executor.submitted == 5


def test_never_more_at_once():
    executor = Inline()
    tasks = LiveTasks({value: (refuse, (value,)) for value in (0, 1, 4, 5)})
    tasks.tick(executor, 3)
    assert executor.submitted == 3
    assert tasks.results == {}


def test_more_tasks_do_not_repeat_the_old_ones():
    executor = Inline()
    tasks = run(LiveTasks({0: (refuse, (0,))}), executor)
    tasks.add({0: (refuse, (9,)), 1: (refuse, (1,))})
    assert not tasks.complete
    assert run(tasks, executor).results == {0: 0, 1: 10}
    assert executor.submitted == 2


def test_on_threads():
    with ThreadPoolExecutor(2) as executor:
        assert run_waiting(LiveTasks({value: (refuse, (value,)) for value in range(2)}), executor) == {0: 0, 1: 10}


def run_waiting(tasks, executor):
    while not tasks.complete:
        tasks.tick(executor, 2)
    return tasks.results


def test_forgotten_tasks_are_done_again():
    executor = Inline()
    tasks = run(LiveTasks({value: (refuse, (value,)) for value in (0, 1, 2)}), executor)
    tasks.forget([1, 2])
    assert (tasks.results, tasks.errors, tasks.complete) == ({0: 0}, {}, False)
    run(tasks, executor)
    assert tasks.results == {0: 0, 1: 10}
    assert executor.submitted == 5


def test_a_task_that_always_loses_its_worker_is_given_up():
    executor = Inline(losses=10**9)
    tasks = run(LiveTasks({1: (refuse, (1,))}), executor)
    assert executor.submitted == 3
    assert "3 times" in tasks.errors[1]
    executor.losses = 0
    tasks.forget([1])
    assert run(tasks, executor).results == {1: 10}


def test_a_forgotten_task_may_lose_its_worker_as_often_as_a_new_one():
    executor = Inline(losses=5)
    tasks = run(LiveTasks({1: (refuse, (1,))}), executor)
    assert (executor.submitted, list(tasks.errors)) == (3, [1])
    tasks.forget([1])
    assert run(tasks, executor).results == {1: 10}
    assert executor.submitted == 6
