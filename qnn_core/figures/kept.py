"""A figure is drawn once for everybody who sees the same: Plotly takes 10 to 60 ms for each, 30 students ask for 30.

A kept figure belongs to nobody: it is shown, and never changed. Whoever wants another height or other colours makes a
new one of it.
"""

import hashlib
import pickle
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import plotly.graph_objects as go

from qnn_core.shelf import MIB, Shelf

Given = ParamSpec("Given")


FIGURES = Shelf[go.Figure]("figures", 24 * MIB)
"""Those that were drawn last."""


def kept(draw: Callable[Given, go.Figure]) -> Callable[Given, go.Figure]:
    """A decorator for a function that draws a figure: for equal arguments the same figure is returned again.

    The arguments have to be picklable, and everything that the figure depends on has to be among them.
    """

    @wraps(draw)
    def drawn(*arguments: Given.args, **options: Given.kwargs) -> go.Figure:
        content = pickle.dumps((draw.__module__, draw.__qualname__, arguments, options))
        return FIGURES.get(hashlib.sha256(content).digest(), lambda: draw(*arguments, **options))

    return drawn
