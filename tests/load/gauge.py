"""What a server takes, seen from outside: seconds of CPU, memory, open files, and how soon it answers."""

import asyncio
import time
import urllib.request
from typing import NamedTuple

import psutil

from qnn_core.shelf import MIB

OFTEN = 0.25
"""Seconds between two health checks."""
SAMPLE_SECONDS = 5.0
"""Seconds between two looks at memory and files."""


def server_of(address):
    """The process that serves this address; it has to be a child of this one."""
    port = int(address.rsplit(":", 1)[1])
    mine = psutil.Process().children(recursive=True)
    return next(one for one in mine if f"--server.port={port}" in one.cmdline())


def cpu(process):
    """Seconds of CPU of this process alone, without its workers."""
    times = process.cpu_times()
    return times.user + times.system


def memory(process):
    """MiB that it holds."""
    return process.memory_info().rss / MIB


def memory_below(process):
    """MiB that its workers hold."""
    return sum(memory(one) for one in process.children(recursive=True))


class Sample(NamedTuple):
    """seconds: since the watch began. memory, workers: MiB of the server, and of its workers.

    files: descriptors that the server has open.
    """

    seconds: float
    memory: float
    workers: float
    files: int


class Watch:
    """Looks at a server for as long as the block runs (async with).

    samples: its memory and files, again and again. answers: seconds of each health check.
    """

    def __init__(self, address, every=SAMPLE_SECONDS):
        self.samples, self.answers = [], []
        self._address, self._every, self._process = address, every, server_of(address)
        self._began, self._cpu = time.monotonic(), cpu(self._process)

    async def __aenter__(self):
        self._began, self._cpu = time.monotonic(), cpu(self._process)
        self._tasks = [asyncio.create_task(self._ask()), asyncio.create_task(self._look())]
        return self

    async def __aexit__(self, *problem):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.samples.append(self.sample())

    @property
    def seconds(self):
        """Since it began."""
        return time.monotonic() - self._began

    @property
    def spent(self):
        """Seconds of CPU that the server itself has spent since."""
        return cpu(self._process) - self._cpu

    def sample(self):
        """As it is now."""
        process = self._process
        return Sample(self.seconds, memory(process), memory_below(process), process.num_fds())

    def at(self, seconds):
        """The sample nearest to this moment."""
        return min(self.samples, key=lambda one: abs(one.seconds - seconds))

    async def _ask(self):
        while True:
            began = time.monotonic()
            await asyncio.to_thread(
                lambda: urllib.request.urlopen(f"{self._address}/_stcore/health", timeout=60).read()
            )
            self.answers.append(time.monotonic() - began)
            await asyncio.sleep(OFTEN)

    async def _look(self):
        while True:
            self.samples.append(self.sample())
            await asyncio.sleep(self._every)


def _ask_once(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read()
