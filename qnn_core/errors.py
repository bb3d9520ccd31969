"""Bad input ends in one sentence that says what is wrong and what to do."""

from reprlib import Repr

MOST_QUOTED = 80
"""Characters of what somebody gave that a sentence repeats."""
MOST_OF_A_PATH = 512
"""Characters of a file's path that a sentence repeats; real ones are long, and one looks at their end."""

_brief = Repr()  # looks at the beginning only, however long or deep the value is
_brief.maxstring = _brief.maxother = _brief.maxlong = 4 * MOST_QUOTED
_brief.maxlist = _brief.maxtuple = _brief.maxdict = _brief.maxset = _brief.maxfrozenset = MOST_QUOTED


class InputError(ValueError):
    """Something the user gave cannot be used; the message is one sentence, ready to show."""


def cut(text: str, most: int = MOST_QUOTED) -> str:
    """The text itself, or its beginning and an ellipsis: at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def quoted(value: object) -> str:
    """What somebody gave, as a sentence repeats it: as Python writes it, in one line of at most 80 characters."""
    try:
        return cut(_brief.repr(value))
    except Exception:  # a number with thousands of digits cannot be written, and a stranger's object need not
        return f"something of type {cut(type(value).__name__)} that cannot be shown"


def named(file: object) -> str:
    """What a sentence calls a file: its path, in one line and not without end; "The file" for an open one."""
    if not hasattr(file, "__fspath__") and not isinstance(file, str):
        return "The file"
    text = str(file)
    return cut(text if text.isprintable() else repr(text)[1:-1], MOST_OF_A_PATH)
