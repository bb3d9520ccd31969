"""Charts of the ring: the rank of a cut by layers, and what simulators pay for it by qubits."""

from collections.abc import Mapping, Sequence
from math import log10

import plotly.graph_objects as go

from qnn_core.engines.mps import Timed
from qnn_core.engines.ring import RINGS
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, NEUTRAL, QNN, style
from qnn_core.inside.ring_cost import SIZES, beyond, state_bytes
from qnn_core.inside.scale import BYTES_PER_AMPLITUDE, LANDMARKS
from qnn_core.inside.schmidt import Cut

STAR = "none"
TIMES = {0.001: "1 ms", 1: "1 s", 3600: "1 hour", 86400 * 365.25: "1 year", 86400 * 365.25e6: "10⁶ years"}
"""Seconds that are written at the axis."""


def look(ring: str) -> tuple[str, str, str]:
    """Colour, dash and mark of a network with this ring."""
    return (NEUTRAL, "dash", "square") if ring == STAR else (QNN, "solid", "circle")


@kept
def rank_chart(cuts: Mapping[str, Sequence[Cut]], star_bound: Sequence[int], most: int) -> go.Figure:
    """The Schmidt rank after each layer, for each ring, below what a star and what any state can have."""
    figure = go.Figure()
    layers = list(range(len(star_bound)))
    figure.add_scatter(
        x=layers,
        y=[min(bound, most) for bound in star_bound],
        name="most of a star, 2ᴸ",
        mode="lines",
        line={"color": CEILING, "dash": "dot", "width": 2},
    )
    for ring, of_ring in cuts.items():
        colour, dash, mark = look(ring)
        figure.add_scatter(
            x=[cut.layers for cut in of_ring],
            y=[cut.rank for cut in of_ring],
            name=RINGS[ring].title,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 4},
            marker={"color": colour, "symbol": mark, "size": 11},
            hovertemplate="after %{x} layers: rank %{y}<extra></extra>",
        )
    figure.add_hline(most, line={"color": CEILING, "dash": "longdash", "width": 2})
    figure.add_annotation(x=0, y=log10(most), text=f"most of any state: {most}", xanchor="left", yanchor="bottom")
    figure.layout.annotations[-1].showarrow = False
    figure.update_xaxes(title="layers L", dtick=1)
    powers = [2**power for power in range(most.bit_length())]
    figure.update_yaxes(title="Schmidt rank", type="log", tickvals=powers, range=[-0.12, log10(most) + 0.25])
    return style(figure, height=320, showlegend=True)


@kept
def seconds_chart(measured: Mapping[str, Sequence[Timed]]) -> go.Figure:
    """Aer's seconds by the number of data qubits: points where they were measured, dashed where they lead."""
    figure = go.Figure()
    for ring, points in measured.items():
        colour, _, mark = look(ring)
        shown = sorted(points)
        figure.add_scatter(
            x=[point.data for point in shown],
            y=[point.seconds for point in shown],
            name=f"{RINGS[ring].title}: measured",
            mode="lines+markers",
            line={"color": colour, "dash": "solid", "width": 3},
            marker={"color": colour, "symbol": mark, "size": 10},
            hovertemplate="%{x} data qubits: %{y:.3f} s<extra></extra>",
        )
        ahead = beyond(points) if ring != STAR else []
        if ahead:
            figure.add_scatter(
                x=[point.data for point in ahead],
                y=[point.seconds for point in ahead],
                name="not measured",
                mode="lines",
                line={"color": colour, "dash": "dash", "width": 2},
                hovertemplate="%{x} data qubits: not measured<extra></extra>",
            )
    figure.update_xaxes(title="data qubits n", range=[SIZES[0] - 1, SIZES[-1] + 1])
    figure.update_yaxes(title="Aer's time", type="log", tickvals=list(TIMES), ticktext=list(TIMES.values()))
    return style(figure, height=320, showlegend=True)


@kept
def memory_chart(data: int) -> go.Figure:
    """Bytes of the statevector: up to the network that is shown as points, beyond as a dashed line."""
    figure = go.Figure()
    held = [size for size in SIZES if size <= data]
    ahead = [size for size in SIZES if size >= data]
    figure.add_scatter(
        x=held,
        y=[state_bytes(size) for size in held],
        name="held here",
        mode="lines+markers",
        line={"color": QNN, "width": 3},
        marker={"color": QNN, "size": 10},
    )
    figure.add_scatter(
        x=ahead,
        y=[state_bytes(size) for size in ahead],
        name="not held here",
        mode="lines",
        line={"color": QNN, "dash": "dash", "width": 2},
    )
    laptop = LANDMARKS[0].number * BYTES_PER_AMPLITUDE
    figure.add_hline(laptop, line={"color": CEILING, "dash": "longdash", "width": 2})
    figure.add_annotation(
        x=SIZES[0], y=log10(laptop), text=LANDMARKS[0].one, xanchor="left", yanchor="bottom", showarrow=False
    )
    figure.update_xaxes(title="data qubits n", range=[SIZES[0] - 1, SIZES[-1] + 1])
    ticks = {2**10: "1 KiB", 2**20: "1 MiB", 2**30: "1 GiB", 2**40: "1 TiB"}
    figure.update_yaxes(title="statevector", type="log", tickvals=list(ticks), ticktext=list(ticks.values()))
    return style(figure, height=320, showlegend=True)
