"""The weights as pictures: one map for each ansatz layer, one cell for each pixel."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from qnn_core.arrays import Array
from qnn_core.figures.theme import WEIGHT_SCALE, style, wrap


def weight_maps(weights: Array, layers: Sequence[str], grid: int) -> go.Figure:
    """weights: half-turns (layers, n). Colour is the wrapped value; hovering shows the full one.

    The values are written into the cells where two maps fill the width; smaller ones could not be read.
    """
    columns = min(len(layers), 4)
    rows = -(-len(layers) // columns)
    lettered = grid <= 5 and len(layers) <= 2
    titles = [f"{kind} layer {number}" for number, kind in enumerate(layers, 1)]
    figure = make_subplots(rows, columns, subplot_titles=titles, horizontal_spacing=0.04, vertical_spacing=0.12)
    for index, layer in enumerate(weights):
        values = layer.reshape(grid, grid)
        turns = np.vectorize(wrap)(values)
        figure.add_heatmap(
            z=turns,
            customdata=values,
            text=turns if lettered else None,
            texttemplate="%{text:.2f}" if lettered else None,
            textfont={"size": 13},
            hovertemplate="row %{y}, column %{x}: %{customdata:.4f} half-turns<extra></extra>",
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            row=index // columns + 1,
            col=index % columns + 1,
        )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    for axis in range(2, len(layers) + 1):
        figure.update_layout({f"yaxis{axis}": {"scaleanchor": f"x{axis}"}})
    bar = {"orientation": "h", "thickness": 10, "y": -0.02, "yanchor": "top", "tickvals": [-1, -0.5, 0, 0.5, 1]}
    colour = {"colorscale": WEIGHT_SCALE, "cmin": -1, "cmax": 1, "colorbar": bar}
    return style(figure, height=80 + 240 * rows, coloraxis=colour)
