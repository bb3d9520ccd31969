"""Many small pictures side by side, each with its words below: as many in a row as the window has room for."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st
from numpy.typing import ArrayLike

from pages.ui import shade
from qnn_core.figures.data.tiles import tiles
from qnn_core.figures.marks import marks_svg
from qnn_core.tokens import TOKENS

STYLE = (Path(__file__).parent / "tiles.css").read_text("utf-8")


def show(
    images: ArrayLike,
    words: Sequence[str],
    *,
    alt: str,
    caption: str = "",
    truths: Sequence[str] = (),
    verdicts: Sequence[str] = (),
    size: str = "normal",
    group: int = 1,
) -> None:
    """Pictures in rows, each with its words below, in the frame of its true digit and with the corner of a verdict.

    images: uint8 or grey in [0, 1], (k, side, side) or (k, side²). words: k. truths, verdicts: k names of the digits'
    colours, "" for none. size: "small", "normal", "large" or "single". group: so many neighbours stay in one row.
    """
    ink = TOKENS["ink"].dark if shade.is_dark() else TOKENS["ink"].light
    nothing = [""] * len(words)
    each = zip(tiles(images, ink), words, truths or nothing, verdicts or nothing, strict=True)
    figures = [_figure(*one) for one in each]
    groups = ["".join(figures[k : k + group]) for k in range(0, len(figures), group)]
    inside = "".join(f'<div class="group">{one}</div>' for one in groups) if group > 1 else "".join(groups)
    st.html(
        f'<style>{STYLE}</style><div class="pictures {size}" style="--group: {group}" role="group" '
        f'aria-label="{escape(alt)}">{inside}</div>'
    )
    if caption:
        st.caption(caption)


def _figure(png: bytes, words: str, truth: str, verdict: str) -> str:
    """One picture with its marks and its words; who hears the page hears them once."""
    words = escape(words.replace(" × ", "\u00a0×\u00a0"))
    said = words.replace("\n", ", ")
    mark = f"{TOKENS[truth].mark} " if truth else ""
    marks = b64encode(marks_svg(truth, verdict, dark=shade.is_dark()).encode()).decode()
    return (
        f'<figure style="color: var(--{truth or "muted"})"><div class="picture"><img alt="{said}" '
        f'src="data:image/png;base64,{b64encode(png).decode()}">'
        f'<span class="marks" style="background-image: url(data:image/svg+xml;base64,{marks})"></span></div>'
        f'<figcaption aria-hidden="true">{mark}{words}</figcaption></figure>'
    )
