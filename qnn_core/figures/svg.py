"""An SVG picture is a tree of shapes with coordinates, and any browser can draw it."""

from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np

from qnn_core.arrays import Array
from qnn_core.figures import theme

Element = ElementTree.Element
INK, PAPER = theme.INK, theme.PAPER
LEVELS = 32
"""So many greys are told apart in a small picture."""


class Svg:
    """A picture under construction; lengths in pixels, the origin at the top left.

    It says what it shows (`title`, `description`) to those who cannot see it, and its background is paper,
    so that it can be saved and shown anywhere.
    """

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width:g} {height:g}",
                "width": f"{width:g}",
                "height": f"{height:g}",
                "role": "img",
                "font-family": str(theme.FONT["family"]),
            },
        )
        self.add(self.root, "title", title)
        self.add(self.root, "desc", description)
        self.rect(self.root, 0, 0, width, height, fill=PAPER)

    def add(self, parent: Element, tag: str, words: str = "", **attributes: Any) -> Element:
        """One element. Attributes are written as in SVG, with _ for - (class_ for class)."""
        named = {key.rstrip("_").replace("_", "-"): _written(value) for key, value in attributes.items()}
        element = ElementTree.SubElement(parent, tag, named)
        element.text = words or None
        return element

    def group(self, parent: Element | None = None, *, hover: str = "", **attributes: Any) -> Element:
        """Shapes that belong together; `hover` appears under the pointer."""
        group = self.add(self.root if parent is None else parent, "g", **attributes)
        if hover:
            self.add(group, "title", hover)
        return group

    def rect(self, parent: Element, x: float, y: float, width: float, height: float, **attributes: Any) -> None:
        """A rectangle from its top left corner."""
        self.add(parent, "rect", x=x, y=y, width=width, height=height, **attributes)

    def line(self, parent: Element, x1: float, y1: float, x2: float, y2: float, **attributes: Any) -> None:
        """A straight line, dark unless told otherwise."""
        self.add(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": INK, "stroke_width": 1.5, **attributes})

    def pixels(self, x: float, y: float, side: float, values: Array) -> Element:
        """A square picture from its top left corner, row 0 at the top; returns its group.

        values: (rows, rows) in [0, 1]; paper and NaN are left out. All pixels of about one grey are one path, so that
        the picture is small.
        """
        group = self.group(class_="picture", shape_rendering="crispEdges")  # or thin lines show between the pixels
        cells = self.group(group, transform=f"translate({x:g} {y:g}) scale({side / len(values):.5g})")
        levels = np.ceil(np.nan_to_num(values) * LEVELS).astype(int)
        for level in np.unique(levels[levels > 0]):
            places = np.flatnonzero(levels == level).tolist()
            path = "".join(map(_squares(len(values)).__getitem__, places))
            self.add(cells, "path", d=path, fill=theme.ink_colour(level / LEVELS), class_="ink")
        return group

    def hatch(self, parent: Element, x: float, y: float, width: float, height: float) -> None:
        """The lines over a rectangle that say that what it shows is less than 0."""
        if self.root.find("defs") is None:
            pattern = self.add(
                self.add(self.root, "defs"), "pattern", id="below0", width=5, height=5, patternUnits="userSpaceOnUse"
            )
            self.add(pattern, "path", d="M0 5 L5 0", stroke=INK, stroke_width=1)
        self.rect(parent, x, y, width, height, fill="url(#below0)", class_="below0")

    def text(self, parent: Element, x: float, y: float, words: str, *, size: float = 16, **attributes: Any) -> None:
        """Words centred on (x, y), unless `text_anchor` says otherwise."""
        place = {"text_anchor": "middle", "fill": INK, **attributes}
        # A third of the size below the middle centres digits and capitals in every browser.
        self.add(parent, "text", words, x=x, y=y + size / 3, font_size=size, **place)

    def __str__(self) -> str:
        """The picture as SVG text."""
        return ElementTree.tostring(self.root, encoding="unicode")


@lru_cache(maxsize=32)
def _squares(rows: int) -> list[str]:
    """The path around each pixel of a picture, row by row."""
    return [f"M{column} {row}h1v1h-1z" for row in range(rows) for column in range(rows)]


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
