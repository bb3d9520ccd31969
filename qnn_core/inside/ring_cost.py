"""What a ring costs a simulator: seconds as they are measured, and where they would lead."""

from collections.abc import Iterable, Sequence

import numpy as np

from qnn_core.engines.mps import Timed
from qnn_core.inside.scale import BYTES_PER_AMPLITUDE

SIZES = (4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 36, 40)
"""Data qubits that are tried, one after the other."""
ENOUGH_SECONDS = 1.0
"""After a network that took longer no larger one is tried: it could take ten times as long."""
LAST_POINTS = 3
"""So many measured points, the largest ones, say where it goes on."""


def next_size(measured: Iterable[Timed]) -> int | None:
    """The number of data qubits to try next, or None if that would take too long, or all have been tried."""
    done = {point.data: point.seconds for point in measured}
    if any(seconds > ENOUGH_SECONDS for seconds in done.values()):
        return None
    return next((size for size in SIZES if size not in done), None)


def growth(measured: Sequence[Timed]) -> tuple[float, float]:
    """(a, b) of seconds = 10^(a + b·n), the line of least squares through the logarithms of the last points.

    measured: at least two, of different sizes.
    """
    last = sorted(measured)[-LAST_POINTS:]
    b, a = np.polyfit([point.data for point in last], [np.log10(point.seconds) for point in last], 1)
    return float(a), float(b)


def beyond(measured: Sequence[Timed]) -> list[Timed]:
    """Where the measured seconds lead: from the last size that was measured to the last of SIZES; not measured.

    The values are nan. Empty if there is nothing to go on from, or nothing left.
    """
    if len(measured) < 2 or (largest := max(measured)).data == SIZES[-1]:
        return []
    a, b = growth(measured)
    ahead = [size for size in SIZES if size > largest.data]
    return [largest, *(Timed(size, float("nan"), 10 ** (a + b * size)) for size in ahead)]


def state_bytes(data: int) -> int:
    """Bytes of the statevector of so many data qubits and the readout."""
    return 2 ** (data + 1) * BYTES_PER_AMPLITUDE
