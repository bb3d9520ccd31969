"""Films move in the browser: Python hands over every frame, and hears only where the player comes to rest."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.ui import marks, shade
from pages.ui.desk import desk
from pages.ui.film.growing import Growing, open_line
from qnn_core.live.film import Film
from qnn_core.live.panels import short
from qnn_core.tokens import stylesheet

FOLDER = Path(__file__).parent
STYLES = stylesheet(".film", ".film.dark") + (FOLDER / "player.css").read_text("utf-8")

SCRIPTS = ("helpers.js", "cleaned.js", "panels.js", "player.js")
"""One script in four files: each uses those before it."""

SPEEDS = (0.5, 1, 2, 4)
"""How fast a visitor may play films, as many times as usual; the same as in player.js."""

SCRIPT = "\n".join([marks.SCRIPT, *((FOLDER / name).read_text("utf-8") for name in SCRIPTS)])

SPEED = "speed"
"""Under this name the desk keeps it."""

_player = st.components.v2.component("qnn_film", css=STYLES, js=SCRIPT)


def show(
    film: Film,
    *,
    key: str,
    at: float | None = None,
    pace: float = 1.0,
    wide_first: bool = True,
    play: int = 0,
    growing: Growing | None = None,
    on_rest: Callable[[float], object] | None = None,
    on_branch: Callable[[str], object] | None = None,
    on_wants: Callable[[bool, bool], object] | None = None,
    on_missing: Callable[[float], object] | None = None,
) -> None:
    """Draw a film.

    key: the same on every run, so that the player stays where it is when the film grows.
    at: where to begin when this film is new to the player, as the number that moves: the frame nearest to it, or the
    end till the film has grown so far; film.rest, else its last frame, if None. When it changes later, and not by
    what the player has told, the player goes there.
    pace: 2 plays twice as fast. wide_first: the first panel is larger than the others.
    play: start playing when this number has changed, and is not 0. growing: how it gets more frames while somebody
    plays it; the page hears of that a moment later, and not of where it rests.
    on_rest: called with the number at the frame where the player has come to rest. on_branch: called with the name of
    an earlier run that was clicked. on_wants: called with (play, step) when somebody plays on where no more frames
    are, asks for the next one, or does so no longer. on_missing: called with a planned position that has no frame
    yet, where somebody has let go of the slider.
    All are called before the page is run again.
    """

    own, heard = desk(), f"{key}_heard"

    def rested(sent: Any) -> None:
        position = _rest(film if growing is None else growing.make(), sent)
        if position is not None:
            own.choose(heard, short([position], 6)[0])
            if on_rest is not None:
                on_rest(position)

    def branched(sent: Any) -> None:
        if on_branch is not None and isinstance(sent, dict) and sent.get("film") == film.name:
            on_branch(str(sent.get("name", "")))

    def wanted(sent: Any) -> None:
        if not isinstance(sent, dict) or sent.get("film") != film.name:
            return
        if "position" in sent:
            position = _planned(film, sent["position"])
            if on_missing is not None and position is not None:
                on_missing(position)
        elif on_wants is not None:
            on_wants(sent.get("play") is True, sent.get("step") is True)

    data = {
        "film": film.text,
        "line": None if growing is None else open_line(own.visitor, film.name, growing, rested),
        "at": at,
        "heard": own.choices.get(heard),
        "pace": pace,
        "speed": own.choices.get(SPEED, 1),
        "wide_first": wide_first,
        "play": play,
        "dark": shade.is_dark(),
    }
    own.component(_player, key=key, data=data, rest=rested, branch=branched, wants=wanted, speed=_hurry)


def _hurry(sent: Any) -> None:
    """Keep the speed that a visitor has chosen; all films on all pages are played so."""
    speed = sent.get("speed") if isinstance(sent, dict) else None
    if speed in SPEEDS and not isinstance(speed, bool):
        desk().choose(SPEED, speed)


def _rest(film: Film, rest: Any) -> float | None:
    """Where the player says that it stands, if that is a frame of this film: what a browser sends is not trusted.

    A film that is filled in may have more frames by now than the player had: its position tells which one it was.
    """
    if not isinstance(rest, dict) or rest.get("film") != film.name:
        return None
    frame, position = rest.get("frame"), rest.get("position")
    if isinstance(frame, bool) or not isinstance(frame, int | float) or frame not in range(len(film)):
        return None
    if isinstance(position, int | float) and not isinstance(position, bool) and math.isfinite(position):
        return float(film.positions[np.argmin(np.abs(film.positions - position))])
    return float(film.positions[int(frame)])


def _planned(film: Film, position: Any) -> float | None:
    """The planned position of this film that the player names, if it is one."""
    if film.planned is None or isinstance(position, bool) or not isinstance(position, int | float):
        return None
    near = film.planned[np.abs(film.planned - position) < 1e-6]
    return float(near[0]) if near.size else None
