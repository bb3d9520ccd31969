"""Figures for dark paper are those for light paper with every colour exchanged."""

import numpy as np
import plotly.graph_objects as go
import pytest

from qnn_core.experiment import Experiment
from qnn_core.figures import theme
from qnn_core.figures.circuit.star import overview_svg, star_svg
from qnn_core.figures.data.images import shrunken
from qnn_core.figures.training.gauge import gauge_svg
from qnn_core.tokens import TOKENS, contrast
from tests.visitor import sent

DARK = {token.dark for token in TOKENS.values()}
LIGHT = {token.light for token in TOKENS.values()} - DARK


def test_every_colour_of_a_chart_is_exchanged_and_nothing_else():
    figure = go.Figure(shrunken(np.eye(4)))
    figure.add_annotation(text="a", font={"color": theme.FIRST})
    figure.add_annotation(text="b", font={"color": theme.SECOND})
    dark = theme.adapted(figure, dark=True)
    assert [note.font.color for note in dark.layout.annotations] == [
        TOKENS["first"].dark,
        TOKENS["second"].dark,
    ]
    assert dark.layout.template.layout.font.color == TOKENS["ink"].dark
    assert sent(dark)["data"][0]["z"] == sent(figure)["data"][0]["z"]
    assert not any(colour in dark.to_json() for colour in LIGHT)


def test_colours_in_lists_are_exchanged_too():
    figure = go.Figure(go.Bar(x=[1, 2], y=[3, 4], marker={"color": [theme.FIRST, theme.MUTED]}))
    assert list(theme.adapted(figure, dark=True).data[0].marker.color) == [TOKENS["first"].dark, TOKENS["muted"].dark]


@pytest.mark.parametrize(
    "picture",
    [star_svg(Experiment(), weights=np.linspace(0, 2, 32)), overview_svg(Experiment()), gauge_svg(0.3, (3, 6))],
    ids=["star", "overview", "gauge"],
)
def test_svg_pictures_have_a_dark_counterpart(picture):
    dark = theme.shaded_svg(picture)
    assert not any(colour in dark for colour in LIGHT)
    assert dark.count("#") == picture.count("#")


@pytest.mark.parametrize("half_turns", np.linspace(-1, 1, 41))
def test_letters_are_read_on_every_weight(half_turns):
    fill = theme.weight_colour(half_turns)
    assert contrast(theme.text_on(fill), fill) >= 4.5
    assert fill == theme.weight_colour(-half_turns)


def test_a_drag_over_a_chart_scrolls_the_page():
    assert go.Figure().layout.template.layout.dragmode is False
