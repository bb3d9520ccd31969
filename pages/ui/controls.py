"""The one panel that sets the Experiment: the same widgets on every page, kept in the session and the URL."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import permutations
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.ui import models, training
from qnn_core import ENGINES, LAYERS, STARTS, Experiment, InputError
from qnn_core.circuit import ARRANGEMENTS, arrange
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.engines import EXACT, GRADIENTS
from qnn_core.families import Family

DEFAULT = Experiment()
OWN = "Your own sequence"
MAX_BLOCKS = 4
REMOVALS = {"grey": "Before threshold", "binary": "After it", "off": "No"}
KEPT: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
"""What every widget of the panel has: its value stays across pages and is in the address."""

LIMITS: dict[str, tuple[float, float]] = {
    "grid": (2, 28),
    "threshold": (0.0, 0.99),
    "blocks": (1, MAX_BLOCKS),
    "examples": (2, 12_700),
    "epochs": (1, 5_000),
    "batch": (1, 12_700),
    "rate": (0.0001, 0.5),
    "seed": (0, 2**31),
    "picture": (0, 13_006),
}
FAMILY_OF: dict[str, Family[Any]] = {
    "resample": RESAMPLERS,
    "encoding": ENCODINGS,
    "start": STARTS,
    "engine": ENGINES,
    "gradient": GRADIENTS,
}
SWITCHES = ("all_examples", "whole_batch", "shuffle", "keep_trained")


def kinds_menu() -> tuple[str, ...]:
    """The menu of layers: the tutorial's two kinds, every other pair, all of them, and a sequence of one's own."""
    pairs = [", ".join(pair) for pair in permutations(LAYERS, 2)]
    return tuple(dict.fromkeys([", ".join(DEFAULT.layers), *pairs, ", ".join(LAYERS), OWN]))


def choices() -> dict[str, dict[str, str]]:
    """Key → name in an Experiment → title in the menu. Streamlit writes titles into the address; both can be read."""
    digits = {digit: digit for digit in "0123456789"}
    return {
        "first": digits,
        "second": digits,
        "remove": REMOVALS,
        "kinds": {kinds: kinds for kinds in kinds_menu()},
        "arrangement": {name: name for name in ARRANGEMENTS},
        **{key: {name: part.title for name, part in family.items()} for key, family in FAMILY_OF.items()},
    }


def values_of(experiment: Experiment) -> dict[str, Any]:
    """The widget values that stand for an Experiment."""
    return {
        "first": experiment.digits[0],
        "second": experiment.digits[1],
        "grid": experiment.grid,
        "resample": experiment.resample,
        "remove": experiment.remove_contradictions,
        "threshold": experiment.threshold,
        "encoding": experiment.encoding,
        **_layer_values(experiment.layers),
        "all_examples": experiment.examples is None,
        "examples": experiment.examples or DEFAULT.examples,
        "epochs": experiment.epochs,
        "whole_batch": experiment.batch_size is None,
        "batch": experiment.batch_size or DEFAULT.batch_size,
        "rate": experiment.learning_rate,
        "start": experiment.start,
        "shuffle": experiment.shuffle,
        "seed": experiment.seed,
        "engine": experiment.engine,
        "gradient": experiment.gradient,
    }


def _layer_values(layers: tuple[str, ...]) -> dict[str, Any]:
    """Kinds, blocks and arrangement that give these layers, or the layers written out."""
    for kinds in kinds_menu()[:-1]:
        for blocks in range(1, MAX_BLOCKS + 1):
            for arrangement in ARRANGEMENTS:
                if arrange(kinds.split(", "), blocks, arrangement) == layers:
                    return {"kinds": kinds, "blocks": blocks, "arrangement": arrangement, "own": "XX,ZZ,XX"}
    return {"kinds": OWN, "blocks": 1, "arrangement": "grouped", "own": ",".join(layers)}


DEFAULTS = values_of(DEFAULT)


def choose(experiment: Experiment) -> None:
    """Set the whole panel to an Experiment; for button callbacks."""
    st.session_state.update(values_of(experiment))


def panel(*inline: str, across: bool = False, status: bool = True) -> Experiment:
    """Draw the panel and return the Experiment that it describes.

    inline: names from CONTROLS to draw here, in the page, side by side if `across`; the others go to the
    sidebar. status: show there what this Experiment's run is doing. Settings that do not fit together are
    named in one sentence, and the last ones that did are used.
    """
    _first_values()
    _carry_over()
    places = st.columns(len(inline)) if across else [st.container() for _ in inline]
    for name, place in zip(inline, places, strict=True):
        with place:
            CONTROLS[name]()
    with st.sidebar:
        for title, names in GROUPS.items():
            rest = [name for name in names if name not in inline]
            if rest:
                with st.expander(title, expanded=False):
                    for name in rest:
                        CONTROLS[name]()
        st.button("Back to the tutorial's settings", on_click=choose, args=(DEFAULT,), width="stretch")
    # A control that is not drawn just now (the own sequence) may not be in the session yet.
    experiment = _best({key: st.session_state.get(key, value) for key, value in DEFAULTS.items()})
    st.session_state["last_good"] = experiment
    for note in st.session_state["address_notes"]:
        st.warning(note, icon=":material/link:")
    if status:
        training.status_line(experiment)
    return experiment


def _best(values: dict[str, Any]) -> Experiment:
    """The Experiment of these widget values or, after one sentence, the nearest that can be shown.

    Every page shows numbers of the contraction, so it has to fit them too.
    """
    try:
        experiment = _experiment(values)
        models.check(experiment)
        return experiment
    except InputError as error:
        problem = error
    try:
        instead = _experiment({**values, **EXACT})
        models.check(instead)
    except InputError:
        st.error(f"{problem} Until then the last settings that fit are used.", icon=":material/error:")
        last: Experiment = st.session_state.get("last_good", DEFAULT)
        return last
    st.warning(f"{problem} Until then this page uses the exact contraction.", icon=":material/error:")
    st.button("Use the exact contraction", on_click=lambda: st.session_state.update(EXACT))
    return instead


def _experiment(value: dict[str, Any]) -> Experiment:
    """Widget values → Experiment. Raises InputError."""
    if value["kinds"] == OWN:
        layers = tuple(layer.strip().upper() for layer in str(value["own"]).split(",") if layer.strip())
    else:
        layers = arrange(value["kinds"].split(", "), value["blocks"], value["arrangement"])
    return Experiment.parse(
        {
            "digits": (value["first"], value["second"]),
            "grid": value["grid"],
            "resample": value["resample"],
            "remove_contradictions": value["remove"],
            "threshold": value["threshold"],
            "encoding": value["encoding"],
            "layers": layers,
            "examples": None if value["all_examples"] else value["examples"],
            "epochs": value["epochs"],
            "batch_size": None if value["whole_batch"] else value["batch"],
            "learning_rate": value["rate"],
            "start": value["start"],
            "shuffle": value["shuffle"],
            "seed": value["seed"],
            "engine": value["engine"],
            "gradient": value["gradient"],
        }
    )


def _first_values() -> None:
    """On the first run of a session: defaults, and one sentence for each setting in the address that is wrong."""
    if "address_notes" in st.session_state:
        return
    address = dict(st.query_params)
    st.session_state["address_notes"] = [
        note for key, text in address.items() if (note := address_problem(key, text))
    ]
    for key, text in address.items():
        if choices().get(key, {}).get(text, text) != text:
            st.session_state[key] = text  # a name where Streamlit expects a title


def _carry_over() -> None:
    """On the first run of another page: give this page's widgets, and its address, the last page's values.

    Streamlit (1.67) does so itself, but only at the end of that run, so that the page would first be drawn
    with the values it had when it was last left.
    """
    before, here = st.session_state.get("panel_page"), st.session_state.get("page")
    st.session_state["panel_page"] = here
    if before in {None, here}:
        return
    for key, default in {**DEFAULTS, "picture": 0, "same_examples": False}.items():
        if key in st.session_state:
            value = st.session_state[key] = st.session_state[key]
            if value != default and key != "same_examples":
                # Streamlit keeps the address of a key that it has already bound to a widget of this page.
                with suppress(StreamlitAPIException):
                    st.query_params[key] = _in_address(key, value)


def _in_address(key: str, value: Any) -> str:
    """A widget's value as Streamlit writes it into the address."""
    if isinstance(value, bool):
        return str(value).lower()
    return choices().get(key, {}).get(str(value), str(value))


def address_problem(key: str, text: str) -> str | None:
    """What is wrong with `key=text` in the address, or None. Streamlit itself drops such values silently."""
    ignored = f"The address says {key}={text!r}, which was ignored:"
    if key in choices():
        names = choices()[key]
        fits = text in names or text in names.values()
        return None if fits else f"{ignored} {key} must be one of {'; '.join(names)}."
    if key in LIMITS:
        low, high = LIMITS[key]
        return None if _in_range(text, low, high) else f"{ignored} {key} must be a number from {low:,} to {high:,}."
    if key in SWITCHES:
        return None if text in {"true", "false"} else f"{ignored} {key} must be true or false."
    return None if key == "own" else f"{ignored} there is no such setting."


def _in_range(text: str, low: float, high: float) -> bool:
    try:
        return low <= float(text) <= high
    except ValueError:
        return False


# One function for each control; help texts come from the parts themselves.


def _titles(family: Family[Any]) -> Callable[[str], str]:
    return lambda name: family[name].title


def _pick(label: str, key: str, default: str, family: Family[Any]) -> None:
    help_text = "  \n".join(f"**{part.title}**: {part.blurb}" for part in family.values())
    st.segmented_control(
        label,
        list(family),
        default=default,
        required=True,
        format_func=_titles(family),
        key=key,
        help=help_text,
        **KEPT,
    )


def _number(label: str, key: str, default: float, help_text: str, **options: Any) -> None:
    low, high = (type(default)(limit) for limit in LIMITS[key])
    st.number_input(label, low, high, default, key=key, help=help_text, **options, **KEPT)


def _digits() -> None:
    left, right = st.columns(2)
    digits = list(range(10))
    left.selectbox("First digit (+1)", digits, DEFAULT.digits[0], key="first", **KEPT)
    right.selectbox("Second digit (−1)", digits, DEFAULT.digits[1], key="second", **KEPT)


def _grid() -> None:
    low, high = LIMITS["grid"]
    help_text = "Side of the shrunken image. The statevector engine stops at 4."
    st.slider("Grid side", int(low), int(high), DEFAULT.grid, key="grid", help=help_text, **KEPT)


def _remove() -> None:
    st.segmented_control(
        "Remove contradictions",
        list(REMOVALS),
        default="grey",
        required=True,
        format_func=lambda name: REMOVALS[name],
        key="remove",
        **KEPT,
    )


def _threshold() -> None:
    low, high = LIMITS["threshold"]
    help_text = "A pixel becomes 1 if its grey value is above this."
    st.slider("Threshold", low, high, DEFAULT.threshold, 0.01, key="threshold", help=help_text, **KEPT)


def _layers() -> None:
    left, middle, right = st.columns([3, 2, 3])
    left.selectbox("Kinds of layers", kinds_menu(), key="kinds", **KEPT)
    if st.session_state.get("kinds") == OWN:
        known = ", ".join(LAYERS)
        st.text_input("Your sequence", "XX,ZZ,XX", key="own", help=f"Any of {known}, with commas.", **KEPT)
        return
    middle.slider("Layers of each kind", 1, MAX_BLOCKS, 1, key="blocks", **KEPT)
    right.segmented_control(
        "Arrangement",
        list(ARRANGEMENTS),
        default="grouped",
        required=True,
        key="arrangement",
        help="  \n".join(f"**{name}**: {text}" for name, text in ARRANGEMENTS.items()),
        **KEPT,
    )


def _examples() -> None:
    st.toggle("All training images", key="all_examples", **KEPT)
    _number("Examples", "examples", 500, "So many training images, from the start of the file.", step=50)


def _epochs() -> None:
    _number("Epochs", "epochs", 3, "Passes over the examples.")


def _batch() -> None:
    st.toggle("All examples in one batch", key="whole_batch", **KEPT)
    _number("Batch size", "batch", 32, "Examples in each step.")


def _rate() -> None:
    _number("Learning rate", "rate", 0.001, "Adam's step, in half-turns.", step=0.001, format="%.4f")


def _seed() -> None:
    _number("Seed", "seed", 0, "Gives the initial weights and the order of the examples.")
    st.toggle("Shuffle in each epoch", True, key="shuffle", **KEPT)


CONTROLS: dict[str, Callable[[], None]] = {
    "digits": _digits,
    "grid": _grid,
    "resample": lambda: _pick("Shrink by", "resample", "sample", RESAMPLERS),
    "remove": _remove,
    "threshold": _threshold,
    "encoding": lambda: _pick("Encoding", "encoding", "basis", ENCODINGS),
    "layers": _layers,
    "examples": _examples,
    "epochs": _epochs,
    "batch": _batch,
    "rate": _rate,
    "start": lambda: _pick("Initial weights", "start", "uniform", STARTS),
    "seed": _seed,
    "engine": lambda: _pick("Engine", "engine", "aer", ENGINES),
    "gradient": lambda: _pick("Gradient", "gradient", "exact", GRADIENTS),
}
GROUPS: dict[str, Iterable[str]] = {
    "Picture": ("digits", "grid", "resample", "remove", "threshold", "encoding"),
    "Network": ("layers",),
    "Training": ("examples", "epochs", "batch", "rate", "start", "seed"),
    "Engine": ("engine", "gradient"),
}
