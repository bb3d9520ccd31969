"""Shrinking, against independent computations in floating point."""

import numpy as np
import pytest

from qnn_core.data.shrink import RESAMPLERS, shrink
from qnn_core.errors import InputError

GRIDS = range(2, 29)


@pytest.fixture(scope="module")
def images(pair):
    noise = np.random.default_rng(1).integers(0, 256, (2, 28, 28), np.uint8)
    return np.concatenate([pair.train_images[:3], noise])


def bilinear(image, grid):
    """tf.image.resize without antialias: read at (i + ½)·28/grid − ½, clamped to the picture."""
    at = np.clip((np.arange(grid) + 0.5) * 28 / grid - 0.5, 0, 27)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, 27)
    part = at - low
    rows = image[low] * (1 - part)[:, None] + image[high] * part[:, None]
    return rows[:, low] * (1 - part) + rows[:, high] * part


def cell_means(image, grid):
    """Each pixel becomes grid×grid equal parts; then each cell has exactly 28×28 of them."""
    parts = np.kron(image.astype(float), np.ones((grid, grid)))
    return parts.reshape(grid, 28, grid, 28).mean(axis=(1, 3))


INDEPENDENT = {"sample": bilinear, "area": cell_means}


def test_every_resampler_has_an_independent_description():
    assert set(INDEPENDENT) == set(RESAMPLERS)


@pytest.mark.parametrize("resample", RESAMPLERS)
@pytest.mark.parametrize("grid", GRIDS)
def test_agrees_with_the_independent_description(images, grid, resample):
    expected = [INDEPENDENT[resample](image, grid).ravel() / 255 for image in images]
    np.testing.assert_allclose(shrink(images, grid, resample), expected, atol=1e-13)


def test_sample_to_4x4_is_every_seventh_pixel_exactly(pair):
    expected = pair.train_images[:, 3::7, 3::7].reshape(-1, 16) / 255
    assert np.array_equal(shrink(pair.train_images, 4, "sample"), expected)


@pytest.mark.parametrize("resample", RESAMPLERS)
def test_to_28x28_nothing_changes(images, resample):
    assert np.array_equal(shrink(images, 28, resample), images.reshape(-1, 784) / 255)


@pytest.mark.parametrize("resample", RESAMPLERS)
@pytest.mark.parametrize("grid", GRIDS)
def test_flat_pictures_stay_flat_and_greys_stay_in_range(grid, resample):
    flat = np.stack([np.full((28, 28), value, np.uint8) for value in (0, 100, 255)])
    assert np.array_equal(shrink(flat, grid, resample), np.repeat([[0], [100 / 255], [1]], grid**2, axis=1))


@pytest.mark.parametrize("resample", RESAMPLERS)
def test_rows_and_columns_are_not_mixed_up(resample):
    image = np.zeros((1, 28, 28), np.uint8)
    image[:, :14] = 255
    assert shrink(image, 2, resample)[0].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("resample", RESAMPLERS)
def test_equal_pictures_stay_equal_whatever_their_neighbours(pair, resample):
    # Contradictions are counted by exact equality, so no sum may depend on how images are batched.
    together = shrink(pair.test_images[:200], 5, resample)
    alone = np.concatenate([shrink(image[None], 5, resample) for image in pair.test_images[:200]])
    assert np.array_equal(together, alone)


def test_unknown_resampler():
    with pytest.raises(InputError, match="no resampler called 'nearest'"):
        shrink(np.zeros((1, 28, 28), np.uint8), 4, "nearest")
