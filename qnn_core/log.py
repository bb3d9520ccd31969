"""What happened, one line for each event: time=2026-03-02T09:15:04+0100 level=info event=run state=begun."""

import json
import logging
import re
import sys
import time
from typing import Any, TextIO

LOGGER = logging.getLogger("qnn_classroom")
LOGGER.addHandler(logging.NullHandler())  # who imports the package hears nothing unless begin() is called
SIMPLE = re.compile(r"[\w.,:/+%-]+", re.ASCII)
MOST_CHARACTERS = 300
"""Of one value: a log is read in lines."""


def say(event: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log an event; fields: what belongs to it, None is left out."""
    LOGGER.log(level, line(event=event, **fields))


def line(**fields: Any) -> str:
    """key=value, with blanks between; a value that is more than one word stands in quotes, as in JSON."""
    return " ".join(f"{name}={_value(value)}" for name, value in fields.items() if value is not None)


def fault(event: str, error: BaseException, **fields: Any) -> None:
    """Log what went wrong, and where: file and line of the innermost of our own functions, or of any."""
    say(event, level=logging.ERROR, error=type(error).__name__, where=_where(error), says=str(error), **fields)


def begin(stream: TextIO | None = None) -> None:
    """Write the events of this process to a stream, stderr unless told otherwise."""
    LOGGER.handlers[:] = [handler := logging.StreamHandler(stream or sys.stderr)]
    handler.setFormatter(_Line())
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(record.created))
        return f"{line(time=moment, level=record.levelname.lower())} {record.getMessage()}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(value)
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS - 1]}…"
    return text if SIMPLE.fullmatch(text) else json.dumps(text)


def _where(error: BaseException) -> str | None:
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    own = [frame for frame in frames if "/pages/" in frame[0] or "/qnn_core/" in frame[0]]
    if not frames:
        return None
    file, number = (own or frames)[-1]
    return f"{'/'.join(file.split('/')[-2:])}:{number}"
