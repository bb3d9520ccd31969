"""What a browser keeps of each widget, and how it says it to the server."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState


def _numbers(state, value):
    state.double_array_value.data[:] = value if isinstance(value, list | tuple) else [value]


def _texts(state, value):
    state.string_array_value.data[:] = value


def _field(name):
    return lambda state, value: setattr(state, name, value)


def _json(state, value):
    state.json_value = json.dumps(value)


def _own(proto):
    return proto.value if proto.set_value else proto.default


def _slider(proto):
    """Numbers; of a slider over words, the words."""
    if proto.type != proto.SELECT_SLIDER:
        return list(_own(proto))
    return list(proto.raw_value) if proto.set_value else [proto.options[int(place)] for place in proto.default]


def _numbers_or_texts(state, value):
    words = isinstance(value, list) and value and isinstance(value[0], str)
    (_texts if words else _numbers)(state, value)


def _chosen(proto):
    if proto.set_value:
        return proto.raw_value
    return proto.options[proto.default] if proto.HasField("default") else None


def _pressed(proto):
    chosen = [proto.options[number].content for number in proto.default]
    return list(proto.raw_values) if proto.set_value else chosen


KINDS = {
    "slider": (_slider, _numbers_or_texts),
    "number_input": (_own, _field("double_value")),
    "checkbox": (_own, _field("bool_value")),
    "selectbox": (_chosen, _field("string_value")),
    "radio": (_chosen, _field("string_value")),
    "text_input": (_own, _field("string_value")),
    "button_group": (_pressed, _texts),
    "expandable": (lambda block: block.expandable.expanded, _field("bool_value")),
    "bidi_component": (lambda proto: {}, _json),
}
"""Kind of element → the value that the server gives it, and how a value is written into a WidgetState."""
TRIGGERS = ("button", "download_button")


class Widgets:
    """The values of all widgets on the page, by their ids."""

    def __init__(self):
        self.values, self._kinds = {}, {}

    def take(self, kind, proto):
        """A widget has come; it keeps its value unless the server sets one."""
        if kind in KINDS and (proto.id not in self.values or getattr(proto, "set_value", False)):
            self.values[proto.id], self._kinds[proto.id] = KINDS[kind][0](proto), kind

    def keep(self, ids):
        """Forget all others."""
        self.values = {one: value for one, value in self.values.items() if one in ids}

    def put_into(self, states, ids):
        """Write these widgets' values into a WidgetStates; None is no value."""
        for one in ids:
            if self.values.get(one) is not None:
                KINDS[self._kinds[one]][1](states.widgets.add(id=one), self.values[one])


def pressed(one):
    """The state of a button at the moment when it is pressed."""
    return WidgetState(id=one, trigger_value=True)
