"""What counts as trained to the end, and when a network stops before it."""

import pytest

from qnn_core.experiment import Experiment
from qnn_core.presets import PRESETS
from qnn_core.training import budget
from qnn_core.training.budget import FEWEST_STEPS, GREY_END, Allowance, end_name, seconds_of, to_the_end
from qnn_core.training.loop import ONLY_AT_THE_END
from qnn_core.training.run import train


def test_one_block_is_the_preset():
    assert to_the_end(Experiment()) == PRESETS["to-the-end"].experiment
    assert end_name(Experiment()) == "Trained to the end"


def test_grey_pictures_take_batches():
    grey = to_the_end(Experiment(encoding="angle"))
    assert (grey.batch_size, grey.epochs) == (GREY_END.batch_size, GREY_END.epochs)
    assert end_name(Experiment(encoding="angle")) == "Trained to the end"


@pytest.mark.parametrize(("grid", "least"), [(7, 0.9), (14, 0.98), (28, 0.99)])
def test_large_pictures_are_trained_well_in_a_moment(grid, least):
    large = Experiment(grid=grid, engine="contraction")
    run = train(to_the_end(large), test_every=ONLY_AT_THE_END)
    assert run.records[-1].test_accuracy > least
    assert seconds_of(run.experiment) < budget.PAGE_SECONDS
    assert end_name(large) == "Trained 3 passes on all images"  # more would still improve it a little


def test_pictures_that_repeat_are_taken_all_at_once():
    assert to_the_end(Experiment(grid=5, engine="contraction")).batch_size is None
    assert to_the_end(Experiment(grid=28, engine="contraction")).batch_size == 32


@pytest.mark.parametrize("blocks", [3, 4])
def test_a_network_that_stops_early_says_so(blocks):
    slow = Experiment(layers=("XX", "ZZ") * blocks)
    steps = to_the_end(slow).epochs
    assert FEWEST_STEPS <= steps < PRESETS["to-the-end"].experiment.epochs
    assert end_name(slow) == f"Trained {steps:,} steps on all images"


def test_even_the_fewest_steps_are_not_the_end(monkeypatch):
    # As many steps on whole batches as there are passes over grey pictures: still not the end.
    monkeypatch.setattr(budget, "PAGE_SECONDS", 0.0)
    assert to_the_end(Experiment()).epochs == FEWEST_STEPS
    assert end_name(Experiment()) == f"Trained {FEWEST_STEPS} steps on all images"


def test_several_blocks_keep_their_start_where_a_narrow_one_would_keep_them_back():
    two = ("XX", "ZZ", "XX", "ZZ")
    assert to_the_end(Experiment(layers=two)).start == "uniform"
    assert to_the_end(Experiment(layers=two, grid=5, engine="contraction")).start == "narrow"
    assert to_the_end(Experiment(layers=("XX", "XX", "ZZ", "ZZ"))).start == "narrow"


@pytest.mark.parametrize(
    ("allowance", "examples", "steps"),
    [
        (Allowance(3, 32), 500, 48),
        (Allowance(3, None), 500, 3),
        (Allowance(2, 128), 50, 2),
        (Allowance(2, 128, least_steps=5), 300, 6),
        (Allowance(2, 128, steps=5), 300, 5),
    ],
)
def test_steps_of_an_allowance(allowance, examples, steps):
    assert allowance.steps_on(examples) == steps


def test_longer_runs_are_known_to_take_longer():
    short = Experiment(engine="contraction")
    seconds = train(short).seconds
    assert seconds / 20 < seconds_of(short) < 20 * seconds
    assert seconds_of(short.with_(epochs=300)) == pytest.approx(100 * seconds_of(short))
    assert seconds_of(short.with_(encoding="angle")) > seconds_of(short)
