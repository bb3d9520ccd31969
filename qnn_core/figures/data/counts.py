"""Counting what is left after each step shows what the step threw away."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from qnn_core.data.shrink import BINS, histogram
from qnn_core.figures import theme
from qnn_core.figures.kept import kept
from qnn_core.words import signed


@kept
def grey_histogram(grey: ArrayLike) -> go.Figure:
    """How many pixels have which grey value, the count on a log scale. grey: (m, n) in [0, 1]."""
    counts = histogram(np.asarray(grey, float))
    figure = go.Figure(
        go.Bar(
            x=(np.arange(BINS) + 0.5) / BINS,
            y=counts,
            name="pixels",
            marker={"color": theme.NEUTRAL, "line": {"color": theme.INK, "width": 0.5}},
            hovertemplate="grey %{x:.2f}<br>%{y:,} pixels<extra></extra>",
        )
    )
    theme.style(figure, bargap=0)
    figure.update_xaxes(title="grey value (0 paper, 1 ink)", range=[-0.01, 1.01])
    # From just below one pixel to a little above the highest bar, in powers of ten.
    top = np.log10(max(1, counts.max())) + 0.4
    figure.update_yaxes(title="pixels", type="log", dtick=1, range=[-0.1, top])
    return figure


@kept
def counts_flow(counts: Sequence[tuple[str, int]]) -> go.Figure:
    """Bars, one below the other: how many are left after each stage. counts: (label, number), in order."""
    numbers = [number for _, number in counts]
    lost = ["", *(f"  ({signed(now - before, ',')})" for before, now in pairwise(numbers))]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(counts))),
            x=numbers,
            orientation="h",
            width=0.48,
            marker_color=theme.NEUTRAL,
            text=[f"<b>{number:,}</b>{less}" for number, less in zip(numbers, lost, strict=True)],
            textposition="auto",
            insidetextanchor="start",
            textangle=0,
            cliponaxis=False,
            customdata=[label for label, _ in counts],
            hovertemplate="%{customdata}<br>%{x:,}<extra></extra>",
        )
    )
    for stage, (label, _) in enumerate(counts):
        place = {"x": 0, "y": stage - 0.25, "xanchor": "left", "yanchor": "bottom", "align": "left"}
        figure.add_annotation(text=label, showarrow=False, **place)
    theme.style(figure, height=68 * len(counts) + 24, showlegend=False)
    figure.update_xaxes(visible=False, range=[0, max(numbers, default=1)], fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, range=[len(counts) - 0.6, -0.75])
    return figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})
