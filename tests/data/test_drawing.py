"""A drawn digit becomes an MNIST-like image, wherever and however large it was drawn."""

import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from scipy.ndimage import maximum_filter

from qnn_core.baselines import BASELINES, train_epochs
from qnn_core.data.drawing import MOST_SIDE, PHOTO, clean_photo, prepare_drawing, read_image
from qnn_core.data.shrink import shrink
from qnn_core.errors import InputError
from qnn_core.training.loop import engine_of
from tests.helpers import is_sentence

CANVAS = 280
STROKE = [(0, 10), (30, 0), (60, 20), (30, 45), (65, 70), (30, 95), (0, 80)]


def drawn(left=100, top=90, scale=1.0, width=12, ink=255):
    """A three in a few strokes on a 280×280 canvas."""
    image = Image.new("L", (CANVAS, CANVAS))
    points = [(left + scale * x, top + scale * y) for x, y in STROKE]
    ImageDraw.Draw(image).line(points, fill=ink, width=round(scale * width), joint="curve")
    return np.asarray(image)


def redrawn(digit, *, scale=1.0, place=None, thicken=0):
    """A test digit on a 280×280 canvas: ten times as large times `scale`, moved (0…1, 0…1), thickened by pixels."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    crop = Image.fromarray(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    size = tuple(min(CANVAS, max(1, round(10 * scale * side))) for side in crop.size)
    canvas = Image.new("L", (CANVAS, CANVAS))
    corner = (10 * columns[0], 10 * rows[0])
    if place is not None:
        corner = tuple(round(share * (CANVAS - side)) for share, side in zip(place, size, strict=True))
    canvas.paste(crop.resize(size, Image.Resampling.BICUBIC), tuple(map(int, corner)))
    return maximum_filter(np.asarray(canvas), 2 * thicken + 1)


CHANGES = {
    "moved": lambda rng: {"place": rng.random(2)},
    "small": lambda rng: {"place": rng.random(2), "scale": 0.6},
    "large": lambda rng: {"place": rng.random(2), "scale": 1.4},
    "thickened": lambda rng: {"thicken": 4},
    "all": lambda rng: {"place": rng.random(2), "scale": rng.uniform(0.6, 1.4), "thicken": int(rng.integers(0, 7))},
}


@pytest.fixture(scope="module")
def models(to_the_end):
    """Name → verdicts (m,) of bits (m, 16): True for a three."""
    experiment = to_the_end.experiment
    fair = BASELINES["fair"].build(experiment)
    train_epochs(fair, experiment, 1, BASELINES["fair"].tutorial.epochs)
    engine = engine_of(experiment)
    return {
        "QNN": lambda bits: engine.expectation(bits, to_the_end.weights) > 0,
        "fair": lambda bits: fair.decision_function(bits) > 0,
    }


@pytest.fixture(scope="module")
def sample(pair):
    rows = np.random.default_rng(0).choice(len(pair.test_images), 600, replace=False)
    return pair.test_images[rows], pair.test_labels[rows] > 0


def bits_of(images):
    return (shrink(np.asarray(images), 4, "sample") > 0.5).astype(float)


@pytest.mark.parametrize("change", CHANGES)
def test_redrawn_test_digits_keep_their_accuracy(models, sample, change):
    rng = np.random.default_rng(1)
    images, threes = sample
    prepared = [prepare_drawing(redrawn(image, **CHANGES[change](rng))).image for image in images]
    for name, verdict in models.items():
        untouched = np.mean(verdict(bits_of(images)) == threes)
        found = np.mean(verdict(bits_of(prepared)) == threes)
        assert untouched > 0.8
        assert found > untouched - 0.03, (name, untouched, found)


def test_without_preparation_they_would_not(models, sample):
    # Else the test above could pass with no preparation at all.
    rng = np.random.default_rng(1)
    images, threes = sample
    squeezed = [
        np.asarray(Image.fromarray(redrawn(image, **CHANGES["small"](rng))).resize((28, 28))) for image in images
    ]
    assert (
        np.mean(models["fair"](bits_of(squeezed)) == threes)
        < np.mean(models["fair"](bits_of(images)) == threes) - 0.1
    )


def test_a_test_digit_redrawn_in_place_stays_what_it_was(sample):
    images, _ = sample
    differences, shifted = [], []
    for image in images:
        prepared = prepare_drawing(redrawn(image)).image.astype(float)
        original = image.astype(float)
        differences.append(np.abs(prepared - original).mean() / 255)
        neighbours = [np.roll(original, step, axis) for axis in (0, 1) for step in (-1, 1)]
        shifted.append(min(np.abs(prepared - moved).mean() / 255 for moved in neighbours))
    assert np.mean(differences) < 0.03
    # A centre of mass close to the edge of a pixel may fall on the other side of it.
    assert np.mean(np.less(differences, shifted)) > 0.8


@given(st.integers(0, 180), st.integers(0, 150))
def test_where_it_is_drawn_does_not_matter(left, top):
    reference, moved = prepare_drawing(drawn(100, 90)), prepare_drawing(drawn(left + 10, top + 10))
    assert np.array_equal(reference.image, moved.image)
    shift = np.array([left - 90, top - 80])
    assert np.array_equal(np.subtract(moved.box, reference.box), [*shift, *shift])


@given(st.floats(0.6, 1.8))
def test_how_large_it_is_drawn_hardly_matters(scale):
    reference = prepare_drawing(drawn()).image.astype(float)
    image = prepare_drawing(drawn(50, 40, scale)).image.astype(float)
    # As with the original, the whole picture may end up one pixel further.
    moved = [np.roll(image, step, (0, 1)) for step in itertools.product((-1, 0, 1), repeat=2)]
    assert min(np.abs(one - reference).mean() for one in moved) < 0.04 * 255


@given(st.integers(20, 255))
def test_how_dark_the_ink_is_does_not_matter(ink):
    assert np.array_equal(prepare_drawing(drawn(ink=ink)).image, prepare_drawing(drawn()).image)
    assert np.array_equal(prepare_drawing(drawn() / 255.0).image, prepare_drawing(drawn()).image)


def test_the_result_looks_like_mnist():
    image, box = prepare_drawing(drawn())
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
    assert image.max() == 255
    left, top, right, bottom = box
    ink = drawn() > 0
    assert not np.delete(ink, slice(top, bottom), axis=0).any()
    assert not np.delete(ink, slice(left, right), axis=1).any()
    for line in (ink[top], ink[bottom - 1], ink[:, left], ink[:, right - 1]):
        assert line.any()
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert rows[-1] - rows[0] + 1 == 20
    # The aspect stays: the stroke is narrower than high.
    assert columns[-1] - columns[0] + 1 == round(20 * (right - left) / (bottom - top))
    # Antialiased: some greys between.
    assert ((image > 30) & (image < 220)).sum() > 20


def test_the_centre_of_mass_is_mnists(sample):
    images, _ = sample
    at = np.arange(28) + 0.5
    for image in [
        drawn(),
        drawn(scale=1.5, left=20, top=20),
        *(redrawn(digit, place=(0.9, 0.1)) for digit in images[:40]),
    ]:
        prepared = prepare_drawing(image).image.astype(float)
        for axis in (0, 1):
            mass = prepared.sum(axis=axis)
            # As far as a 20-pixel side can be moved within 28 pixels.
            ink = np.flatnonzero(mass)
            centre = mass @ at / mass.sum()
            assert 13.8 < centre < 15.2 or ink[0] == 0 or ink[-1] == 27


def canvas(value=0.0):
    return np.full((CANVAS, CANVAS), value)


def with_dot(radius):
    y, x = np.mgrid[:CANVAS, :CANVAS]
    return ((x - 140) ** 2 + (y - 140) ** 2 < radius**2).astype(float)


def with_one(value):
    spoilt = drawn().astype(float)
    spoilt[3, 3] = value
    return spoilt


@pytest.mark.parametrize(
    ("ink", "says"),
    [
        (canvas(), "empty"),
        (canvas(-1), "empty"),
        (with_dot(2), "dot"),
        (canvas(1.0), "full"),
        (canvas(255), "full"),
        (canvas(0.001), "full"),
        (np.pad(np.zeros((20, 20)), 130, constant_values=1), "full"),
        (canvas(np.nan), "not a grey picture"),
        (with_one(np.nan), "not a grey picture"),
        (with_one(np.inf), "not a grey picture"),
        (np.zeros((CANVAS, CANVAS, 4)), "not a grey picture"),
        (np.zeros(CANVAS), "not a grey picture"),
        (np.zeros((0, 0)), "not a grey picture"),
        (np.ones((1, 1)), "not a grey picture"),
    ],
)
def test_no_verdict_without_a_digit(ink, says):
    with pytest.raises(InputError) as caught:
        prepare_drawing(ink)
    assert says in is_sentence(caught.value)


def test_thin_and_wide_strokes_are_digits():
    line = canvas()
    line[20:260, 140:143] = 1
    assert prepare_drawing(line).image.max() == 255
    assert prepare_drawing(line.T).image.any()
    assert prepare_drawing(drawn(40, 40, 2.0, width=30)).image.any()


def save(path, image, mode="L"):
    Image.fromarray(image).convert(mode).save(path)
    return str(path)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "1", "P"])
def test_image_files_of_every_mode(tmp_path, mode):
    ink = read_image(save(tmp_path / "three.png", drawn(), mode))
    assert np.array_equal(prepare_drawing(ink).image, prepare_drawing(drawn()).image)


def test_dark_on_light_light_on_dark_and_transparent(tmp_path):
    expected = prepare_drawing(drawn()).image
    dark = read_image(save(tmp_path / "dark.png", 255 - drawn()))
    assert np.array_equal(prepare_drawing(dark).image, expected)
    transparent = np.zeros((CANVAS, CANVAS, 4), np.uint8)
    transparent[..., 3] = drawn()
    Image.fromarray(transparent).save(tmp_path / "transparent.png")
    assert np.array_equal(prepare_drawing(read_image(str(tmp_path / "transparent.png"))).image, expected)


def test_files_that_are_no_images(tmp_path):
    text = tmp_path / "three.png"
    text.write_text("not a picture")
    cut = tmp_path / "cut.png"
    save(cut, drawn())
    cut.write_bytes(cut.read_bytes()[:300])
    for path in (text, cut, tmp_path / "nowhere.png", tmp_path):
        with pytest.raises(InputError) as caught:
            read_image(str(path))
        assert str(path) in is_sentence(caught.value)


def test_a_phone_photo_is_turned_upright(tmp_path):
    upright, path = Image.fromarray(255 - drawn()), tmp_path / "photo.png"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    upright.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)
    np.testing.assert_allclose(read_image(str(path)), drawn() / 255, atol=1e-6)


def test_sixteen_bits(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray((255 - drawn()).astype(np.uint16) * 257).save(path)
    assert Image.open(path).mode == "I;16"
    np.testing.assert_allclose(read_image(str(path)), drawn() / 255, atol=1e-6)


def sent(image, kind="PNG", **options):
    """An image as an open file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind, **options)
    file.seek(0)
    return file


def test_an_open_file_is_read_like_its_path(tmp_path):
    path = save(tmp_path / "three.png", 255 - drawn())
    with open(path, "rb") as file:
        np.testing.assert_array_equal(read_image(file), read_image(path))


def test_sent_files_are_png_or_jpeg_only():
    # Pillow reads many more kinds, some with the help of other programs; a visitor's file gets none of them.
    for kind in ("GIF", "BMP", "TIFF", "EPS"):
        with pytest.raises(InputError, match="PNG or JPEG"):
            read_image(sent(drawn(), kind))
    assert read_image(sent(255 - drawn(), "JPEG")).max() > 0.9


def test_a_sent_image_that_would_fill_the_memory():
    for shape in ((MOST_SIDE + 1, 10), (10, MOST_SIDE + 1), (9000, 9000)):
        with pytest.raises(InputError) as caught:
            read_image(sent(np.zeros(shape, np.uint8)))
        assert "4,000 pixels on a side" in is_sentence(caught.value)
    assert read_image(sent(np.zeros((MOST_SIDE, 10), np.uint8))).shape == (MOST_SIDE // 2, 5)
    assert read_image(sent(np.zeros((MOST_SIDE // 2, 10), np.uint8))).shape == (MOST_SIDE // 2, 10)


def test_a_large_photo_is_read_at_a_part_of_its_size():
    photo = np.full((MOST_SIDE + 1000, MOST_SIDE + 1000), 255, np.uint8)
    assert max(read_image(sent(photo, "JPEG")).shape) < len(photo)
    # A progressive one would have to be kept whole.
    with pytest.raises(InputError, match="4,000 pixels"):
        read_image(sent(photo, "JPEG", progressive=True))
    assert max(read_image(sent(photo[:3000], "JPEG", progressive=True)).shape) < len(photo)


@given(st.integers(0, 10_000), st.floats(0.5, 1), st.floats(0.5, 1), st.floats(0, 0.03), st.integers(1, 4))
def test_a_photo_of_a_drawing_is_the_drawing(seed, left, top, grain, larger):
    ink = np.kron(drawn(60, 50, 1.8), np.ones((larger, larger)))
    side = len(ink)
    light = np.linspace(left, 0.95, side)[None, :] * np.linspace(top, 1, side)[:, None]
    noise = np.random.default_rng(seed).normal(0, grain, ink.shape)
    photo = np.clip(light * (1 - 0.8 * ink / 255) + noise, 0, 1)
    cleaned = clean_photo((1 - photo).astype(np.float32))
    assert cleaned.dtype == np.uint8
    assert max(cleaned.shape) == PHOTO
    found, expected = (prepare_drawing(one).image.astype(float) for one in (cleaned, drawn(60, 50, 1.8)))
    # As with the original, the whole picture may end up one pixel further.
    moved = [np.roll(found, step, (0, 1)) for step in itertools.product((-1, 0, 1), repeat=2)]
    assert min(np.abs(one - expected).mean() for one in moved) < 0.05 * 255


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3, 3), (2000, 10), (28, 28)])
def test_photos_of_odd_shapes(shape):
    for value in (0.0, 0.5, 1.0):
        with pytest.raises(InputError):  # a sentence, not a verdict
            prepare_drawing(clean_photo(np.full(shape, value, np.float32)))
