"""What a visitor has on the desk: the one object that the lesson keeps for a session, and the only file that does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import streamlit as st

from qnn_core import Experiment, InputError
from qnn_core.arrays import Bytes
from qnn_core.model_file import SavedModel

KEY = "desk"
"""The only name that is written into st.session_state, beside the widgets' own."""


@dataclass
class Desk:
    """Everything of a session that outlives a look at another page.

    experiment: the settings, always valid. picture: number of the training image that is followed through the
    lesson. position: the step of the run that the film rests at, None for its end. ink: the drawing as grey values
    (side, side), 255 is ink, or None. loaded: a network from a file. choices: of all other widgets, by name.
    visitor: tells this session from others, for whom work is shared out in turn.
    refused: the control whose last change was refused, and why. notes: sentences about the address, until the first
    change.
    """

    experiment: Experiment = field(default_factory=Experiment)
    picture: int = 0
    position: int | None = None
    ink: Bytes | None = None
    loaded: SavedModel | None = None
    choices: dict[str, Any] = field(default_factory=dict)
    visitor: str = field(default_factory=lambda: uuid4().hex)
    refused: tuple[str, str] | None = None
    notes: list[str] = field(default_factory=list)

    def change(self, control: str, check: Callable[[Experiment], object] = lambda one: None, **fields: Any) -> None:
        """Set some fields of the Experiment, or refuse to: then nothing changes but what is said beside the control.

        check: raises InputError if no page could show the new Experiment.
        """
        self.refused = None
        try:
            experiment = self.experiment.with_(**fields)
            check(experiment)
        except InputError as problem:
            self.refused = (control, str(problem))
            return
        self.notes.clear()
        self.set(experiment)

    def set(self, experiment: Experiment) -> None:
        """Another Experiment; its film is watched from its end."""
        if experiment != self.experiment:
            self.experiment, self.position = experiment, None

    def choice(self, widget: Callable[..., Any], *labels: Any, key: str, default: Any, **options: Any) -> Any:
        """Draw a widget whose value is kept for the session, on every page. Returns the value.

        widget: such as st.slider, or a container's own. labels: its positional arguments. default: its first value.
        """
        return self.draw(widget, *labels, key=key, value=self.choices.get(key, default), keep=self._choose, **options)

    def _choose(self, key: str, value: Any) -> None:
        self.choices[key] = value

    def draw(
        self,
        widget: Callable[..., Any],
        *labels: Any,
        key: str,
        value: Any,
        keep: Callable[[str, Any], None],
        **options: Any,
    ) -> Any:
        """Draw a widget that shows a value and hands a new one to keep(key, value) before the page is drawn again."""

        def changed() -> None:
            keep(key, st.session_state[key])

        # Streamlit forgets a widget that a page did not draw; so every widget gets its value from here, each time.
        if key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
        return widget(*labels, key=key, on_change=changed, **options)


def desk() -> Desk:
    """This session's desk; laid out when it begins, from what the address says."""
    if KEY not in st.session_state:
        from pages.ui.address import read  # which needs the controls, and they need a desk

        st.session_state[KEY] = read(dict(st.query_params))
    found: Desk = st.session_state[KEY]
    return found


def value_of(key: str) -> Any:
    """What a widget says that is not drawn by the desk, such as a chart that was clicked; for its callback."""
    return st.session_state[key]
