"""Truth is a frame, a verdict is a filled corner with its mark: drawn here, for every picture that carries them.

Both are SVG text on a square from 0 to SIDE, in the colours that the page calls by the names of the tokens.
"""

import re

from qnn_core.tokens import TOKENS

SIDE, CORNER, FRAME = 100, 28, 4
"""Sides of the picture and of a verdict's corner; the width of a frame, in pixels however large the picture is."""
_AT, _HALF = SIDE - 0.3 * CORNER, 0.16 * CORNER
"""The middle of the mark in its corner, from the left and from the top, and half of its size."""
_SHAPES = {
    "●": f"M{_AT - _HALF:g} {_AT:g}"
    + "".join(f"a{_HALF:g} {_HALF:g} 0 1 0 {way * 2 * _HALF:g} 0" for way in (1, -1)),
    "■": f"M{_AT - _HALF:g} {_AT - _HALF:g}h{2 * _HALF:g}v{2 * _HALF:g}h{-2 * _HALF:g}z",
}


def truth_frame(token: str) -> str:
    """The frame of a picture whose digit is known. token: the name of that digit's colour."""
    return (
        f'<rect class="truth" width="{SIDE}" height="{SIDE}" vector-effect="non-scaling-stroke" '
        f'style="fill: none; stroke: var(--{token}); stroke-width: {FRAME}"/>'
    )


def verdict_corner(token: str) -> str:
    """The corner of a picture that was judged. token: the name of the colour of the digit that it was taken for."""
    return (
        f'<path class="verdict" d="M{SIDE} {SIDE}v{-CORNER}l{-CORNER} {CORNER}z" vector-effect="non-scaling-stroke" '
        f'style="fill: var(--{token}); stroke: var(--paper); stroke-width: 2"/>'
        f'<path class="mark" d="{_SHAPES[TOKENS[token].mark]}" style="fill: var(--paper)"/>'
    )


DIGITS = ("first", "second")
FRAMES = {token: truth_frame(token) for token in DIGITS}
CORNERS = {token: verdict_corner(token) for token in DIGITS}
"""Name of a digit's colour → the frame and the corner that say so, for what draws in the browser."""
EDGE = 3
"""So much wider than the picture, on each side, is a file with its marks: a frame lies half outside."""


def marks_svg(truth: str, verdict: str, *, dark: bool) -> str:
    """The marks alone as an SVG file, to be laid over a picture, with EDGE around it.

    truth, verdict: names of the digits' colours, "" for none. dark: for dark paper.
    """
    inside = FRAMES.get(truth, "") + CORNERS.get(verdict, "")
    shade = "dark" if dark else "light"
    coloured = re.sub(r"var\(--(\w+)\)", lambda found: getattr(TOKENS[found[1]], shade), inside)
    box = f"{-EDGE} {-EDGE} {SIDE + 2 * EDGE} {SIDE + 2 * EDGE}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{coloured}</svg>'
