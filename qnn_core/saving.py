"""A file is written as a whole or not at all: until the new one is complete, the old one stays."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from qnn_core.errors import InputError, named

AnyPath = str | Path


def check_place(path: AnyPath) -> None:
    """Raises InputError unless a file can be written here: a new or a regular one, in a folder that can be written.

    A device, a pipe or a folder is refused: what is sent to a full device never ends, and a pipe cannot be replaced.
    """
    try:
        place = Path(os.path.realpath(path))
        mode = place.stat().st_mode if _is_there(place) else stat.S_IFREG
    except (OSError, ValueError) as error:  # a name too long, or with a zero byte in it
        raise _refusal(path, error) from None
    if not stat.S_ISREG(mode):
        raise InputError(f"The file {named(path)} cannot be written, as it is no regular file; give another name.")
    if _is_there(place) and not os.access(place, os.W_OK):
        raise InputError(f"The file {named(path)} cannot be written, as it is write-protected; give another name.")
    if not os.access(place.parent, os.W_OK):
        raise InputError(f"The file {named(path)} cannot be written; give a file in a folder that exists.")


def _is_there(place: Path) -> bool:
    """Unlike Path.exists, it says so if the name itself is not possible."""
    with suppress(FileNotFoundError):
        place.lstat()
        return True
    return False


def write(path: AnyPath, content: bytes) -> None:
    """Put this content into a file, in place of what is there. Raises InputError; then all is as it was.

    The new file is complete on the disk, under another name in the same folder, before it takes the old one's place.
    """
    check_place(path)
    place = Path(os.path.realpath(path))  # a link keeps pointing to where it does
    new = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with new.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if place.exists():
            new.chmod(place.stat().st_mode)
        new.replace(place)
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        new.unlink(missing_ok=True)


def append_line(path: AnyPath, line: bytes) -> None:
    """Add one line; after a half-written last line, on a new one. Raises InputError; then all is as it was.

    One process at a time. A line that a power cut takes away is not missed: its run is done again.
    """
    check_place(path)
    try:
        with open(path, "a+b", buffering=0) as stream:
            size = stream.seek(0, os.SEEK_END)
            try:
                _write_all(stream, (b"\n" if _is_cut(stream, size) else b"") + line + b"\n")
            except OSError:
                stream.truncate(size)
                raise
    except OSError as error:
        raise _refusal(path, error) from None


def _is_cut(stream: BinaryIO, size: int) -> bool:
    """Whether the last line has no end."""
    if not size:
        return False
    stream.seek(size - 1)
    return stream.read(1) != b"\n"


def _write_all(stream: BinaryIO, content: bytes) -> None:
    """Without a buffer, so that nothing is left to be written once this has failed."""
    while content:
        content = content[stream.write(content) :]


def _refusal(path: AnyPath, error: Exception) -> InputError:
    """One sentence for what the system said."""
    why = getattr(error, "strerror", None) or "no such name is possible"
    return InputError(
        f"The file {named(path)} cannot be written ({why}); what was there is as it was, so choose another place."
    )
