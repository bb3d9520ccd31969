"""Test accuracies of several runs over one another: from other seeds, or with other losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from qnn_core.figures.ends import end_names
from qnn_core.figures.kept import kept
from qnn_core.figures.theme import CEILING, NEUTRAL, QNN, plain

DASHES = ("solid", "dash", "dot", "dashdot")
APART = 0.05
"""Names at the right end are so far from each other at least, as a share of the axis."""


@kept
def accuracy_curves(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    chosen: str,
    ceiling: float,
    *,
    published: float | None = None,
    lowest: float = 0.3,
    dashed: bool = False,
) -> go.Figure:
    """Test accuracy over the steps, a line for each run with its name at the end; the chosen one is thick.

    curves: name → steps and accuracies. ceiling: the best that any network could have. published: what somebody else
    reached, as a level. lowest: where the axis begins. dashed: tell the lines apart by their dashes too.
    """
    traces = [
        {
            "x": list(steps),
            "y": list(accuracies),
            "mode": "lines",
            "name": name,
            "line": {
                "color": QNN,
                "width": 4 if name == chosen else 2,
                "dash": DASHES[number % len(DASHES)] if dashed else "solid",
            },
            "opacity": 1.0 if name == chosen else 0.6,
            "hovertemplate": f"{name}, step %{{x}}: %{{y:.3f}}<extra></extra>",
        }
        for number, (name, (steps, accuracies)) in enumerate(curves.items())
    ]
    highest = 1.0 if lowest < 0.5 else ceiling + 0.1 * (ceiling - lowest)
    levels = [_level(ceiling, {"color": CEILING, "dash": "longdash"})]
    ends = end_names({name: own[-1] for name, (_, own) in curves.items()}, chosen, APART * (highest - lowest))
    notes = [_written(ceiling, f"ceiling {ceiling:.3f}"), *ends["annotations"]]
    if published is not None:
        levels.append(_level(published, {"color": NEUTRAL, "dash": "dash", "width": 3}))
        notes.append(_written(published, f"published {published:.4f}"))
    layout = {
        "shapes": levels,
        "annotations": notes,
        "xaxis": {"title": {"text": "step"}},
        "yaxis": {"title": {"text": "test accuracy"}, "range": [lowest, highest]},
    }
    # All at once: Plotly takes a millisecond and more for everything that is added later.
    return plain(go.Figure(traces, layout), height=380, showlegend=False, margin=ends["margin"])


def _level(y: float, line: dict[str, Any]) -> dict[str, Any]:
    """A line across the whole chart."""
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _written(y: float, words: str) -> dict[str, Any]:
    """What a level is, above its left end."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": y, "yanchor": "bottom"}
    return {**place, "text": words, "showarrow": False}
