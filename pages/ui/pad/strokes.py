"""A drawing is a list of strokes, and a stroke is a list of points that a round pen went through."""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from qnn_core.arrays import Array, Bytes

SIDE = 280
"""Side of the canvas, in the unit of all points and widths; the browser may show it larger or smaller."""
PENS = {"thin": 14, "normal": 22, "thick": 32}
"""Name → width of the line."""
MOST_NUMBERS = 60_000
"""Coordinates of one drawing; a person draws some hundreds."""
MOST_BYTES = 1_000_000
"""Of a drawing as text: what so many coordinates take, and their brackets."""
FINER = 2
"""The strokes are painted so many times as large, and shrunk: their edges become smooth."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stroke:
    """A line drawn without lifting the pen. width: of the pen; points: float (k, 2), x to the right, y downwards."""

    width: int
    points: Array

    def written(self) -> dict[str, Any]:
        """As the browser writes it: {"width": w, "points": [x, y, x, y, …]}."""
        return {"width": self.width, "points": self.points.ravel().tolist()}


@dataclass(frozen=True)
class Drawing:
    """What the pad last sent. number: of the message; pen: name of the pen chosen."""

    strokes: tuple[Stroke, ...] = ()
    number: int = 0
    pen: str = "normal"


def parse(sent: Any) -> Drawing | None:
    """A message of the browser, or None and a line in the log if the pad cannot have sent it."""
    try:
        return _drawing(sent)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as problem:
        logger.warning("A drawing was ignored: %s", repr(problem)[:200])
        return None


def _drawing(sent: dict[str, Any]) -> Drawing:
    strokes, number, pen = (sent[name] for name in ("strokes", "number", "pen"))
    if type(strokes) is not list or type(number) is not int or not 0 <= number < 2**53:
        raise ValueError("strokes must be a list, and the number a whole number")
    if pen not in list(PENS):
        raise ValueError("no such pen")
    if sum(2 + len(stroke["points"]) for stroke in strokes) > MOST_NUMBERS:
        raise ValueError("too many points")
    return Drawing(tuple(_stroke(stroke["width"], stroke["points"]) for stroke in strokes), number, pen)


def _stroke(width: Any, numbers: Any) -> Stroke:
    if type(width) is not int or width not in PENS.values():
        raise ValueError("no pen has this width")
    if type(numbers) is not list or not numbers or any(type(one) not in {int, float} for one in numbers):
        raise ValueError("a stroke must be a list of numbers")
    points = np.array(numbers, np.float64).reshape(-1, 2)
    # Half a canvas outside is far enough for a stroke that leaves and comes back. NaN is not inside either.
    if not ((points >= -SIDE / 2) & (points <= 1.5 * SIDE)).all():
        raise ValueError("a point lies far outside")
    return Stroke(width, points)


def ink_of(strokes: tuple[Stroke, ...]) -> Bytes | None:
    """The drawing as grey values (280, 280), 255 is ink, with smooth edges; None if there is no ink on the canvas."""
    image = Image.new("L", (FINER * SIDE, FINER * SIDE))
    brush = ImageDraw.Draw(image)
    for stroke in strokes:
        corners = [(x, y) for x, y in (FINER * stroke.points).tolist()]
        brush.line(corners, fill=255, width=FINER * stroke.width)
        # A disc at every point: round ends and round corners.
        for corner in corners:
            brush.circle(corner, FINER * stroke.width / 2, fill=255)
    ink: Bytes = np.asarray(image.reduce(FINER))
    return ink if ink.any() else None
