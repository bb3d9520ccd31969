"""From 28×28 greys to a few black and white squares: what each step keeps of a digit."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from qnn_core.arrays import Array
from qnn_core.figures import theme
from qnn_core.figures.data.cells import image28, read_points, sampled_cells
from qnn_core.figures.data.counts import counts_flow, grey_histogram
from qnn_core.figures.data.encoding import encoding_strip
from qnn_core.figures.data.heatmap import names, outline, picture, square, truth_frame
from qnn_core.figures.kept import kept

__all__ = [
    "bits",
    "counts_flow",
    "encoding_strip",
    "grey_histogram",
    "image28",
    "read_points",
    "sampled_cells",
    "shrunken",
]


@kept
def shrunken(values: ArrayLike, *, numbers: bool = True, truth: float | None = None) -> go.Figure:
    """A shrunken picture, its grey values written into the pixels up to 7×7.

    values: (g, g) or (g²,) in [0, 1]. truth: the label ±1 of what it shows, which frames it.
    """
    image = square(np.asarray(values, float).reshape(1, -1))[0]
    figure = _lettered(image, "%{z:.2~f}" if numbers and len(image) <= 7 else "", "grey %{z:.3f}")
    if truth is not None:
        truth_frame(figure, len(image), truth)
    return figure


@kept
def bits(pixels: ArrayLike, *, numbers: bool = True) -> go.Figure:
    """The picture that the circuit sees, with 0 and 1 written into the pixels up to 14×14.

    pixels: (g, g) or (g²,), in [0, 1]; fractions are written as such.
    """
    image = square(np.asarray(pixels, float).reshape(1, -1))[0]
    whole = bool(np.isin(image, (0, 1)).all())
    shown = numbers and len(image) <= (14 if whole else 7)
    return _lettered(image, ("%{z:.0f}" if whole else "%{z:.2~f}") if shown else "", "pixel %{z:.3~f}")


def _lettered(image: Array, letters: str, hover: str) -> go.Figure:
    """A small picture with its values written in; plotly chooses light or dark letters by the pixel."""
    side = len(image)
    size = max(11, min(30, 150 // side))
    figure = picture(
        image,
        text=names(side),
        hovertemplate=f"%{{text}}<br>{hover}<extra></extra>",
        texttemplate=letters,
        textfont_size=size,
        xgap=1,
        ygap=1,
    )
    outline(figure, [(0, 0)], side, theme.CELL_LINE, 1)
    figure.layout.plot_bgcolor = theme.CELL_LINE
    return figure
