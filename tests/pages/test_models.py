"""What the pages call "trained to the end", and when they do not."""

import pytest

from pages.ui.models import LEAST_STEPS, MOST_SECONDS, THESE, end_name, seconds_of, to_the_end
from qnn_core import Experiment
from qnn_core.contest.contenders import CONTENDERS
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


def test_a_long_run_is_left_to_page_6(visit):
    def weights(visitor):
        return next(radio for radio in visitor.app.radio if radio.label == "Weights").options

    assert seconds_of(Experiment()) < 1
    assert THESE in weights(visit("9_box"))
    long = {"all_examples": "true", "batch": 1, "epochs": 1000, "engine": "contraction"}
    assert seconds_of(Experiment(examples=None, batch_size=1, epochs=1000, engine="contraction")) > MOST_SECONDS
    visitor = visit("9_box", **long)
    assert not visitor.app.exception
    assert THESE not in weights(visitor)
    assert any("Train on page 6" in caption.value for caption in visitor.app.caption)
