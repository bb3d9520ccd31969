"""The quantum network behind scikit-learn's interface."""

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.classifier import QNNClassifier
from qnn_core.training.run import train
from tests.helpers import bits, is_sentence

SETTINGS = {
    "layers": ("ZZ", "XX"),
    "epochs": 4,
    "batch_size": 8,
    "loss": "squared",
    "learning_rate": 0.02,
    "start": "narrow",
    "shuffle": False,
    "seed": 9,
    "engine": "contraction",
    "gradient": "parameter-shift",
    "warm_start": True,
}

LEARNS = {"epochs": 60, "learning_rate": 0.02, "start": "narrow"}


@pytest.fixture
def question():
    """Images of four pixels; the label says whether two pixels are alike, which one block can learn."""
    images = bits(np.random.default_rng(0), 60, 4)
    return images, np.where(images[:, 0] == images[:, 1], 1, 0)


def test_parameters_clone_and_set():
    model = QNNClassifier(**SETTINGS)
    assert model.get_params() == SETTINGS
    copy = clone(model)
    assert copy is not model
    assert copy.get_params() == SETTINGS
    assert copy.set_params(seed=3).seed == 3
    assert is_classifier(model)


def test_defaults_are_the_experiments():
    defaults = Experiment()
    for name, value in QNNClassifier().get_params().items():
        if name not in {"warm_start", "engine"}:
            assert value == getattr(defaults, name), name


@pytest.mark.parametrize("names", [(0, 1), ("six", "three"), (-1.0, 1.0), (3, 6)])
def test_any_two_classes(question, names):
    X, y = question
    labels = np.array(names)[y]
    model = QNNClassifier(**LEARNS).fit(X, labels)
    assert model.classes_.tolist() == sorted(names)
    assert model.score(X, labels) > 0.95
    f = model.decision_function(X)
    assert (np.abs(f) <= 1).all()
    assert np.array_equal(model.predict(X), model.classes_[(f > 0).astype(int)])
    assert model.coef_.shape == (2, 4)
    assert model.n_features_in_ == 4


def test_it_is_the_same_network_as_the_lessons(tutorial):
    X, y = tutorial.train.images[tutorial.train.row], tutorial.train.labels
    model = QNNClassifier(seed=4).fit(X, y)
    run = train(Experiment(seed=4, engine="contraction"))
    assert np.array_equal(model.coef_, run.weights)
    test = tutorial.test
    assert np.array_equal(model.decision_function(test.images)[test.row], run.test_expectation)
    assert model.score(test.images[test.row], test.labels) == run.history[-1]["test_accuracy"]
    assert [record.loss for record in model.history_] == [record.loss for record in run.records]


def test_partial_fit_takes_the_same_way(question):
    X, y = question
    whole = QNNClassifier(epochs=5, batch_size=16).fit(X, y)
    sliced = QNNClassifier(epochs=5, batch_size=16)
    for _ in range(5):
        assert sliced.partial_fit(X, y) is sliced
    assert np.array_equal(sliced.coef_, whole.coef_)
    assert [record[:4] for record in sliced.history_] == [record[:4] for record in whole.history_]


def test_warm_start(question):
    X, y = question
    whole = QNNClassifier(epochs=6, batch_size=16).fit(X, y)
    warm = QNNClassifier(epochs=3, batch_size=16, warm_start=True).fit(X, y).fit(X, y)
    assert np.array_equal(warm.coef_, whole.coef_)
    cold = QNNClassifier(epochs=3, batch_size=16).fit(X, y)
    once = cold.coef_.copy()
    assert np.array_equal(cold.fit(X, y).coef_, once)
    assert len(cold.history_) == 12


def test_fit_forgets_other_data(question):
    X, y = question
    model = QNNClassifier().fit(X, y)
    wider = bits(np.random.default_rng(1), 40, 9)
    model.fit(wider, np.array(["a", "b"])[(wider[:, 0] > 0).astype(int)])
    assert model.coef_.shape == (2, 9)
    assert model.classes_.tolist() == ["a", "b"]


def test_cross_validation_search_and_pipeline(question):
    X, y = question
    model = QNNClassifier(**LEARNS)
    scores = cross_val_score(model, X, y, cv=3)
    assert scores.shape == (3,)
    assert scores.mean() > 0.9
    search = GridSearchCV(model, {"learning_rate": [1e-9, 0.02]}, cv=2).fit(X, y)
    assert search.best_params_ == {"learning_rate": 0.02}
    assert make_pipeline(MinMaxScaler(), model).fit(X * 255, y).score(X * 255, y) > 0.9


def test_classes_named_in_the_first_partial_fit(question):
    X, y = question
    model = QNNClassifier().partial_fit(X[y == 1], y[y == 1], classes=[0, 1])
    assert model.classes_.tolist() == [0, 1]
    model.partial_fit(X, y)
    with pytest.raises(InputError) as caught:
        model.partial_fit(X, y + 5)
    is_sentence(caught.value)


def test_passes_over_other_numbers_of_examples_are_whole(question):
    X, y = question
    model = QNNClassifier(batch_size=8).partial_fit(X[:20], y[:20], classes=[0, 1])
    before = len(model.history_)
    model.partial_fit(X, y)
    new = model.history_[before:]
    assert (before, len(new)) == (3, -(-len(X) // 8))
    assert new[-1].epoch == round(new[-1].epoch)
    sizes = np.array([8] * (len(new) - 1) + [len(X) - 8 * (len(new) - 1)])
    assert new[-1].epoch_loss == pytest.approx(sizes @ [record.loss for record in new] / len(X))


def test_the_count_of_steps_goes_on_at_the_next_whole_pass(question):
    X, y = question
    model = QNNClassifier(batch_size=8).partial_fit(X[:20], y[:20], classes=[0, 1])
    model.partial_fit(X, y)  # three steps are a part of one pass of eight: the next pass is the second
    assert [record.step for record in model.history_] == [1, 2, 3, *range(9, 17)]
    assert model.history_[-1].epoch == 2
    model.partial_fit(X[:20], y[:20])  # 16 steps are five passes of three and a part of the sixth
    assert [record.step for record in model.history_[-3:]] == [19, 20, 21]
    assert model.history_[-1].epoch == 7


def test_a_refused_first_pass_leaves_no_model(question):
    X, y = question
    model = QNNClassifier()
    with pytest.raises(InputError):
        model.partial_fit(X, y + 5, classes=[0, 1])
    with pytest.raises(NotFittedError):
        model.predict(X)


BAD = {
    "three classes": lambda X, y: (X, np.arange(len(y)) % 3),
    "one class": lambda X, y: (X, np.zeros(len(y))),
    "too few labels": lambda X, y: (X, y[:-1]),
    "NaN": lambda X, y: (np.where(X > 0, np.nan, X), y),
    "greys of 255": lambda X, y: (X * 255, y),
    "negative": lambda X, y: (X - 1, y),
    "not square": lambda X, y: (X[:, :3], y),
    "one pixel": lambda X, y: (X[:, :1], y),
    "flat": lambda X, y: (X[:, 0], y),
    "empty": lambda X, y: (X[:0], y[:0]),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_data(question, name):
    X, y = BAD[name](*question)
    with pytest.raises(ValueError):  # noqa: PT011
        QNNClassifier().fit(X, y)


@pytest.mark.parametrize("change", [{"layers": ("QQ",)}, {"epochs": 0}, {"engine": "gpu"}, {"loss": "focal"}])
def test_bad_settings_are_a_sentence(question, change):
    with pytest.raises(InputError) as caught:
        QNNClassifier(**change).fit(*question)
    is_sentence(caught.value)


def test_the_loss_is_a_parameter(question):
    X, y = question
    hinge, squared = (QNNClassifier(loss=loss, **LEARNS).fit(X, y) for loss in ("hinge", "squared"))
    margin = np.where(y == squared.classes_[1], 1, -1) * squared.decision_function(X)
    assert not np.allclose(hinge.coef_, squared.coef_)
    assert np.mean((1 - margin) ** 2) < squared.history_[0].loss


def test_unfitted_and_other_width(question):
    X, y = question
    for ask in (QNNClassifier().predict, QNNClassifier().decision_function):
        with pytest.raises(NotFittedError):
            ask(X)
    with pytest.raises(NotFittedError):
        _ = QNNClassifier().coef_
    model = QNNClassifier().fit(X, y)
    with pytest.raises(ValueError, match="features"):
        model.predict(bits(np.random.default_rng(0), 3, 9))


def test_aer_engine(question):
    X, y = question
    here = QNNClassifier(epochs=1).fit(X, y)
    aer = QNNClassifier(epochs=1, engine="aer").fit(X, y)
    np.testing.assert_allclose(aer.coef_, here.coef_, atol=1e-9)


def test_a_warm_start_that_does_not_fit_changes_nothing(question):
    X, y = question
    model = QNNClassifier(epochs=1, batch_size=16, warm_start=True).fit(X, y)
    before = model.decision_function(X)
    with pytest.raises(InputError) as caught:
        model.set_params(layers=("XX", "ZZ", "YY")).fit(X, y)
    is_sentence(caught.value)
    np.testing.assert_array_equal(model.decision_function(X), before)
