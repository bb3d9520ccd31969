"""Garbage is collected while nobody waits for a page.

Now and then Python looks through all objects for those that nobody needs; whoever waits just then waits 0.1 s more.
"""

import asyncio
import gc

from pages.ui.brush import BRUSH, Brush

IDLE_SECONDS = 2.0
"""After so long without a page being drawn, nobody is likely to wait for one."""


async def tidy_up(brush: Brush = BRUSH, idle: float = IDLE_SECONDS) -> None:
    """Collect garbage once after each time that pages were drawn; for as long as the server runs.

    idle: seconds of rest before. The first time, what is left is put aside: modules and data, which stay for good.
    Every later look, also Python's own, is then only at what is new, and takes a few milliseconds.
    """
    cleared = put_aside = 0
    while True:
        await asyncio.sleep(idle / 4)
        if brush.drawn == cleared or brush.rests < idle:
            continue
        cleared = brush.drawn
        gc.collect()
        if not put_aside:
            gc.freeze()
            put_aside = gc.get_freeze_count()
