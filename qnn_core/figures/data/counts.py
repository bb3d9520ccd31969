"""Counting what is left after each step shows what the step threw away."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from qnn_core.arrays import Array
from qnn_core.figures import theme
from qnn_core.words import signed

BINS = 51
"""Of five grey values of 255 each."""


def threshold_histogram(grey: ArrayLike, threshold: float | None) -> go.Figure:
    """How many pixels have which grey value, and where the threshold cuts, if any; the count on a log scale.

    grey: (m, n) in [0, 1].
    """
    values = np.asarray(grey, float).ravel()
    everything = _histogram(values)
    figure = go.Figure()
    if threshold is None:
        _add_bars(figure, everything, "pixels", theme.NEUTRAL)
    else:
        above = values > threshold
        ones, share = _histogram(values[above]), above.mean() if len(values) else 0.0
        _add_bars(figure, everything - ones, f"becomes 0: {1 - share:.0%} of pixels", "#C9CED4")
        _add_bars(figure, ones, f"becomes 1: {share:.0%} of pixels", "#222222")
        _add_threshold(figure, threshold)
    theme.style(figure, barmode="overlay", bargap=0)
    figure.update_xaxes(title="grey value (0 paper, 1 ink)", range=[-0.01, 1.01])
    # From just below one pixel to a little above the highest bar, in powers of ten.
    top = np.log10(max(1, everything.max())) + 0.4
    figure.update_yaxes(title="pixels", type="log", dtick=1, range=[-0.1, top])
    return figure


def _histogram(values: Array) -> NDArray[np.int64]:
    """Values in [0, 1] counted in equal bins, (BINS,); millions of them in a moment."""
    # The small term keeps multiples of 1/51, which floats miss by a hair, in the bin that they open.
    return np.bincount(np.minimum((values * BINS + 1e-9).astype(np.intp), BINS - 1), minlength=BINS)


def _add_bars(figure: go.Figure, counts: NDArray[np.int64], name: str, colour: str) -> None:
    figure.add_bar(
        x=(np.arange(BINS) + 0.5) / BINS,
        y=counts,
        name=name,
        marker={"color": colour, "line": {"color": "#555555", "width": 0.5}},
        hovertemplate="grey %{x:.2f}<br>%{y:,} pixels<extra></extra>",
    )


def _add_threshold(figure: go.Figure, threshold: float) -> None:
    """A dashed line with its name, on the side where there is room."""
    side, shift = ("left", 6) if threshold < 0.6 else ("right", -6)
    figure.add_vline(
        x=threshold,
        line={"color": theme.CEILING, "width": 3, "dash": "dash"},
        annotation={"text": f"threshold {threshold:g}", "y": 1, "yanchor": "top", "bgcolor": "#FFFFFF"},
    )
    figure.update_annotations(xanchor=side, xshift=shift)


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
