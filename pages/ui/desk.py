"""What a visitor has on the desk: the one object that the lesson keeps for a session, in the only file that does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import streamlit as st

from qnn_core import Experiment, InputError, prepare
from qnn_core.arrays import Bytes
from qnn_core.engines import EXACT, contracted
from qnn_core.model_file import SavedModel

KEY = "desk"
"""The only name that is written into st.session_state, beside the widgets' own."""


class Refusal(NamedTuple):
    """A change that did not happen.

    control: beside which it is said. why: one sentence. instead: what comes nearest and can be had, or None.
    """

    control: str
    why: str
    instead: Experiment | None


@dataclass
class Desk:
    """Everything of a session that outlives a look at another page.

    experiment: the settings, always such that every page can show them. picture: number of the training image that is
    followed through the lesson. position: the step of the run that its film rests at, None for the end. ink: the
    drawing as grey values (side, side), 255 is ink, or None. loaded: a network from a file. choices: of all other
    widgets, by name. visitor: tells this session from others, for whom work is shared out in turn.
    refused: the last change, if it was refused. notes: what was wrong with the address, news: what a button has
    changed; both are said until the next change. page: which one is shown.
    """

    experiment: Experiment = field(default_factory=Experiment)
    picture: int = 0
    position: int | None = None
    ink: Bytes | None = None
    loaded: SavedModel | None = None
    choices: dict[str, Any] = field(default_factory=dict)
    visitor: str = field(default_factory=lambda: uuid4().hex)
    refused: Refusal | None = None
    notes: list[str] = field(default_factory=list)
    news: str = ""
    page: str = ""
    _drawn: dict[str, str] = field(default_factory=dict)

    def change(self, control: str, **fields: Any) -> None:
        """Set some fields of the Experiment, or refuse: then nothing changes but what is said beside the control."""
        wanted = {**self.experiment.model_dump(), **fields}
        self.refused = None
        try:
            check(Experiment.parse({**wanted, **EXACT}))
        except InputError as problem:
            self.refused = Refusal(control, str(problem), None)
            return
        try:
            self.set(Experiment.parse(wanted))
        except InputError as problem:
            # What the contraction can take, another engine may not.
            self.refused = Refusal(control, str(problem), Experiment.parse({**wanted, **EXACT}))

    def set(self, experiment: Experiment, news: str = "") -> None:
        """Another Experiment that every page can show; news: what to say of it. Its film is watched from its end."""
        self.refused, self.news = None, news
        self.notes.clear()
        if experiment != self.experiment:
            self.experiment, self.position = experiment, None

    def choice(self, widget: Callable[..., Any], *labels: Any, key: str, default: Any, **options: Any) -> Any:
        """Draw a widget whose value is kept for the session, on every page. Returns the value.

        widget: such as st.slider, or a container's own. labels: its positional arguments. default: its first value.
        """
        value = self.choices.get(key, default)
        return self.draw(widget, *labels, key=key, value=value, keep=lambda new: self.choose(key, new), **options)

    def fold(self, label: str, *, key: str, forced: bool = False) -> Any:
        """Draw a part of the page that can be folded away; whether it is open is kept. Returns its place.

        key: under this name. forced: open it, whatever was kept. Who draws into it asks .open first: what is closed
        costs nothing.
        """
        value, keep = forced or self.choices.get(key, False), partial(self.choose, key)
        return self.draw(st.expander, label, key=key, value=value, keep=keep)

    def choose(self, key: str, value: Any) -> None:
        """Make a choice in place of the visitor."""
        self.choices[key] = value

    def draw(
        self,
        widget: Callable[..., Any],
        *labels: Any,
        key: str,
        value: Any,
        keep: Callable[[Any], None],
        **options: Any,
    ) -> Any:
        """Draw a widget that shows a value, and hand a new one to keep(value) before the page is drawn again."""

        def changed() -> None:
            keep(st.session_state[key])

        # Streamlit forgets a widget that was not drawn, takes it for another one on another page, and keeps a value
        # that was refused. Where nothing of this is so, the browser's own state is left alone: one may be typing.
        if self._drawn.get(key) != self.page or key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
        self._drawn[key] = self.page
        return widget(*labels, key=key, on_change=changed, **options)

    def receive(
        self, widget: Callable[..., Any], *labels: Any, key: str, keep: Callable[[Any], None], **options: Any
    ) -> None:
        """Draw a widget that only gives values, such as a place for a file, and hand each to keep(value)."""

        def changed() -> None:
            keep(st.session_state[key])

        widget(*labels, key=key, on_change=changed, **options)

    def component(self, mount: Callable[..., Any], *, key: str, data: Any, **keep: Callable[[Any], None]) -> None:
        """Draw a component of our own; what its browser side sends is kept before the page is drawn again.

        mount: what st.components.v2.component returned. keep: a function for each name of its setStateValue.
        """

        def changed(name: str) -> None:
            keep[name](st.session_state[key].get(name))

        mount(key=key, data=data, **{f"on_{name}_change": partial(changed, name) for name in keep})


def check(experiment: Experiment) -> None:
    """Whether every page can show it. Raises InputError if the contraction cannot, or no pictures are left."""
    prepare(contracted(experiment))


def lay_out(read: Callable[[dict[str, str]], Desk]) -> bool:
    """Begin a session, if it has not begun, with what read(address) puts on the desk. Returns whether it begins."""
    begins = KEY not in st.session_state
    if begins:
        st.session_state[KEY] = read(dict(st.query_params))
    return begins


def desk() -> Desk:
    """This session's desk."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Desk()
    found: Desk = st.session_state[KEY]
    return found


def value_of(key: str) -> Any:
    """What a widget says that is not drawn by the desk, such as a chart that was clicked; for its callback."""
    return st.session_state[key]
