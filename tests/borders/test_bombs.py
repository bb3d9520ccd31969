"""Small files that ask for much memory or time are refused, and the largest allowed ones are bearable."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from qnn_core import model_file
from qnn_core.__main__ import _read_weights
from qnn_core.baselines import EpochRecord
from qnn_core.contest.trial import Trial, read_trials
from qnn_core.data import digits
from qnn_core.data.drawing import MOST_SIDE, clean_photo, prepare_drawing, read_image
from qnn_core.errors import InputError
from qnn_core.npz import MOST_PARTS, open_arrays
from qnn_core.training.run import train
from tests.borders.costs import crossed
from tests.helpers import small


def opened(content):
    return io.BytesIO(content)


@pytest.fixture(scope="module")
def model():
    return model_file.to_bytes(train(small()))


@pytest.fixture(scope="module")
def zeros():
    """A .npy file of 256 MiB, which can be packed into one."""
    return npy((2**25,), body=bytes(2**28))


def with_part(model, name, zeros):
    """A model's file in which the bomb stands under a name."""
    new = io.BytesIO()
    with np.load(opened(model)) as parts:
        np.savez_compressed(new, **{part: parts[part] for part in parts.files if part != name})
    with zipfile.ZipFile(new, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(f"{name}.npy", zeros)
    return new.getvalue()


@pytest.mark.parametrize("name", ["about", "weights", "initial_weights"])
def test_an_array_that_unpacks_without_end(model, zeros, name, tmp_path):
    content = with_part(model, name, zeros)
    assert len(content) < 2**21
    assert not crossed(model_file.load, opened(content))
    (tmp_path / "bomb.npz").write_bytes(content)
    if name == "initial_weights":
        assert not crossed(_read_weights, str(tmp_path / "bomb.npz"))


def test_an_array_that_nobody_asked_for_is_left_alone(model, zeros):
    assert crossed(model_file.load, opened(with_part(model, "more", zeros)))


@pytest.mark.parametrize("members", [MOST_PARTS + 1, 20_000, 150_000])
def test_a_file_of_many_parts(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(members):
            archive.writestr(zipfile.ZipInfo(f"{number}.npy"), b"")
    assert not crossed(model_file.load, opened(content.getvalue()))


def npy(shape, dtype="<f8", body=b"", version=1, header=None):
    """A .npy file that says of itself whatever it likes."""
    header = header or repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
    return (
        b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + body
    )


LIES = {
    "too many": npy((2**40,), body=bytes(800)),
    "one too few": npy((99,), body=bytes(800)),
    "less than none": npy((-1,), body=bytes(8)),
    "nothing often": npy((2**50,), "<U0"),
    "long text": npy((), f"<U{2**28}"),
    "objects": npy((1,), "|O", bytes(8)),
    "records": npy((1,), [("a", "<f8")], bytes(8)),
    "deep header": npy((), header=b"(" * 5000),
    "long header": npy((), version=2, header=b" " * 2**20),
    "version 3": npy((1,), version=3, body=bytes(8)),
    "version 9": npy((1,), version=9, body=bytes(8)),
    "numbers that are none": npy(("a",)),
    "empty": b"",
}


@pytest.mark.parametrize("lie", LIES)
def test_arrays_that_are_not_what_they_say(tmp_path, lie):
    (tmp_path / "plain.npy").write_bytes(LIES[lie])
    with zipfile.ZipFile(tmp_path / "packed.npz", "w") as archive:
        archive.writestr("w0.npy", LIES[lie])
    for name in ("plain.npy", "packed.npz"):
        assert not crossed(_read_weights, str(tmp_path / name))


@pytest.mark.parametrize("text", [False, True])
def test_arrays_that_are_what_they_say(tmp_path, text):
    body = np.array("words").tobytes() if text else np.arange(6.0).tobytes()
    (tmp_path / "good.npy").write_bytes(npy(*(((), "<U5") if text else ((2, 3),)), body=body))
    with open_arrays(tmp_path / "good.npy", "a file", "give another") as found:
        assert list(found) == [""]
        assert found[""].tolist() == ("words" if text else [[0, 1, 2], [3, 4, 5]])
        with pytest.raises(KeyError):
            found["more"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", method) as archive:
        archive.writestr("w0.npy", npy((2**22,), body=bytes(2**25)))
    assert not crossed(_read_weights, str(tmp_path / "bomb.npz"))


@pytest.mark.parametrize(
    "history",
    [
        ",".join(["{}"] * 3_000_000),
        ",".join(["[]"] * 3_000_000),
        "[" * 1_000_000,
        "9" * 5_000_000,
        '{"' + "é" * 10**7,
    ],
    ids=["braces", "lists", "depth", "digits", "name"],
)
def test_a_description_that_asks_for_much(model, history):
    new = io.BytesIO()
    with np.load(opened(model)) as parts:
        text = str(parts["about"])
        about = text[: text.index('"history": [') + len('"history": [')] + history + "]}"
        np.savez_compressed(new, about=np.array(about), weights=parts["weights"])
    assert not crossed(model_file.load, opened(new.getvalue()))


def test_the_longest_history_there_can_be_comes_back():
    history = [EpochRecord(epoch, 1 / 3 + epoch, 1 / 7, 1 / 9, 1 / 11) for epoch in range(100_000)]
    parameters = [np.zeros((4, 2)), np.zeros(2), np.zeros((2, 1)), np.ones(1)]
    content = model_file.baseline_to_bytes("fair", small(epochs=100_000), parameters, history)
    found = []
    assert crossed(lambda: found.append(model_file.load(opened(content))))
    assert found[0].history[-1] == history[-1]._asdict()


# Data folders


def packed_zeros(mebibytes, wbits=31):
    """So many MiB of zeros, packed a thousand times smaller, quickly."""
    packer = zlib.compressobj(9, wbits=wbits)
    first, then = (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + then * (mebibytes - 1) + packer.flush()


@pytest.mark.parametrize("part", ["train_images", "test_labels"])
def test_a_data_file_that_unpacks_without_end(tmp_path, part):
    for name, _, _ in digits.FILES.values():
        (tmp_path / f"{name}.gz").symlink_to(digits.PACKAGED / f"{name}.gz")
    path = tmp_path / f"{digits.FILES[part][0]}.gz"
    path.unlink()
    bomb = packed_zeros(1024)
    assert len(bomb) < 2**21
    path.write_bytes(bomb)
    assert not crossed(digits.load, tmp_path)


def test_a_data_file_that_is_a_device(tmp_path):
    (tmp_path / digits.FILES["train_images"][0]).symlink_to("/dev/zero")
    assert not crossed(digits.load, tmp_path)


# Images


def file_of(image, kind="PNG", **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    content.seek(0)
    return content


@pytest.mark.parametrize("side", [MOST_SIDE + 1, 9_400, 13_300, 15_000])
def test_pictures_of_many_pixels(tmp_path, side):
    image = file_of(Image.new("1", (side, side)))
    assert len(image.getvalue()) < 2**17
    (tmp_path / "large.png").write_bytes(image.getvalue())
    for file in (image, str(tmp_path / "large.png")):
        with pytest.raises(InputError, match="more than 4,000 pixels on a side"):
            read_image(file)
        assert not crossed(read_image, file)


def test_nothing_is_printed_about_a_large_picture(tmp_path):
    Image.new("1", (9_500, 9_500)).save(tmp_path / "large.png")
    code = f"from qnn_core.data.drawing import read_image; read_image({str(tmp_path / 'large.png')!r})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "4,000 pixels" in result.stderr.splitlines()[-1]
    assert "Warning" not in result.stderr


def noise(mode, height, width):
    rng = np.random.default_rng(0)
    small_one = Image.fromarray(rng.integers(0, 255, (height // 8, width // 8), np.uint8))
    return small_one.resize((width, height)).convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_the_largest_pictures_are_bearable(mode):
    image = Image.fromarray(np.zeros((MOST_SIDE, MOST_SIDE), np.uint16)) if mode == "I;16" else None
    file = file_of(image or noise(mode, MOST_SIDE, MOST_SIDE), compress_level=1)
    assert crossed(lambda: clean_photo(read_image(file)))


@pytest.mark.parametrize(("height", "width", "options"), [(9000, 12_000, {}), (4000, 4000, {"progressive": True})])
def test_the_largest_photos_are_bearable(height, width, options):
    file = file_of(noise("L", height, width).convert("RGB"), "JPEG", quality=60, subsampling=0, **options)
    assert crossed(lambda: clean_photo(read_image(file)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_photos_that_are_too_large(options):
    assert not crossed(read_image, file_of(Image.new("L", (60_000, 5_000)), "JPEG", **options))


@pytest.mark.parametrize(
    "ink",
    [
        "a text",
        "",
        None,
        7,
        {},
        {1: [2]},
        object(),
        [[1, 2], [3]],
        [[1, 2], "ab"],
        [["1", "2"], ["3", "4"]],
        [[1j, 2], [3, 4]],
        [[10**400, 1], [1, 1]],
        [[[1], [2]], [[3], [4]]],
        [[None, 1], [1, 1]],
        np.broadcast_to(np.uint8(1), (20_000, 20_000)),
        np.broadcast_to(np.uint8(1), (2, 10**12)),
        [[0] * 5000] * 5000,
        [[[0] * 4000] * 4000] * 4000,
        np.array([["a", "b"]] * 2),
        np.array([[1e300, 1], [1, 1]]),
        np.zeros((4, 4), "datetime64[s]"),
    ],
    ids=lambda ink: type(ink).__name__,
)
def test_what_is_no_drawing(ink):
    assert not crossed(prepare_drawing, ink)


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_the_largest_drawing_is_bearable_and_stays_as_it_is(kind):
    ink = np.zeros((MOST_SIDE, MOST_SIDE), kind)
    ink[500:3500, 1900:2100] = 1
    assert crossed(prepare_drawing, ink)
    assert ink.max() == 1
    ink[500:3500, 1900:2100] = 100
    assert crossed(prepare_drawing, ink)
    assert ink.max() == 100


# Runs


def test_a_runs_file_of_one_endless_line(tmp_path):
    file = tmp_path / "runs.jsonl"
    file.write_bytes(b"[" * 2**28)
    assert crossed(read_trials, file)


def test_a_runs_file_of_many_runs_is_read_for_those_that_are_wanted(tmp_path):
    line, zero = Trial(experiment=small(), error="It failed.").to_json(), '"seed": 0'
    assert zero in line
    file = tmp_path / "runs.jsonl"
    file.write_text("".join(line.replace(zero, f"{zero[:-1]}{seed}") + "\n" for seed in range(20_000)))
    assert crossed(read_trials, file, {small(seed=7)})
    assert len(read_trials(file, {small(seed=7)})) == 1
