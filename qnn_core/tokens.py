"""One table of colours that mean something, each with a mark and a dash so that colour is never alone.

The player gets the table as CSS custom properties: `--first`, `--second` and so on.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from qnn_core.errors import InputError, quoted

Dash = Literal["solid", "dashed", "dotted", "long"]
DASHES: tuple[Dash, ...] = ("solid", "dashed", "dotted", "long")
MARKS = ("●", "■", "▲", "◆", "")
"""Marks of points on a curve; the last is none."""


@dataclass(frozen=True)
class Token:
    """One colour on light and on dark paper, and what it means.

    light, dark: #RRGGBB. mark: the sign that stands beside the colour. dash: of its line.
    hatched: areas are hatched and not filled. text: it may be read as letters; else it is only seen as an area.
    """

    light: str
    dark: str
    meaning: str
    mark: str = ""
    dash: Dash = "solid"
    hatched: bool = False
    text: bool = True


TOKENS = {
    "paper": Token("#FFFFFF", "#15171C", "the page", text=False),
    "panel": Token("#F4F2EE", "#1F232B", "cards and the sidebar", text=False),
    "ink": Token("#1B1B1F", "#F2F2F0", "text, circuit, axes"),
    "muted": Token("#5B5F66", "#A9AFB8", "captions, ceilings", dash="long"),
    "first": Token("#0B6BB0", "#5AB0F0", "the first digit, +1", "●"),
    "second": Token("#C24E00", "#FF9A4D", "the second digit, −1", "■", hatched=True),
    "qnn": Token("#A23B7A", "#E58BC4", "the quantum network", "▲"),
    "classical": Token("#00795A", "#3CC79A", "a classical network", "◆", dash="dashed"),
    "interface": Token("#3A3F47", "#C7CCD4", "buttons, sliders, focus"),
    "line": Token("#84898F", "#757C86", "borders of cells and of controls", text=False),
}
"""Name → colour. A name means the same thing on every page."""


def check_token(name: str) -> str:
    """The name itself. Raises InputError if there is no such colour."""
    if name not in TOKENS:
        raise InputError(f"There is no colour called {quoted(name)}; the colours are {', '.join(TOKENS)}.")
    return name


@lru_cache(maxsize=4096)  # pictures ask for the same few greys over and over
def mixed(low: str, high: str, share: float) -> str:
    """The colour that goes this share of the way from one to the other. share: in [0, 1]; colours as #RRGGBB."""
    parts = (round(a + share * (b - a)) for a, b in zip(parts_of(low), parts_of(high), strict=True))
    return "#{:02X}{:02X}{:02X}".format(*parts)


def parts_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour #RRGGBB, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def on_dark(colour: str) -> str:
    """What stands for a colour of light paper on dark paper.

    A token's colour has its own counterpart, and a grey between paper and ink is as far between the dark ones. Any
    other colour stays as it is. colour: #RRGGBB.
    """
    named = next((token.dark for token in TOKENS.values() if token.light == colour.upper()), None)
    if named is not None:
        return named
    paper, ink = TOKENS["paper"], TOKENS["ink"]
    share = min(1.0, (255 - parts_of(colour)[0]) / (255 - parts_of(ink.light)[0]))
    near = zip(parts_of(mixed(paper.light, ink.light, share)), parts_of(colour), strict=True)
    # A step of one part in 255 may have been rounded away.
    is_grey = all(abs(grey - part) <= 1 for grey, part in near)
    return mixed(paper.dark, ink.dark, share) if is_grey else colour


@lru_cache(maxsize=4096)
def contrast(one: str, other: str) -> float:
    """How well one colour is seen on another, from 1 to 21 (WCAG 2). Colours as #RRGGBB."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def stylesheet(light: str, dark: str) -> str:
    """The table as CSS: custom properties for what these two selectors find."""
    return "".join(
        f"{selector} {{{' '.join(f'--{name}: {getattr(token, shade)};' for name, token in TOKENS.items())}}}\n"
        for selector, shade in ((light, "light"), (dark, "dark"))
    )


def page_colours() -> str:
    """The table as CSS for a whole page, which takes the colours of the theme that the browser shows."""
    pairs = (f"--{name}: light-dark({token.light}, {token.dark});" for name, token in TOKENS.items())
    return f".stApp {{{' '.join(pairs)}}}"


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in parts_of(colour)]
    # the linear light of each part, WCAG 2
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
