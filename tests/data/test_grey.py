"""The angle encoding: grey pictures, no threshold."""

import numpy as np
import pytest

from qnn_core.contest.contenders import run_contender
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.training.run import train
from tests.helpers import small


@pytest.mark.parametrize("layers", [("XX", "ZZ"), ("XX", "ZZ", "XX", "ZZ")])
def test_both_engines_train_alike_on_grey_pictures(layers):
    fields = {"encoding": "angle", "layers": layers, "examples": 20, "batch_size": 10, "epochs": 1}
    here, there = (train(small(**fields, engine=engine)) for engine in ("contraction", "aer"))
    np.testing.assert_allclose(here.weights, there.weights, atol=1e-9)
    np.testing.assert_allclose(here.test_expectation, there.test_expectation, atol=1e-9)


def test_nothing_is_thrown_away():
    data = prepare(Experiment(encoding="angle"))
    assert data.counts.unique > 10_000
    assert data.counts == prepare(Experiment(encoding="angle", threshold=0.9)).counts


def test_grey_beats_black_and_white_at_the_end():
    pictures = Experiment(engine="contraction")
    grey = run_contender("qnn-grey", pictures, "convergence")
    bits = run_contender("qnn-32", pictures, "convergence")
    assert grey.test_accuracy > bits.test_accuracy
    assert (grey.parameters, grey.effective_parameters) == (32, 32)
