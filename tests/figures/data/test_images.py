"""The pictures show the data: every number drawn is a number put in."""

import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from qnn_core.data import dataset
from qnn_core.data.digits import SIDE
from qnn_core.data.shrink import RESAMPLERS, shrink
from qnn_core.experiment import Experiment
from qnn_core.figures.data import images
from qnn_core.figures.data.tiles import tiles
from qnn_core.tokens import TOKENS, parts_of

EXPERIMENT = Experiment(engine="contraction")
GREYS = st.floats(0, 1, width=32)
GRIDS = st.integers(2, 28)


@pytest.fixture(scope="module")
def digit():
    """A three, uint8 (28, 28)."""
    return dataset.pair_of(EXPERIMENT).train_images[0]


def seen(png):
    """Grey values and their one ink of a tile, as a browser decodes them: uint8 (rows, columns) each."""
    ink, opaque = np.moveaxis(np.asarray(Image.open(BytesIO(png)).convert("LA")), -1, 0)
    return opaque, ink


@given(arrays(np.float64, st.tuples(st.integers(1, 12), st.just(4), st.just(4)), elements=GREYS))
def test_every_tile_is_its_picture_in_the_ink_of_the_theme(pictures):
    for token in (TOKENS["ink"].light, TOKENS["ink"].dark):
        shown = [seen(png) for png in tiles(pictures, token)]
        assert np.array_equal([opaque for opaque, _ in shown], np.round(255 * pictures))
        assert {int(letter) for _, ink in shown for letter in np.unique(ink)} == {parts_of(token)[0]}


def test_tiles_take_bytes_and_flat_images():
    pictures = dataset.pair_of(EXPERIMENT).train_images[:6]
    shown = tiles(pictures, TOKENS["ink"].light)
    assert np.array_equal([seen(png)[0] for png in shown], pictures)
    assert tiles(pictures.reshape(6, -1), TOKENS["ink"].light) == shown


@given(GRIDS, st.sampled_from(list(RESAMPLERS)))
def test_plotly_can_place_every_frame_and_line(grid, resample):
    pair = dataset.pair_of(EXPERIMENT)
    figures = [
        images.sampled_cells(pair.train_images[0], grid, resample),
        images.bits(np.eye(grid)),
    ]
    for shape in (shape for figure in figures for shape in figure.layout.shapes if shape.type == "path"):
        # Relative commands (small letters) would be drawn in screen pixels, or not at all.
        assert set(re.findall("[a-zA-Z]", shape.path)) <= set("MHVZ")


def test_image28_is_drawn_upright_and_unchanged(digit):
    figure = images.image28(digit)
    assert np.array_equal(figure.data[0].z, digit / 255)
    top, bottom = figure.layout.yaxis.range[1], figure.layout.yaxis.range[0]
    assert top < bottom


@given(GRIDS)
def test_cells_are_read_at_their_centres(grid):
    centres = (np.arange(grid) + 0.5) * SIDE / grid - 0.5
    assert np.allclose(images.read_points(grid, "sample"), centres)
    # Pixels that a border cuts move the mean of the others a little.
    for resample in RESAMPLERS:
        assert np.abs(images.read_points(grid, resample) - centres).max() < 0.5


@given(GRIDS, st.sampled_from(list(RESAMPLERS)))
def test_every_cell_says_what_it_becomes(grid, resample):
    image = dataset.pair_of(EXPERIMENT).train_images[0]
    marks = images.sampled_cells(image, grid, resample).data[1]
    assert np.array_equal(marks.customdata, shrink(image[None], grid, resample)[0])
    assert marks.text[1] == "r0c1"
    assert marks.x[1] > marks.x[0]
    assert marks.y[1] == marks.y[0]


def test_at_four_by_four_the_points_are_the_tutorials(digit):
    marks = images.sampled_cells(digit, 4, "sample").data[1]
    read = digit[marks.y.astype(int), marks.x.astype(int)]
    assert np.array_equal(read, digit[3::7, 3::7].ravel())
    assert np.array_equal(read / 255, marks.customdata)
    assert marks.opacity == 1


def test_averaged_cells_are_tinted_instead_of_pointed_at(digit):
    figure = images.sampled_cells(digit, 4, "area")
    tinted = [shape for shape in figure.layout.shapes if shape.fillcolor]
    assert figure.data[1].opacity == 0
    assert tinted[0].path.count("M") == 4 * 4 / 2


@pytest.mark.parametrize(("grid", "written"), [(2, True), (7, True), (8, False)])
def test_grey_values_are_written_while_there_is_room(grid, written, digit):
    values = shrink(digit[None], grid, "sample")[0]
    figure = images.shrunken(values)
    assert np.array_equal(np.asarray(figure.data[0].z).ravel(), values)
    assert bool(figure.data[0].texttemplate) == written
    assert not images.shrunken(values, numbers=False).data[0].texttemplate


def test_bits_are_written_as_digits_and_greys_as_fractions():
    assert images.bits(np.eye(4)).data[0].texttemplate == "%{z:.0f}"
    assert images.bits(np.full((4, 4), 0.37)).data[0].texttemplate == "%{z:.2~f}"
    assert not images.bits(np.eye(28)).data[0].texttemplate


@given(
    arrays(
        np.float64, st.tuples(st.integers(1, 9), st.just(16)), elements=st.integers(0, 255).map(lambda v: v / 255)
    ),
)
def test_histogram_counts_every_pixel(grey):
    figure = images.grey_histogram(grey)
    (bars,) = figure.data
    assert np.sum(bars.y) == grey.size
    for middle, count in zip(bars.x, bars.y, strict=True):
        near = np.abs(grey - middle) < 0.5 / len(bars.x) - 1e-6
        opens = np.abs(grey - (middle - 0.5 / len(bars.x))) < 1e-6
        last = (grey == 1) & (middle > 0.99)
        assert count == np.count_nonzero(near | opens | last)
    assert figure.layout.yaxis.type == "log"


def test_flow_names_every_stage_and_what_it_lost():
    counts = [("threes and sixes", 12_049), ("kept", 11_520)]
    figure = images.counts_flow(counts)
    assert list(figure.data[0].x) == [12_049, 11_520]
    assert [note.text for note in figure.layout.annotations] == ["threes and sixes", "kept"]
    assert "12,049" in figure.data[0].text[0]
    assert "−529" in figure.data[0].text[1]
