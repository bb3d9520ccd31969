"""The training curves of the page "scale": nothing that matters is left out."""

import pytest

from qnn_core.figures.inside import scale
from qnn_core.training.loop import Record


@pytest.mark.parametrize("steps", [0, 1, 48, 500, 501, 5003])
def test_long_runs_are_thinned_but_keep_their_ends(steps):
    records = [Record(step, step / 16, 1.0, 0.5, None, None, None, None) for step in range(1, steps + 1)]
    kept = scale.thin(records)
    assert len(kept) <= scale.MAX_POINTS + 1
    assert kept[:1] == records[:1]
    assert kept[-1:] == records[-1:]
    assert [record.step for record in kept] == sorted({record.step for record in kept})
    if steps <= scale.MAX_POINTS:
        assert kept == records
