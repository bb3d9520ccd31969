"""The tutorial's counts are found again, and other settings say so."""

from qnn_core.experiment import Experiment
from qnn_core.published import PRINTED, published_counts


def test_every_count_is_the_tutorials():
    lines = published_counts(Experiment())
    assert len(lines) == len(PRINTED)
    for line in lines:
        assert line.here == line.published, line.what
        assert line.reason == "the same"


def test_other_settings_are_the_reason():
    lines = {line.what: line for line in published_counts(Experiment(threshold=0.3))}
    assert lines["different 4×4 pictures"].reason == "the same"
    changed = lines["different pictures after the threshold"]
    assert changed.here != changed.published
    assert "settings" in changed.reason
