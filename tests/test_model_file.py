"""A trained network goes into a file and comes back; anything else is refused."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core import model_file
from qnn_core.errors import InputError
from qnn_core.training import train
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
    "unknown layer": {"about": {"experiment": {"layers": ["QQ"]}}},
    "unknown setting": {"about": {"experiment": {"colour": "red"}}},
    "no history": {"about": {"history": None}},
    "history of words": {"about": {"history": ["good"]}},
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
