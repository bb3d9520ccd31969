"""Whatever comes in is taken, or refused by one sentence, in two seconds and 200 MiB.

By default 2,000 inputs, the same each time. The long run, with new ones each time:

    QNN_FUZZ=100000 python -m pytest tests/borders/test_borders.py --timeout 0
"""

import os
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from qnn_core.data.drawing import prepare_drawing
from qnn_core.experiment import Experiment
from tests.borders.borders import BORDERS, TOTAL
from tests.borders.costs import crossed

MANY = settings(
    max_examples=max(1, TOTAL // (len(BORDERS) + 2)),
    derandomize="QNN_FUZZ" not in os.environ,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def seeds(name):
    return BORDERS[name].seeds()


@pytest.mark.parametrize("name", BORDERS)
def test_good_input_is_taken(name):
    for seed in seeds(name):
        assert crossed(BORDERS[name].cross, seed)


@st.composite
def altered(draw, name):
    """A good input with some bytes changed, cut out, doubled or put in; or no good input at all."""
    content = bytearray(draw(st.sampled_from(seeds(name)) | st.binary(max_size=300)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content)))
        until = min(len(content), place + draw(st.sampled_from([0, 1, 4, 40, 400])))
        other = draw(
            st.binary(max_size=8)
            | st.sampled_from(
                [b"9" * 5000, b"\xff" * 4, b"\x7f\xff\xff\xff", b"null", b"-1", b"NaN", b"[" * 300, b"\0"]
            )
            | st.just(bytes(content[place:until]) * draw(st.sampled_from([0, 2, 50])))
        )
        content[place:until] = other
    return bytes(content)


@pytest.mark.parametrize("name", BORDERS)
def test_anything_is_taken_or_refused(name):
    @MANY
    @given(altered(name))
    def every(content):
        crossed(BORDERS[name].cross, content)

    every()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=12,
)
LONG = st.sampled_from(["x" * 10**6, 10**4000, [1] * 10**5, "9" * 10**5, {"a": ["b"] * 10**5}, -(10**400)])
GOOD = st.sampled_from(list(Experiment().model_dump().values()))
KEYS = st.sampled_from(list(Experiment.model_fields)) | st.none() | st.integers() | st.text() | st.binary()


@MANY
@given(ANYTHING | st.dictionaries(KEYS, GOOD | ANYTHING | LONG, max_size=6))
def test_any_fields_of_an_experiment(fields):
    crossed(Experiment.parse, fields)


@MANY
@given(
    ANYTHING
    | arrays(scalar_dtypes(), array_shapes(max_dims=4, max_side=50))
    | st.lists(st.lists(st.floats() | ANYTHING))
)
def test_any_drawing(ink):
    crossed(prepare_drawing, ink)
