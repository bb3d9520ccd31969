"""Standard output may be closed, full, or read by nobody any more: one line says so, never a traceback."""

import os
import sys
from contextlib import suppress
from typing import TextIO

BAD_INPUT = 2
"""Exit status for all that somebody can mend."""
NO_READER = 141
"""Exit status when the reader of standard output has gone, as in `… | head -1`: what a shell shows for SIGPIPE."""


class OutputLostError(Exception):
    """Standard output takes nothing more; the message is one sentence. status: how the process should end."""

    def __init__(self, sentence: str, status: int = BAD_INPUT) -> None:
        super().__init__(sentence)
        self.status = status


def check_streams() -> None:
    """Raises OutputLostError if standard output is closed, before any work is done for it.

    A closed standard error is a silent one from here on. No file that is opened later gets its number.
    """
    if sys.stdout is None:
        raise OutputLostError("Standard output is closed; send it to a file or to another program.")
    if sys.stderr is None:
        while (number := os.open(os.devnull, os.O_RDWR)) < 2:
            pass
        sys.stderr = os.fdopen(number, "w")


def say(text: str) -> None:
    """One text on standard output, at once. Raises OutputLostError."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        # A sign that the reader's encoding lacks, such as ⟨, becomes a question mark.
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        _leave(sys.stdout)
        raise OutputLostError("Nobody reads standard output any more; stopped.", NO_READER) from None
    except OSError as error:
        _leave(sys.stdout)
        raise OutputLostError(f"Standard output cannot be written ({error.strerror}); send it elsewhere.") from None


def complain(text: str) -> None:
    """One text on standard error, if anybody can still be told."""
    if sys.stderr is None:
        return
    try:
        print(f"qnn_core: {text}", file=sys.stderr, flush=True)
    except OSError:
        _leave(sys.stderr)


def _leave(stream: TextIO) -> None:
    """Let what was not written go nowhere, or Python would try again when it ends, and say so."""
    with suppress(OSError, ValueError):  # a stream of a test has no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
