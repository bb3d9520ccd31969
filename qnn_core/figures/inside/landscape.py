"""The loss as a landscape: height over two directions of the weights, and slopes over the number of qubits."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from qnn_core.arrays import Array
from qnn_core.figures.theme import CEILING, FAIR, NEUTRAL, QNN, plain

LOSS_SCALE = "Cividis"
"""Dark is low; readable for colour-blind eyes and in grey."""


MEAN_UP_TO = 49
STEEP, STEEP_RANGE = 1e-4, [-4, 1.3]
"""Where no network's mean square slope is smaller than this, powers of ten that are shown."""


def surface3d(axis: Array, losses: Array, path: Array | None, path_losses: Array | None) -> go.Figure:
    """The loss over a plane, as a surface. axis: half-turns (points,); losses: (points, points).

    path: where training went on the plane, (k, 2), at its true losses (k,).
    """
    figure = go.Figure(
        go.Surface(
            x=axis,
            y=axis,
            z=losses,
            colorscale=LOSS_SCALE,
            cmin=0.3,
            cmax=1.2,
            showscale=False,
            opacity=0.9,
            hovertemplate="loss %{z:.3f}<extra></extra>",
        )
    )
    if path is not None and path_losses is not None:
        figure.add_scatter3d(
            x=path[:, 0],
            y=path[:, 1],
            z=path_losses + 0.01,
            mode="lines",
            line={"color": QNN, "width": 7},
            hoverinfo="skip",
        )
    title = {"font": {"size": 14}}
    figure.update_layout(
        scene={
            "xaxis": {"title": {"text": "first direction", **title}, "range": [axis[0], axis[-1]], "nticks": 4},
            "yaxis": {"title": {"text": "second", **title}, "range": [axis[0], axis[-1]], "nticks": 4},
            "zaxis": {"title": {"text": "loss", **title}, "range": [0.2, max(1.3, float(losses.max()))], "nticks": 4},
            "aspectmode": "manual",  # left to Plotly, the box becomes a tower when near and a slab when far
            "aspectratio": {"x": 1.0, "y": 1.0, "z": 0.75},
            "camera": {"eye": {"x": 1.6, "y": -1.6, "z": 1.0}, "center": {"x": -0.03, "y": -0.03, "z": -0.15}},
        }
    )
    return plain(figure, height=420, showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def surface_map(axis: Array, losses: Array, path: Array | None) -> go.Figure:
    """The same from above, with the training path from its start (square) to its end (circle)."""
    figure = go.Figure(
        go.Contour(
            x=axis,
            y=axis,
            z=losses,
            colorscale=LOSS_SCALE,
            zmin=0.3,
            zmax=1.2,
            contours={"start": 0.3, "end": 2.0, "size": 0.05},
            line={"width": 0.5},
            colorbar={"thickness": 10, "title": {"text": "loss"}, "tickfont": {"size": 13}},
            hovertemplate="loss %{z:.3f}<extra></extra>",
        )
    )
    if path is not None:
        figure.add_scatter(
            x=path[:, 0], y=path[:, 1], mode="lines", line={"color": "#FFFFFF", "width": 6}, hoverinfo="skip"
        )
        figure.add_scatter(
            x=path[:, 0],
            y=path[:, 1],
            mode="lines+markers",
            line={"color": QNN, "width": 3},
            marker={
                "size": [13, *[0] * (len(path) - 2), 13],
                "symbol": ["square", *["circle"] * (len(path) - 1)],
                "color": QNN,
                "line": {"color": "#FFFFFF", "width": 1.5},
            },
            hoverinfo="skip",
        )
    figure.update_xaxes(title="first direction (half-turns)", range=[axis[0], axis[-1]], constrain="domain")
    figure.update_yaxes(title="second", range=[axis[0], axis[-1]], scaleanchor="x", constrain="domain")
    return plain(figure, height=420, showlegend=False)


def gradients(samples: Mapping[int, Array], law: Mapping[int, float]) -> go.Figure:
    """|∂f/∂t| at random starts for each number of pixels, and the law for its root mean square.

    samples: n → slopes (starts,). law: n → E[(∂f)²]. The measured root mean square is drawn up to 49 pixels:
    beyond, so few starts miss the rare steep ones that make up the mean.
    """
    figure = go.Figure()
    for position, (n, slopes) in enumerate(samples.items()):
        middle, low, high = np.percentile(np.abs(slopes), [50, 5, 95])
        figure.add_scatter(
            x=[n],
            y=[middle],
            error_y={"type": "data", "symmetric": False, "array": [high - middle], "arrayminus": [middle - low]},
            mode="markers",
            marker={"color": NEUTRAL, "size": 9, "symbol": "square"},
            name="random starts: median, 5–95 %",
            showlegend=position == 0,
            hovertemplate=f"{n} pixels: median slope %{{y:.1e}}<extra></extra>",
        )
    measured = {n: float(np.sqrt(np.mean(slopes**2))) for n, slopes in samples.items() if n <= MEAN_UP_TO}
    figure.add_scatter(
        x=list(measured),
        y=list(measured.values()),
        mode="markers",
        marker={"color": QNN, "size": 13, "line": {"color": "#222222", "width": 1}},
        name="measured √mean²",
    )
    figure.add_scatter(
        x=list(law),
        y=[float(np.sqrt(value)) for value in law.values()],
        mode="lines",
        line={"color": CEILING, "width": 3, "dash": "longdash"},
        name="the law",
    )
    figure.update_xaxes(title="pixels (data qubits)", type="log", tickvals=list(samples))
    figure.update_yaxes(title="slope of ⟨Z⟩ per half-turn", type="log", exponentformat="power")
    if min(law.values()) > STEEP:
        figure.update_yaxes(range=STEEP_RANGE)  # the medians of narrow starts can be 0
    return plain(figure, height=420, margin={"t": 50})


def first_losses(curves: Mapping[float, Array], chosen: float) -> go.Figure:
    """The loss of the first steps from starts of several widths; the chosen one thick."""
    figure = go.Figure()
    for width, losses in curves.items():
        thick = width == chosen
        figure.add_scatter(
            x=np.arange(len(losses)),
            y=losses,
            mode="lines",
            name=f"±{width:g}",
            line={"color": QNN if thick else FAIR, "width": 5 if thick else 1.5, "dash": "solid" if thick else "dot"},
            hovertemplate=f"width {width:g}, step %{{x}}: %{{y:.3f}}<extra></extra>",
            showlegend=False,
        )
    _end_labels(figure, {f"±{width:g}": float(losses[-1]) for width, losses in curves.items()}, f"±{chosen:g}")
    figure.add_hline(1.0, line={"color": CEILING, "dash": "dot", "width": 1})
    figure.update_xaxes(title="step", range=[0, 1.12 * max((len(losses) for losses in curves.values()), default=1)])
    figure.update_yaxes(title="loss, all examples")
    return plain(figure, height=380)


def _end_labels(figure: go.Figure, ends: dict[str, float], chosen: str) -> None:
    """Names at the right end of the lines, moved apart where they would lie on each other."""
    apart = 0.09 * (max(ends.values()) - min(ends.values()) + 0.1)
    at = -np.inf
    for name, value in sorted(ends.items(), key=lambda item: item[1]):
        at = max(value, at + apart)
        figure.add_annotation(
            x=1,
            xref="paper",
            y=at,
            text=f"<b>{name}</b>" if name == chosen else name,
            showarrow=False,
            xanchor="right",
            font={"size": 16 if name == chosen else 13},
        )
