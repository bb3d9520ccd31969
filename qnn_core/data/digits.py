"""Real handwritten digits: 70,000 MNIST images of 28×28 grey pixels, each with its label."""

import hashlib
import os
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path

import numpy as np

from qnn_core.arrays import Array, Bytes
from qnn_core.data.labels import labels_of
from qnn_core.errors import InputError, named

SIDE = 28
GZIP, MOST_OF_GZIP = 31, 2**16
"""zlib's word for a gzip file, and the bytes that packing may add."""
PACKAGED = Path(__file__).parent / "mnist"

FILES = {
    "train_images": ("train-images-idx3-ubyte", 60_000, "6bbc9ace898e44ae57da46a324031adb"),
    "train_labels": ("train-labels-idx1-ubyte", 60_000, "a25bea736e30d166cdddb491f175f624"),
    "test_images": ("t10k-images-idx3-ubyte", 10_000, "2646ac647ad5339dbf082846283269ea"),
    "test_labels": ("t10k-labels-idx1-ubyte", 10_000, "27ae3e4e09519cfbb04c329615203637"),
}
"""Part → file name, number of items, MD5 of the unpacked MNIST file."""


@dataclass(frozen=True)
class Digits:
    """A labelled data set, read-only.

    train_images, test_images: uint8 (m, 28, 28), 0 is background, 255 is full ink.
    train_labels, test_labels: uint8 (m,), the digit 0…9.
    is_mnist: False when QNN_DATA_DIR holds other images of the same shape, such as Fashion-MNIST.
    """

    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes
    is_mnist: bool = True


@dataclass(frozen=True)
class Pair:
    """Only the images of two digits, in file order.

    train_images, test_images: uint8 (m, 28, 28).
    train_labels, test_labels: ±1 as float (m,), +1 is the first digit.
    """

    train_images: Bytes
    train_labels: Array
    test_images: Bytes
    test_labels: Array

    @property
    def nbytes(self) -> int:
        """Bytes of all of it."""
        return sum(part.nbytes for part in (self.train_images, self.train_labels, self.test_images, self.test_labels))


def data_folder() -> Path:
    """The folder with the four IDX files: QNN_DATA_DIR if set, else the copy in this package."""
    return Path(os.environ.get("QNN_DATA_DIR") or PACKAGED)


def load(folder: Path | None = None) -> Digits:
    """Read and verify all four files; each folder is read once per process.

    The packaged files must be MNIST to the last bit. Another folder may hold other images of the same
    shape, but not a mixture of MNIST and something else. Raises InputError naming the file.
    """
    return _load((folder or data_folder()).resolve())


@lru_cache(maxsize=2)
def _load(folder: Path) -> Digits:
    parts: dict[str, Bytes] = {}
    altered: list[Path] = []
    for part, (name, count, md5) in FILES.items():
        shape = _shape(part, count)
        path, content = _unpack(folder, name, len(_header(part, shape)) + prod(shape))
        parts[part] = _parse(path, content, part, shape)
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
            altered.append(path)
    if altered and (folder == PACKAGED.resolve() or len(altered) < len(FILES)):
        raise InputError(
            f"{named(altered[0])} is not the MNIST file of that name (its MD5 differs); "
            "copy the original file there again."
        )
    return Digits(**parts, is_mnist=not altered)


def keep_pair(digits: Digits, pair: tuple[int, int]) -> Pair:
    """Keep the images of two digits and label them +1 (first) and −1 (second)."""
    train = np.isin(digits.train_labels, pair)
    test = np.isin(digits.test_labels, pair)
    return Pair(
        digits.train_images[train],
        labels_of(digits.train_labels[train] == pair[0]),
        digits.test_images[test],
        labels_of(digits.test_labels[test] == pair[0]),
    )


def _unpack(folder: Path, name: str, size: int) -> tuple[Path, bytes]:
    """The bytes of an IDX file, gzipped or not; of a file that is too long only so many that it shows."""
    packed, plain = folder / f"{name}.gz", folder / name
    try:
        path = packed if packed.exists() else plain
        if path.exists() and not path.is_file():
            raise InputError(f"{named(path)} cannot be read, as it is no regular file; put the MNIST file there.")
        with path.open("rb") as stream:
            content = stream.read(size + size // 100 + MOST_OF_GZIP)
        return path, _gunzip(content, size + 1) if path == packed else content
    except FileNotFoundError:
        raise InputError(f"{named(packed)} is missing; put the four MNIST files into {named(folder)}.") from None
    except (EOFError, zlib.error):
        raise InputError(f"{named(path)} is damaged or cut short; copy the original file there again.") from None
    except OSError as error:
        raise InputError(f"{named(packed)} cannot be read ({error.strerror}); check the file.") from None


def _gunzip(packed: bytes, most: int) -> bytes:
    """At most so many bytes of what is packed. Raises EOFError or zlib.error if it is damaged."""
    unpacker = zlib.decompressobj(wbits=GZIP)
    content = unpacker.decompress(packed, most)
    if len(content) < most and not unpacker.eof:
        raise EOFError
    return content


def _shape(part: str, count: int) -> tuple[int, ...]:
    return (count, SIDE, SIDE) if "images" in part else (count,)


def _header(part: str, shape: tuple[int, ...]) -> bytes:
    """How an IDX file of this shape begins: magic number, then sizes."""
    return struct.pack(f">{1 + len(shape)}I", 2051 if "images" in part else 2049, *shape)


def _parse(path: Path, content: bytes, part: str, shape: tuple[int, ...]) -> Bytes:
    """The array in an IDX file: its header, then unsigned bytes."""
    images, header = "images" in part, _header(part, shape)
    if content[:4] != header[:4]:
        raise InputError(f"{named(path)} is not an IDX file of {'images' if images else 'labels'}; replace it.")
    if content[: len(header)] != header:
        raise InputError(f"{named(path)} does not hold {' × '.join(map(str, shape))} values; replace it.")
    if len(content) - len(header) != prod(shape):
        raise InputError(f"{named(path)} is cut short or too long; copy the original file there again.")
    array = np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)
    if not images and array.max() > 9:
        raise InputError(f"{named(path)} has labels above 9; replace it.")
    return array
