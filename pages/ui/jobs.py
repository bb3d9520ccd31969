"""The jobs of this server, shared by all visitors: runs, the tasks of the comparison, and CNNs in training."""

from typing import Any

from pages.ui import follow
from pages.ui.desk import desk
from pages.ui.workers import TURNS
from qnn_core import Experiment
from qnn_core.live.cnn import CNNJob
from qnn_core.live.job import Kept
from qnn_core.live.runs import RunJob, Runs
from qnn_core.live.tasks import TasksJob
from qnn_core.shelf import MIB

ROOM_OF_TASKS, ROOM_OF_CNNS = 32 * MIB, 96 * MIB
SAME_EXAMPLES = "same_examples"
"""The choice on page 6: whether the fair network sees only the QNN's examples."""

# Not in st.cache_resource, which any visitor can clear; all of them guard themselves.
RUNS = Runs(TURNS)
_tasks = Kept[TasksJob]("tasks", ROOM_OF_TASKS)
_cnns = Kept[CNNJob]("CNNs", ROOM_OF_CNNS)


def run(experiment: Experiment, *, same_examples: bool = False, alone: bool = False) -> RunJob:
    """The run of an Experiment; made when first asked for."""
    return follow.meet(RUNS.get(experiment, same_examples=same_examples, alone=alone))


def peek_run(experiment: Experiment) -> RunJob | None:
    """The run of page 6, if there is one already."""
    return RUNS.peek(experiment, same_examples=desk().choices.get(SAME_EXAMPLES, False))


def tasks(*key: Any, what: str = "runs") -> TasksJob:
    """The results of one kind; key: what they are of. what: a word for them."""
    return follow.meet(_tasks.get(key, lambda: TasksJob(TURNS, what=what)))


def cnn(pictures: Experiment, budget: str) -> CNNJob:
    """The CNN on these pictures under a budget."""
    return follow.meet(_cnns.get((pictures, budget), lambda: CNNJob(TURNS, pictures, budget)))


def peek_cnn(pictures: Experiment, budget: str) -> CNNJob | None:
    """The same if there is one already."""
    return _cnns.peek((pictures, budget))


def clear() -> None:
    """Forget everything; for tests."""
    for kept in (RUNS, _tasks, _cnns):
        kept.clear()
