"""There is one brush: one page is drawn at a time, and the others wait for it in line.

As many threads as visitors, all drawing, fight for the interpreter: each of them takes longer, and the thread that
speaks to the browsers hardly gets a turn.
"""

from _thread import LockType
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local
from time import monotonic

LONGEST = 0.25
"""Seconds that the first in line waits for who has the brush; then it takes a new one."""


class Brush:
    """Safe to use from many threads. Nothing depends on it but how long everybody takes.

    drawn: how often it was put down.
    """

    def __init__(self) -> None:
        self.drawn, self._since = 0, monotonic()
        self._line, self._brush, self._mine = Lock(), Lock(), local()

    @property
    def rests(self) -> float:
        """Seconds since somebody has drawn; 0 while somebody does."""
        return 0.0 if self._brush.locked() else monotonic() - self._since

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Draw with the brush, as soon as it is there."""
        if self._held() is not None:
            yield  # a part of a page that is being drawn
            return
        self._take()
        try:
            yield
        finally:
            self.put_down()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let others draw meanwhile. Who is interrupted here draws no more, and does not ask for it again."""
        held = self._held() is not None
        self.put_down()
        yield
        if held:
            self._take()

    def put_down(self) -> None:
        """All has been drawn."""
        brush, self._mine.brush = self._held(), None
        if brush is not None:
            self.drawn, self._since = self.drawn + 1, monotonic()
            brush.release()

    def _held(self) -> LockType | None:
        brush: LockType | None = getattr(self._mine, "brush", None)
        return brush

    def _take(self) -> None:
        with self._line:
            if not self._brush.acquire(timeout=LONGEST):
                # Who has it computes, or waits for something that somebody in line has to finish.
                self._brush = Lock()
                self._brush.acquire()
            self._mine.brush = self._brush


BRUSH = Brush()
