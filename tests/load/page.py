"""The page as a browser would show it: elements at their places, kept up to date message by message."""

import json
from dataclasses import dataclass
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.load.widgets import Widgets

BLOCK = "block"
"""The kind of a place that holds others."""


@dataclass
class Shown:
    """An element. kind: such as "slider"; proto: what the server sent; run: which run drew it; script: of which file.

    fragment: the part of the page that is drawn again if this element is touched, or "".
    """

    kind: str
    proto: Any
    run: str
    script: str
    fragment: str

    @property
    def id(self):
        return getattr(self.proto, "id", "")

    @property
    def key(self):
        """The key that the page gave it: the end of "$$ID-<digits>-<key>"."""
        return self.id.split("-", 2)[-1] if self.id.startswith("$$ID") else ""

    @property
    def label(self):
        return self.proto.expandable.label if self.kind == BLOCK else getattr(self.proto, "label", "")


class Page:
    """hash: of the page's file; pages: address → hash of each page; run: the one under way or the last.

    drawn: the last run that reached the end of the page, where it may wait for its work. ended: whether it is over.
    """

    def __init__(self):
        self.hash = self.run = self.drawn = ""
        self.pages, self.places, self.widgets = {}, {}, Widgets()
        self.ended, self.runs = True, 0
        self._fragments = []
        self._read = {}

    def take(self, message):
        """One message of the server."""
        act = getattr(self, f"_{message.WhichOneof('type')}", None)
        if act is not None:
            act(message)

    def _new_session(self, message):
        new, run = message.new_session, message.metadata.run
        if new.page_script_hash != self.hash:
            self.places.clear()
        self.hash, self.run, self._fragments = new.page_script_hash, run.script_run_id, list(run.fragment_ids)
        self.ended, self.runs = False, self.runs + 1

    def _navigation(self, message):
        self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        # The main script does not know yet which page it will run when it begins.
        if message.navigation.page_script_hash != self.hash:
            self.hash = message.navigation.page_script_hash

    def _delta(self, message):
        path, delta = tuple(message.metadata.delta_path), message.delta
        kind = delta.WhichOneof("type")
        if kind == "add_block":
            block = delta.add_block
            self.places[path] = Shown(BLOCK, block, self.run, message.metadata.active_script_hash, delta.fragment_id)
            if block.id:
                self.widgets.take("expandable", block)
        elif kind == "new_element":
            self._place(path, message)

    def _place(self, path, message):
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        proto = getattr(element, kind)
        shown = Shown(kind, proto, self.run, message.metadata.active_script_hash, message.delta.fragment_id)
        if self.places.get(path, shown).kind == BLOCK:  # a block gives way, with all that is in it
            for place in [place for place in self.places if place[: len(path)] == path]:
                del self.places[place]
        self.places[path] = shown
        self.widgets.take(kind, proto)
        if kind == "html" and 'class="following"' in proto.body:
            self.drawn = self.run

    def _script_finished(self, message):
        self.ended = True
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self.drawn = self.run
        parts = self._fragments
        for place, shown in list(self.places.items()):
            if shown.run != self.run and (not parts or shown.fragment in parts):
                del self.places[place]
        if not parts:
            self.widgets.keep({shown.id for shown in self.places.values()})

    # What is on it

    def all(self, kind):
        """The elements of a kind, in the order of the page."""
        return [shown for _, shown in sorted(self.places.items()) if shown.kind == kind]

    def find(self, name):
        """The widget with this key or label, or None."""
        for shown in self.places.values():
            if shown.id and name in {shown.key, shown.label}:
                return shown
        return None

    def data(self, key):
        """What a component of our own was given, read from JSON once; None if it is not on the page."""
        shown = self.find(key)
        if shown is None:
            return None
        if self._read.get(key, (None,))[0] is not shown.proto:
            self._read[key] = shown.proto, json.loads(shown.proto.json or "null")
        return self._read[key][1]

    @property
    def headings(self):
        return [shown.proto.body for shown in self.all("heading")]

    @property
    def errors(self):
        """Tracebacks that the page shows."""
        return [f"{shown.proto.type}: {shown.proto.message}" for shown in self.all("exception")]
