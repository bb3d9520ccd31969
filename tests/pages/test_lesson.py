"""What a control changes is what the page then says; the numbers are those of qnn_core."""

import time
from itertools import pairwise

import numpy as np
import pytest

from qnn_core import Experiment, model_file, prepare, train
from qnn_core.data.dataset import pair_of, shrunken
from qnn_core.presets import PRESETS
from qnn_core.training.loop import engine_of, start
from qnn_core.training.run import Run
from tests.helpers import is_sentence

pytestmark = pytest.mark.usefixtures("nothing_computed", "quick_film")


def said(visitor, *words):
    """A text on the page that has all these words."""
    return next((text for text in visitor.texts() if all(word in text for word in words)), None)


@pytest.mark.parametrize("name", PRESETS)
def test_start_a_preset_leads_to_its_training(visit, name):
    visitor = visit()
    assert "It was a 3" in said(visitor, "⟨Z⟩ says")
    visitor.app.button(key=name).click().run()
    assert visitor.app.header[0].value == "Train"
    fields = PRESETS[name].experiment.model_dump(exclude_defaults=True)
    assert visitor.experiment() == f"Experiment({', '.join(f'{key}={value!r}' for key, value in fields.items())})"


def test_digits_count_the_images(visit):
    visitor = visit("1_digits")
    assert list(visitor.metrics.values()) == ["12,049", "6,131", "5,918", "1,968"]
    visitor.set("selectbox", "first", 0).set("selectbox", "second", 1)
    pair = pair_of(Experiment(digits=(0, 1)))
    assert visitor.metrics["Training images"] == f"{len(pair.train_images):,}" == "12,665"
    assert visitor.metrics["of them a 0"] == f"{np.count_nonzero(pair.train_labels > 0):,}"
    assert "The first digit (0)" in visitor.app.info[0].value


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
    visitor = (
        visit("3_contradictions")
        .set("slider", "threshold", threshold)
        .set("button_group", "remove_contradictions", remove)
    )
    data = prepare(Experiment(threshold=threshold, remove_contradictions=remove))
    own = data.counts
    counts = [f"{number:,}" for number in (own.unique, own.first, own.second, own.contradictory)]
    assert visitor.app.table[0].value["kept, encoded"].tolist() == counts
    assert visitor.metrics["Ceiling, test"] == f"{data.ceiling.test_best:.4f}"
    assert any(f"different pictures after encoding: {data.counts.unique:,}" in alt for alt in visitor.charts)
    if remove == "binary":
        assert said(visitor, "no contradictions")


def test_encode_shows_the_gates_of_the_bits(visit):
    visitor = visit("4_encode")
    for threshold in (0.5, 0.1, 0.99):
        visitor.set("slider", "threshold", threshold)
        lit = int((shrunken(Experiment()).train[0] > threshold).sum())
        assert visitor.pictures == [f"One short wire for each pixel; {lit} of 16 carry a gate."]
        unique = prepare(Experiment(threshold=threshold)).counts.unique
        assert said(visitor, f"{unique:,} different pictures remain")
    visitor.set("button_group", "encoding", "angle")
    assert said(visitor, "superposition", "part of the way")


def test_circuit_counts_its_weights(visit):
    visitor = visit("5_circuit")
    assert list(visitor.metrics.values()) == ["17", "2", "32", "2¹⁷"]
    visitor.set("slider", "blocks", 2)
    assert (visitor.metrics["Layers"], visitor.metrics["Weights"]) == ("4", "64")
    assert "only 32 count" in visitor.app.info[0].value
    visitor.set("button_group", "arrangement", "interleaved")
    assert "only" not in visitor.app.info[0].value
    assert any("64 two-qubit gates" in alt for alt in visitor.pictures)
    assert [button.proto.label for button in visitor.app.get("download_button")] == ["OpenQASM 3", "SVG"]
    assert "readout" in said_by_qiskit(visitor)


def said_by_qiskit(visitor):
    """The circuit in Qiskit's letters."""
    return next(code.value for code in visitor.app.code if "Rxx" in code.value)


def done(visitor):
    """Nothing is going on any more."""
    return lambda: "Pause" not in visitor.buttons and "Go on" not in visitor.buttons


def test_train_to_the_end(visit):
    visitor = visit("6_train", engine="contraction")
    assert visitor.metrics["Step"] == "0 / 48"
    start = dict(visitor.metrics)
    visitor.press("Play").tick_until(done(visitor))
    plain = train(Experiment(engine="contraction")).history[-1]
    assert visitor.metrics["Step"] == "48 / 48"
    assert visitor.metrics["Test loss"] == f"{plain['test_loss']:.3f}" != start["Test loss"]
    assert visitor.metrics["QNN, test accuracy"] == f"{plain['test_accuracy']:.3f}"
    assert 0.85 < float(visitor.metrics["Fair, test accuracy"]) < 0.93
    assert visitor.buttons.count("Play") == visitor.buttons.count("One step") == 0
    visitor.press("Reset")
    seconds = visitor.metrics.pop("Seconds computing")
    assert visitor.app.metric
    assert {**visitor.metrics, "Seconds computing": start["Seconds computing"]} == start, seconds
    visitor.press("Play").tick_until(done(visitor))  # the film again; nothing is computed
    assert visitor.metrics["Seconds computing"] == seconds


def test_train_step_by_step_and_on_another_page(visit):
    visitor = visit("6_train", engine="contraction", seed=3)
    for pressed in (1, 2):
        visitor.press("One step")
        visitor.tick_until(lambda pressed=pressed: visitor.metrics["Step"] == f"{pressed} / 48")
    visitor.tick_until(
        lambda: not visitor.app.get("progress") or "paused" in visitor.app.get("progress")[0].proto.text
    )
    visitor.go("2_shrink")
    assert [bar.proto.text for bar in visitor.app.get("progress")] == ["Training paused: step 2 of 48"]
    visitor.set("slider", "grid", 3)  # another network has not been trained
    assert not visitor.app.get("progress")
    visitor.set("slider", "grid", 4).go("6_train")
    assert visitor.metrics["Step"] == "2 / 48"
    visitor.press("Go on").go("8_draw")
    visitor.tick_until(lambda: "Training done" in visitor.app.get("progress")[0].proto.text)
    assert visitor.app.radio[0].options[0] == "Your run"
    assert said(visitor, "after step 48 of 48")


def test_train_look_back(visit):
    visitor = visit("6_train", engine="contraction", rate=0.05)
    visitor.set("button_group", "pace", "Slow motion")
    assert not visitor.app.select_slider  # nothing to look back at yet
    visitor.press("Play")
    steps = []
    while "Pause" in visitor.buttons:
        visitor.app.run()
        steps.append(int(visitor.metrics["Step"].split()[0]))
    assert sorted(set(steps)) == list(range(steps[0], 49))
    (slider,) = visitor.app.select_slider
    assert slider.value == 48
    assert slider.options == [str(step) for step in range(49)]
    slider.set_value(5).run()
    assert said(visitor, "Weights after step 5 in half-turns")
    assert any("expectation values after step 5," in alt for alt in visitor.charts)
    assert visitor.metrics["Step"] == "5 / 48"
    visitor.go("9_box")
    assert said(visitor, "after step 5 of 48")
    visitor.go("6_train")
    assert visitor.metrics["Step"] == "5 / 48"
    visitor.app.select_slider[0].set_value(48).run()
    assert visitor.metrics["Step"] == "48 / 48"


def test_train_pause_rests_where_it_is(visit):
    visitor = visit("6_train", engine="contraction", rate=0.02)
    visitor.set("button_group", "pace", "Slow motion").press("Play")
    visitor.tick_until(lambda: visitor.metrics["Step"] >= "3")
    visitor.press("Pause")
    step = visitor.metrics["Step"]
    for _ in range(3):
        visitor.app.run()
    assert visitor.metrics["Step"] == step
    visitor.press("Go on").press("Pause")
    assert visitor.metrics["Step"] > step


def test_train_is_one_run_for_all_who_watch(visit):
    teacher, student = (visit("6_train", engine="contraction", seed=77) for _ in range(2))
    teacher.press("Play").tick_until(done(teacher))
    student.app.run()
    assert student.metrics == teacher.metrics
    student.press("Reset")
    assert student.metrics["Step"] == "0 / 48"
    teacher.app.run()
    assert teacher.metrics["Step"] == "48 / 48"


def test_train_keep_it_trained(visit):
    visitor = visit("6_train", engine="contraction").set("toggle", "keep_trained", True)
    visitor.tick_until(lambda: not visitor.app.get("progress"))
    steps = visitor.metrics["Step"].split(" / ")
    assert steps[0] == steps[1]
    visitor.set("slider", "threshold", 0.3)
    visitor.tick_until(lambda: not visitor.app.get("progress"))
    steps = visitor.metrics["Step"].split(" / ")
    assert steps[0] == steps[1]


def test_train_with_aer(visit):
    visitor = visit("6_train", grid=2, examples=20, batch=10, epochs=1)
    visitor.press("Play").tick_until(done(visitor))
    plain = train(Experiment(grid=2, examples=20, batch_size=10, epochs=1, engine="contraction")).history[-1]
    assert visitor.metrics["Test loss"] == f"{plain['test_loss']:.3f}"


def test_a_setting_moves_within_a_moment(visit):
    """0.3 s on an idle machine; here only that nothing is trained or drawn for seconds."""
    visitor = visit("3_contradictions", engine="contraction").set("slider", "threshold", 0.6)
    seconds = []
    for threshold in (0.31, 0.42, 0.53):
        began = time.perf_counter()
        visitor.set("slider", "threshold", threshold)
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
    assert f"The expectation value is {value:+.3f}." in visitor.pictures
    assert any(f"{int(pixels.sum())} X gates" in alt for alt in visitor.pictures)


def test_a_network_that_no_page_can_show_is_refused_with_a_sentence(visit):
    long = Experiment(grid=2, layers=("XX", "ZZ") * 6, gradient="parameter-shift", examples=2, epochs=1)
    weights = start(long).weights
    run = Run(long, weights, weights, [], np.zeros(1968), 0.0)
    visitor = visit("8_draw")
    visitor.app.file_uploader(key="model_file").set_value(("long.npz", model_file.to_bytes(run), "npz")).run()
    assert not visitor.app.exception
    assert "12 alternating layers" in is_sentence(visitor.app.error[0].value)
    assert visitor.metrics["QNN says"]


@pytest.mark.parametrize("ink", [np.full((280, 280), 255.0), np.pad([[255.0]], 139)], ids=["full", "dot"])
def test_draw_no_digit_gets_a_sentence(visit, draw, ink):
    draw(ink)
    visitor = visit("8_draw", engine="contraction")
    assert not visitor.app.exception
    assert said(visitor, "draw a digit")
    assert set(visitor.metrics.values()) == {"–"}  # a sentence, not a verdict
    assert not said(visitor, "No drawing yet")
