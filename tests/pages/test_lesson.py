"""What a control changes is what the page then says; the numbers are those of qnn_core."""

import time
from itertools import pairwise

import numpy as np
import pytest

from pages.ui import jobs
from pages.ui.address import query_of
from pages.ui.frame import as_python
from qnn_core import Experiment, model_file, prepare, train
from qnn_core.circuit import wrap
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.presets import PRESETS
from qnn_core.training.budget import to_the_end
from qnn_core.training.loop import engine_of, evaluate, start
from qnn_core.training.losses import LOSSES
from qnn_core.training.run import Run
from qnn_core.training.starts import initial_weights
from tests.helpers import is_sentence

pytestmark = pytest.mark.usefixtures("nothing_computed")


def said(visitor, *words):
    """A text on the page that has all these words."""
    return next((text for text in visitor.texts() if all(word in text for word in words)), None)


@pytest.mark.parametrize("name", PRESETS)
def test_start_a_preset_leads_to_its_training(visit, name):
    visitor = visit()
    visitor.app.button(key=name).click().run()
    assert visitor.app.title[0].value == "Train"
    fields = PRESETS[name].experiment.model_dump(exclude_defaults=True)
    assert visitor.experiment() == f"Experiment({', '.join(f'{key}={value!r}' for key, value in fields.items())})"


def test_digits_count_the_images(visit):
    visitor = visit("1_digits")
    assert list(visitor.metrics.values()) == ["12,049", "6,131", "5,918", "1,968"]
    visitor.set("selectbox", "first", 0).set("selectbox", "second", 1)
    pair = pair_of(Experiment(digits=(0, 1)))
    assert visitor.metrics["Training images"] == f"{len(pair.train_images):,}" == "12,665"
    assert visitor.metrics["of them a 0"] == f"{np.count_nonzero(pair.train_labels > 0):,}"
    assert said(visitor, "The first digit (0)", "+1")


def test_digits_a_picture_beyond_the_last(visit):
    visitor = visit("1_digits", first=4, second=5, picture=12_000)
    assert not visitor.app.exception
    last = len(pair_of(Experiment(digits=(4, 5))).train_images) - 1
    assert f"picture {last:,} is shown" in is_sentence(visitor.app.warning[0].value)


def test_shrink_to_another_grid(visit):
    visitor = visit("2_shrink", engine="contraction")
    assert said(visitor, "16 of 784 numbers")
    visitor.set("slider", "grid", 7)
    assert said(visitor, "49 of 784 numbers")
    assert any("7×7" in alt for alt in visitor.charts)


def test_contradictions_count_as_the_tutorial_does(visit):
    visitor = visit("3_contradictions")
    rows = visitor.app.table[0].value
    assert rows["grey"].tolist() == ["10,387", "4,961", "5,475", "49"]
    assert rows["kept, encoded"].tolist() == ["193", "124", "113", "44"]
    assert any("kept after removing contradictions: 11,520" in alt for alt in visitor.charts)


@pytest.mark.parametrize(("threshold", "remove"), [(0.1, "grey"), (0.95, "grey"), (0.5, "binary"), (0.5, "off")])
def test_contradictions_follow_their_controls(visit, threshold, remove):
    visitor = visit("3_contradictions").rest(threshold).set("button_group", "remove_contradictions", remove)
    data = prepare(Experiment(threshold=threshold, remove_contradictions=remove))
    own = data.counts
    counts = [f"{number:,}" for number in (own.unique, own.first, own.second, own.contradictory)]
    assert visitor.app.table[0].value["kept, encoded"].tolist() == counts
    assert visitor.metrics["Ceiling, test"] == f"{data.ceiling.test_best:.4f}"
    assert any(f"different pictures after encoding: {data.counts.unique:,}" in alt for alt in visitor.charts)
    assert visitor.number("different pictures") == counts[0]
    assert visitor.number("with both labels") == counts[3]
    assert visitor.number("ceiling, test") == f"{data.ceiling.test_best:.4f}"
    (tiles,) = [panel for panel in visitor.film["panels"] if panel["kind"] == "tiles"]
    assert bool(tiles["shown"][visitor.film["positions"].index(threshold)]) == (remove != "binary")


@pytest.mark.parametrize("page", ["3_contradictions", "4_encode"])
def test_the_threshold_film_and_the_panel_agree(visit, page):
    visitor = visit(page, engine="contraction")
    name = visitor.film["name"]
    visitor.rest(0.31)
    assert visitor.app.slider(key="threshold").value == 0.31
    assert "threshold=0.31" in visitor.experiment()
    visitor.set("slider", "threshold", 0.62)
    assert visitor.sent_to()["at"] == 0.62
    assert visitor.film["name"] == name
    visitor.set("slider", "grid", 3)
    assert visitor.film["name"] != name
    assert (visitor.app.session_state["desk"].experiment.threshold, len(visitor.film["positions"])) == (0.62, 99)


def test_a_threshold_between_the_frames_is_one_of_them(visit):
    visitor = visit("4_encode", threshold=0.333)
    assert visitor.sent_to()["at"] == 0.333
    assert 0.333 in visitor.film["positions"]
    visitor.rest(0.4)
    assert 0.333 not in visitor.film["positions"]


@pytest.mark.parametrize("sent", [{"frame": 99}, {"frame": -1}, {"frame": "5"}, {"frame": None}, {"frame": True}, {}])
def test_what_a_browser_says_of_the_threshold_is_not_trusted(visit, sent):
    visitor = visit("3_contradictions").tell("rest", **sent)
    assert not visitor.app.exception
    assert visitor.experiment() == "Experiment()"
    visitor.tell("rest", film="another", frame=3).tell("wants", position=float("1e9")).tell("wants", position="x")
    assert visitor.experiment() == "Experiment()"


@pytest.mark.parametrize("page", ["3_contradictions", "4_encode"])
def test_grey_pictures_have_no_film_of_a_threshold(visit, page):
    visitor = visit(page, engine="contraction", encoding="angle", grid=4)
    assert not visitor.films
    assert said(visitor, "threshold", "grey")
    assert not visitor.app.exception


def test_encode_shows_the_gates_of_the_bits(visit):
    visitor = visit("4_encode")
    for threshold in (0.5, 0.1, 0.99):
        visitor.rest(threshold)
        lit = int((shrunken(Experiment()).train[0] > threshold).sum())
        assert visitor.pictures == [f"One short wire for each pixel; {lit} of 16 carry a gate."]
        unique = prepare(Experiment(threshold=threshold)).counts.unique
        assert visitor.number("different pictures") == f"{unique:,}"
        assert visitor.number("pixels of ink") == f"{lit} of 16"
    visitor.set("button_group", "encoding", "angle")
    assert said(visitor, "superposition", "part of the way")


def test_circuit_counts_its_weights(visit):
    visitor = visit("5_circuit").choose("circuit_blocks is open", True)
    visitor.app.run()
    assert said(visitor, "17 qubits, 2 layers, 32 weights, 2¹⁷ amplitudes")
    visitor.set("slider", "blocks", 2)
    assert said(visitor, "17 qubits, 4 layers, 64 weights")
    notice = visitor.notice
    assert "Of 64 weights 32 are left. Numbers that change its answers on black and white pictures: **17**." in notice
    assert "The 3s and 6s themselves tell 16 of them apart." in notice
    visitor.set("button_group", "arrangement", "interleaved")
    assert "Numbers that change" not in visitor.notice
    assert any("64 two-qubit gates" in alt for alt in visitor.pictures)
    assert [button.proto.label for button in visitor.app.get("download_button")] == ["OpenQASM 3", "SVG"]
    assert "readout" in said_by_qiskit(visitor)


def said_by_qiskit(visitor):
    """The circuit in Qiskit's letters."""
    bodies = [element.proto.body for element in visitor.app.get("html")]
    return next(body for body in bodies if 'class="columns"' in body and "Rxx" in body)


def done(visitor):
    """Nothing is going on any more, and the page shows all of it."""
    # Drawn once more: in a test no page follows its work, and the last of it may have come below the film.
    return lambda: not visitor.app.get("progress") and not visitor.app.run().get("progress")


def test_train_to_the_end(visit):
    visitor = visit("6_train", engine="contraction")
    assert (visitor.step, visitor.film["total"]) == (0, 48)
    start = visitor.numbers
    visitor.play().tick_until(done(visitor))
    plain = train(Experiment(engine="contraction"))
    assert visitor.film["positions"] == list(range(49))
    assert visitor.numbers["test hinge loss"] == f"{plain.history[-1]['test_loss']:.3f}" != start["test hinge loss"]
    assert visitor.numbers["test accuracy"] == f"{plain.history[-1]['test_accuracy']:.3f}"
    np.testing.assert_allclose(visitor.curve("Loss", "each"), [record.loss for record in plain.records], atol=1e-3)
    assert 0.85 < visitor.curve("Accuracy", "fair")[-1] < 0.93
    assert not visitor.app.dataframe
    table = visitor.open("The numbers of this film").table("Now: test hinge loss")
    assert table["step"].tolist() == list(range(49))


def test_train_step_by_step_and_on_another_page(visit):
    visitor = visit("6_train", engine="contraction", seed=3)
    for pressed in (1, 2):
        visitor.one_step().tick_until(lambda pressed=pressed: visitor.step == pressed)
    visitor.tick_until(
        lambda: not visitor.app.get("progress") or "paused" in visitor.app.get("progress")[0].proto.text
    )
    visitor.go("2_shrink")
    assert [bar.proto.text for bar in visitor.app.get("progress")] == ["Training paused: step 2 of 48"]
    visitor.set("slider", "grid", 3)  # another network has not been trained
    assert not visitor.app.get("progress")
    visitor.set("slider", "grid", 4).go("6_train")
    assert visitor.step == 2
    visitor.play().go("8_draw")
    visitor.tick_until(lambda: "Training done" in visitor.app.get("progress")[0].proto.text)
    assert next(radio for radio in visitor.app.radio if radio.label == "Weights").options[0] == "Your run"
    assert said(visitor, "after step 48 of 48")


def test_train_where_the_film_rests_is_asked_on_other_pages(visit):
    visitor = visit("6_train", engine="contraction", rate=0.05)
    visitor.play().tick_until(done(visitor))
    visitor.rest(5)
    assert visitor.app.session_state["desk"].position == 5
    visitor.go("9_box")
    assert said(visitor, "after step 5 of 48")
    visitor.go("6_train")
    assert visitor.sent_to()["at"] == 5
    visitor.rest(48)
    assert visitor.app.session_state["desk"].position is None
    assert said(visitor.go("9_box"), "after step 48 of 48")


@pytest.mark.parametrize("position", [5, 48])
def test_train_a_link_to_a_position_is_computed_up_to_there(visit, position):
    visitor = visit("6_train", engine="contraction", seed=3000 + position, position=position)
    assert visitor.sent_to()["at"] == position, "to come"
    visitor.tick_until(lambda: visitor.step == position)
    assert visitor.sent_to()["at"] == position
    time.sleep(0.3)
    visitor.app.run()
    assert visitor.step == position, "no further than was asked for"
    assert said(visitor.go("9_box"), f"after step {position} of 48")


def test_train_pause_stops_the_work(visit):
    visitor = visit("6_train", engine="contraction", epochs=5000)
    visitor.play().tick_until(lambda: visitor.step > 0).pause()
    run = jobs.RUNS.get(Experiment(engine="contraction", epochs=5000))
    visitor.tick_until(lambda: not run.active)  # with the slice that was on its way
    visitor.app.run()
    assert "paused" in visitor.app.get("progress")[0].proto.text
    step = visitor.step
    for _ in range(3):
        visitor.app.run()
    assert visitor.step == step < 80_000


def test_train_is_one_run_for_all_who_watch(visit):
    teacher, student = (visit("6_train", engine="contraction", seed=77) for _ in range(2))
    teacher.play().tick_until(done(teacher))
    student.app.run()
    assert student.film == teacher.film
    student.rest(0)
    teacher.app.run()
    assert teacher.step == 48
    assert teacher.app.session_state["desk"].position is None


def networks(visitor):
    """The thresholds at which there is a network already."""
    return next(iter(visitor.films.values()))["positions"] if visitor.films else []


def test_train_keep_it_trained(visit):
    visitor = visit("6_train", engine="contraction", keep_trained="true", threshold=0.3, seed=11)
    end = to_the_end(Experiment(threshold=0.3, seed=11))
    assert visitor.experiment() == as_python(end)
    assert f"on its pictures, {end.epochs:,} passes over all images, all at a time." in visitor.notice
    visitor.tick_until(lambda: len(networks(visitor)) > 4)
    assert max(abs(threshold - 0.3) for threshold in networks(visitor)) < 0.2, "the nearest first"
    assert 0.3 in networks(visitor)
    assert visitor.film["planned"] == [round(0.02 * k, 2) for k in range(1, 50)]
    end = train(end).history[-1]
    assert visitor.number("test accuracy") == f"{end['test_accuracy']:.3f}"
    assert visitor.number("test hinge loss") == f"{end['test_loss']:.3f}"
    name = visitor.film["name"]
    visitor.tell("wants", position=0.9)  # let go where there is none yet
    assert visitor.app.session_state["desk"].experiment.threshold == 0.9
    visitor.tick_until(lambda: 0.9 in networks(visitor))
    assert visitor.film["name"] == name
    visitor.tell("wants", position=0.905)
    assert visitor.app.session_state["desk"].experiment.threshold == 0.9
    visitor.rest(0.3)
    assert query_of(visitor.app.session_state["desk"]) == "threshold=0.3&seed=11&engine=contraction&keep_trained=true"


def test_train_kept_trained_the_run_at_the_threshold_is_the_one_that_is_saved(visit):
    visitor = visit("6_train", engine="contraction", keep_trained="true", seed=12)
    run = jobs.RUNS.get(to_the_end(Experiment(engine="contraction", seed=12)))
    visitor.tick_until(lambda: run.trained and 0.5 in networks(visitor))
    assert visitor.number("test accuracy") == f"{run.records[-1].test_accuracy:.3f}"
    visitor.set("toggle", "inside_kept", True)
    assert visitor.films["training_film"]["positions"][-1] == 1000


def test_train_what_is_not_kept_trained_any_more_is_not_computed(visit):
    visitor = visit("6_train", engine="contraction", keep_trained="true", seed=13)
    end = to_the_end(Experiment(engine="contraction", seed=13))
    job = jobs.tasks("trained", end.model_copy(update={"threshold": 0.0, "epochs": 1}))
    visitor.tick_until(lambda: len(job.results) > 1)
    visitor.set("toggle", "keep_trained", False)
    assert job.progress() == (0, 0)
    visitor.set("toggle", "keep_trained", True)
    assert job.progress()[1] == 49
    visitor.set("number_input", "seed", 14)
    assert job.progress() == (0, 0)


@pytest.mark.parametrize(
    ("settings", "words"), [({"encoding": "angle"}, "no threshold"), ({"layers": "XX,ZZ,XX,ZZ,XX,ZZ"}, "too long")]
)
def test_train_where_no_film_over_the_threshold_can_be_kept(visit, settings, words):
    visitor = visit("6_train", engine="contraction", keep_trained="true", **settings)
    assert is_sentence(said(visitor, words))
    assert list(visitor.films) == ["training_film"]
    # Where the greys are kept the threshold does nothing, and is not there to be set.
    assert ("threshold" in [slider.key for slider in visitor.app.slider]) is ("encoding" not in settings)


def test_train_with_aer(visit):
    visitor = visit("6_train", grid=2, examples=20, batch=10, epochs=1)
    visitor.play().tick_until(done(visitor))
    plain = train(Experiment(grid=2, examples=20, batch_size=10, epochs=1, engine="contraction")).history[-1]
    assert visitor.numbers["test hinge loss"] == f"{plain['test_loss']:.3f}"


def test_train_a_pinned_picture_is_followed(visit):
    visitor = visit("6_train", engine="contraction", seed=5)
    visitor.play().tick_until(done(visitor))
    gauge = next(panel for panel in visitor.film["panels"] if panel["kind"] == "gauge")
    run, test = train(Experiment(engine="contraction", seed=5)), prepare(Experiment()).test
    picture = test.images[test.row[19]]
    assert gauge["values"][-1] == pytest.approx(
        float(engine_of(Experiment(engine="contraction")).value(picture[None], run.weights)[0]), abs=1e-3
    )
    visitor.set("number_input", "test_image", 3)
    gauge = next(panel for panel in visitor.film["panels"] if panel["kind"] == "gauge")
    assert np.ravel(gauge["picture"]).tolist() == test.images[test.row[3]].tolist()


def test_train_a_run_that_is_kept_lies_behind_the_next(visit):
    visitor = visit("6_train", engine="contraction", seed=1)
    visitor.play().tick_until(done(visitor)).press("Keep this run")
    losses = [record.test_loss for record in train(Experiment(engine="contraction", seed=1), test_every=1).records]
    visitor.set("number_input", "seed", 2)
    np.testing.assert_allclose(visitor.curve("Loss", "seed 1")[-1], losses[-1], atol=1e-3)
    visitor.tell("branch", name="seed 1")
    assert visitor.experiment() == "Experiment(seed=1, engine='contraction')"
    assert visitor.step == 48
    visitor.press("Forget them").set("number_input", "seed", 2)
    assert not [one for one in visitor.film["panels"][1]["series"] if one["role"] == "behind"]


SMALL = {"engine": "contraction", "grid": 2, "examples": 60, "batch_size": 16, "epochs": 2}


def test_train_with_every_loss_at_one_press(visit):
    visitor = visit("6_train", start="narrow", **SMALL)
    visitor.set("toggle", "compare_losses", True).tick_until(
        lambda: any("each loss" in alt for alt in visitor.charts)
    )
    caption, run = said(visitor, "Only the loss differs"), Experiment(start="narrow", **SMALL)
    drawn = {line["name"]: line["y"][-1] for line in visitor.drawn("each loss")["data"]}
    for name, loss in LOSSES.items():
        end = train(run.with_(loss=name)).history[-1]["test_accuracy"]
        assert f"{loss.title.lower()} **{end:.3f}**" in caption
        assert drawn[loss.title] == pytest.approx(end)
    assert f"The ceiling is {prepare(run).ceiling.test_best:.3f}." in caption
    losses, accuracies = (
        [one["name"] for one in panel["series"] if one["role"] == "behind"] for panel in visitor.film["panels"][1:3]
    )
    assert (losses, accuracies) == ([], [f"loss {name}" for name in LOSSES if name != "hinge"])
    visitor.tell("branch", name="loss squared")
    assert visitor.app.session_state["desk"].experiment == run.with_(loss="squared")
    visitor.set("toggle", "compare_losses", False)
    assert not any("each loss" in alt for alt in visitor.charts)
    assert "test squared loss" in visitor.numbers


def test_train_the_posts_run_from_ten_seeds(visit):
    visitor = visit("6_train", engine="contraction")
    visitor.tick_until(lambda: any("10 seeds" in alt for alt in visitor.charts))
    figure = visitor.drawn("10 seeds")
    run = Experiment(engine="contraction")
    ends = {f"seed {seed}": train(run.with_(seed=seed)).history[-1]["test_accuracy"] for seed in range(10)}
    assert {line["name"]: line["y"][-1] for line in figure["data"]} == pytest.approx(ends)
    assert any(shape["y0"] == 0.6809 for shape in figure["layout"]["shapes"])
    caption = said(visitor, "Only the first weights")
    assert f"between **{min(ends.values()):.3f}** and **{max(ends.values()):.3f}**" in caption
    assert (
        f"The post printed 0.6809: {sum(end < 0.6809 for end in ends.values())} of these 10 end below it." in caption
    )


def test_train_another_run_from_ten_seeds_when_somebody_asks(visit):
    visitor = visit("6_train", **SMALL)
    assert not visitor.charts
    visitor.choose("seeds is open", True).app.run()
    visitor.tick_until(lambda: any("10 seeds" in alt for alt in visitor.charts))
    assert "The post" not in said(visitor, "Only the first weights")


@pytest.mark.parametrize(
    "settings",
    [{}, {"start": "narrow"}, {"encoding": "angle"}, {"grid": 7}, {"grid": 7, "loss": "logistic"}],
    ids=str,
)
def test_train_what_is_said_of_the_first_weights_is_so(visit, settings):
    visitor = visit("6_train", engine="contraction", **settings)
    run = Experiment.parse({"engine": "contraction", **settings})
    weights, test = start(run).weights, prepare(run).test
    values = engine_of(run).value(test.images, weights)[test.row]
    flat = np.mean(np.abs(values) <= 0.05) >= 0.9
    words = said(visitor, "Nothing is trained yet")
    assert (f"so the loss starts at {evaluate(run, weights, test)[0]:.2f}." in words) == flat
    assert flat == (run.grid == 7)


def test_noise_a_loss_that_shots_would_bias_is_not_trained_with_shots(visit):
    for loss, offered in (("squared", True), ("cross-entropy", False)):
        visitor = visit("11_noise", loss=loss, **SMALL)
        visitor.choose("learn is open", True).app.run()
        assert ("Train with shots" in visitor.buttons) == offered
        assert bool(said(visitor, "would be wrong on average")) != offered


def test_a_setting_moves_within_a_moment(visit):
    """0.3 s on an idle machine; here only that nothing is trained or drawn for seconds."""
    visitor = visit("3_contradictions", engine="contraction").rest(0.6)
    seconds = []
    for threshold in (0.31, 0.42, 0.53):
        began = time.perf_counter()
        visitor.rest(threshold)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 1.5, seconds


def three(thickness=11):
    """Ink (280, 280) of a 3 in straight strokes."""
    ink = np.zeros((280, 280))
    points = [(60, 90), (60, 190), (130, 140), (180, 190), (230, 160), (220, 80)]
    for (y0, x0), (y1, x1) in pairwise(points):
        for t in np.linspace(0, 1, 100):
            y, x = round(y0 + t * (y1 - y0)), round(x0 + t * (x1 - x0))
            ink[y - thickness : y + thickness, x - thickness : x + thickness] = 255.0
    return ink


def test_draw_nothing_shows_the_stand_in(visit):
    visitor = visit("8_draw", engine="contraction")
    assert said(visitor, "No drawing yet", "picture 0")
    seen, labels = prepare(Experiment()).kept.count(shrunken(Experiment()).train[0] > 0.5), "3"
    assert [visitor.metrics[key] for key in ("QNN says", "Fair network says", "Seen in training")] == [
        labels,
        labels,
        f"{sum(seen):,}",
    ]


def test_draw_a_digit_gets_a_verdict(visit, draw, to_the_end):
    draw(three())
    visitor = visit("8_draw", engine="contraction")
    assert not visitor.app.exception
    assert not said(visitor, "No drawing yet")
    assert visitor.metrics["QNN says"] == "3"
    from qnn_core.data.drawing import prepare_drawing
    from qnn_core.data.shrink import shrink

    pixels = (shrink(prepare_drawing(three()).image[None], 4, "sample").reshape(1, -1) > 0.5).astype(float)
    value = float(engine_of(to_the_end.experiment).expectation(pixels, to_the_end.weights)[0])
    assert visitor.needle == f"The expectation value is {value:+.3f}."
    assert visitor.circuit["pixels"] == pixels[0].tolist()
    assert visitor.circuit["value"] == pytest.approx(value, abs=1e-4)
    assert f"{int(pixels.sum())} of 16" in visitor.circuit["alt"]
    assert visitor.circuit["signal"]


def test_the_circuit_shows_the_weights_that_were_chosen(visit, to_the_end):
    visitor = visit("5_circuit", engine="contraction")
    assert np.allclose(visitor.circuit["weights"], to_the_end.weights, atol=1e-4)
    visitor.set("button_group", "circuit_weights", "As the seed draws them")
    assert np.allclose(visitor.circuit["weights"], wrap(initial_weights(Experiment())), atol=1e-4)
    assert (visitor.circuit["pixels"] == (shrunken(Experiment()).train[0] > 0.5)).all()


@pytest.mark.parametrize(
    "changes", [{}, {"digits": "0,1"}, {"encoding": "angle"}], ids=["3 and 6", "0 and 1", "grey"]
)
def test_draw_says_how_many_pictures_nobody_can_know(visit, changes):
    visitor = visit("8_draw", engine="contraction", **changes)
    notice = visitor.notice
    if "encoding" in changes:
        assert "bits" not in notice
        return
    kept = prepare(visitor.app.session_state["desk"].experiment).kept
    both = sum(1 for one, other in zip(kept.first, kept.second, strict=True) if one and other)
    assert f"{both:,} sets of bits belong to both" in notice


def test_a_network_that_no_page_can_show_is_refused_with_a_sentence(visit):
    long = Experiment(grid=2, layers=("XX", "ZZ") * 6, gradient="parameter-shift", examples=2, epochs=1)
    weights = start(long).weights
    run = Run(long, weights, weights, [], np.zeros(1968), 0.0)
    visitor = visit("8_draw")
    visitor.app.file_uploader(key="model_file").set_value(("long.npz", model_file.to_bytes(run), "npz")).run()
    assert not visitor.app.exception
    assert "12 alternating layers" in is_sentence(visitor.app.error[0].value)
    assert visitor.metrics["QNN says"]


def test_a_file_is_read_once_and_not_at_every_touch(visit, monkeypatch):
    read, honest = [], model_file.load
    monkeypatch.setattr(model_file, "load", lambda file: read.append(file) or honest(file))
    visitor = visit("8_draw", engine="contraction")
    uploader = visitor.app.file_uploader(key="model_file")
    uploader.set_value(("bad.npz", b"PK\x03\x04 nonsense", "npz")).run()
    for _ in range(2):
        visitor.app.run()
        assert "is not a saved model" in is_sentence(visitor.app.error[0].value)
    assert len(read) == 1
    good = model_file.to_bytes(train(Experiment(grid=2, examples=10, epochs=1, engine="contraction")))
    visitor.app.file_uploader(key="model_file").set_value(("good.npz", good, "npz")).run()
    visitor.app.run()
    assert not visitor.app.error
    assert "grid=2" in " ".join(code.value for code in visitor.app.code)
    assert len(read) == 2


@pytest.mark.parametrize("ink", [np.full((280, 280), 255.0), np.pad([[255.0]], 139)], ids=["full", "dot"])
def test_draw_no_digit_gets_a_sentence(visit, draw, ink):
    draw(ink)
    visitor = visit("8_draw", engine="contraction")
    assert not visitor.app.exception
    assert said(visitor, "draw a digit")
    assert set(visitor.metrics.values()) == {"–"}  # a sentence, not a verdict
    assert not said(visitor, "No drawing yet")
