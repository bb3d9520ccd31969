"""Arrays come out of files with nothing executed, and nothing unpacked that was not asked for: any file is safe."""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from numpy.lib import format as npy
from numpy.typing import NDArray

from qnn_core.errors import InputError, named

MOST_BYTES = 2**26
"""Of one array. The description of a run of 100,000 epochs has 54 million, the CNN's largest layer 5 million."""
MOST_PARTS = 100
"""In one file."""
MOST_OF_DIRECTORY = 2**18
"""Bytes of a zip directory that are read: an entry has at least 46, however many a file says that there are."""
KINDS = "biufcU"
"""Numbers and text, never objects: NumPy's letters for them."""
HEADERS: dict[tuple[int, int], Callable[..., Any]] = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
}


@contextmanager
def open_arrays(file: str | Path | BinaryIO, what: str, advice: str) -> Iterator["Arrays"]:
    """All arrays of an `.npz` file by name; the one of an `.npy` file under the name "". Each is read when asked for.

    what: what the file should be; advice: what to do if it is not. Raises InputError with one sentence.
    """
    with _opened(file, what, advice) as stream:
        yield Arrays(stream, f"{named(file)} is not {what}; {advice}.")


class Arrays(Mapping[str, NDArray[Any]]):
    """The arrays of an open file, each read when it is asked for, and only if its header fits its size."""

    def __init__(self, stream: BinaryIO, refusal: str) -> None:
        self._refusal = refusal
        with self._refusing():
            self._parts = _parts(stream)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Raises KeyError if there is no such array, and InputError if it cannot be read."""
        open_part, size = self._parts[name]
        with self._refusing():
            with open_part() as part:
                _check_header(part, size)
            with open_part() as part:
                array: NDArray[Any] = npy.read_array(part, allow_pickle=False)
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except Exception:  # a file with a few bytes changed makes NumPy and zipfile raise almost anything
            raise InputError(self._refusal) from None


def _opened(file: str | Path | BinaryIO, what: str, advice: str) -> AbstractContextManager[BinaryIO]:
    if not isinstance(file, str | Path):
        return nullcontext(file)
    try:
        if os.path.isfile(file):  # a pipe would be waited for
            return open(file, "rb")
        there = os.path.exists(file)
    except (OSError, ValueError):
        there = True
    problem = f"{named(file)} is not {what}" if there else f"There is no file {named(file)}"
    raise InputError(f"{problem}; {advice}.")


def _parts(stream: BinaryIO) -> dict[str, tuple[Callable[[], Any], int]]:
    """Name → how it is opened, and its unpacked bytes, as the directory of the file says."""
    size = stream.seek(0, os.SEEK_END)
    if _from_the_start(stream).read(len(npy.MAGIC_PREFIX)) == npy.MAGIC_PREFIX:
        return {"": (lambda: nullcontext(_from_the_start(stream)), size)}
    reader = _Sips(stream)
    archive = ZipFile(reader)
    reader.most = MOST_BYTES
    entries = archive.infolist()
    # NumPy writes these two; others unpack without end before one can look.
    if len(entries) > MOST_PARTS or any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise ValueError("no file of NumPy's")
    return {entry.filename.removesuffix(".npy"): (partial(archive.open, entry), entry.file_size) for entry in entries}


def _from_the_start(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


class _Sips:
    """A file that gives at most so many bytes at once: a longer directory is a damaged one."""

    def __init__(self, file: BinaryIO, most: int = MOST_OF_DIRECTORY) -> None:
        self._file, self.most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        return self._file.read(self.most if size < 0 else min(size, self.most))


def _check_header(part: BinaryIO, size: int) -> None:
    """Raises ValueError unless the array fills the part, is bearable, and holds numbers or text."""
    shape, _, dtype = HEADERS[npy.read_magic(part)](part)
    told = math.prod(shape) * dtype.itemsize
    if dtype.kind not in KINDS or not dtype.itemsize or min(shape, default=0) < 0:
        raise ValueError("no array of numbers or text")
    if size > MOST_BYTES or told != size - part.tell():
        raise ValueError("an array of another size than it says")
