"""A long task is put down when its time is up, so that others have their turn, and taken up again later."""

from collections.abc import Callable
from typing import Any, NamedTuple

SLICE_SECONDS = 0.35
"""A worker is given back to whoever is next after about so long."""


class Unfinished(NamedTuple):
    """What a task returns in place of a result: the call that goes on with it, to the same result."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
