"""Garbage is collected while nobody waits for a page.

Now and then Python looks through all objects for those that nobody needs; whoever waits just then waits 0.1 s more.
"""

import asyncio
import ctypes
import gc
import sys
import time

from pages.ui.brush import BRUSH, Brush

IDLE_SECONDS = 2.0
"""After so long without a page being drawn, nobody is likely to wait for one."""
SETTLING_SECONDS = 60.0
"""So long after its start a server still imports and loads what stays."""
BUSY_SECONDS = 5.0
"""While a class keeps the server busy, garbage is collected after so long all the same, or it would pile up."""
ARENAS = 2
"""Heaps of the C library that all threads share. Every page is drawn in a thread of its own, and by default each of
them may leave half-empty heaps behind, eight for each core."""
_M_ARENA_MAX = -8


def keep_together() -> None:
    """Let all threads of this process share a few heaps, where the C library can; to be called at the start."""
    _tell_libc("mallopt", _M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give memory that is free inside the heaps back to the system, where the C library can."""
    _tell_libc("malloc_trim", 0)


def _tell_libc(name: str, *numbers: int) -> None:
    """Call a function of the C library, if it has it: glibc does."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), name):
        getattr(libc, name)(*numbers)


async def tidy_up(
    brush: Brush = BRUSH,
    idle: float = IDLE_SECONDS,
    busy: float = BUSY_SECONDS,
    settling: float = SETTLING_SECONDS,
) -> None:
    """Collect garbage once after each time that pages were drawn; for as long as the server runs.

    idle: seconds of rest before. busy: seconds after which nobody waits for a rest any more. The first time, and for
    so many seconds of settling, what is left is put aside: modules and data, which stay for good. Every later look,
    also Python's own, is then only at what is new, and takes a few milliseconds.
    """
    cleared = put_aside = 0
    begun = since = time.monotonic()
    while True:
        await asyncio.sleep(idle / 4)
        rested, overdue = brush.rests >= idle, time.monotonic() - since >= busy
        if brush.drawn == cleared or not (rested or overdue):
            continue
        cleared, since = brush.drawn, time.monotonic()
        gc.collect()
        if not put_aside or since - begun < settling:
            gc.freeze()
            put_aside = gc.get_freeze_count()
        if rested:
            give_back()
