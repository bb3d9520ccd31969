"""Names at the right end of lines, moved apart where they would lie on each other."""

from collections.abc import Mapping, Sequence
from typing import Any


def end_names(ends: Mapping[str, float], chosen: str, apart: float) -> dict[str, Any]:
    """The layout of a chart whose lines are named at their ends: the names, and room for them at the right.

    ends: name → height of its last point. chosen: the name that is bold. apart: how far one is at least from the
    next; heights in units of the axis.
    """
    rising = sorted((end, name) for name, end in ends.items())
    right = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 4, "showarrow": False}
    names = [
        {**right, "y": at, "text": f"<b>{name}</b>" if name == chosen else name}
        for at, (_, name) in zip(spread([end for end, _ in rising], apart), rising, strict=True)
    ]
    longest = max(map(len, ends), default=0)
    return {"annotations": names, "margin": {"l": 10, "r": 12 + 9 * longest, "t": 12, "b": 10}}


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Rising places, moved as little as need be up and down until each is so far from the next one."""
    up, down = list(places), list(places)
    for i in range(1, len(places)):
        up[i] = max(up[i], up[i - 1] + apart)
        down[-1 - i] = min(down[-1 - i], down[-i] - apart)
    return [(high + low) / 2 for high, low in zip(up, down, strict=True)]
