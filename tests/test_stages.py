"""A setting that is added later is told apart by everything that keeps or shares results, without being listed."""

from typing import Annotated

import pytest
from pydantic import Field

from pages.ui import comparison, models
from qnn_core.contest.contenders import BROUGHT
from qnn_core.contest.tutorial import as_published, published_run
from qnn_core.data import dataset
from qnn_core.engines import contracted
from qnn_core.experiment import Experiment, Stage, stages_of
from qnn_core.inside import effective
from qnn_core.inside.scale import scale_experiment
from qnn_core.training.loop import engine_of


class Wider(Experiment):
    """An Experiment with one more setting of each kind, and one that says of nothing what it decides."""

    picture: Annotated[int, Stage.PICTURE] = Field(0)
    network: Annotated[int, Stage.NETWORK] = Field(0)
    training: Annotated[int, Stage.TRAINING] = Field(0)
    engines: Annotated[int, Stage.ENGINE] = Field(0)
    unsaid: int = Field(0)


ADDED = ("picture", "network", "training", "engines", "unsaid")
PLAIN = Wider(grid=2, examples=40, engine="contraction")


class Keys:
    """A shelf that hands out the key in place of what is kept under it."""

    def get(self, key, make):
        return key if isinstance(key, Experiment) else (key, 0.0)

    def peek(self, key):
        return key


def fair_key(monkeypatch):
    monkeypatch.setattr(models, "MODELS", Keys())
    return models.fair


def trained_key(monkeypatch):
    monkeypatch.setattr(models, "MODELS", Keys())
    return models.trained


CACHES = {
    "the pictures": (lambda _: lambda one: id(dataset.prepare(one).kept), {"picture", "unsaid"}),
    "the engine": (lambda _: lambda one: id(engine_of(one)), {"network", "engines", "unsaid"}),
    "the fair network": (fair_key, {"picture", "unsaid"}),
    "a trained network": (trained_key, set(ADDED)),
    "the comparison": (lambda _: comparison.pictures_of, {"picture", "unsaid"}),
    "the runs from 17 to 785 qubits": (
        lambda _: lambda one: scale_experiment(one, 7, "narrow"),
        {"picture", "unsaid"},
    ),
    "the same, contracted": (lambda _: contracted, set(ADDED)),
}


@pytest.mark.parametrize("field", ADDED)
@pytest.mark.parametrize("name", CACHES)
def test_what_is_kept_is_told_apart_by_what_decides_it_and_by_nothing_else(name, field, monkeypatch):
    key, decisive = CACHES[name][0](monkeypatch), CACHES[name][1]
    assert (key(PLAIN) != key(PLAIN.with_(**{field: 1}))) == (field in decisive)


@pytest.mark.parametrize("field", ADDED)
def test_weights_that_count_are_counted_for_each_network(field):
    effective.effective_parameters(PLAIN)
    before = effective._rank.cache_info().misses
    effective.effective_parameters(PLAIN.with_(**{field: 1}))
    assert effective._rank.cache_info().misses - before == (field in {"network", "unsaid"})


def test_other_pictures_are_not_the_published_ones():
    assert as_published(Wider())
    assert not as_published(Wider(picture=1))
    assert as_published(Wider(network=1, training=1, engines=1))
    assert published_run(Experiment(engine="contraction", seed=3)) == published_run(Experiment())


def test_a_new_setting_of_training_reaches_every_model_of_a_comparison():
    assert not BROUGHT & set(ADDED)
    run = contracted(PLAIN.only(Stage.PICTURE)).with_(training=1)
    assert run.with_(layers=("ZZ",)).training == 1


@pytest.mark.parametrize("field", Experiment.model_fields)
def test_every_setting_says_what_it_decides(field):
    marks = [mark for mark in Experiment.model_fields[field].metadata if isinstance(mark, Stage)]
    assert marks
    assert stages_of(Experiment.model_fields[field]) == set(marks)


def test_the_stages_of_the_lesson():
    assert Experiment.fields(Stage.PICTURE)[:2] == ("digits", "grid")
    assert set(Experiment.fields(Stage.NETWORK)) == {"grid", "layers"}
    assert set(Experiment.fields(Stage.ENGINE)) == {"engine", "gradient"}
    assert set(Experiment.fields(*Stage)) == set(Experiment.model_fields)


def test_only_keeps_the_part_and_resets_the_rest():
    one = Experiment(threshold=0.3, layers=("ZZ",), seed=7, engine="contraction")
    assert one.only(Stage.PICTURE) == Experiment(threshold=0.3)
    assert one.only(Stage.PICTURE, also=["seed"]) == Experiment(threshold=0.3, seed=7)
    assert one.only(*Stage) == one
    assert hash(one.only(Stage.NETWORK)) == hash(Experiment(layers=("ZZ",)))
