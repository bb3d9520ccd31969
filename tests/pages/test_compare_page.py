"""Page 7, section by section: what is drawn and listed are the numbers of the runs."""

from collections import Counter
from concurrent.futures import Future
from itertools import combinations

import numpy as np
import pytest

from pages.ui.comparison import above_the_bits
from pages.ui.curves import what_they_bring
from pages.ui.pairs import hardest
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.contest.contenders import CONTENDERS, run_contender, trained_with
from qnn_core.contest.statistics import who_is_ahead
from qnn_core.contest.table import cells, table
from qnn_core.contest.thresholds import SlidePoint, thresholds
from qnn_core.contest.tutorial import ACCURACIES, SOURCES, published_counts
from qnn_core.data.dataset import pair_of
from qnn_core.figures.contest.comparison import by_frequency, confusion, learning_curves, pair_matrix, seed_dots
from qnn_core.figures.contest.thresholds import threshold_slide
from qnn_core.figures.marks import marks_svg
from qnn_core.figures.theme import digit_token
from qnn_core.training.budget import BUDGETS
from tests.helpers import outcome
from tests.visitor import sent

PAIRS = list(combinations(range(10), 2))
NETWORKS = ("qnn-32", "fair")
TRUTH = prepare(Experiment()).test.labels > 0


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


def made_up(name, experiment, budget, examples=None, loss=None):
    """An outcome whose accuracy tells what it is of; nothing is trained.

    Its verdicts are wrong on the first of the test images of 3 and 6, as many as the accuracy says.
    """
    first, second = experiment.digits
    accuracy = 0.4 + (10 * first + second) / 500 + experiment.seed / 1000 + (examples or 0) / 50_000
    accuracy += 0.1 * NETWORKS.index(name) if name in NETWORKS else 0.05
    verdicts = TRUTH.copy()
    verdicts[: round(len(TRUTH) * (1 - accuracy))] ^= True
    return outcome(name, experiment.seed, accuracy, tutorial_accuracy=accuracy - 0.02, verdicts=verdicts)


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
    for section in ("comparison", "differences", "pairs", "curves"):
        monkeypatch.setattr(f"pages.ui.{section}.contend", made_up)
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


def notice(visitor):
    """The first sentence of the section, what to take home."""
    return next(
        text
        for text in visitor.texts()
        if text.startswith(("Fair", "Cosine", "QNN", "The verdict", "Run", "With the"))
    )


def test_the_sentence_and_the_chart_come_first_and_the_table_shows_every_run(visit, here):
    visitor = visit(engine="contraction").choose("compare_seeds", 3).go("7_compare")
    visitor.tick_until(finished(visitor))
    names = [name for name, contender in CONTENDERS.items() if not contender.slow]
    outcomes = [made_up(name, Experiment(seed=seed), "tutorial") for name in names for seed in range(3)]
    rows = table(Experiment(), outcomes, published=ACCURACIES)
    assert visitor.drawn("Test accuracy of each model") == sent(seed_dots(rows))
    assert not visitor.app.dataframe
    assert visitor.open("The table").table("effective").to_numpy().tolist() == [cells(row) for row in rows]


def test_who_is_ahead_is_computed_from_what_stands_there(visit, here):
    visitor = visit(engine="contraction").choose("compare_seeds", 3).go("7_compare")
    visitor.tick_until(finished(visitor))
    outcomes = [
        made_up(name, Experiment(seed=seed), "") for name in ("qnn-32", "fair", "cosine") for seed in range(3)
    ]
    said = who_is_ahead(Experiment(), outcomes, "qnn-32", "fair")
    assert said.startswith("Fair network is ahead of QNN (32), by ")
    assert notice(visitor) == said
    visitor.set("selectbox", "pair_other", "cosine")
    assert notice(visitor) == who_is_ahead(Experiment(), outcomes, "qnn-32", "cosine")
    visitor.set("selectbox", "pair_other", "cnn")
    assert notice(visitor) == "Run CNN to compare QNN (32) and CNN."


@pytest.mark.parametrize("runs", [3, 4])
def test_the_pairs_runs_come_first_and_there_is_no_verdict_before_all_are_there(visit, here, runs):
    here.most, names = runs, [name for name, contender in CONTENDERS.items() if not contender.slow]
    visitor = visit(engine="contraction").choose("compare_seeds", 2).go("7_compare")
    visitor.tick_until(lambda: progress(visitor) == [f"{runs} of {2 * len(names)} runs"])
    missing = "The verdict comes when all runs of QNN (32) and Fair network are there: 1 of 4 are missing."
    assert (notice(visitor) == missing) == (runs == 3)
    assert ("is ahead of" in notice(visitor)) == (runs == 4)


@pytest.mark.parametrize("budget", BUDGETS)
def test_each_budget_says_for_each_model_its_loss_and_learning_rate(visit, here, budget):
    visitor = visit(engine="contraction").choose("compare_seeds", 1).choose("budget", budget).go("7_compare")
    visitor.tick_until(finished(visitor))
    names = [name for name, contender in CONTENDERS.items() if not contender.slow]
    (caption,) = [text for text in visitor.texts() if text.startswith(BUDGETS[budget].blurb)]
    for (loss, rate), titles in trained_with(names, budget).items():
        assert f"With the {loss} at learning rate {rate:g}: {', '.join(titles)}." in caption
    listed = visitor.open("How each model is trained").table("how long")
    assert listed["model"].tolist() == [CONTENDERS[name].title for name in names]
    for name, line in zip(names, listed.to_dict("records"), strict=True):
        contender, allowance = CONTENDERS[name], CONTENDERS[name].allowance(budget)
        named = (allowance.loss, f"{allowance.learning_rate:g}") if contender.trains else ("—", "—")
        assert (line["loss"], line["learning rate"]) == named
        assert (line["how long"], line["sees"]) == (allowance.words, contender.sees(Experiment()))


def test_who_stands_above_the_ceiling_of_the_bits_has_seen_more(visit, here):
    visitor = visit(engine="contraction").choose("compare_seeds", 1).choose("models", ["qnn-32", "qnn-grey"])
    visitor.go("7_compare").tick_until(finished(visitor))
    assert not any("its own ceiling" in text for text in visitor.texts())  # nobody stands so high
    rows = table(Experiment(), [outcome("qnn-32", 0, 0.9), outcome("cnn", 0, 0.99)], published={})
    assert above_the_bits(rows) == "CNN sees 28×28 greys: its own ceiling is 1.0000, not 0.9228."


@pytest.fixture(scope="module")
def differs(visit, workers):
    """The section with both networks really trained, and their verdicts from runs of the same."""
    visitor = opened(visit, "What differs", seed=4)
    pictures = Experiment(engine="contraction", seed=4)  # most seeds end with the very same verdicts
    runs = [workers.submit(run_contender, name, pictures, "convergence") for name in NETWORKS]
    return visitor.tick_until(lambda: visitor.charts, 240), *(run.result().verdicts for run in runs)


def test_confusion_matrices_are_those_of_both_networks(differs):
    visitor, *verdicts = differs
    labels = prepare(Experiment()).test.labels
    for name, own in zip(("QNN (32)", "Fair network"), verdicts, strict=True):
        assert visitor.drawn(f"Confusion matrix of the {name}") == sent(confusion(own, labels, (3, 6), name))


def test_the_gallery_shows_disagreements_with_what_they_are_and_what_the_qnn_says(differs):
    visitor, quantum, fair = differs
    assert any(f"disagree on **{np.sum(quantum != fair):,}** of 1,968" in text for text in visitor.texts())
    shown = visitor.tiles("Test images on which the two networks disagree")
    assert {words[-1] for words, *_ in shown} == {"3", "6"}
    pair = pair_of(Experiment())
    number = {image.tobytes(): index for index, image in enumerate(pair.test_images)}
    for words, marks, tile in shown:
        index = number[tile.tobytes()]
        assert (quantum[index], fair[index]) == (words[-1] == "3", words[-1] != "3")
        truth, verdict = pair.test_labels[index], 1.0 if quantum[index] else -1.0
        assert marks == marks_svg(digit_token(truth), digit_token(verdict), dark=False)
        assert words.startswith(f"is a {3 if truth > 0 else 6}, ")


def test_the_gap_is_the_losss_and_the_page_says_so_when_it_is(differs):
    visitor, *_ = differs
    visitor.tick_until(lambda: any("came from the loss" in text for text in visitor.texts()), 240)
    said = notice(visitor)
    fair = run_contender("fair", Experiment(engine="contraction", seed=4), "convergence")
    hinge = run_contender("qnn-32", Experiment(engine="contraction", seed=4), "convergence")
    right = [round(one.test_accuracy * 1968) for one in (hinge, fair)]
    assert said.startswith(f"With the hinge loss QNN (32) is right on {right[0]:,} of the 1,968 test images, ")
    assert f"the fair network on {right[1]:,}. A gap of {right[1] - right[0]}, and that is no luck" in said
    gaps = visitor.open("The gap with every loss").table("loss of the QNN")
    assert gaps["loss of the QNN"].tolist() == [loss.title for loss in LOSSES.values()]
    ahead = [int(number.replace("−", "-")) for number in gaps["ahead of the fair network by"]]
    assert ahead[0] == right[0] - right[1] < -70
    assert max(map(abs, ahead[1:])) < 12


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
        assert visitor.drawn(f"Test accuracy of {title}") == sent(
            pair_matrix(values, f"Test accuracy: {title}", (4, 9))
        )
        listed = visitor.open("The numbers of this chart").table("pair")
        assert dict(zip(listed["pair"], listed["test accuracy"], strict=True)) == {
            f"{first} or {second}": value for (first, second), value in values.items()
        }


def test_pairs_on_their_way_leave_their_cells_empty(visit, here):
    here.most = 6
    visitor = opened(visit, "All pairs of digits")
    visitor.tick_until(lambda: progress(visitor) == ["6 of 90 runs"])
    known = PAIRS[:3]
    assert visitor.drawn("of QNN") == sent(
        pair_matrix(accuracies("qnn-32", known), "Test accuracy: QNN (32)", (3, 6))
    )
    set_labelled(visitor, "segmented_control", "Accuracy of", "Ceiling")
    best = {pair: prepare(Experiment(digits=pair)).ceiling.test_best for pair in known}
    assert visitor.drawn("of Ceiling") == sent(pair_matrix(best, "Test accuracy: Ceiling", (3, 6)))


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
    assert "Set now: 3 or 6." in visitor.texts()
    visitor.press("Set the digits")
    assert visitor.experiment() == "Experiment(digits=(4, 9), seed=5, engine='contraction')"
    assert "Set now: 4 or 9." in visitor.texts()
    assert [toast.value for toast in visitor.app.toast] == ["The digits are now 4 and 9, on every page."]


def test_the_hardest_pairs_are_named_when_all_are_there(visit, here):
    here.most = 6
    visitor = opened(visit, "All pairs of digits")
    visitor.tick_until(lambda: progress(visitor) == ["6 of 90 runs"])
    assert any("42 of 45 are missing" in text for text in visitor.texts())
    quantum = dict.fromkeys(PAIRS, 0.9) | {(2, 7): 0.6}
    ceilings = dict.fromkeys(PAIRS, 0.95) | {(4, 9): 0.91}
    assert hardest(quantum, ceilings, "squared loss", missing=0) == (
        "Hardest for everybody: 4 or 9, where nobody gets above 0.910. Trained with the squared loss, QNN (32) is "
        "furthest below the ceiling at 2 or 7: 0.600 of 0.950."
    )


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


def test_what_more_examples_bring_is_computed():
    curves = {"qnn-32": {50: [0.7, 0.8, 0.75], 900: [0.9]}, "fair": {50: [0.6], 900: [0.7]}}
    assert what_they_bring(curves, [50, 900]) == (
        "From 50 to 900 examples, QNN (32) goes from 0.750 to 0.900 and Fair network goes from 0.600 to 0.700. "
        "QNN (32) gains more."
    )
    curves["fair"][900] = [0.75]
    assert what_they_bring(curves, [50, 900]).endswith("Both gain alike.")
    curves["fair"][900], curves["qnn-32"][900] = [0.55], [0.75]
    assert what_they_bring(curves, [50, 900]).endswith("More examples bring neither anything.")


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
    gap = np.median([0.95 - point.quantum for point in points])
    said = f"Trained with the hinge loss, the QNN stays {gap:.3f} below it in the median, the fair network 0.250."
    assert any(text.endswith(said) for text in visitor.texts())


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


def test_the_posts_accuracies_stand_beside_ten_runs_of_each(visit, here):
    visitor = opened(visit, "The tutorial's numbers")
    visitor.tick_until(finished(visitor))
    runs = visitor.table("run")
    assert runs["the post"].tolist() == [f"{accuracy:.4f}" for accuracy in ACCURACIES.values()]
    for contender, line in zip(map(CONTENDERS.get, ACCURACIES), runs.itertuples(index=False), strict=True):
        assert line.run.startswith(contender.title)
        if contender.slow:  # it has a button of its own
            assert list(line[2:]) == ["—"] * 3 + [0]
            continue
        outcomes = [made_up(contender.name, Experiment(seed=seed), "tutorial") for seed in range(10)]
        low, high = outcomes[0].test_accuracy, outcomes[9].test_accuracy
        assert list(line[2:5]) == [f"{(low + high) / 2:.4f}", f"{low:.4f}", f"{high:.4f}"]
        published = ACCURACIES[contender.name]
        near = sum(abs(one.test_accuracy - published) <= 0.003 for one in outcomes)
        counted = sum(abs(one.tutorial_accuracy - published) <= 0.003 for one in outcomes)
        assert line[5] == 10
        lines = "\n".join(visitor.texts()).splitlines()
        line_of = next(one for one in lines if one.startswith(f"- **{contender.title}**:"))
        assert f"{near} of 10 runs within ±0.003 of it" in line_of
        assert (f", {counted} as Keras counts" in line_of) == (contender.name == "fair")


def test_each_source_stands_with_its_own_figures(visit, here):
    visitor = opened(visit, "The tutorial's numbers")
    visitor.tick_until(finished(visitor))
    text = " ".join(visitor.texts())
    for source in SOURCES.values():
        assert f"[{source.title}]({source.address})" in text
    quantum, fair = (made_up(name, Experiment(), "convergence").test_accuracy for name in NETWORKS)
    assert f"QNN (32) reaches {quantum:.3f}: not above the tutorial’s 85%" in text
    assert f"Fair network has {fair:.3f}, at least as good" in text
    assert "958 of 1,968 test images are 6s, a share of 0.4868. That is the same number" in text
    other = opened(visit, "The tutorial's numbers", threshold=0.3)
    assert not any("post’s log" in said for said in other.texts())
