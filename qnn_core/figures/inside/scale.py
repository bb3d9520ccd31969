"""Charts of the page "scale": training on and off the plateau, vanishing slopes, exploding states."""

from collections.abc import Mapping, Sequence
from math import log10

import numpy as np
import plotly.graph_objects as go

from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, NEUTRAL, QNN, style
from qnn_core.inside.scale import LANDMARKS, SIZES, Slopes
from qnn_core.training.loop import Record

MAX_POINTS = 500
"""More points than this only make the browser slow."""


def thin(records: Sequence[Record]) -> list[Record]:
    """At most about MAX_POINTS records, evenly spread, with the last one."""
    stride = max(1, -(-len(records) // MAX_POINTS))
    spread = list(records[::stride])
    return spread if not records or spread[-1] is records[-1] else [*spread, records[-1]]


@kept
def starts_curve(runs: Mapping[str, Sequence[Record]], steps: int, most: float) -> go.Figure:
    """The loss of each batch in up to three runs, by name; most: the largest loss that has to be seen."""
    figure = go.Figure()
    styles = ((QNN, "solid"), (NEUTRAL, "dash"), (CEILING, "dot"))
    for (name, records), (colour, dash) in zip(runs.items(), styles, strict=False):
        shown = thin(records)
        x, y = [r.step for r in shown], [r.loss for r in shown]
        figure.add_scatter(x=x, y=y, name=name, mode="lines", line={"color": colour, "dash": dash, "width": 3})
    figure.update_xaxes(title="step", range=[0, max(steps, 1)])
    figure.update_yaxes(title="loss of the batch", range=[0, 1.12 * most])
    return style(figure, height=340, showlegend=True)


@kept
def slopes_chart(slopes: Sequence[Slopes]) -> go.Figure:
    """Mean squared slope over the number of data qubits, measured and as (3/4)^n, on a logarithmic axis."""
    figure = go.Figure()
    n = np.arange(4, SIZES[-1] ** 2 + 1, 4)
    # log10 of π²/2·(3/4)^n; the number itself would be hard to read on a tick
    law = log10(np.pi**2 / 2) + n * log10(3 / 4)
    figure.add_scatter(x=n, y=law, name="∝ (3/4)ⁿ", mode="lines", line={"color": CEILING, "dash": "dash", "width": 2})
    figure.add_scatter(
        x=[slope.n for slope in slopes],
        y=[log10(slope.measured) for slope in slopes],
        name="measured",
        mode="markers",
        marker={"color": QNN, "size": 11},
    )
    for grid in SIZES:
        height = log10(np.pi**2 / 2) + grid**2 * log10(3 / 4)
        figure.add_annotation(x=log10(grid**2), y=height, text=f"{grid}×{grid}", ax=-46, ay=16)
    figure.update_xaxes(title="data qubits n", type="log", tickvals=[4, 16, 49, 196, 784], range=[0.5, 3.0])
    ticks = list(range(0, -101, -20))
    figure.update_yaxes(
        title="mean (∂f/∂t)²", tickvals=ticks, ticktext=["1", *(f"10<sup>{t}</sup>" for t in ticks[1:])]
    )
    return style(figure, height=360, showlegend=True)


@kept
def state_chart(qubits: Sequence[int]) -> go.Figure:
    """The length of the statevector's number of amplitudes, in powers of ten, beside things one can imagine."""
    names = [f"{q} qubits" for q in qubits]
    powers = [q * log10(2) for q in qubits]
    marks = [(one.many if "atom" in one.one else one.one, log10(one.number)) for one in LANDMARKS]
    rows = sorted([*zip(names, powers, strict=True), *marks], key=lambda row: row[1])
    figure = go.Figure(
        go.Bar(
            x=[power for _, power in rows],
            y=[name for name, _ in rows],
            orientation="h",
            marker={"color": [QNN if name in names else NEUTRAL for name, _ in rows]},
            text=[f"10<sup>{power:.0f}</sup>" for _, power in rows],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_xaxes(title="powers of ten", range=[0, 300], tickangle=0)
    figure.update_yaxes(automargin=True)
    return style(figure, height=360, showlegend=False)
