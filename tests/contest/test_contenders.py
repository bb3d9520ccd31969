"""Who competes: each part counts itself, sees what it says, and is trained with the loss that is named."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from qnn_core.baselines import BASELINES
from qnn_core.contest.contenders import CONTENDERS, run_contender, trained_with
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.training.budget import SAME_LOSS
from qnn_core.training.losses import LOSSES

TUTORIAL = Experiment(engine="contraction")
QUICK = [name for name, contender in CONTENDERS.items() if not contender.slow]


@pytest.mark.parametrize(
    ("name", "parameters", "effective"),
    [("cosine", 16, 16), ("logistic", 17, 17), ("logistic-grey", 17, 17), ("product", 64, 50)],
)
def test_parts_count_themselves(name, parameters, effective):
    outcome = run_contender(name, TUTORIAL, "tutorial", 200)
    assert (outcome.parameters, outcome.effective_parameters) == (parameters, effective)
    smaller = run_contender(name, TUTORIAL.with_(grid=3), "tutorial", 200)
    assert smaller.parameters == {"cosine": 9, "product": 36}.get(name, 10)


def test_with_the_same_loss_all_who_see_bits_stand_near_the_ceiling():
    ceiling = CONTENDERS["qnn-32"].ceiling(TUTORIAL)
    assert ceiling == pytest.approx(0.9228, abs=1e-4)
    for name in ("qnn-32", "qnn-64-grouped", "cosine", "logistic"):
        accuracy = run_contender(name, TUTORIAL, SAME_LOSS).test_accuracy
        assert 0.917 < accuracy < 0.922 < ceiling, name


def test_the_cosine_trained_directly_is_the_network():
    for budget in ("convergence", SAME_LOSS):
        network, cosine = (run_contender(name, TUTORIAL, budget) for name in ("qnn-32", "cosine"))
        assert cosine.train_loss == pytest.approx(network.train_loss, abs=2e-4)
        assert np.mean(cosine.verdicts != network.verdicts) < 0.005


@pytest.mark.slow
def test_what_is_trained_without_entanglement_is_as_good():
    outcome = run_contender("product", TUTORIAL, SAME_LOSS)
    assert 0.9165 < outcome.test_accuracy < 0.9190  # MATHS section 2a


@pytest.mark.parametrize(("name", "encoding"), [("logistic", "basis"), ("logistic-grey", "angle")])
def test_logistic_regression_ends_where_scikit_learns_own_does(name, encoding):
    found = run_contender(name, TUTORIAL, "convergence")
    data = prepare(TUTORIAL.with_(encoding=encoding))
    X, y = data.kept.images[data.kept.row], data.kept.labels
    best = LogisticRegression(C=1e6, max_iter=5000).fit(X, y)
    expected = log_loss(y, best.predict_proba(X))
    assert expected - 1e-6 < found.train_loss < expected + 0.002
    test = data.test.images[data.test.row]
    assert np.mean(found.verdicts == (best.predict(test) > 0)) > 0.985


@pytest.mark.parametrize("name", QUICK)
def test_the_named_loss_and_rate_are_those_of_the_training(name):
    outcome, contender = run_contender(name, TUTORIAL, "tutorial", 200), CONTENDERS[name]
    if not contender.trains:
        assert (outcome.trained_with, outcome.learning_rate) == (None, None)
        return
    allowance = contender.allowance("tutorial")
    assert (outcome.trained_with, outcome.learning_rate) == (allowance.loss, allowance.learning_rate)
    assert allowance.loss == ("cross-entropy" if name in BASELINES else "hinge")


def test_in_the_budget_of_one_loss_there_is_one_loss():
    assert {loss for loss, _ in trained_with(CONTENDERS, SAME_LOSS)} == {LOSSES["cross-entropy"].words}
    tutorial = trained_with(["qnn-32", "fair", "majority"], "tutorial")
    assert tutorial == {
        ("hinge loss", 0.001): ["QNN (32)"],
        ("cross-entropy loss", 0.001): ["Fair network"],
    }
    seconds = trained_with(["qnn-32", "fair"], "same-seconds")
    assert sorted(rate for _, rate in seconds) == [0.001, 0.005]


def test_another_loss_changes_the_training_of_a_quantum_network_and_of_no_classical_one():
    losses = {name: run_contender("qnn-32", TUTORIAL, "tutorial", 200, name) for name in LOSSES}
    assert {one.trained_with for one in losses.values()} == set(LOSSES)
    assert len({one.train_loss for one in losses.values()}) == len(LOSSES)
    fair = [run_contender("fair", TUTORIAL, "tutorial", 200, loss) for loss in (None, "squared")]
    assert fair[0].train_loss == fair[1].train_loss


def test_what_each_model_sees_and_its_own_ceiling():
    sees = {name: CONTENDERS[name].sees(TUTORIAL) for name in CONTENDERS}
    assert sees == dict.fromkeys(CONTENDERS, "4×4 bits") | {
        "logistic-grey": "4×4 greys",
        "qnn-grey": "4×4 greys",
        "cnn": "28×28 greys",
    }
    assert CONTENDERS["qnn-grey"].ceiling(TUTORIAL) == pytest.approx(0.9964, abs=1e-4)
    images = CONTENDERS["cnn"].pictures(TUTORIAL)[1].images
    assert len(np.unique(images, axis=0)) == len(images)  # no two alike, and so
    assert CONTENDERS["cnn"].ceiling(TUTORIAL) == 1.0
    assert CONTENDERS["fair"].sees(TUTORIAL.with_(encoding="angle", grid=3)) == "3×3 greys"
    assert CONTENDERS["fair"].ceiling(TUTORIAL) == prepare(TUTORIAL).ceiling.test_best
