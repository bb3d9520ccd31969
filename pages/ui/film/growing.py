"""A film that grows while somebody plays it: its player has a line of its own, for which no page is drawn.

By it the player asks for more frames, and says where it has come to rest.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pages.ui.line import Line, NothingToSayError
from qnn_core.live.film import Film

MOST_BYTES = 2_000
"""Of what a player says."""
PATIENCE = 0.4
"""Seconds that a wish waits for the next frame; then the player asks again."""


@dataclass(frozen=True)
class Wish:
    """A player wants more. film: its name; after: the number at its last frame; begin: somebody has pressed Play."""

    film: str
    after: float
    begin: bool


@dataclass(frozen=True)
class Rest:
    """A player rests. film: its name; sent: all that it says of where."""

    film: str
    sent: Mapping[str, Any]


@dataclass(frozen=True)
class Growing:
    """How a film grows.

    make(): the film as it is now. reached(): the number at its last frame. go_on(begin): whether there is more to
    come; begin: somebody wants it from now on. query(): what the address says, once it is known where the film rests;
    nothing else on its page depends on that. All are called in other threads, too.
    """

    make: Callable[[], Film]
    reached: Callable[[], float]
    go_on: Callable[[bool], bool]
    query: Callable[[], str]


def said_by(sent: Any) -> Wish | Rest | None:
    """What a player has said; None if it is nothing that one says."""
    match sent:
        case {"film": str(film), "after": int(after) | float(after), "begin": bool(begin)}:
            return Wish(film, after, begin)
        case {"film": str(film), "frame": _}:
            return Rest(film, sent)
    return None


FILMS: Line[Wish | Rest] = Line("film", said_by, MOST_BYTES, what="wish for a film", patience=PATIENCE)


def open_line(visitor: str, name: str, growing: Growing, rested: Callable[[Any], object]) -> str:
    """A line for this visitor's player of the film of this name; returns the address.

    rested: called with what the player says of where it rests, as far as it can be believed.
    """

    def answer(wish: Wish | Rest) -> str | None:
        if wish.film != name:
            raise NothingToSayError
        if isinstance(wish, Rest):
            rested(wish.sent)
            return json.dumps({"query": growing.query()})
        more = growing.go_on(wish.begin)
        if growing.reached() > wish.after:
            return growing.make().text
        if not more:
            raise NothingToSayError
        return None

    return FILMS.open(visitor, answer)
