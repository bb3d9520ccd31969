"""Every named run is what its words say."""

import time

import pytest

from qnn_core.contest.tutorial import published_run
from qnn_core.data.dataset import prepare
from qnn_core.presets import PRESETS
from qnn_core.training.run import train

FIRST = next(iter(PRESETS))


@pytest.mark.parametrize("seed", range(3))
def test_the_first_run_succeeds_in_five_seconds(seed):
    run = PRESETS[FIRST].experiment.with_(seed=seed)
    prepare(run)
    began = time.perf_counter()
    reached = train(run).history[-1]["test_accuracy"]
    assert time.perf_counter() - began < 5
    assert prepare(run).ceiling.test_best - reached < 0.01


def test_who_published_a_run_is_named():
    published = {name: preset.title for name, preset in PRESETS.items() if published_run(preset.experiment)}
    assert list(published) == ["tutorial-32", "tutorial-64"]
    assert all("post" in title for title in published.values())
