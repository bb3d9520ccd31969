"""A figure is drawn once for everybody who sees the same: Plotly takes 10 to 60 ms for each, 30 students ask for 30.

A kept figure belongs to nobody: it is shown, and never changed. Whoever wants another height or other colours makes a
new one of it.
"""

import plotly.graph_objects as go

from qnn_core.shelf import MIB, Shelf

FIGURES = Shelf[go.Figure]("figures", 24 * MIB)
"""Those that were drawn last."""

kept = FIGURES.keeps
"""A decorator for a function that draws a figure."""
