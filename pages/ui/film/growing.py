"""A film that grows while somebody plays it: its player asks for more by a line of its own, without a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pages.ui.line import Line, NothingToSayError
from qnn_core.live.film import Film

MOST_BYTES = 2_000
"""Of a wish."""
PATIENCE = 0.4
"""Seconds that a wish waits for the next frame; then the player asks again."""


@dataclass(frozen=True)
class Wish:
    """A player wants more. film: its name; after: the number at its last frame; begin: somebody has pressed Play."""

    film: str
    after: float
    begin: bool


@dataclass(frozen=True)
class Growing:
    """How a film grows.

    make(): the film as it is now. reached(): the number at its last frame. go_on(begin): whether there is more to
    come; begin: somebody wants it from now on. All are called in other threads, too.
    """

    make: Callable[[], Film]
    reached: Callable[[], float]
    go_on: Callable[[bool], bool]


def wish_of(sent: Any) -> Wish | None:
    """What a browser sent as a wish; None if it is none."""
    match sent:
        case {"film": str(film), "after": int(after) | float(after), "begin": bool(begin)}:
            return Wish(film, after, begin)
    return None


FILMS: Line[Wish] = Line("film", wish_of, MOST_BYTES, what="wish for a film", patience=PATIENCE)


def open_line(visitor: str, name: str, growing: Growing) -> str:
    """Let this visitor's player ask for the film of this name while it grows; returns the address."""

    def answer(wish: Wish) -> str | None:
        if wish.film != name:
            raise NothingToSayError
        more = growing.go_on(wish.begin)
        if growing.reached() > wish.after:
            return growing.make().text
        if not more:
            raise NothingToSayError
        return None

    return FILMS.open(visitor, answer)
