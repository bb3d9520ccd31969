"""A tab that is closed, reloaded or opened twice: the run comes to the same end."""

import asyncio

import psutil
import pytest

from qnn_core import Experiment, train
from qnn_core.live.job import LOOK_SECONDS
from qnn_core.training.losses import LOSSES
from tests.load.acting import TRAINING, Notes, Student
from tests.load.client import Session
from tests.server import serving, started

LONG = Experiment(engine="contraction", epochs=600, learning_rate=0.001, batch_size=100)
"""3,000 steps: a second or so."""
ADDRESS = "train?engine=contraction&epochs=600&rate=0.001&batch=100"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a dashboard that was started for these tests."""
    with serving("app.py", tmp_path_factory.mktemp("server") / "log") as address:
        yield address


async def begun(server, seed):
    """A tab whose run has begun."""
    student = await opened(server, seed)
    await student.tell_film(TRAINING, "wants", play=True, step=False)
    await student.session.until(lambda: len(student.film["positions"]) > 1)
    return student


async def opened(server, seed):
    return Student(await Session.open(server, f"{ADDRESS}&seed={seed}"), Notes(), seed)


async def seen_to_the_end(student):
    """The film of the whole run; the tab is closed."""
    await student.session.until(lambda: student.film["positions"][-1] == student.film["total"], seconds=120)
    film = student.film
    await student.session.close()
    assert student.session.errors == []
    return film


def shown_last(film):
    """The numbers beside the film's last frame: label → text."""
    (panel,) = (panel for panel in film["panels"] if panel["kind"] == "numbers")
    return {number["label"]: number["texts"][-1] for number in panel["numbers"]}


def undisturbed(seed):
    return train(LONG.with_(seed=seed), test_every=3000).records[-1]


def is_the_same(film, seed):
    words = LOSSES[LONG.loss].words
    return shown_last(film)[f"test {words}"] == f"{undisturbed(seed).test_loss:.3f}"


def test_a_tab_that_is_reloaded_finds_its_run(server):
    async def act():
        first = await begun(server, 1)
        await first.session.close()
        again = await opened(server, 1)
        assert len(again.film["positions"]) > 1
        await again.tell_film(TRAINING, "wants", play=True, step=False)
        return await seen_to_the_end(again)

    assert is_the_same(asyncio.run(act()), 1)


def test_a_tab_that_is_opened_twice_sees_the_same_run(server):
    async def act():
        first, second = await begun(server, 2), await opened(server, 2)
        await second.tell_film(TRAINING, "wants", play=True, step=False)
        return await asyncio.gather(seen_to_the_end(first), seen_to_the_end(second))

    first, second = asyncio.run(act())
    assert shown_last(first) == shown_last(second)
    assert is_the_same(first, 2)


def test_a_machine_that_was_asleep_goes_on_by_itself(tmp_path):
    async def act(address, server):
        student = await begun(address, 3)
        everything = [server, *server.children(recursive=True)]
        for process in everything:
            process.suspend()
        await asyncio.sleep(LOOK_SECONDS + 2)  # so long that its watchers count as gone
        there = len(student.film["positions"])
        for process in reversed(everything):
            process.resume()
        film = await seen_to_the_end(student)
        assert there < len(film["positions"])
        return film

    with started("app.py", tmp_path / "log") as (process, address):
        assert is_the_same(asyncio.run(act(address, psutil.Process(process.pid))), 3)
