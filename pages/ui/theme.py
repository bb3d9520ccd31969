"""Streamlit writes its theme into the first message of each page, every time anew from all of its settings.

That is a tenth of what a page costs the server. The settings of a server stay as they are, so each part of the
theme is written once and copied from then on.
"""

from typing import Any

from streamlit.runtime import app_session

WRITER = "_populate_theme_msg"
"""What writes a section of the theme into a message. Nothing public does; without this name all stays as it was."""


def write_theme_once() -> None:
    """From now on, copy what has been written before; to be called at the start of the server."""
    write = getattr(app_session, WRITER, None)
    if write is None or hasattr(write, "written"):
        return
    written: dict[str, Any] = {}

    def copy(message: Any, section: str = "theme") -> None:
        if section not in written:
            fresh = type(message)()
            write(fresh, section)
            written[section] = fresh
        if written[section].ByteSize():  # else the message stays without this part, as before
            message.MergeFrom(written[section])

    copy.written = written  # type: ignore[attr-defined]
    setattr(app_session, WRITER, copy)
