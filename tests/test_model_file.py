"""A trained network goes into a file and comes back; anything else is refused."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core import model_file
from qnn_core.baselines import BASELINES, EpochRecord
from qnn_core.data.dataset import encoded
from qnn_core.errors import InputError
from qnn_core.training.run import train
from tests.helpers import is_sentence, small


@pytest.fixture(scope="module")
def run():
    return train(small(layers=("XX", "ZZ", "YY")))


@pytest.fixture(scope="module")
def content(run):
    return model_file.to_bytes(run)


def altered(content, about=None, **arrays):
    """The same file with some arrays or parts of its description changed; None leaves one out."""
    with np.load(io.BytesIO(content)) as archive:
        parts = {name: archive[name] for name in archive.files}
    description = json.loads(str(parts["about"])) | (about or {})
    parts["about"] = np.array(json.dumps({k: v for k, v in description.items() if v is not None}))
    parts = {name: value for name, value in (parts | arrays).items() if value is not None}
    new = io.BytesIO()
    np.savez(new, **parts)
    new.seek(0)
    return new


def test_there_and_back(run, content, tmp_path):
    path = tmp_path / "model.npz"
    model_file.save(run, path)
    for source in (path, str(path), io.BytesIO(content)):
        model = model_file.load(source)
        assert model.experiment == run.experiment
        assert np.array_equal(model.weights, run.weights)
        assert model.history == run.history
        assert set(model.versions) == set(model_file.PACKAGES)


def test_a_file_from_before_there_was_a_choice_of_loss(run, content):
    old = {name: value for name, value in run.experiment.model_dump(mode="json").items() if name != "loss"}
    assert model_file.load(altered(content, {"experiment": old})).experiment == run.experiment.with_(loss="hinge")


def test_the_loss_is_in_the_file():
    run = train(small(loss="squared"))
    assert model_file.load(io.BytesIO(model_file.to_bytes(run))).experiment.loss == "squared"


def test_other_programs_can_read_it(run, content):
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        assert np.array_equal(archive["initial_weights"], run.initial_weights)
        assert np.array_equal(archive["weights"], run.weights)
        assert np.array_equal(archive["test_expectation"], run.test_expectation)
        assert json.loads(str(archive["about"]))["experiment"] == run.experiment.model_dump(mode="json")


def test_unaltered_is_accepted(run, content):
    assert model_file.load(altered(content)).experiment == run.experiment


ALTERED = {
    "other format": {"about": {"format": "qnn-classroom model 0"}},
    "no format": {"about": {"format": None}},
    "no experiment": {"about": {"experiment": None}},
    "experiment is a word": {"about": {"experiment": "tutorial"}},
    "unknown layer": {"about": {"experiment": small().model_dump(mode="json") | {"layers": ["QQ"]}}},
    "unknown setting": {"about": {"experiment": small().model_dump(mode="json") | {"colour": "red"}}},
    "no history": {"about": {"history": None}},
    "history of words": {"about": {"history": ["good"]}},
    "history with words in it": {"about": {"history": [{"epoch": "first"}]}},
    "history with lists in it": {"about": {"history": [{"loss": [1.0]}]}},
    "history that is not finite": {"about": {"history": [{"loss": float("nan")}]}},
    "versions that are numbers": {"about": {"versions": {"numpy": [1, 2]}}},
    "experiment with defaults": {"about": {"experiment": {}}},
    "something more": {"about": {"colour": "red"}},
    "another network": {"about": {"network": "perceptron"}},
    "no network": {"about": {"network": None}},
    "the fair network's": {"about": {"network": "fair"}},
    "no initial weights": {"initial_weights": None},
    "initial weights of another shape": {"initial_weights": np.zeros(12)},
    "initial weights NaN": {"initial_weights": np.full((3, 4), np.nan)},
    "weights beyond all turns": {"weights": np.full((3, 4), 1e300)},
    "no versions": {"about": {"versions": None}},
    "no weights": {"weights": None},
    "too few weights": {"weights": np.zeros((2, 4))},
    "NaN": {"weights": np.full((3, 4), np.nan)},
    "whole numbers": {"weights": np.zeros((3, 4), int)},
    "words": {"weights": np.full((3, 4), "a")},
}


@pytest.mark.parametrize("name", ALTERED)
def test_altered_files_are_refused(content, name):
    with pytest.raises(InputError) as caught:
        model_file.load(altered(content, **ALTERED[name]))
    is_sentence(caught.value)


def test_description_that_is_no_mapping(content):
    new = io.BytesIO()
    np.savez(new, about=np.array("[1]"), weights=np.zeros((3, 4)))
    new.seek(0)
    with pytest.raises(InputError) as caught:
        model_file.load(new)
    is_sentence(caught.value)


def test_objects_are_never_unpickled(content):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("this file ran code",))

    for field in ("weights", "about"):
        new = io.BytesIO()
        parts = {"about": np.array("{}"), "weights": np.zeros((3, 4)), field: np.array([Bomb()], object)}
        np.savez(new, **parts)
        new.seek(0)
        with pytest.raises(InputError):
            model_file.load(new)


@given(st.data())
def test_damaged_files_are_refused_or_still_good(content, data):
    spoilt = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)) | st.just(len(spoilt)))]
    try:
        model = model_file.load(io.BytesIO(spoilt))
    except InputError as error:
        is_sentence(error)
    else:
        assert model.weights.shape == (len(model.experiment.layers), model.experiment.pixels)


def test_every_kind_of_network_there_and_back(pair):
    experiment, images = small(grid=4), pair.test_images[:50]
    built = {"qnn": model_file.to_bytes(train(experiment))}
    sees = {"cnn": images.reshape(50, -1) / 255, "logistic-grey": encoded(experiment.with_(encoding="angle"), images)}
    for name in BASELINES:
        if BASELINES[name].missing():
            continue
        model, (X, y) = BASELINES[name].build(experiment), some(name, experiment)
        model.partial_fit(X, y, classes=[-1.0, 1.0])
        built[name] = model_file.baseline_to_bytes(name, experiment, model.parameters, [])
        there = model_file.load(io.BytesIO(built[name]))
        pixels = sees.get(name, encoded(experiment, images))
        np.testing.assert_allclose(there.decide(images), model.decision_function(pixels), rtol=1e-4, atol=1e-5)
    assert set(built) | {name for name in BASELINES if BASELINES[name].missing()} == set(model_file.NETWORKS)
    for name, content in built.items():
        there = model_file.load(io.BytesIO(content))
        assert (there.network, there.experiment) == (name, experiment)
        assert there.decide(images).shape == (50,)


def some(name, experiment):
    """A few training examples as a baseline gets them."""
    images = BASELINES[name].images(experiment)[0]
    return images.images[images.row[:200]], images.labels[:200]


def test_the_history_of_a_classical_network(content):
    records = [EpochRecord(1, 0.5, 0.8, 0.6, 0.7)]
    parameters = [np.zeros((4, 2)), np.zeros(2), np.zeros((2, 1)), np.ones(1)]
    model = model_file.load(io.BytesIO(model_file.baseline_to_bytes("fair", small(), parameters, records)))
    assert model.history == [records[0]._asdict()]
    np.testing.assert_array_equal(model.decide(np.zeros((2, 28, 28), np.uint8)), [1.0, 1.0])
    wrong = model_file.baseline_to_bytes("fair", small(), parameters[:3], records)
    with pytest.raises(InputError) as caught:
        model_file.load(io.BytesIO(wrong))
    is_sentence(caught.value)


def test_files_that_are_no_models(tmp_path):
    text, empty = tmp_path / "model.npz", tmp_path / "empty.npz"
    text.write_text("not a model")
    empty.touch()
    for path in (text, empty, tmp_path / "nowhere.npz", tmp_path):
        with pytest.raises(InputError) as caught:
            model_file.load(path)
        assert str(path) in is_sentence(caught.value)


def test_a_place_that_cannot_be_written(run, tmp_path):
    for path in (tmp_path, tmp_path / "nowhere" / "model.npz"):
        with pytest.raises(InputError) as caught:
            model_file.save(run, path)
        assert str(path) in is_sentence(caught.value)
