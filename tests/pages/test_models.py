"""What the pages call "trained to the end", and when they do not."""

import pytest

from pages.ui.models import LEAST_STEPS, end_name, to_the_end
from qnn_core import Experiment
from qnn_core.contenders import CONTENDERS
from qnn_core.presets import PRESETS


def test_one_block_is_the_preset():
    assert to_the_end(Experiment()) == PRESETS["to-the-end"].experiment
    assert end_name(Experiment()) == "Trained to the end"


def test_grey_pictures_take_batches():
    grey = to_the_end(Experiment(encoding="angle"))
    wanted = CONTENDERS["qnn-grey"].allowances["convergence"]
    assert (grey.batch_size, grey.epochs) == (wanted.batch_size, wanted.epochs)
    assert end_name(Experiment(encoding="angle")) == "Trained to the end"


@pytest.mark.parametrize("blocks", [3, 4])
def test_a_network_that_stops_early_says_so(blocks):
    slow = Experiment(layers=("XX", "ZZ") * blocks)
    steps = to_the_end(slow).epochs
    assert LEAST_STEPS <= steps < PRESETS["to-the-end"].experiment.epochs
    assert end_name(slow) == f"Trained {steps:,} steps on all images"


def test_even_the_least_number_of_steps_is_not_the_end(monkeypatch):
    # As many steps on whole batches as there are passes over grey pictures: still not the end.
    monkeypatch.setattr("pages.ui.models.PATIENCE", 0.0)
    assert to_the_end(Experiment()).epochs == LEAST_STEPS
    assert end_name(Experiment()) == f"Trained {LEAST_STEPS} steps on all images"
