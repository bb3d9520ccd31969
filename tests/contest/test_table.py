"""The tutorial's table beside this machine's."""

import pickle
from statistics import median

import numpy as np
import pytest

from qnn_core.contest.contenders import CONTENDERS, Outcome, contend, run_contender
from qnn_core.contest.table import COLUMNS, cells, compare, default_models, to_csv, to_markdown
from qnn_core.data.dataset import prepare
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment, Stage
from qnn_core.presets import PRESETS
from qnn_core.training.budget import BUDGETS, SAME_STEPS
from qnn_core.training.run import train

TUTORIAL = Experiment(engine="contraction")


@pytest.fixture(scope="module")
def table():
    ticks = []
    return compare(TUTORIAL, range(2), lambda: ticks.append(1)), ticks


def test_the_table(table):
    result, ticks = table
    assert result["seeds"] == [0, 1]
    assert result["experiment"] == TUTORIAL.model_dump(mode="json")
    rows = result["rows"]
    assert [row["name"] for row in rows] == default_models()
    by_name = {row["name"]: row for row in rows}
    distinct = prepare(TUTORIAL).counts.unique
    expected = {
        "qnn-32": (32, 17, 0.6809, 48, 1500),
        "qnn-64-grouped": (64, 17, 0.7964, 96, 3000),
        "qnn-64-interleaved": (64, 64, None, 96, 3000),
        "product": (64, 50, None, 96, 3000),
        "cosine": (16, 16, None, 48, 1500),
        "fair": (37, 37, 0.8714, 1800, 20 * 11_520),
        "logistic": (17, 17, None, 1800, 20 * 11_520),
        "logistic-grey": (17, 17, None, 1800, 20 * 11_520),
        "majority": (distinct, distinct, None, 1, 11_520),
        "qnn-grey": (32, 32, None, 48, 1500),
    }
    names = ("parameters", "effective_parameters", "published", "steps", "examples_seen")
    assert {name: tuple(row[field] for field in names) for name, row in by_name.items()} == expected
    for row in rows:
        assert {"model", "parameters", "test_accuracy", "test_accuracies", "published", "seconds"} <= set(row)
        assert len(row["test_accuracies"]) == 2
        assert row["test_accuracy"] == median(row["test_accuracies"])
        assert 0.4 < row["test_accuracy"] < row["ceiling"]
        assert row["interval_low"] < sorted(row["test_accuracies"])[0] < row["interval_high"]  # of the median run
        assert row["seconds"] > 0
    assert len(ticks) == 2 * len(rows)


@pytest.mark.parametrize(("row", "preset"), list(enumerate(["tutorial-32", "tutorial-64"])))
def test_the_rows_are_the_presets_runs(table, row, preset):
    run = PRESETS[preset].experiment.with_(engine="contraction")
    expected = [train(run.with_(seed=seed)).history[-1]["test_accuracy"] for seed in range(2)]
    assert table[0]["rows"][row]["test_accuracies"] == expected


@pytest.mark.parametrize("field", Experiment.fields(Stage.PICTURE))
def test_published_only_where_the_images_are_the_tutorials(field):
    other = {
        "digits": (1, 7),
        "grid": 3,
        "resample": "area",
        "remove_contradictions": "off",
        "threshold": 0.4,
        "encoding": "angle",
    }[field]
    rows = compare(TUTORIAL.with_(**{field: other}), [0], models=["qnn-32", "fair"])["rows"]
    assert [row["published"] for row in rows] == [None] * 2
    pixels = 9 if field == "grid" else 16
    assert [row["parameters"] for row in rows] == [2 * pixels, 2 * (pixels + 1) + 3]
    assert len({row["ceiling"] for row in rows}) == 1


def test_other_digits_change_every_row(table):
    rows = compare(TUTORIAL.with_(digits=(0, 1)), range(2))["rows"]
    for row, tutorial in zip(rows, table[0]["rows"], strict=True):
        assert row["test_accuracies"] != tutorial["test_accuracies"]


def test_other_budgets_have_no_published_figures():
    rows = compare(TUTORIAL, [0], models=["qnn-32", "majority"], budget="same-epochs")["rows"]
    assert [row["published"] for row in rows] == [None, None]
    assert rows[0]["examples_seen"] == 3 * 11_520


@pytest.mark.parametrize("changes", [{}, {"digits": (1, 7)}, {"remove_contradictions": "binary"}], ids=str)
def test_same_steps_are_the_same_steps(changes):
    pictures = TUTORIAL.with_(**changes)
    outcomes = [run_contender(name, pictures, "same-steps") for name in ("qnn-32", "fair")]
    assert [outcome.steps for outcome in outcomes] == [SAME_STEPS] * 2
    for outcome in outcomes:
        assert (
            0
            <= SAME_STEPS * 128 - outcome.examples_seen
            < 128 * (1 + SAME_STEPS * 128 // len(prepare(pictures).kept))
        )


@pytest.mark.parametrize("name", [name for name in CONTENDERS if "same-steps" in CONTENDERS[name].allowances])
def test_no_budget_gives_anybody_other_steps(name):
    for examples in (50, 1000, 11_520, 12_049):
        assert CONTENDERS[name].allowances["same-steps"].steps_on(examples) == SAME_STEPS


def test_same_seconds_stop_in_time():
    outcome = run_contender("fair", TUTORIAL, "same-seconds")
    allowance = CONTENDERS["fair"].allowances["same-seconds"]
    assert allowance.seconds <= outcome.seconds
    assert outcome.steps < allowance.epochs * 90


@pytest.mark.parametrize("budget", ["tutorial", "same-steps"])
@pytest.mark.parametrize("name", [name for name in CONTENDERS if not CONTENDERS[name].slow])
def test_a_model_that_is_put_down_often_becomes_the_same(name, budget, monkeypatch):
    monkeypatch.setattr("qnn_core.contest.contenders.SLICE_SECONDS", 1e-4)
    pictures = TUTORIAL.with_(seed=5)
    whole, part, slices = run_contender(name, pictures, budget, 300), contend(name, pictures, budget, 300), 1
    while not isinstance(part, Outcome):
        part, slices = part.function(*pickle.loads(pickle.dumps(part.arguments))), slices + 1
    assert name == "majority" or slices > 1
    for field in set(Outcome._fields) - {"seconds"}:
        assert np.array_equal(getattr(part, field), getattr(whole, field)), field


def test_seconds_are_those_at_work(monkeypatch):
    allowance = CONTENDERS["qnn-32"].allowances["same-seconds"]._replace(seconds=0.3)
    monkeypatch.setitem(CONTENDERS["qnn-32"].allowances, "same-seconds", allowance)
    part = contend("qnn-32", TUTORIAL, "same-seconds")
    part = part.function(*part.arguments) if not isinstance(part, Outcome) else part
    assert isinstance(part, Outcome)
    assert 0.3 <= part.seconds < 1.0


@pytest.mark.parametrize("name", [name for name in CONTENDERS if not CONTENDERS[name].slow])
def test_verdicts_give_the_accuracy(name):
    outcome = run_contender(name, TUTORIAL.with_(seed=3), "tutorial")
    labels = prepare(TUTORIAL).test.labels
    assert outcome.test_accuracy == pytest.approx(((outcome.verdicts) == (labels > 0)).mean(), abs=1e-12)
    assert outcome.effective_parameters <= outcome.parameters


def test_every_budget_is_known_to_every_trained_model():
    for contender in CONTENDERS.values():
        assert set(contender.allowances) <= set(BUDGETS)
        assert "tutorial" in contender.allowances


def test_grouped_and_plain_networks_converge_to_the_same_accuracy():
    accuracies = [run_contender(name, TUTORIAL, "convergence").test_accuracy for name in ("qnn-32", "qnn-64-grouped")]
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.005)


def test_the_table_as_text(table):
    rows = table[0]["rows"]
    markdown, lines = to_markdown(rows).splitlines(), to_csv(rows).splitlines()
    assert len(markdown) == len(rows) + 2
    assert len(lines) == len(rows) + 1
    assert f"{rows[0]['test_accuracy']:.4f}" in markdown[2]
    assert repr(rows[0]["test_accuracy"]) in lines[1]


def test_columns_are_added_at_the_end_only(table):
    before = [
        "model", "parameters", "effective_parameters", "published", "test_accuracy", "low", "high", "train_accuracy",
        "test_loss", "loss", "examples_seen", "steps", "seconds",
    ]  # fmt: skip
    assert list(COLUMNS)[: len(before)] == before
    row = dict(zip(COLUMNS, cells(table[0]["rows"][0]), strict=True))
    assert (row["trained_with"], row["learning_rate"], row["sees"]) == ("hinge", "0.0010", "4×4 bits")


def test_what_is_said_of_the_lessons_pair(table):
    said = table[0]["paired"]
    assert said.startswith("Fair network is ahead of QNN (32), by ")
    assert "McNemar" in said
    assert "Over 2 seeds, the luck of the start" in said
    assert compare(TUTORIAL, [0], models=["majority"])["paired"].startswith("Run QNN (32) and Fair network")


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match="no model called"):
        compare(TUTORIAL, [0], models=["nobody"])
    with pytest.raises(InputError, match="no budget called"):
        compare(TUTORIAL, [0], models=["majority"], budget="infinite")
