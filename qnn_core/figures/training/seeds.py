"""One curve for each seed: what of a test accuracy is the luck of the first weights and of the order."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from qnn_core.figures.theme import CEILING, NEUTRAL, QNN, style


def seed_curves(
    curves: Mapping[int, tuple[Sequence[float], Sequence[float]]],
    chosen: int,
    ceiling: float,
    published: float | None = None,
) -> go.Figure:
    """Test accuracy over the steps, a line for each seed; the chosen one thick, the published end a dashed level.

    curves: seed → steps and accuracies. ceiling: the best that any network could have.
    """
    figure = go.Figure()
    for seed, (steps, accuracies) in sorted(curves.items()):
        own = seed == chosen
        figure.add_scatter(
            x=list(steps),
            y=list(accuracies),
            mode="lines",
            name=f"seed {seed}",
            line={"color": QNN, "width": 4 if own else 1.5},
            opacity=1.0 if own else 0.6,
            hovertemplate=f"seed {seed}, step %{{x}}: %{{y:.3f}}<extra></extra>",
        )
        figure.add_annotation(
            x=steps[-1], y=accuracies[-1], text=f"<b>{seed}</b>" if own else str(seed), showarrow=False, xshift=10
        )
    figure.add_hline(ceiling, line={"color": CEILING, "dash": "longdash"}, annotation_text=f"ceiling {ceiling:.3f}")
    if published is not None:
        words = f"published {published:.4f}"
        figure.add_hline(
            published,
            line={"color": NEUTRAL, "dash": "dash", "width": 3},
            annotation_text=words,
            annotation_position="top left",
        )
    figure.update_xaxes(title="step")
    figure.update_yaxes(title="test accuracy", range=[0.3, 1])
    return style(figure, height=380, showlegend=False)
