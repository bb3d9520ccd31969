"""One description of a run: what it accepts, what it refuses and how it says so."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from qnn_core.baselines import BASELINES
from qnn_core.circuit import LAYERS
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.engines import ENGINES, GRADIENTS
from qnn_core.errors import InputError
from qnn_core.experiment import NAMED_PARTS, Experiment
from qnn_core.families import FAMILIES, Family, Part
from qnn_core.presets import PRESETS
from qnn_core.training.losses import LOSSES
from qnn_core.training.starts import STARTS
from tests.helpers import is_sentence

# DESIGN.md, "The one description of a run".
DEFAULTS = {
    "digits": [3, 6],
    "grid": 4,
    "resample": "sample",
    "remove_contradictions": "grey",
    "threshold": 0.5,
    "encoding": "basis",
    "layers": ["XX", "ZZ"],
    "examples": 500,
    "epochs": 3,
    "batch_size": 32,
    "loss": "hinge",
    "learning_rate": 0.001,
    "start": "uniform",
    "shuffle": True,
    "seed": 0,
    "engine": "aer",
    "gradient": "exact",
}

DIGITS = st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True).map(tuple)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "digits": DIGITS,
        "grid": st.integers(2, 28),
        "resample": st.sampled_from(list(RESAMPLERS)),
        "remove_contradictions": st.sampled_from(["grey", "binary", "off"]),
        "threshold": st.floats(0, 1, exclude_max=True),
        "encoding": st.sampled_from(list(ENCODINGS)),
        "layers": st.lists(st.sampled_from(["XX", "YY", "ZZ"]), min_size=1, max_size=8).map(tuple),
        "examples": st.none() | st.integers(2, 60_000),
        "epochs": st.integers(1, 100_000),
        "batch_size": st.none() | st.integers(1, 60_000),
        "loss": st.sampled_from(list(LOSSES)),
        "learning_rate": st.floats(0, 1, exclude_min=True),
        "start": st.sampled_from(list(STARTS)),
        "shuffle": st.booleans(),
        "seed": st.integers(0, 2**32 - 1),
        "engine": st.sampled_from(list(ENGINES)),
        "gradient": st.sampled_from(list(GRADIENTS)),
    },
)


def valid(fields):
    try:
        return Experiment.parse(fields)
    except InputError:
        assume(False)


def test_defaults_are_the_tutorial():
    assert Experiment().model_dump(mode="json") == DEFAULTS
    assert Experiment().pixels == 16


@given(FIELDS)
def test_json_round_trip(fields):
    experiment = valid(fields)
    again = Experiment.parse(experiment.model_dump_json())
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert Experiment.parse(experiment.model_dump(mode="json")) == experiment
    assert {name: getattr(experiment, name) for name in fields} == fields


@given(FIELDS, FIELDS)
def test_different_descriptions_are_different(one, other):
    first, second = valid(one), valid(other)
    assert (first == second) == (first.model_dump() == second.model_dump())


def test_strings_from_a_url_or_command_line():
    fields = {"grid": "3", "threshold": "0.25", "digits": ["1", "7"], "shuffle": "false", "examples": "100"}
    experiment = Experiment.parse(fields)
    assert (experiment.grid, experiment.threshold, experiment.digits) == (3, 0.25, (1, 7))
    assert (experiment.shuffle, experiment.examples) == (False, 100)


def test_frozen():
    with pytest.raises(ValidationError):
        Experiment().grid = 3


def test_with_checks_again():
    assert Experiment().with_(grid=3) == Experiment(grid=3)
    with pytest.raises(InputError):
        Experiment().with_(grid=5)
    assert Experiment().with_(grid=5, engine="contraction").pixels == 25


BAD = [
    ({"digits": (3, 3)}, "digits"),
    ({"digits": (3,)}, "digits"),
    ({"digits": (3, 6, 9)}, "digits"),
    ({"digits": (3, 10)}, "digits"),
    ({"digits": (-1, 6)}, "digits"),
    ({"digits": None}, "digits"),
    ({"grid": 1}, "grid"),
    ({"grid": 29}, "grid"),
    ({"grid": 2.5}, "grid"),
    ({"grid": "x"}, "grid"),
    ({"threshold": 1.0}, "threshold"),
    ({"threshold": -0.1}, "threshold"),
    ({"threshold": float("nan")}, "threshold"),
    ({"layers": ()}, "layers"),
    ({"layers": ("XX",) * 33}, "layers"),
    ({"layers": ("XX", "QQ")}, "QQ"),
    ({"layers": ("xx",)}, "xx"),
    ({"examples": 1}, "examples"),
    ({"epochs": 0}, "epochs"),
    ({"epochs": None}, "epochs"),
    ({"epochs": 100_001}, "epochs"),
    ({"batch_size": 0}, "batch_size"),
    ({"loss": "focal"}, "loss"),
    ({"learning_rate": 0}, "learning_rate"),
    ({"learning_rate": float("inf")}, "learning_rate"),
    ({"learning_rate": float("nan")}, "learning_rate"),
    ({"seed": -1}, "seed"),
    ({"seed": 2**32}, "seed"),
    ({"shuffle": "perhaps"}, "shuffle"),
    ({"remove_contradictions": "maybe"}, "remove_contradictions"),
    ({"resample": "nearest"}, "nearest"),
    ({"encoding": "amplitude"}, "amplitude"),
    ({"start": "zero"}, "zero"),
    ({"engine": "gpu"}, "gpu"),
    ({"gradient": "adjoint"}, "adjoint"),
    ({"colour": "red"}, "colour"),
    ({"grid": 5, "engine": "aer"}, "grid of 5"),
    ({"layers": ("XX", "ZZ") * 6, "engine": "contraction"}, "12 alternating layers"),
]


@pytest.mark.parametrize(("fields", "named"), BAD, ids=str)
def test_every_refusal_is_a_sentence_that_names_the_culprit(fields, named):
    with pytest.raises(InputError) as caught:
        Experiment.parse(fields)
    text = is_sentence(caught.value)
    assert named in text
    assert " but it should be" not in text
    assert "tuple" not in text or fields["digits"] is None
    with pytest.raises(ValueError):  # noqa: PT011
        Experiment(**fields)


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", "null", '{"digits": [1]}', '{"grid": 4', "{'grid': 4}"])
def test_bad_json_is_a_sentence(text):
    with pytest.raises(InputError) as caught:
        Experiment.parse(text)
    is_sentence(caught.value)


def test_an_unknown_part_is_answered_with_the_ones_there_are():
    for field, noun in NAMED_PARTS.items():
        with pytest.raises(InputError) as caught:
            Experiment.parse({field: "unheard-of"})
        assert all(name in str(caught.value) for name in FAMILIES[noun])


@pytest.mark.parametrize(
    "family",
    [LAYERS, RESAMPLERS, ENCODINGS, LOSSES, STARTS, ENGINES, GRADIENTS, BASELINES, PRESETS],
    ids=lambda f: f.noun,
)
def test_every_part_of_every_family_introduces_itself(family):
    assert FAMILIES[family.noun] is family
    assert len(family) == len(list(family)) > 0
    assert len({part.title for part in family.values()}) == len(family)
    for name in family:
        part = family[name]
        assert isinstance(part, Part)
        assert part.name == name
        assert name in family
        assert part.title
        assert part.blurb.endswith(".")


def test_a_new_part_is_accepted_everywhere(monkeypatch):
    monkeypatch.setitem(FAMILIES, "start", FAMILIES["start"])
    Family("start", *FAMILIES["start"].values(), Part("mine", "Mine", "A start of my own."))
    assert Experiment(start="mine").start == "mine"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({1: 2}, "There is no setting called 1;"),
        ({None: 1}, "There is no setting called 'None';"),
        ({b"grid": 3}, "There is no setting called \"b'grid'\";"),
        ({"grid": 10**5000}, "grid is something of type int that cannot be shown,"),
        ({"grid": "9" * 10**6}, "grid is '9999"),
        ({"x" * 10**6: 1}, "There is no setting called 'xxxx"),
        ({"layers": ["Q" * 10**6]}, "There is no layer called 'QQQQ"),
        ({"threshold": [1] * 10**6}, "threshold is [1, 1,"),
    ],
    ids=["number", "nothing", "bytes", "huge", "long", "long name", "long layer", "long list"],
)
def test_what_is_given_is_repeated_as_far_as_80_characters(fields, says):
    with pytest.raises(InputError) as caught:
        Experiment.parse(fields)
    text = str(caught.value)
    assert text.startswith(says)
    assert len(text) < 400
