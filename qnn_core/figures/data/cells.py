"""Shrinking lays a coarse grid over the digit and makes one pixel of each cell."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from qnn_core.arrays import Array, Bytes
from qnn_core.data.digits import SIDE
from qnn_core.data.shrink import RESAMPLERS, shrink
from qnn_core.figures import theme
from qnn_core.figures.data.heatmap import grey, names, outline, picture, truth_frame
from qnn_core.figures.kept import kept


def image28(image: ArrayLike) -> go.Figure:
    """One digit as MNIST has it. image: (28, 28), uint8 or grey in [0, 1]."""
    figure = picture(grey(image), hovertemplate="row %{y}, column %{x}<br>grey %{z:.2f}<extra></extra>")
    outline(figure, [(0, 0)], SIDE, theme.CELL_LINE, 1)
    return figure


@kept
def sampled_cells(image: Bytes, grid: int, resample: str, *, truth: float | None = None) -> go.Figure:
    """The digit under its grid, with what is read of each cell: a marked point, or the whole cell.

    image: uint8 (28, 28); truth: its label ±1, which frames it. Whole cells are tinted like a chessboard.
    """
    figure = image28(image)
    points = reads_points(resample)
    if not points:
        _chessboard(figure, grid)
    _borders(figure, grid)
    if truth is not None:
        truth_frame(figure, SIDE, truth)
    at = read_points(grid, resample)
    x, y = np.meshgrid(at, at)
    return figure.add_scatter(
        x=x.ravel(),
        y=y.ravel(),
        mode="markers",
        marker={
            "size": max(4.0, min(16.0, 90 / grid)),
            "color": theme.READ_POINT,
            "line": {"color": theme.INK, "width": 1.5 if grid <= 14 else 0.8},
        },
        # Without points to show, the markers still tell the pointer what the cell becomes.
        opacity=1 if points else 0,
        text=names(grid).ravel(),
        customdata=shrink(np.asarray(image)[None], grid, resample)[0],
        hovertemplate="%{text}: row %{y:.1f}, column %{x:.1f}<br>grey %{customdata:.3f}<extra></extra>",
    )


def read_points(grid: int, resample: str) -> Array:
    """Where each cell is read on one axis, in pixels (grid,): the centre of its weights."""
    taps = RESAMPLERS[resample].taps(grid)
    return taps @ np.arange(SIDE) / taps.sum(axis=1)


def reads_points(resample: str) -> bool:
    """Whether the resampler skips pixels when cells are large, or reads all of every cell."""
    return not RESAMPLERS[resample].taps(2).any(axis=0).all()


def _borders(figure: go.Figure, grid: int) -> None:
    """The cells' borders, i·28/grid pixels from the edge, and the frame."""
    edges = np.arange(grid + 1) * SIDE / grid - 0.5
    near, far = -0.5, SIDE - 0.5
    path = " ".join(f"M{at:.4f},{near} V{far} M{near},{at:.4f} H{far}" for at in edges)
    figure.add_shape(type="path", path=path, line={"color": theme.CELL_LINE, "width": 2.5 if grid <= 7 else 1.2})


def _chessboard(figure: go.Figure, grid: int) -> None:
    """Tint every other cell, as one shape."""
    edges = np.arange(grid + 1) * SIDE / grid - 0.5
    cells = [(row, column) for row in range(grid) for column in range(grid) if (row + column) % 2]
    path = " ".join(
        f"M{edges[c]:.4f},{edges[r]:.4f} H{edges[c + 1]:.4f} V{edges[r + 1]:.4f} H{edges[c]:.4f} Z" for r, c in cells
    )
    figure.add_shape(type="path", path=path, fillcolor=theme.MUTED, opacity=0.28, line_width=0)
