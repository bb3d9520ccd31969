"""The one panel that sets the Experiment: a control for each of its fields, the same on every page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any

import streamlit as st

from pages.ui import strip
from pages.ui.desk import Desk, desk
from pages.ui.said import plain
from qnn_core import ENCODINGS, LAYERS, Experiment, InputError
from qnn_core.circuit import ARRANGEMENTS, arrange, qubit_count
from qnn_core.engines import ENGINES, EXACT
from qnn_core.experiment import NAMED_PARTS
from qnn_core.families import FAMILIES
from qnn_core.words import power

DEFAULT = Experiment()
OWN = "Your own sequence"
MOST_BLOCKS = 4
KEPT = ("digits", "grid")
"""What a class keeps when it takes over a named run."""
REMOVALS = {"grey": "Before threshold", "binary": "After it", "off": "No"}
GREY_REMOVALS = {"grey": "Yes", "off": "No"}


@dataclass(frozen=True)
class Control:
    """How one field of an Experiment is set.

    label: what it is called. draw(desk, control): draws it. help: more words. step, format: of its numbers.
    all_label: of the switch that sets the field to None, which stands for all.
    """

    field: str
    label: str
    draw: Callable[[Desk, "Control"], None]
    help: str = ""
    step: float | None = None
    format: str | None = None
    all_label: str = ""

    @property
    def about(self) -> str:
        """The help text, or else what the field itself says."""
        description = str(Experiment.model_fields[self.field].description)
        return self.help or f"{description[0].upper()}{description[1:]}."


def bounds(field: str) -> tuple[float | None, float | None]:
    """The least and the largest value that a field takes, None where there is no such bound.

    A bound that is itself not allowed counts, as a control cannot stand between two numbers.
    """
    marks = Experiment.model_fields[field].metadata
    low = next((getattr(mark, name) for mark in marks for name in ("ge", "gt") if hasattr(mark, name)), None)
    high = next((getattr(mark, name) for mark in marks for name in ("le", "lt") if hasattr(mark, name)), None)
    return low, high


def panel(*inline: str, across: bool = False, status: bool = True) -> Experiment:
    """Draw the panel and return the Experiment that is on the desk.

    inline: fields whose controls are drawn here, in the page, side by side if `across`; the others go to the
    sidebar. status: show there what is being computed for this Experiment.
    """
    own = desk()
    places = st.columns(len(inline)) if across else [st.container() for _ in inline]
    for name, place in zip(inline, places, strict=True):
        with place:
            _draw(own, name)
    with st.sidebar:
        for title, names in GROUPS.items():
            rest = [name for name in names if name not in inline]
            if rest:
                _group(own, title, rest)
        st.button("Back to the tutorial's settings", on_click=own.set, args=(DEFAULT,), width="stretch")
    for note in own.notes:
        st.warning(plain(note), icon=":material/link:")
    if own.news:
        st.caption(plain(own.news))
    if status:
        strip.of_training(own.experiment)
    return own.experiment


def _group(own: Desk, title: str, names: list[str]) -> None:
    """A part of the panel. What is closed is not drawn: on most pages the controls would be most of the work."""
    refused = own.refused is not None and own.refused.control in names
    place = own.fold(title, key=opened(title), forced=refused)
    if place.open:
        with place:
            for name in names:
                _draw(own, name)


def opened(title: str) -> str:
    """The name of the choice whether this group is open."""
    return f"{title} is open"


def adopt(run: Experiment) -> None:
    """Take over a named run, but with the class's own digits and grid; for button callbacks. What changed is said."""
    own = desk()
    before, kept = own.experiment, {name: getattr(own.experiment, name) for name in KEPT}
    try:
        wanted = run.with_(**kept)
    except InputError:  # its engine cannot take this grid
        wanted = run.with_(**kept, **EXACT)
    names = [name for name in Experiment.model_fields if getattr(before, name) != getattr(wanted, name)]
    changes = [f"{CONTROLS[name].label} {in_words(getattr(wanted, name))}" for name in names]
    digits = " and ".join(map(str, own.experiment.digits))
    own.set(wanted, f"Set for this run: {'; '.join(changes)}. Still {digits}." if changes else "")


def in_words(value: Any) -> str:
    """A setting as a class reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "all" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _draw(own: Desk, name: str) -> None:
    """One control, and why its last change was refused, with what would help."""
    CONTROLS[name].draw(own, CONTROLS[name])
    if own.refused is None or own.refused.control != name:
        return
    st.error(plain(own.refused.why), icon=":material/error:")
    if own.refused.instead is not None:
        st.button(
            "Do it with the exact contraction", on_click=own.set, args=(own.refused.instead,), key=f"{name}_exact"
        )


# The kinds of controls


def _family(own: Desk, control: Control) -> None:
    family = FAMILIES[NAMED_PARTS[control.field]]
    own.draw(
        st.segmented_control,
        control.label,
        list(family),
        required=True,
        format_func=lambda name: family[name].title,
        help="  \n".join(f"**{part.title}**: {part.blurb}" for part in family.values()),
        **_one_field(own, control),
    )


def _names(titles: Mapping[str, str], own: Desk, control: Control) -> None:
    """A menu of these names; a value that is not among them is shown as the default."""
    one_field = _one_field(own, control)
    shown = one_field["value"] if one_field["value"] in titles else getattr(DEFAULT, control.field)
    own.draw(
        st.segmented_control,
        control.label,
        list(titles),
        required=True,
        format_func=lambda name: titles[name],
        **{**one_field, "value": shown},
    )


def _grid(own: Desk, control: Control) -> None:
    """A grid too large for the chosen engine takes the exact contraction along, and it is said."""

    def change(grid: int) -> None:
        before = own.experiment
        own.change(control.field, grid=grid)
        if own.refused is not None and own.refused.instead is not None:
            qubits = qubit_count(own.refused.instead)
            title = ENGINES[before.engine].title
            own.set(
                own.refused.instead,
                f"{qubits} qubits have {power(2, qubits)} amplitudes, too many for {title}: from here on the exact "
                "contraction computes the same numbers without them.",
            )

    _slider(own, control, change)


def _removal(own: Desk, control: Control) -> None:
    """Grey pictures have no threshold, and so nothing that comes before or after it."""
    _names(REMOVALS if _makes_bits(own) else GREY_REMOVALS, own, control)


def _threshold(own: Desk, control: Control) -> None:
    if _makes_bits(own):
        _slider(own, control)
    else:
        st.caption("There is no threshold to set: this encoding keeps the greys.")


def _makes_bits(own: Desk) -> bool:
    return ENCODINGS[own.experiment.encoding].makes_bits


def _slider(own: Desk, control: Control, keep: Callable[[Any], None] | None = None) -> None:
    """keep: what happens to a new value, if not just the change of the field."""
    low, high = bounds(control.field)
    step = control.step or 1
    if control.step is not None and high is not None:
        high -= control.step  # the bound itself is not allowed
    kind = type(getattr(DEFAULT, control.field))
    options = {"min_value": kind(low), "max_value": kind(high), "step": kind(step), "help": control.about}
    field = _one_field(own, control)
    own.draw(st.slider, control.label, **options, **{**field, "keep": keep or field["keep"]})


def _number(own: Desk, control: Control) -> None:
    kind = type(getattr(DEFAULT, control.field))
    value = getattr(own.experiment, control.field)
    if control.all_label:
        own.draw(
            st.toggle,
            control.all_label,
            key=f"{control.field}_all",
            value=value is None,
            keep=lambda everything: own.change(
                control.field,
                **{
                    control.field: None
                    if everything
                    else own.choices.get(control.field, getattr(DEFAULT, control.field))
                },
            ),
        )
    if value is None:
        return
    own.choices[control.field] = value  # comes back when the switch is turned off
    low, high = bounds(control.field)
    own.draw(
        st.number_input,
        control.label,
        min_value=kind(low) if low is not None else None,
        max_value=kind(high) if high is not None else None,
        step=control.step,
        format=control.format,
        help=control.about,
        **_one_field(own, control),
    )


def _switch(own: Desk, control: Control) -> None:
    own.draw(st.toggle, control.label, help=control.about, **_one_field(own, control))


def _one_field(own: Desk, control: Control) -> dict[str, Any]:
    """Key, value and what happens to a new value, of a widget that is one field."""
    name = control.field
    return {
        "key": name,
        "value": getattr(own.experiment, name),
        "keep": lambda new: own.change(name, **{name: new}),
    }


def _digits(own: Desk, control: Control) -> None:
    digits, menu = own.experiment.digits, list(range(10))

    def choose(place: int, digit: int) -> None:
        # Choosing the other one's digit exchanges them: nobody means the same digit twice.
        pair = list(digits[::-1] if digit == digits[1 - place] else digits)
        pair[place] = digit
        own.change("digits", digits=tuple(pair))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        for place, (key, label) in enumerate((("first", "First digit (+1)"), ("second", "Second digit (−1)"))):
            own.draw(st.selectbox, label, menu, key=key, value=digits[place], keep=partial(choose, place), width=150)
        st.button(
            "Swap",
            key="swap_digits",
            icon=":material/swap_horiz:",
            on_click=own.change,
            args=("digits",),
            kwargs={"digits": digits[::-1]},
            help="The second digit becomes +1, the first −1.",
        )


def _layers(own: Desk, control: Control) -> None:
    shown = layer_menu(own.experiment.layers, own.choices.get("arrangement", "grouped"))
    if own.choices.get("own_layers"):
        shown = {**shown, "kinds": OWN}

    def rebuild(**part: Any) -> None:
        wanted = {**shown, **part}
        own.choose("own_layers", wanted["kinds"] == OWN)
        own.choose("arrangement", wanted["arrangement"])
        if wanted["kinds"] != OWN:
            layers = arrange(wanted["kinds"].split(", "), wanted["blocks"], wanted["arrangement"])
            own.change("layers", layers=layers)

    # Side by side where there is room, and one below the other where there is not: never narrower than their words.
    row = st.container(horizontal=True, vertical_alignment="bottom", key="layers_row")
    kinds_help = "  \n".join(f"**{kind}**: {part.blurb}" for kind, part in LAYERS.items())
    own.draw(
        row.selectbox,
        "Kinds of layers",
        kinds_menu(),
        key="kinds",
        value=shown["kinds"],
        keep=lambda kinds: rebuild(kinds=kinds),
        help=kinds_help,
        width=210,
    )
    if shown["kinds"] == OWN:
        own.draw(
            st.text_input,
            "Your sequence",
            key="own",
            value=",".join(own.experiment.layers),
            keep=lambda text: own.change("layers", layers=written_out(text)),
            help=f"Any of {', '.join(LAYERS)}, with commas.",
        )
        return
    own.draw(
        row.slider,
        "Layers of each kind",
        1,
        MOST_BLOCKS,
        key="blocks",
        value=shown["blocks"],
        keep=lambda blocks: rebuild(blocks=blocks),
        width=210,
    )
    own.draw(
        row.segmented_control,
        "Arrangement",
        list(ARRANGEMENTS),
        required=True,
        key="arrangement",
        value=shown["arrangement"],
        keep=lambda arrangement: rebuild(arrangement=arrangement),
        help="  \n".join(f"**{name}**: {text}" for name, text in ARRANGEMENTS.items()),
    )


def kinds_menu() -> tuple[str, ...]:
    """The menu of layers: the tutorial's two kinds, every other pair, all of them, and a sequence of one's own."""
    pairs = [", ".join(pair) for pair in permutations(LAYERS, 2)]
    return tuple(dict.fromkeys([", ".join(DEFAULT.layers), *pairs, ", ".join(LAYERS), OWN]))


def layer_menu(layers: tuple[str, ...], arrangement: str) -> dict[str, Any]:
    """Kinds, blocks and arrangement that give these layers, or OWN. arrangement: the one to name if both fit."""
    arrangements = sorted(ARRANGEMENTS, key=lambda name: name != arrangement)
    for kinds in kinds_menu()[:-1]:
        for blocks in range(1, MOST_BLOCKS + 1):
            for name in arrangements:
                if arrange(kinds.split(", "), blocks, name) == layers:
                    return {"kinds": kinds, "blocks": blocks, "arrangement": name}
    return {"kinds": OWN, "blocks": 1, "arrangement": arrangement}


def written_out(text: str) -> tuple[str, ...]:
    """Layers as somebody types them: names with commas, in any case."""
    return tuple(layer.strip().upper() for layer in text.split(",") if layer.strip())


CONTROLS = {
    control.field: control
    for control in (
        Control("digits", "Digits", _digits),
        Control("grid", "Grid side", _grid, help="Side of the shrunken image. The statevector engine stops at 4."),
        Control("resample", "Shrink by", _family),
        Control("remove_contradictions", "Remove contradictions", _removal),
        Control("threshold", "Threshold", _threshold, step=0.01),
        Control("encoding", "Encoding", _family),
        Control("layers", "Layers", _layers),
        Control("examples", "Examples", _number, step=50, all_label="All training images"),
        Control("epochs", "Epochs", _number),
        Control("batch_size", "Batch size", _number, all_label="All examples in one batch"),
        Control("loss", "Loss", _family),
        Control("learning_rate", "Learning rate", _number, step=0.001, format="%.4f"),
        Control("start", "Initial weights", _family),
        Control("seed", "Seed", _number),
        Control("shuffle", "Shuffle in each epoch", _switch),
        Control("engine", "Engine", _family),
        Control("gradient", "Gradient", _family),
    )
}
"""Field → its control, in the order of the Experiment."""
GROUPS: dict[str, Iterable[str]] = {
    "Picture": ("digits", "grid", "resample", "remove_contradictions", "threshold", "encoding"),
    "Network": ("layers",),
    "Training": ("examples", "epochs", "batch_size", "loss", "learning_rate", "start", "seed", "shuffle"),
    "Engine": ("engine", "gradient"),
}
