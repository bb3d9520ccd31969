"""Page 7, section by section: what is drawn and listed are the numbers of the runs."""

from collections import Counter
from concurrent.futures import Future
from itertools import combinations

import numpy as np
import pytest

from qnn_core import Experiment, prepare
from qnn_core.contest.contenders import CONTENDERS, run_contender
from qnn_core.contest.table import cells, table
from qnn_core.contest.thresholds import SlidePoint, thresholds
from qnn_core.contest.tutorial import ACCURACIES, published_counts
from qnn_core.data.dataset import pair_of
from qnn_core.figures.contest.comparison import by_frequency, confusion, learning_curves, pair_matrix, seed_dots
from qnn_core.figures.contest.thresholds import threshold_slide
from qnn_core.figures.data.montage import places
from qnn_core.figures.theme import FIRST, SECOND
from tests.helpers import outcome
from tests.visitor import sent

PAIRS = list(combinations(range(10), 2))
NETWORKS = ("qnn-32", "fair")


class Here:
    """Computes at once, in this process; tasks beyond the first `most` never end."""

    def __init__(self):
        self.submitted, self.most = 0, 10**9

    def submit(self, fn, /, *args):
        future, self.submitted = Future(), self.submitted + 1
        if self.submitted <= self.most:
            future.set_result(fn(*args))
        return future


class InTurn:
    """Without any turns."""

    def __init__(self, executor):
        self.executor = executor

    def of(self, visitor, *, background=False):
        return self.executor

    def place(self, future):
        return 0


def made_up(name, experiment, budget, examples=None):
    """An outcome whose accuracy tells what it is of; nothing is trained."""
    first, second = experiment.digits
    accuracy = 0.4 + (10 * first + second) / 500 + experiment.seed / 1000 + (examples or 0) / 50_000
    accuracy += 0.1 * NETWORKS.index(name) if name in NETWORKS else 0.05
    return outcome(name, experiment.seed, accuracy, tutorial_accuracy=accuracy - 0.02)


def made_up_point(experiment):
    """The same for a threshold: the quantum network is best at 0.3."""
    first, second = experiment.digits
    best = 0.8 + (10 * first + second) / 1000
    return SlidePoint(experiment.threshold, 0.95, best - abs(experiment.threshold - 0.3), 0.7)


@pytest.fixture
def here(monkeypatch, nothing_computed):
    """Runs are made up, at once."""
    executor = Here()
    monkeypatch.setattr("pages.ui.jobs.TURNS", InTurn(executor))
    monkeypatch.setattr("pages.ui.comparison.contend", made_up)
    monkeypatch.setattr("pages.ui.slide.slide_point", made_up_point)
    return executor


def opened(visit, section, **address):
    """A visitor in this section, with the contraction."""
    visitor = visit(engine="contraction", **address)
    return visitor.choose("section", section).go("7_compare")


def finished(visitor):
    """Nothing is going on any more."""
    return lambda: not visitor.app.get("progress")


def progress(visitor):
    """How far it is."""
    return [bar.proto.text.split(": ")[1] for bar in visitor.app.get("progress")]


def set_labelled(visitor, kind, label, value):
    """Move a control that has no key."""
    (control,) = [control for control in getattr(visitor.app, kind) if control.label == label]
    control.set_value(value).run()


def test_the_table_shows_every_run(visit, here):
    visitor = opened(visit, "The table").set("number_input", "compare_seeds", 3)
    visitor.tick_until(finished(visitor))
    names = [name for name, contender in CONTENDERS.items() if not contender.slow]
    outcomes = [made_up(name, Experiment(seed=seed), "tutorial") for name in names for seed in range(3)]
    rows = table(outcomes, published=ACCURACIES)
    assert visitor.drawn("Test accuracy of each model") == sent(
        seed_dots(rows, prepare(Experiment()).ceiling.test_best)
    )
    assert visitor.table("effective").to_numpy().tolist() == [cells(row) for row in rows]


@pytest.fixture(scope="module")
def differs(visit, workers):
    """The section with both networks really trained, and their verdicts from runs of the same."""
    visitor = opened(visit, "What differs", seed=4)
    pictures = Experiment(engine="contraction", seed=4)  # most seeds end with the very same verdicts
    runs = [workers.submit(run_contender, name, pictures, "convergence") for name in NETWORKS]
    return visitor.tick_until(lambda: visitor.charts), *(run.result().verdicts for run in runs)


def test_confusion_matrices_are_those_of_both_networks(differs):
    visitor, *verdicts = differs
    labels = prepare(Experiment()).test.labels
    for name, own in zip(("QNN (32)", "Fair network"), verdicts, strict=True):
        assert visitor.drawn(f"Confusion matrix of the {name}") == sent(confusion(own, labels, (3, 6), name))


def test_the_gallery_shows_disagreements_in_the_colour_of_what_the_qnn_says(differs):
    visitor, quantum, fair = differs
    assert any(f"disagree on **{np.sum(quantum != fair):,}** of 1,968" in text for text in visitor.texts())
    figure = visitor.drawn("Test images on which the two networks disagree")
    captions = [(note["text"], note["font"]["color"]) for note in figure["layout"]["annotations"]]
    assert {(text[-1], colour) for text, colour in captions} == {("3", FIRST), ("6", SECOND)}
    pair = pair_of(Experiment())
    number = {image.tobytes(): index for index, image in enumerate(pair.test_images)}
    sheet, place = np.array(figure["data"][0]["z"], float), places(28, 6, 1 + captions[0][0].count("<br>"))
    for k, (text, _) in enumerate(captions):
        y, x = place.corner(k)
        tile = np.round(sheet[y : y + 28, x : x + 28] * 255).astype(np.uint8)
        index = number[tile.tobytes()]
        assert (quantum[index], fair[index]) == (text[-1] == "3", text[-1] != "3")


def test_who_is_right_on_how_many_disagreements(differs):
    visitor, quantum, fair = differs
    right = (quantum == (prepare(Experiment()).test.labels > 0))[quantum != fair]
    assert any(f"The QNN is right on {right.mean():.0%} of all" in text for text in visitor.texts())


def test_every_different_picture_is_listed_with_its_counts_and_verdicts(differs):
    visitor, *verdicts = differs
    data = prepare(Experiment())
    seen = Counter(in_bits(image) for image in data.kept.images[data.kept.row])
    expected = {}
    for index, image in enumerate(data.test.images[data.test.row]):
        says = [3 if own[index] else 6 for own in verdicts]
        line = expected.setdefault(in_bits(image), [0, 0, seen[in_bits(image)], *says])
        line[0 if data.test.labels[index] > 0 else 1] += 1
        assert line[3:] == says
    listed = {
        key: line for key, *line in visitor.open("The numbers of this chart").table("QNN says").to_numpy().tolist()
    }
    assert listed == expected
    frequency = np.array([seen[in_bits(image)] for image in data.test.images[data.test.row]])
    right = {name: own == (data.test.labels > 0) for name, own in zip(NETWORKS, verdicts, strict=True)}
    assert visitor.drawn("by how often the picture occurs") == sent(by_frequency(frequency, right))


def in_bits(image):
    """0110…"""
    return "".join(str(int(pixel)) for pixel in image)


def accuracies(name, pairs=PAIRS):
    """Of one network for these pairs."""
    return {pair: made_up(name, Experiment(digits=pair), "convergence").test_accuracy for pair in pairs}


def test_all_pairs_fill_the_matrix(visit, here):
    visitor = opened(visit, "All pairs of digits", first=4, second=9)
    visitor.tick_until(finished(visitor))
    for title, name in (("QNN (32)", "qnn-32"), ("Fair network", "fair")):
        set_labelled(visitor, "segmented_control", "Accuracy of", title)
        values = accuracies(name)
        assert visitor.drawn(f"Test accuracy of {title}") == sent(pair_matrix(values, f"Test accuracy: {title}"))
        listed = visitor.open("The numbers of this chart").table("pair")
        assert dict(zip(listed["pair"], listed["test accuracy"], strict=True)) == {
            f"{first} or {second}": value for (first, second), value in values.items()
        }


def test_pairs_on_their_way_leave_their_cells_empty(visit, here):
    here.most = 6
    visitor = opened(visit, "All pairs of digits")
    visitor.tick_until(lambda: progress(visitor) == ["6 of 90 runs"])
    known = PAIRS[:3]
    assert visitor.drawn("of QNN") == sent(pair_matrix(accuracies("qnn-32", known), "Test accuracy: QNN (32)"))
    set_labelled(visitor, "segmented_control", "Accuracy of", "Ceiling")
    best = {pair: prepare(Experiment(digits=pair)).ceiling.test_best for pair in known}
    assert visitor.drawn("of Ceiling") == sent(pair_matrix(best, "Test accuracy: Ceiling"))


def test_a_click_into_the_matrix_sets_the_digits(visit, here):
    here.most = 2
    visitor = opened(visit, "All pairs of digits")
    for x, y, digits in (("7", "1", (1, 7)), ("2", "8", (2, 8))):
        visitor.click("of QNN", x, y)
        assert f"digits={digits}" in visitor.experiment()
        assert (visitor.app.selectbox(key="first").value, visitor.app.selectbox(key="second").value) == digits
    visitor.go("1_digits")
    assert "digits=(2, 8)" in visitor.experiment()


def test_the_digits_can_be_set_without_a_click(visit, here):
    here.most = 2
    visitor = opened(visit, "All pairs of digits", seed=5)
    set_labelled(visitor, "selectbox", "Go to a pair", (4, 9))
    assert visitor.experiment() == "Experiment(seed=5, engine='contraction')"
    visitor.press("Set the digits")
    assert visitor.experiment() == "Experiment(digits=(4, 9), seed=5, engine='contraction')"


def test_other_digits_keep_the_pairs_that_are_done(visit, here):
    visitor = opened(visit, "All pairs of digits")
    visitor.tick_until(finished(visitor))
    done = here.submitted
    visitor.click("of QNN", "0", "1").tick_until(finished(visitor))
    assert here.submitted == done
    here.most = done
    visitor.set("slider", "threshold", 0.3)
    assert progress(visitor) == ["0 of 90 runs"]


def test_more_examples_draw_learning_curves(visit, here):
    visitor = opened(visit, "More examples")
    visitor.tick_until(finished(visitor))
    curves = {
        name: {
            count: [made_up(name, Experiment(seed=seed), "", count).test_accuracy for seed in range(5)]
            for count in (50, 100, 200, 500, 1000, 2000, 5000, 11_520)
        }
        for name in NETWORKS
    }
    expected = learning_curves(curves, prepare(Experiment()).ceiling.test_best)
    assert visitor.drawn("against the number of training examples") == sent(expected)
    points = [(name, count, value) for name in curves for count in curves[name] for value in curves[name][count]]
    assert sorted(
        visitor.open("The numbers of this chart").table("examples").itertuples(index=False, name=None)
    ) == sorted(points)


def test_no_more_examples_than_there_are(visit, here):
    visitor = opened(visit, "More examples", remove="binary")
    visitor.tick_until(finished(visitor))
    kept = len(prepare(Experiment(remove_contradictions="binary")).kept)
    assert max(visitor.open("The numbers of this chart").table("examples")["examples"]) == kept < 5000


def test_the_threshold_slides_over_all(visit, here):
    visitor = opened(visit, "The threshold", threshold=0.4, first=1, second=7)
    visitor.tick_until(finished(visitor))
    points = [made_up_point(Experiment(digits=(1, 7), threshold=threshold)) for threshold in thresholds()]
    assert visitor.drawn("at 49 thresholds") == sent(threshold_slide(points, 0.4))
    assert any("The QNN is best at 0.3: 0.817." in text for text in visitor.texts())


def test_thresholds_on_their_way_are_counted(visit, here):
    here.most = 4
    visitor = opened(visit, "The threshold")
    visitor.tick_until(lambda: progress(visitor) == ["4 of 49 thresholds"])
    points = [made_up_point(Experiment(threshold=threshold)) for threshold in thresholds()[:4]]
    assert visitor.drawn("at 4 thresholds") == sent(threshold_slide(points, 0.5))


def test_grey_pictures_have_no_threshold_to_slide(visit, here):
    visitor = opened(visit, "The threshold", encoding="angle")
    assert any("no threshold" in info.value for info in visitor.app.info)
    assert (visitor.charts, here.submitted) == ([], 0)


def test_no_pictures_in_the_middle_of_the_slide_are_no_breakdown(visit, here):
    visitor = opened(visit, "The threshold", grid=2, remove="binary", threshold=0.95)
    visitor.tick_until(finished(visitor))
    assert not visitor.app.error
    assert not visitor.app.warning
    assert visitor.drawn("at 49 thresholds")


def test_the_tutorials_counts_stand_beside_those_of_these_pictures(visit, here):
    for address in ({}, {"threshold": 0.3}):
        visitor = opened(visit, "The tutorial's numbers", **address)
        counts = visitor.table("what")
        expected = published_counts(Experiment(**address))
        assert counts["what"].tolist() == [line.what for line in expected]
        assert counts["published"].tolist() == [f"{line.published:,}" for line in expected]
        assert counts["here"].tolist() == [f"{line.here:,}" for line in expected]
        assert counts["why"].tolist() == [line.reason for line in expected]
        assert (counts["published"] == counts["here"]).all() == (not address)


def test_the_tutorials_accuracies_stand_beside_ten_runs_of_each(visit, here):
    visitor = opened(visit, "The tutorial's numbers")
    visitor.tick_until(finished(visitor))
    runs = visitor.table("run")
    assert runs["published"].tolist() == [f"{accuracy:.4f}" for accuracy in ACCURACIES.values()]
    for contender, line in zip(map(CONTENDERS.get, ACCURACIES), runs.itertuples(index=False), strict=True):
        assert line.run.startswith(contender.title)
        if contender.slow:  # it has a button of its own, in the table
            assert list(line[2:]) == ["—"] * 3
            continue
        ends = [made_up(contender.name, Experiment(seed=seed), "tutorial") for seed in (0, 9)]
        low, high = (end.test_accuracy for end in ends)
        assert line[2] == f"{(low + high) / 2:.4f}"
        assert line[3] == f"{low:.4f} to {high:.4f}"
        assert line[4] == f"{ends[0].tutorial_accuracy:.4f} to {ends[1].tutorial_accuracy:.4f}"
