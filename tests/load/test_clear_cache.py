"""Nobody takes away what belongs to all."""

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.load.acting import Notes, Student
from tests.load.client import Session
from tests.load.gauge import server_of
from tests.server import serving


def test_clear_cache_takes_neither_workers_nor_runs_away(tmp_path):
    with serving("app.py", tmp_path / "log") as address:
        workers = asyncio.run(played_cleared_and_played_again(address))
    assert workers


async def played_cleared_and_played_again(address):
    """The numbers of the worker processes, which have to be the same before and after."""
    tab = await Session.open(address, "train?engine=contraction&seed=4")
    student = Student(tab, Notes(), 0)
    await student.play()
    frames, before = student.film["positions"], workers_of(address)
    message = BackMsg()
    message.clear_cache = True
    await tab.send(message)
    await student.turn_to("encode")
    await student.turn_to("train")
    assert student.film["positions"] == frames  # the run is there, without being played again
    assert workers_of(address) == before
    assert tab.errors == []
    assert student.film["total"] == frames[-1]
    await tab.close()
    return before


def workers_of(address):
    return {one.pid for one in server_of(address).children(recursive=True)}
