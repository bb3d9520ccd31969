"""Many pictures side by side show what one picture hides."""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from qnn_core.figures import theme
from qnn_core.figures.data.heatmap import outline, picture, square
from qnn_core.figures.kept import kept

PHONE, TILE, FONT = 340, 100, 16
"""Pixels on screen: the width that captions must fit, a tile's side on a wide screen, a caption's height."""


class Places(NamedTuple):
    """Where the tiles stand on the sheet: `columns` of them in a row, in units of image pixels."""

    side: int
    columns: int
    gutter: int
    caption: int

    def corner(self, k: int) -> tuple[int, int]:
        """(row, column) of the first pixel of tile k."""
        row, column = divmod(k, self.columns)
        return row * (self.side + self.caption), column * (self.side + self.gutter)

    def sheet(self, tiles: NDArray, empty: object) -> NDArray:
        """All tiles on one sheet, (k, side, side) → (rows, columns), `empty` between them."""
        row, _ = self.corner(len(tiles) - 1)
        width = self.columns * (self.side + self.gutter) - self.gutter
        sheet = np.full((row + self.side + self.caption, width), empty, tiles.dtype)
        for k, tile in enumerate(tiles):
            y, x = self.corner(k)
            sheet[y : y + self.side, x : x + self.side] = tile
        return sheet


def places(side: int, columns: int, lines: int) -> Places:
    """Gutters wide enough to tell tiles apart, and high enough for captions of so many lines on a phone."""
    gutter = max(1, round(side * 0.12))
    pixel = PHONE / (columns * (side + gutter))
    return Places(side, columns, gutter, max(1, int(np.ceil((lines * FONT * 1.3 + 4) / pixel))))


@kept
def montage(
    images: ArrayLike,
    captions: Sequence[str],
    columns: int,
    *,
    caption_colours: Sequence[str] | None = None,
    height: int | None = None,
) -> go.Figure:
    """Pictures in rows, each with its caption below, its frame in the caption's colour; one trace draws all.

    images: uint8 or grey in [0, 1], (k, side, side) or (k, side²), k ≥ 1. captions, caption_colours: k.
    height: in pixels, by default what a wide screen needs.
    """
    tiles = square(images)
    columns = max(1, min(columns, len(tiles)))
    lines = [_fit(caption, columns) for caption in captions]
    place = places(tiles.shape[1], columns, max(1 + line.count("<br>") for line in lines))
    # Half the bytes to send: four digits are enough for greys.
    sheet = place.sheet(tiles.astype(np.float32), np.nan)
    height = height or round(TILE * len(sheet) / place.side)
    figure = picture(sheet, height=height, hovertemplate="grey %{z:.2f}<extra></extra>")
    colours = list(caption_colours or [theme.NEUTRAL] * len(lines))
    for colour in sorted(set(colours)):
        outline(figure, (place.corner(k) for k, own in enumerate(colours) if own == colour), place.side, colour, 1.5)
    notes = [_caption(place, k, *words) for k, words in enumerate(zip(lines, colours, strict=True))]
    figure.layout.annotations = notes
    return figure


def _fit(caption: str, columns: int) -> str:
    """The caption in lines that fit under a tile on a phone."""
    # "12 × 3" stays in one line.
    caption = caption.replace(" × ", "\u00a0×\u00a0")
    letters = int(PHONE / columns / (FONT * 0.52))
    return "<br>".join(wrap(caption, max(letters, 3), break_long_words=False)) or " "


def _caption(place: Places, k: int, words: str, colour: str) -> dict[str, object]:
    """The caption of tile k as a plotly annotation, in the middle below it."""
    y, x = place.corner(k)
    return {
        "x": x + (place.side - 1) / 2,
        "y": y + place.side - 0.5,
        "yanchor": "top",
        "text": words,
        "showarrow": False,
        "font": {"size": FONT, "color": colour},
        "borderpad": 2,
    }
