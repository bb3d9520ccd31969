"""A picture is a table of numbers: 0 is paper, 1 is ink."""

from collections.abc import Iterable
from math import isqrt
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from qnn_core.arrays import Array
from qnn_core.circuit import pixel_name
from qnn_core.figures import theme
from qnn_core.figures.marks import FRAME


def grey(image: ArrayLike) -> Array:
    """Grey values in [0, 1] of uint8 values in 0…255; other values as they are."""
    values = np.asarray(image)
    return values / 255 if values.dtype == np.uint8 else values.astype(float)


def square(images: ArrayLike) -> Array:
    """Grey values (k, side, side) of k images (k, side, side) or flattened (k, side²)."""
    values = grey(images)
    if values.ndim == 3:
        return values
    side = isqrt(values.shape[-1])
    return values.reshape(-1, side, side)


def picture(values: Array, *, height: int = 380, **heatmap: Any) -> go.Figure:
    """Square pixels, ink on white, row 0 at the top, nothing around it. values: (rows, columns) in [0, 1]."""
    ink = {"zmin": 0, "zmax": 1, "colorscale": theme.INK_SCALE, "showscale": False, "hoverongaps": False}
    rows, columns = values.shape
    # Room for the frames of the outermost pixels.
    edge = 0.5 + 0.008 * max(rows, columns)
    # Fixed ranges: on a phone a swipe scrolls the page instead of zooming the picture.
    axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    upright = {"scaleanchor": "x", "constraintoward": "top", "range": [rows - 1 + edge, -edge]}
    layout = {
        "height": height,
        "uirevision": "kept",
        "showlegend": False,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "xaxis": {**axis, "constraintoward": "left", "range": [-edge, columns - 1 + edge]},
        "yaxis": {**axis, **upright},
    }
    # All at once: every update of a figure takes plotly more than a millisecond.
    return go.Figure({"type": "heatmap", "z": values, **ink, **heatmap}, layout)


def outline(figure: go.Figure, corners: Iterable[tuple[int, int]], side: int, colour: str, width: float) -> None:
    """Square frames around side×side pixels; corners: (row, column) of each frame's first pixel."""
    edges = [(x - 0.5, y - 0.5, x + side - 0.5, y + side - 0.5) for y, x in corners]
    # Plotly places absolute path commands only (capital letters).
    squares = [f"M{left},{top} H{right} V{bottom} H{left} Z" for left, top, right, bottom in edges]
    # One shape for all of them: plotly takes a millisecond or more for each.
    figure.add_shape(type="path", path=" ".join(squares), line={"color": colour, "width": width})


def truth_frame(figure: go.Figure, side: int, label: float) -> None:
    """The frame of a picture of side×side pixels whose digit is known. label: ±1."""
    outline(figure, [(0, 0)], side, theme.digit_colour(label), FRAME)


def names(grid: int) -> NDArray[np.str_]:
    """Pixel names by row and column, (grid, grid)."""
    return np.array([pixel_name(k, grid) for k in range(grid**2)]).reshape(grid, grid)
