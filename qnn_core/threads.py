"""Matrices as small as these are multiplied by one thread.

Several threads would wait for each other longer than they work: with every core busy, as in a class, a product
of 0.1 ms was measured to take 8 ms. And they could add in another order, so that other bits come out.
"""

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """While this is entered, NumPy's matrix products use one thread."""
    return _controller().limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()  # looks through all loaded libraries, which takes some milliseconds
