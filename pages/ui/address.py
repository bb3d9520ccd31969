"""The address in the browser says what is on the desk: a link carries a whole lesson."""

from collections.abc import Mapping

from pages.ui.desk import Desk


def read(query: Mapping[str, str]) -> Desk:
    """The desk that an address describes."""
    return Desk()
