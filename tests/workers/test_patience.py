"""A task is handed on when its worker dies, and given up in the end."""

import os
import time
from concurrent.futures import BrokenExecutor, CancelledError, Future

import pytest

from qnn_core.errors import InputError
from qnn_core.workers.patience import GIVEN_UP, MOST_LOSSES, submit_patiently
from qnn_core.workers.pool import LocalPool, SchedulerLostError
from qnn_core.workers.turns import Turns
from tests.helpers import is_sentence


class Scripted:
    """Ends the tasks with these answers or exceptions, in order; the last one again and again."""

    def __init__(self, *answers):
        self.answers, self.submitted = list(answers), 0

    def submit(self, fn, /, *args):
        self.submitted += 1
        future = Future()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, CancelledError):
            future.cancel()
            future.set_running_or_notify_cancel()
        elif isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


@pytest.mark.parametrize("loss", [BrokenExecutor(), CancelledError()])
def test_two_losses_are_made_good(loss):
    executor = Scripted(loss, loss, 7)
    assert submit_patiently(executor, int).result(10) == 7
    assert executor.submitted == 3


def test_a_task_that_always_loses_its_worker_is_given_up():
    executor = Scripted(BrokenExecutor())
    with pytest.raises(InputError) as caught:
        submit_patiently(executor, int).result(10)
    assert is_sentence(caught.value) == GIVEN_UP
    assert executor.submitted == MOST_LOSSES


def test_a_scheduler_that_is_gone_says_so_itself():
    with pytest.raises(InputError, match="does not answer"):
        submit_patiently(Scripted(SchedulerLostError("The scheduler does not answer any more.")), int).result(10)


def test_what_the_task_raises_is_not_tried_again():
    executor = Scripted(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        submit_patiently(executor, int).result(10)
    assert executor.submitted == 1


def test_a_cancelled_task_is_not_tried_again():
    class Never:
        submitted = 0

        def submit(self, fn, /, *args):
            self.submitted += 1
            self.last = Future()
            return self.last

    executor = Never()
    future = submit_patiently(executor, int)
    assert future.cancel()
    assert executor.last.cancelled()
    time.sleep(0.05)
    assert executor.submitted == 1
    with pytest.raises(CancelledError):
        future.result(1)


def name_and_die(file):
    """Leave a mark, then end the process; with two marks there, answer."""
    with open(file, "a") as marks:
        marks.write("x")
    if os.path.getsize(file) <= 2:
        os._exit(1)
    return "alive"


def test_a_real_worker_that_dies_twice(tmp_path):
    with LocalPool(1) as pool:
        turns = Turns(pool)
        answer = submit_patiently(turns.of("a"), name_and_die, str(tmp_path / "marks"))
        assert answer.result(60) == "alive"
        turns.shutdown()
