"""Every colour can be seen on its paper, and none stands alone."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from qnn_core.errors import InputError
from qnn_core.tokens import (
    DASHES,
    MARKS,
    TOKENS,
    check_token,
    contrast,
    mixed,
    on_dark,
    page_colours,
    parts_of,
    stylesheet,
)
from tests.helpers import is_sentence

SHADES = ("light", "dark")
MEANING = ["first", "second", "qnn", "classical"]


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("name", [name for name, token in TOKENS.items() if token.text])
def test_letters_can_be_read_and_marks_be_seen(name, shade):
    colour = getattr(TOKENS[name], shade)
    assert contrast(colour, getattr(TOKENS["paper"], shade)) >= 4.5
    assert contrast(colour, getattr(TOKENS["panel"], shade)) >= 3


def test_contrast_is_that_of_black_on_white_at_most():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#0B6BB0", "#FFFFFF") == contrast("#FFFFFF", "#0B6BB0") == pytest.approx(5.6, abs=0.05)


def test_colour_is_never_alone():
    marks = [TOKENS[name].mark for name in MEANING]
    assert len(set(marks)) == len(marks)
    assert {token.mark for token in TOKENS.values()} <= set(MARKS)
    assert {token.dash for token in TOKENS.values()} <= set(DASHES)
    assert TOKENS["qnn"].dash != TOKENS["classical"].dash
    assert TOKENS["first"].hatched != TOKENS["second"].hatched


def test_css_has_every_token_twice():
    light, dark = stylesheet(".film", ".film.dark").splitlines()
    for name, token in TOKENS.items():
        assert f"--{name}: {token.light};" in light
        assert f"--{name}: {token.dark};" in dark


def test_unknown_names_are_refused():
    assert check_token("qnn") == "qnn"
    with pytest.raises(InputError) as refused:
        check_token("pink")
    is_sentence(refused.value)


def test_streamlit_has_the_same_colours():
    """The interface takes no digit's colour."""
    config = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text())["theme"]
    names = {
        "primaryColor": "interface",
        "linkColor": "interface",
        "backgroundColor": "paper",
        "secondaryBackgroundColor": "panel",
        "textColor": "ink",
        "borderColor": "line",
    }
    for shade in SHADES:
        colours = {name: colour for name, colour in config[shade].items() if str(colour).startswith("#")}
        assert colours == {name: getattr(TOKENS[token], shade) for name, token in names.items()}


@pytest.mark.parametrize("shade", SHADES)
def test_what_is_no_text_is_seen_as_a_mark(shade):
    assert contrast(getattr(TOKENS["line"], shade), getattr(TOKENS["paper"], shade)) >= 3
    assert contrast(getattr(TOKENS["line"], shade), getattr(TOKENS["panel"], shade)) >= 3


def test_every_token_and_every_grey_has_a_counterpart_on_dark_paper():
    for token in TOKENS.values():
        assert on_dark(token.light.lower()) == token.dark
    paper, ink = TOKENS["paper"], TOKENS["ink"]
    for share in np.linspace(0, 1, 21):
        found = parts_of(on_dark(mixed(paper.light, ink.light, share)))
        assert np.allclose(found, parts_of(mixed(paper.dark, ink.dark, share)), atol=1)
    assert on_dark("#FF0000") == "#FF0000"


def test_a_page_has_every_token_in_both_shades():
    css = page_colours()
    for name, token in TOKENS.items():
        assert f"--{name}: light-dark({token.light}, {token.dark});" in css
