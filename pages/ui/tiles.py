"""Many small pictures side by side, each with its words below: as many in a row as the window has room for."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st
from numpy.typing import ArrayLike

from pages.ui import shade
from qnn_core.figures.data.tiles import tiles
from qnn_core.tokens import TOKENS

STYLE = (Path(__file__).parent / "tiles.css").read_text("utf-8")
PLAIN = "muted"
"""The colour of a frame that names no digit."""


def show(
    images: ArrayLike,
    words: Sequence[str],
    *,
    alt: str,
    caption: str,
    colours: Sequence[str] = (),
    size: str = "normal",
    group: int = 1,
) -> None:
    """Pictures in rows, each in a frame of its colour, with its words and the colour's mark below.

    images: uint8 or grey in [0, 1], (k, side, side) or (k, side²). words: k. colours: k names of tokens.
    size: "small", "normal" or "large". group: so many neighbours stay in one row.
    """
    ink = TOKENS["ink"].dark if shade.is_dark() else TOKENS["ink"].light
    names = colours or [PLAIN] * len(words)
    figures = [_figure(*one) for one in zip(tiles(images, ink), words, names, strict=True)]
    groups = ["".join(figures[k : k + group]) for k in range(0, len(figures), group)]
    inside = "".join(f'<div class="group">{one}</div>' for one in groups) if group > 1 else "".join(groups)
    st.html(
        f'<style>{STYLE}</style><div class="pictures {size}" style="--group: {group}" role="group" '
        f'aria-label="{escape(alt)}">{inside}</div>'
    )
    st.caption(caption)


def _figure(png: bytes, words: str, colour: str) -> str:
    """One picture with its words; who hears the page hears them once."""
    words = escape(words.replace(" × ", "\u00a0×\u00a0"))
    mark = f"{TOKENS[colour].mark} " if TOKENS[colour].mark else ""
    return (
        f'<figure style="color: var(--{colour})"><img alt="{words}" '
        f'src="data:image/png;base64,{b64encode(png).decode()}">'
        f'<figcaption aria-hidden="true">{mark}{words}</figcaption></figure>'
    )
