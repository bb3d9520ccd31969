"""The data files: what MNIST is, and what happens when a file is not."""

import gzip
import shutil
import struct

import numpy as np
import pytest

from qnn_core.data import digits
from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from tests.helpers import is_sentence, small

NAMES = [name for name, _, _ in digits.FILES.values()]


@pytest.fixture
def folder(tmp_path):
    """A folder with links to the packaged files; a test replaces one of them."""
    for name in NAMES:
        (tmp_path / f"{name}.gz").symlink_to(digits.PACKAGED / f"{name}.gz")
    return tmp_path


@pytest.fixture(scope="session")
def other_images(tmp_path_factory):
    """A folder like Fashion-MNIST: plain IDX files of the same shape with other content."""
    folder = tmp_path_factory.mktemp("fashion")
    rng = np.random.default_rng(5)
    for name, count, _ in digits.FILES.values():
        (folder / name).write_bytes(random_idx(rng, "images" in name, count))
    return folder


def random_idx(rng, images, count):
    if images:
        return struct.pack(">4I", 2051, count, 28, 28) + rng.integers(0, 256, count * 784, np.uint8).tobytes()
    return struct.pack(">2I", 2049, count) + rng.integers(0, 10, count, np.uint8).tobytes()


def replace(folder, name, content):
    path = folder / f"{name}.gz"
    path.unlink()
    path.write_bytes(content)


def unpacked(name):
    return bytearray(gzip.decompress((digits.PACKAGED / f"{name}.gz").read_bytes()))


def repack(content):
    return gzip.compress(bytes(content), compresslevel=1)


def refusal(folder):
    with pytest.raises(InputError) as caught:
        digits.load(folder)
    return is_sentence(caught.value)


def test_mnist_is_mnist():
    data = digits.load(digits.PACKAGED)
    assert data.is_mnist
    assert data.train_images.shape == (60_000, 28, 28)
    assert data.test_images.shape == (10_000, 28, 28)
    assert data.train_images.dtype == data.train_labels.dtype == np.uint8
    # The first training digits of MNIST are 5 0 4 1 9, the first test digits 7 2 1 0 4.
    assert data.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert not data.train_images.flags.writeable


def test_published_image_counts(pair):
    assert len(pair.train_images) == len(pair.train_labels) == 12_049
    assert len(pair.test_images) == len(pair.test_labels) == 1_968


@pytest.mark.parametrize("wanted", [(3, 6), (6, 3), (0, 9)])
def test_a_pair_keeps_file_order_and_labels_the_first_digit_plus_one(wanted):
    data = digits.load(digits.PACKAGED)
    kept = digits.keep_pair(data, wanted)
    for images, labels, part in (
        (kept.train_images, kept.train_labels, "train"),
        (kept.test_images, kept.test_labels, "test"),
    ):
        original = [(k, d) for k, d in enumerate(getattr(data, f"{part}_labels")) if d in wanted]
        assert labels.tolist() == [1.0 if d == wanted[0] else -1.0 for _, d in original]
        middle = len(original) // 2
        assert np.array_equal(images[middle], getattr(data, f"{part}_images")[original[middle][0]])


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(folder, name):
    (folder / f"{name}.gz").unlink()
    text = refusal(folder)
    assert name in text
    assert "missing" in text


def test_an_empty_folder_and_one_that_is_not_there(tmp_path):
    assert NAMES[0] in refusal(tmp_path)
    assert NAMES[0] in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_file_is_named(folder, name):
    packed = (digits.PACKAGED / f"{name}.gz").read_bytes()
    replace(folder, name, packed[: len(packed) // 2])
    text = refusal(folder)
    assert name in text
    assert "cut short" in text


@pytest.mark.parametrize("name", NAMES)
def test_one_altered_byte_is_noticed(folder, name):
    content = unpacked(name)
    content[-1] ^= 1
    replace(folder, name, repack(content))
    text = refusal(folder)
    assert name in text
    assert "MD5" in text


def test_the_packaged_folder_has_to_be_mnist_entirely(folder, monkeypatch):
    # Were all four packaged files altered, they would be no "other images of the same shape".
    rng = np.random.default_rng(0)
    for name, count, _ in digits.FILES.values():
        replace(folder, name, repack(random_idx(rng, "images" in name, count)))
    monkeypatch.setattr(digits, "PACKAGED", folder)
    assert "MD5" in refusal(folder)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda content: b"\x00\x00\x08\x07" + content[4:], "not an IDX file of images"),
        (lambda content: content[:4] + struct.pack(">I", 9_999) + content[8:], "10000 × 28 × 28"),
        (lambda content: content[:-1], "cut short or too long"),
        (lambda content: content + b"\x00", "cut short or too long"),
        (lambda content: b"", "not an IDX file"),
    ],
)
def test_wrong_content_is_told_apart(folder, damage, says):
    name = "t10k-images-idx3-ubyte"
    replace(folder, name, repack(damage(bytes(unpacked(name)))))
    text = refusal(folder)
    assert name in text
    assert says in text


def test_labels_above_nine(folder):
    name = "t10k-labels-idx1-ubyte"
    content = unpacked(name)
    content[100] = 10
    replace(folder, name, repack(content))
    assert f"{name}.gz has labels above 9" in refusal(folder)


def test_not_gzip_at_all(folder):
    replace(folder, NAMES[1], b"these are no digits")
    assert NAMES[1] in refusal(folder)


def test_a_folder_in_the_place_of_a_file(folder):
    (folder / f"{NAMES[1]}.gz").unlink()
    (folder / f"{NAMES[1]}.gz").mkdir()
    assert NAMES[1] in refusal(folder)


def test_other_images_of_the_same_shape_are_welcome(other_images, monkeypatch):
    monkeypatch.setenv("QNN_DATA_DIR", str(other_images))
    assert digits.data_folder() == other_images
    data = digits.load()
    assert not data.is_mnist
    # Random images: about a fifth of them are in two of ten classes, and no two are the same.
    kept = digits.keep_pair(data, (3, 6))
    assert 11_500 < len(kept.train_images) < 12_500
    dataset = prepare(small(grid=4))
    assert dataset.grey_counts.unique == len(kept.train_images)
    assert dataset.grey_counts.contradictory == 0
    monkeypatch.delenv("QNN_DATA_DIR")
    assert prepare(Experiment()).grey_counts.unique == 10_387


def test_plain_files_of_mnist_are_mnist(tmp_path):
    for name in NAMES:
        (tmp_path / name).write_bytes(unpacked(name))
    assert digits.load(tmp_path).is_mnist


def test_a_mixture_is_refused(other_images, folder):
    name = "train-labels-idx1-ubyte"
    (folder / f"{name}.gz").unlink()
    shutil.copy(other_images / name, folder / name)
    assert name in refusal(folder)
