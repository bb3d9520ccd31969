"""A figure is drawn once for everybody who sees the same: Plotly takes 10 to 60 ms for each, 30 students ask for 30.

A kept figure belongs to nobody: it is shown, and never changed. Whoever wants another height or other colours makes a
new one of it.
"""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import plotly.graph_objects as go

from qnn_core.shelf import MIB, Shelf

Given = ParamSpec("Given")

FIGURES = Shelf[go.Figure]("figures", 24 * MIB)
"""Those that were drawn last."""


def kept(draw: Callable[Given, go.Figure]) -> Callable[Given, go.Figure]:
    """A decorator for a function that draws a figure: for equal arguments the same figure is returned again.

    Everything that the figure depends on has to be among its arguments: numbers, words, arrays, what can be hashed,
    and lists, mappings and dataclasses of these.
    """

    @wraps(draw)
    def drawn(*arguments: Given.args, **options: Given.kwargs) -> go.Figure:
        key = draw.__module__, draw.__qualname__, content_of(arguments), content_of(options)
        return FIGURES.get(key, lambda: draw(*arguments, **options))

    return drawn


def content_of(thing: Any) -> Hashable:
    """Something hashable that is equal for equal contents."""
    if isinstance(thing, go.Figure):
        return "figure", hashlib.sha256(thing.to_json().encode()).digest()
    if isinstance(thing, np.ndarray) and thing.dtype == object:
        thing = thing.tolist()
    if isinstance(thing, np.ndarray):
        return "array", thing.dtype.str, thing.shape, hashlib.sha256(np.ascontiguousarray(thing).tobytes()).digest()
    if isinstance(thing, Mapping):
        return type(thing).__name__, tuple((content_of(key), content_of(value)) for key, value in thing.items())
    if isinstance(thing, list | tuple):
        return type(thing).__name__, tuple(map(content_of, thing))
    if is_dataclass(thing):
        thing = tuple(content_of(getattr(thing, part.name)) for part in fields(thing))
    return type(thing).__name__, thing
