"""The address in the browser says what is on the desk: a link carries a lesson, and a reload loses nothing.

It is read once, when a session begins. Afterwards it follows the desk, without entries in the browser's history.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.ui.controls import REMOVALS, written_out
from pages.ui.desk import Desk, check, desk
from pages.ui.present import PRESENT
from qnn_core import Experiment, InputError
from qnn_core.circuit import ARRANGEMENTS, arrange
from qnn_core.engines import EXACT
from qnn_core.errors import cut, quoted
from qnn_core.experiment import NAMED_PARTS
from qnn_core.families import FAMILIES
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import total_steps

YES, NO = frozenset({"true", "1"}), frozenset({"false", "0"})
ALL = "all"
"""In place of a number: all of them."""
SWITCHES = {"keep_trained": False, "compare_losses": False, PRESENT: False}
"""Choices that change what a page computes or how it is shown, and so belong into a link; with their defaults."""
PARTS = {"part": ("hand", "pictures", "entanglement")}
"""Choices of a part of a page, which a link opens; the first is what is shown without."""
TOLD = "addresses told"
"""Under this name the desk keeps how often the browser has heard of the address without a page."""
MOST_NAMES, MOST_DIGITS = 32, 12
"""Of what anybody may write into an address: as many names as there are old and new, and digits of a number."""
FIRST_FIELDS = ("engine", "gradient", "grid", "layers")
"""What has to be set before the rest can be judged."""

_bar = st.components.v2.component("address", js=(Path(__file__).parent / "address.js").read_text())


def show() -> None:
    """Let the address say what is on the desk now."""
    own = desk()
    # In the sidebar the point that it takes is seen least; the page's name makes the browser look anew.
    with st.sidebar:
        data = {"page": own.page, "query": query_of(own), "told": own.choices.get(TOLD, 0)}
        _bar(key="address", data=data, height=1)


def tell(own: Desk) -> str:
    """What the address has to say now, for a browser that hears of it without a page."""
    own.choices[TOLD] = own.choices.get(TOLD, 0) + 1  # the next page says it again, also if it has said the same
    return query_of(own)


def query_of(own: Desk) -> str:
    """What differs from the defaults, under the Experiment's own names: threshold=0.4&picture=7."""
    parts = {name: _written(value) for name, value in own.experiment.model_dump(exclude_defaults=True).items()}
    if own.picture:
        parts["picture"] = str(own.picture)
    if own.position is not None:
        parts["position"] = str(own.position)
    parts |= {name: _written(own.choices[name]) for name, at in SWITCHES.items() if own.choices.get(name, at) != at}
    parts |= {name: own.choices[name] for name, (at, *_) in PARTS.items() if own.choices.get(name, at) != at}
    return urlencode(parts, safe=",")


def _written(value: Any) -> str:
    if value is None:
        return ALL
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def read(query: Mapping[str, str]) -> Desk:
    """The desk that an address describes, old links too, with one note for each thing in it that is wrong."""
    own = Desk()
    fields: dict[str, Any] = {}
    if len(query) > MOST_NAMES:
        own.notes.append(f"The address names more than {MOST_NAMES} settings; only the first of them were read.")
    for name, text in islice(_renamed(query), MOST_NAMES):
        try:
            _read_one(own, fields, name, text)
        except ValueError as problem:
            own.notes.append(_ignored(name, text, problem))
    _fit(own, fields)
    steps = total_steps(to_the_end(own.experiment) if own.choices.get("keep_trained") else own.experiment)
    if own.position is not None and own.position > steps:
        own.notes.append(_ignored("position", str(own.position), f"the training has {steps:,} steps."))
        own.position = None
    return own


def _ignored(name: str, text: str, problem: object) -> str:
    """One sentence about a thing in the address, however long it is."""
    shown = cut(name) if name.isprintable() else quoted(name)
    return f"The address says {shown}={quoted(text)}, which was ignored: {problem}"


def _read_one(own: Desk, fields: dict[str, Any], name: str, text: str) -> None:
    """Put one thing of the address where it belongs. Raises ValueError with one sentence."""
    if name in Experiment.model_fields:
        fields[name] = _value(name, text)
    elif name == "picture":
        own.picture = _whole(name, text)
    elif name == "position":
        own.position = _whole(name, text)
    elif name in SWITCHES:
        own.choices[name] = _yes(name, text)
    elif name in PARTS:
        own.choices[name] = _part(name, text)
    else:
        raise ValueError("there is no such setting.")


def _value(name: str, text: str) -> Any:
    """The text of a field as the Experiment takes it; what is wrong with it, the Experiment says."""
    default = getattr(Experiment(), name)
    if name in NAMED_PARTS:
        titles = {part.title: part.name for part in FAMILIES[NAMED_PARTS[name]].values()}
        return titles.get(text, text)
    if name == "remove_contradictions":
        return {title: one for one, title in REMOVALS.items()}.get(text, text)
    if name == "layers":
        return written_out(text)
    if isinstance(default, tuple):
        return tuple(text.split(","))
    if isinstance(default, bool):
        return _yes(name, text)
    return None if text == ALL and type(None) in getattr(_annotation(name), "__args__", ()) else text


def _annotation(name: str) -> Any:
    return Experiment.model_fields[name].annotation


def _whole(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > MOST_DIGITS:
        raise ValueError(f"{name} must be a whole number from 0 on, with at most {MOST_DIGITS} digits.")
    return int(text)


def _yes(name: str, text: str) -> bool:
    if text not in YES | NO:
        raise ValueError(f"{name} must be true or false.")
    return text in YES


def _part(name: str, text: str) -> str:
    if text not in PARTS[name]:
        raise ValueError(f"{name} must be one of {', '.join(PARTS[name])}.")
    return text


def _fit(own: Desk, fields: dict[str, Any]) -> None:
    """Put the fields on the desk, as many of them as fit together and can be shown."""
    try:
        own.experiment = _shown(fields)
        return
    except InputError:
        pass
    kept: dict[str, Any] = {}
    for name in sorted(fields, key=lambda one: one not in FIRST_FIELDS):
        wanted = {**kept, name: fields[name]}
        try:
            own.experiment = _shown(wanted)
            kept = wanted
        except InputError as problem:
            try:
                if name in EXACT:
                    raise
                own.experiment = _shown({**wanted, **EXACT})
                kept = {**wanted, **EXACT}
                own.notes.append(f"{problem} The exact contraction is used here.")
            except InputError:
                own.notes.append(_ignored(name, _written(fields[name]), problem))


def _shown(fields: Mapping[str, Any]) -> Experiment:
    """The Experiment of these fields. Raises InputError if there is none, or no page can show it."""
    experiment = Experiment.parse(fields)
    check(experiment)
    return experiment


def _renamed(query: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names and texts, with those of links from earlier versions of this lesson under today's names."""
    old = dict(query)
    if {"first", "second"} & set(old):
        digits = Experiment().digits
        yield "digits", f"{old.pop('first', digits[0])},{old.pop('second', digits[1])}"
    if {"kinds", "blocks", "arrangement", "own"} & set(old):
        yield "layers", _old_layers(old)
    for switch, field in (("all_examples", "examples"), ("whole_batch", "batch_size")):
        if old.pop(switch, "false") == "true":
            old.pop({"batch_size": "batch"}.get(field, field), None)
            yield field, ALL
    for before, now in (("remove", "remove_contradictions"), ("batch", "batch_size"), ("rate", "learning_rate")):
        if before in old:
            yield now, old.pop(before)
    yield from old.items()


def _old_layers(old: dict[str, str]) -> str:
    """The layers of an old link; anything unreadable is handed on, so that the Experiment names it."""
    kinds, blocks = old.pop("kinds", ", ".join(Experiment().layers)), old.pop("blocks", "1")
    arrangement, own = old.pop("arrangement", "grouped"), old.pop("own", "XX,ZZ,XX")
    if "own" in kinds.lower():
        return own
    many = kinds.count(",") > MOST_NAMES or len(blocks) > 2  # far more layers than an Experiment takes
    if many or not blocks.isdecimal() or arrangement not in ARRANGEMENTS:
        return f"{kinds} {blocks} {arrangement}"
    return ",".join(arrange(kinds.split(", "), int(blocks), arrangement))
