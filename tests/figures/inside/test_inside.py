"""Pictures of the inside of the network, of landscapes and of noise show the numbers put in."""

import numpy as np
import pytest

from qnn_core.experiment import Experiment
from qnn_core.figures import theme
from qnn_core.figures.inside import all_pictures as all_images
from qnn_core.figures.inside import cosine as box
from qnn_core.figures.inside import landscape
from qnn_core.figures.inside import readout as bloch
from qnn_core.figures.machine import noise
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.inside.plateau import Law, Steepness
from qnn_core.machine.shots import Estimate, estimate


@pytest.fixture
def neuron():
    rng = np.random.default_rng(0)
    return cosine_neuron(Experiment(), rng.uniform(0, 1, (2, 16)))


def test_maps_keep_the_picture_upright(neuron):
    for figure, values in (
        (box.turn_map(neuron.turn, 4), neuron.turn / np.pi),
        (box.keep_map(neuron.keep, 4), neuron.keep),
        (box.flip_map(np.linspace(-1, 1, 16), 4), np.linspace(-1, 1, 16)),
    ):
        np.testing.assert_allclose(figure.data[0].z, values.reshape(4, 4))
        assert figure.layout.yaxis.autorange == "reversed"
        assert figure.data[0].zmin <= values.min() <= values.max() <= figure.data[0].zmax
        assert figure.data[0].customdata[1][2] == "r1c2"


def test_amplitude_is_the_bars_length():
    for amplitude in (0.0, 0.2, 1.0):
        assert box.amplitude_gauge(amplitude).data[0].x[0] == amplitude


def test_histogram_counts_every_image():
    values = np.random.default_rng(2).uniform(-1, 1, (16, 32))
    figure = all_images.all_histogram(values, 0.3)
    assert sum(figure.data[0].y) == values.size
    assert figure.layout.shapes[0].x0 == 0.3


def test_the_map_marks_the_image_where_it_is_drawn():
    rng = np.random.default_rng(3)
    values, rows, columns = rng.uniform(-1, 1, (4, 8)), rng.permutation(4), rng.permutation(8)
    figure = all_images.all_map(values, rows, columns, (2, 5))
    x, y = figure.data[1].x[0], figure.data[1].y[0]
    assert np.asarray(figure.data[0].z)[y][x] == pytest.approx(values[2, 5], abs=1e-6)


def test_half_order_goes_by_the_turn():
    turn = np.random.default_rng(4).normal(size=5)
    order = all_images.half_order(turn)
    patterns = np.array([[int(bit) for bit in format(number, "05b")] for number in order])
    assert (np.diff((1 - 2 * patterns) @ turn) >= -1e-12).all()


def test_bloch_path_has_every_step_and_shares_labels():
    vectors = np.array([[-1, 0, 0], [-1, 0, 0], [0.3, 0.4, 0.0]])
    figure = bloch.bloch_path(vectors, ["start", "XX 1", "ZZ 2"])
    path = next(trace for trace in figure.data if trace.mode == "lines+markers+text")
    np.testing.assert_allclose(np.stack([path.x, path.y, path.z], 1), vectors)
    assert list(path.text) == ["start, XX 1", "", "ZZ 2"]
    arrow = figure.data[-1]
    assert (arrow.x[1], arrow.y[1], arrow.z[1]) == (0.3, 0.4, 0.0)


def test_entropy_has_a_bar_for_every_step():
    figure = bloch.entropy_bars([0.0, 0.25, 1.0], ["start", "XX 1", "ZZ 2"])
    assert list(figure.data[0].y) == [0.0, 0.25, 1.0]
    assert list(figure.data[0].text) == ["0.00", "0.25", "1.00"]
    assert figure.layout.yaxis.range[1] > 1


def test_terms_add_up():
    figure = bloch.term_bars(["a", "b"], [0.5, -0.2], 0.1)
    assert sum(figure.data[0].x) == pytest.approx(0.4)
    assert list(figure.data[0].marker.color) == [theme.FIRST, theme.SECOND, theme.NEUTRAL]


def test_landscape_shows_losses_and_path():
    axis, losses = np.linspace(-1, 1, 5), np.random.default_rng(5).uniform(0.3, 1, (5, 5))
    path = np.array([[0.5, 0.2], [0.1, 0.1], [0, 0]])
    solid = landscape.surface3d(axis, losses, path, np.array([0.9, 0.6, 0.4]))
    np.testing.assert_allclose(solid.data[0].z, losses)
    np.testing.assert_allclose(solid.data[1].x, path[:, 0])
    flat = landscape.surface_map(axis, losses, path)
    np.testing.assert_allclose(flat.data[0].z, losses)
    assert flat.data[2].marker.symbol[0] == "square"
    assert len(landscape.surface3d(axis, losses, None, None).data) == 1


def test_slopes_beside_their_law():
    figure = landscape.law_chart(Law(0.5, 0.01, 8.0, {4: 0.55, 6: 0.12}, {4: 0.05, 6: 0.01}))
    fit, measured = figure.data
    assert list(fit.y) == [0.5, 0.125]
    assert list(measured.y) == [0.55, 0.12]
    np.testing.assert_allclose(measured.error_y.array, [0.098, 0.0196])


def test_both_plateaus_of_both_networks():
    found = [Steepness(4, 0.5, 2.0, 0.5), Steepness(784, 1e-50, 1e-49, 1e-52)]
    figure = landscape.plateaus([("XX, ZZ", found), ("without XX", found[:1])])
    assert [list(trace.y) for trace in figure.data] == [[2.0, 1e-49], [0.5, 1e-52], [2.0], [0.5]]
    assert [trace.line.dash for trace in figure.data] == ["solid", "solid", "dash", "dash"]
    assert len({trace.name for trace in figure.data}) == 4
    assert 10 ** figure.layout.yaxis.range[1] > 2


def test_the_line_and_its_waves():
    along, losses = np.linspace(-1, 1, 5), np.array([1.0, 0.9, 0.3, 0.9, 1.1])
    figure = landscape.ray_chart(along, losses, 0.1)
    np.testing.assert_allclose(figure.data[0].y, losses)
    assert (figure.layout.shapes[0].y0, figure.layout.shapes[0].y1) == (pytest.approx(0.8), pytest.approx(1.2))
    bars = landscape.spectrum(np.array([0.0, 0.5, 1.0]), np.array([0.2, 0.7])).data[0]
    np.testing.assert_allclose(bars.x, [0.25, 0.75])
    np.testing.assert_allclose(bars.y, [0.2, 0.7])


def test_the_chosen_start_is_thick_and_labels_do_not_overlap():
    curves = {width: np.array([1, 0.9 + width / 1000]) for width in (0.0, 0.1, 1.0)}
    figure = landscape.first_losses(curves, 0.1, (0.2, 1.3), 0.7)
    assert [trace.line.width > 2 for trace in figure.data] == [False, True, False]
    heights = sorted(note.y for note in figure.layout.annotations)
    assert min(np.diff(heights)) > 0.06 * (1.3 - 0.2)
    assert figure.layout.shapes[0].y0 == 0.7
    nothing_known = landscape.first_losses({}, 0.1, (0.2, 1.3), 1.0)
    assert list(nothing_known.layout.yaxis.range) == list(figure.layout.yaxis.range) == [0.2, 1.3]


@pytest.mark.parametrize("shots", [1, 7, 400, 10**6])
def test_dots_are_shots_or_their_share(shots):
    found = estimate(np.random.default_rng(7), 0.2, shots)
    figure = noise.shot_dots(found, (3, 6))
    minus, plus = (len(trace.x) for trace in figure.data)
    assert minus + plus == min(shots, noise.MAX_DOTS)
    assert plus == pytest.approx((minus + plus) * found.plus / shots, abs=0.5)
    assert f"{found.plus:,}" in figure.layout.xaxis.ticktext[1]


def test_the_estimates_interval_is_drawn():
    figure = noise.estimate_bar(0.5, 0.3, Estimate(6, 10, 0.2, -0.3, 0.6))
    assert [trace.x[0] for trace in figure.data] == [0.5, 0.3, 0.2]
    bar = figure.data[2].error_x
    assert (bar.array[0], bar.arrayminus[0]) == (pytest.approx(0.4), pytest.approx(0.5))


def test_training_from_shots_shows_loss_and_accuracy():
    figure = noise.noisy_curve(np.arange(2), np.array([0.9, 0.8]), np.array([0.7, 0.6]))
    assert [list(trace.y) for trace in figure.data] == [[0.9, 0.8], [0.7, 0.6]]


def test_turns_below_zero_are_hatched(neuron):
    below = np.argwhere(neuron.turn.reshape(4, 4) < 0)
    (shape,) = box.turn_map(neuron.turn, 4).layout.shapes
    assert shape.path.count("M") == len(below) * (2 * box.HATCHES - 1)
    assert not box.turn_map(np.abs(neuron.turn), 4).layout.shapes
