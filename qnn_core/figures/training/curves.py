"""Training curves: how wrong, and how often right, step by step."""

from collections.abc import Sequence

import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.baselines import EpochRecord
from qnn_core.figures.theme import CEILING, FAIR, FIRST, QNN, SECOND, SYMBOL, style
from qnn_core.training.loop import Record

MAX_POINTS = 500
"""More points than this only make the browser slow."""


def thin(records: Sequence[Record]) -> list[Record]:
    """At most about MAX_POINTS records, evenly spread, with the last one and every one that was tested."""
    stride = -(-len(records) // MAX_POINTS)
    kept = {*range(0, len(records), max(1, stride)), len(records) - 1} if records else set()
    tested = [index for index, record in enumerate(records) if record.test_loss is not None]
    kept |= set(tested[:: -(-len(tested) // MAX_POINTS) or 1]) | set(tested[-1:])
    return [records[index] for index in sorted(kept)]


def loss_curve(records: Sequence[Record], steps: int, initial: float, marked: int | None = None) -> go.Figure:
    """Hinge loss of each batch and of the test set over the steps; initial: test loss before the first.

    marked: a step to mark with a line.
    """
    figure = go.Figure()
    shown = thin(records)
    batch = [(record.step, record.loss) for record in shown]
    test = [(0, initial), *((r.step, r.test_loss) for r in shown if r.test_loss is not None)]
    _line(figure, batch, "training batch", QNN, "dot")
    _line(figure, test, "test", QNN, "solid")
    figure.update_xaxes(title="step", range=[0, max(steps, 1)])
    figure.update_yaxes(title="hinge loss", rangemode="tozero")
    figure.add_hline(1.0, line={"color": CEILING, "dash": "dot", "width": 1})
    if marked is not None:
        figure.add_vline(marked, line={"color": "#111111", "dash": "dash", "width": 2})
    return style(figure, height=320)


def accuracy_curve(
    records: Sequence[Record],
    steps: int,
    initial: float,
    fair: Sequence[EpochRecord],
    fair_epochs: int,
    ceiling: float,
) -> go.Figure:
    """Accuracy of both networks, each over its own training in percent, under the ceiling.

    Strong lines: on the test images. Faint ones: in training, the QNN's on each batch.
    """
    figure = go.Figure()
    shown = [(100 * r.step / steps, r) for r in thin(records)]
    batch = [(x, r.accuracy) for x, r in shown]
    quantum = [(0.0, initial), *((x, r.test_accuracy) for x, r in shown if r.test_accuracy is not None)]
    fair_training = [(100 * r.epoch / fair_epochs, r.accuracy) for r in fair]
    fair_test = [(100 * r.epoch / fair_epochs, r.test_accuracy) for r in fair]
    _line(figure, batch, "QNN, training batch", QNN, "dot", legend=False)
    _line(figure, quantum, "QNN", QNN, "solid")
    _line(figure, fair_training, "fair network, training", FAIR, "dot", legend=False)
    _line(figure, fair_test, "fair network", FAIR, "dash")
    figure.add_hline(
        ceiling,
        line={"color": CEILING, "dash": "longdash", "width": 2},
        annotation_text=f"ceiling {ceiling:.3f}",
        annotation_position="top left" if ceiling < 0.95 else "bottom left",
    )
    figure.update_xaxes(title="share of its own training", range=[0, 101], ticksuffix=" %")
    lowest = min([0.4, *(value for _, value in (*batch, *quantum, *fair_training, *fair_test))])
    figure.update_yaxes(title="accuracy", range=[lowest - 0.05, 1.02])
    return style(figure, height=320, showlegend=True)


def verdict_histogram(expectation: Array, labels: Array, digits: Sequence[int]) -> go.Figure:
    """Where ⟨Z⟩ of the test images falls, by digit; right of 0 is a verdict for the first digit.

    expectation: (m,) in [−1, 1]. labels: ±1 (m,).
    """
    figure = go.Figure()
    bins = {"start": -1.0, "end": 1.0 + 1e-9, "size": 0.05}
    for label, digit, colour, pattern in ((1, digits[0], FIRST, ""), (-1, digits[1], SECOND, "/")):
        figure.add_histogram(
            x=expectation[labels == label],
            xbins=bins,
            name=f"images of a {digit}",
            marker={"color": colour, "pattern": {"shape": pattern, "fillmode": "overlay"}},
            opacity=0.6,
        )
    figure.add_vline(0, line={"color": CEILING, "width": 2})
    figure.update_xaxes(title="⟨Z⟩ of the readout", range=[-1.03, 1.03])
    figure.update_yaxes(title="test images")
    return style(figure, height=320, barmode="overlay")


def _line(
    figure: go.Figure,
    points: Sequence[tuple[float, float | None]],
    name: str,
    colour: str,
    dash: str,
    *,
    legend: bool = True,
) -> None:
    faint = dash == "dot"
    figure.add_scatter(
        x=[step for step, _ in points],
        y=[value for _, value in points],
        name=name,
        showlegend=legend,
        mode="lines+markers" if len(points) <= 60 else "lines",
        cliponaxis=False,
        line={"color": colour, "dash": dash, "width": 2 if faint else 4},
        opacity=0.5 if faint else 1.0,
        marker={"size": 5 if faint else 8, "symbol": SYMBOL[colour]},
    )
