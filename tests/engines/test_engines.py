"""Every engine against the others, a plain statevector and the closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qnn_core.circuit import merge
from qnn_core.engines import ENGINES, GRADIENTS, aer, build_engine, star, terms
from qnn_core.engines.base import Engine
from qnn_core.engines.contraction import ContractionEngine
from qnn_core.engines.gradients import parameter_shift
from qnn_core.engines.one_block import OneBlock
from qnn_core.engines.star import Star, readout_pairs
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from tests.helpers import bits, closed_form, is_sentence, random_layers, small, statevector

SMALL_CASES = [(grid, length) for grid in (2, 3) for length in range(2, 7)]


def problem(seed, grid, length, images, *, grey, **changes):
    """A random circuit with its images and weights."""
    rng = np.random.default_rng(seed)
    layers = random_layers(rng, length)
    n = grid**2
    pixels = rng.random((images, n)) if grey else bits(rng, images, n)
    return small(grid=grid, layers=layers, **changes), pixels, rng.uniform(-2, 2 * np.pi, (length, n))


def finite_differences(f, weights, step=1e-5):
    """∂f/∂weights by central differences, (m, layers, n)."""
    columns = []
    for direction in np.eye(weights.size).reshape(-1, *weights.shape) * step:
        columns.append((f(weights + direction) - f(weights - direction)) / (2 * step))
    return np.stack(columns, axis=1).reshape(-1, *weights.shape)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("grey", [False, True], ids=["bits", "grey"])
@pytest.mark.parametrize(("grid", "length"), [*SMALL_CASES, (2, 1), (3, 1)])
def test_expectation_is_that_of_a_plain_statevector(engine, grid, length, grey):
    for seed in range(3):
        experiment, pixels, weights = problem(seed, grid, length, 4, grey=grey, engine=engine)
        expected = [statevector(experiment.layers, x, weights) for x in pixels]
        np.testing.assert_allclose(build_engine(experiment).expectation(pixels, weights), expected, atol=1e-9)


def test_aer_in_pieces_gives_the_same_bits(monkeypatch):
    experiment, pixels, weights = problem(3, 2, 3, 7, grey=True, engine="aer")
    whole = build_engine(experiment).value_and_jacobian(pixels, weights)
    monkeypatch.setattr(aer, "MOST_IMAGES", 2)
    for piecewise, at_once in zip(build_engine(experiment).value_and_jacobian(pixels, weights), whole, strict=True):
        np.testing.assert_array_equal(piecewise, at_once)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("length", "grey"), [(2, False), (4, False), (6, True)])
def test_expectation_at_17_qubits(engine, length, grey):
    experiment, pixels, weights = problem(7, 4, length, 2, grey=grey, engine=engine)
    expected = [statevector(experiment.layers, x, weights) for x in pixels]
    np.testing.assert_allclose(build_engine(experiment).expectation(pixels, weights), expected, atol=1e-9)


@pytest.mark.parametrize("layers", [("XX", "ZZ") * 2, ("ZZ", "XX") * 3, ("XX", "YY", "ZZ"), ("ZZ", "YY", "XX", "ZZ")])
@pytest.mark.parametrize("engine", ENGINES)
def test_interleaved_layers(engine, layers):
    rng = np.random.default_rng(11)
    pixels, weights = bits(rng, 3, 9), rng.uniform(0, 2 * np.pi, (len(layers), 9))
    expected = [statevector(layers, x, weights) for x in pixels]
    # Guard against a comparison of zeros with zeros.
    assert np.abs(expected).max() > 1e-3
    found = build_engine(small(grid=3, layers=layers, engine=engine)).expectation(pixels, weights)
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("grid", [2, 3])
def test_closed_form_of_one_block(engine, grid):
    rng = np.random.default_rng(grid)
    pixels, weights = bits(rng, 12, grid**2), rng.uniform(0, 2 * np.pi, (2, grid**2))
    experiment = small(grid=grid, layers=("XX", "ZZ"), engine=engine)
    found = build_engine(experiment).expectation(pixels, weights)
    np.testing.assert_allclose(found, closed_form(pixels, weights), atol=1e-9)


@given(st.integers(2, 28), st.integers(0, 2**32 - 1))
def test_contraction_is_the_closed_form_at_every_grid(grid, seed):
    rng = np.random.default_rng(seed)
    pixels = bits(rng, 3, grid**2)
    # Small angles too, or the product over many pixels is always 0.
    weights = rng.uniform(-1, 1, (2, grid**2)) * rng.choice([1.0, 2 / grid**2])
    found = build_engine(small(grid=grid)).expectation(pixels, weights)
    np.testing.assert_allclose(found, closed_form(pixels, weights), atol=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans())
def test_expectations_lie_between_minus_one_and_one(seed, length, grey):
    experiment, pixels, weights = problem(seed, 2, length, 6, grey=grey)
    assert (np.abs(build_engine(experiment).expectation(pixels, weights)) <= 1 + 1e-12).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.data())
def test_every_weight_has_period_two(seed, length, data):
    experiment, pixels, weights = problem(seed, 2, length, 4, grey=True)
    engine = build_engine(experiment)
    turned = weights.copy()
    turned[data.draw(st.integers(0, length - 1)), data.draw(st.integers(0, 3))] += 2
    np.testing.assert_allclose(engine.expectation(pixels, turned), engine.expectation(pixels, weights), atol=1e-9)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 0.1]), st.booleans())
def test_the_closed_form_is_the_contraction_along_paths(seed, width, vanishing):
    rng = np.random.default_rng(seed)
    signs, angles = 1 - 2 * bits(rng, 6, 9).T[None], rng.uniform(-np.pi, np.pi, (2, 9)) * width
    if vanishing:
        angles[:, 0] = np.pi / 2  # this factor's length is 0
    block, star = OneBlock(), Star(OneBlock.kinds, 9)
    np.testing.assert_allclose(block.expectation(signs, angles), star.expectation(signs, angles), atol=1e-12)
    for closed, along_paths in zip(
        block.value_and_jacobian(signs, angles), star.value_and_jacobian(signs, angles), strict=True
    ):
        np.testing.assert_allclose(closed, along_paths, atol=1e-12)
    upstream = rng.normal(size=6)
    closed, along_paths = (form.value_and_pullback(signs, angles)[1](upstream) for form in (block, star))
    np.testing.assert_allclose(closed, along_paths, atol=1e-12)


def test_one_block_on_bits_takes_the_closed_form(monkeypatch):
    def nothing(*arguments):
        raise AssertionError("the sum over paths")

    for method in ("expectation", "value_and_jacobian", "value_and_pullback"):
        monkeypatch.setattr(Star, method, nothing)
    engine, weights = build_engine(small()), np.full((2, 4), 0.1)
    engine.expectation(np.eye(4), weights)
    engine.value_and_jacobian(np.eye(4), weights)
    engine.value_and_pullback(np.eye(4), weights)
    for other, pixels in ((engine, np.eye(4) / 2), (build_engine(small(layers=("ZZ", "XX"))), np.eye(4))):
        with pytest.raises(AssertionError):
            other.expectation(pixels, weights)


@given(st.integers(0, 2**32 - 1))
def test_one_block_cannot_tell_a_picture_from_its_negative(seed):
    # MATHS section 2: f depends on the cosine of Σ α·z, which is even.
    rng = np.random.default_rng(seed)
    pixels, weights = bits(rng, 6, 16), rng.uniform(-1, 1, (2, 16))
    engine = build_engine(small(grid=4))
    np.testing.assert_allclose(
        engine.expectation(pixels, weights), engine.expectation(1 - pixels, weights), atol=1e-12
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_neighbouring_layers_of_one_kind_are_one_layer_with_the_sum(seed, length):
    experiment, pixels, weights = problem(seed, 2, length, 5, grey=True)
    rng = np.random.default_rng(seed)
    part = rng.random(weights.shape)
    doubled = np.stack([part * weights, (1 - part) * weights], axis=1).reshape(-1, 4)
    layers = tuple(kind for kind in experiment.layers for _ in range(2))
    grouped = build_engine(experiment.with_(layers=layers))
    plain = build_engine(experiment)
    np.testing.assert_allclose(grouped.expectation(pixels, doubled), plain.expectation(pixels, weights), atol=1e-9)
    _, slopes = plain.value_and_jacobian(pixels, weights)
    _, grouped_slopes = grouped.value_and_jacobian(pixels, doubled)
    np.testing.assert_allclose(grouped_slopes, np.repeat(slopes, 2, axis=1), atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_interleaving_is_another_network(engine):
    # The identity above would also hold if the order of the layers did not matter at all.
    rng = np.random.default_rng(0)
    pixels, weights = bits(rng, 4, 4), rng.uniform(0, 1, (4, 4))
    interleaved = build_engine(small(layers=("XX", "ZZ", "XX", "ZZ"), engine=engine)).expectation(pixels, weights)
    grouped = build_engine(small(layers=("XX", "XX", "ZZ", "ZZ"), engine=engine)).expectation(
        pixels, weights[[0, 2, 1, 3]]
    )
    assert np.abs(interleaved - grouped).max() > 0.01


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("grey", [False, True], ids=["bits", "grey"])
@pytest.mark.parametrize("length", range(1, 7))
def test_jacobian_is_the_derivative(engine, gradient, length, grey):
    experiment, pixels, weights = problem(length, 2, length, 3, grey=grey, engine=engine, gradient=gradient)
    values, jacobian = build_engine(experiment).value_and_jacobian(pixels, weights)
    plain = build_engine(experiment.with_(engine="contraction", gradient="exact"))
    np.testing.assert_allclose(values, plain.expectation(pixels, weights), atol=1e-9)
    numeric = finite_differences(lambda w: plain.expectation(pixels, w), weights)
    np.testing.assert_allclose(jacobian, numeric, atol=1e-8)


@pytest.mark.parametrize("grid", [2, 3])
@pytest.mark.parametrize("length", range(2, 7))
def test_exact_gradient_is_qiskits_parameter_shift(grid, length):
    experiment, pixels, weights = problem(grid + length, grid, length, 2, grey=False)
    _, exact = build_engine(experiment).value_and_jacobian(pixels, weights)
    shifted = build_engine(experiment.with_(engine="aer", gradient="parameter-shift"))
    np.testing.assert_allclose(shifted.value_and_jacobian(pixels, weights)[1], exact, atol=1e-9)


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("engine", ENGINES)
def test_pullback_is_the_jacobian_summed_up(engine, gradient):
    experiment, pixels, weights = problem(3, 2, 4, 5, grey=False, engine=engine, gradient=gradient)
    network = build_engine(experiment)
    pixels = np.unique(pixels, axis=0)
    values, jacobian = network.value_and_jacobian(pixels, weights)
    again, pullback = network.value_and_pullback(pixels, weights)
    upstream = np.random.default_rng(1).normal(size=len(pixels))
    np.testing.assert_allclose(again, values, atol=1e-12)
    np.testing.assert_allclose(pullback(upstream), np.einsum("m,mlk->lk", upstream, jacobian), atol=1e-11)


def test_a_factor_of_zero_has_a_derivative():
    # cos(π/2) in one factor: whatever divides by a factor fails here.
    pixels, weights = np.array([[0.0, 1, 0, 1]]), np.array([[0.5, 0.1, 0.2, 0.3], [0.5, 0.2, 0.1, 0.4]])
    engine = build_engine(small())
    _, jacobian = engine.value_and_jacobian(pixels, weights)
    numeric = finite_differences(lambda w: closed_form(pixels, w), weights)
    assert np.isfinite(jacobian).all()
    np.testing.assert_allclose(jacobian, numeric, atol=1e-8)
    assert np.abs(jacobian).max() > 0.1


@pytest.mark.parametrize("chunk", [1, 50, 2000])
@pytest.mark.parametrize("grey", [False, True], ids=["bits", "grey"])
@pytest.mark.parametrize("length", [2, 6])
def test_working_in_chunks_changes_nothing(monkeypatch, chunk, grey, length):
    experiment, pixels, weights = problem(5, 3, length, 7, grey=grey)
    upstream = np.random.default_rng(2).normal(size=7)

    def results():
        engine = ContractionEngine(experiment)
        values, pullback = engine.value_and_pullback(pixels, weights)
        return (
            engine.expectation(pixels, weights),
            *engine.value_and_jacobian(pixels, weights),
            values,
            pullback(upstream),
        )

    whole = results()
    monkeypatch.setattr(terms, "CHUNK", chunk)
    monkeypatch.setattr(star, "MOST_KEPT", 1)
    for expected, found in zip(whole, results(), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_number_of_paths_that_count():
    # MATHS section 3: 2, 32, 512 and 8,192 pairs; one of each conjugate pair is kept.
    for blocks, pairs in enumerate([2, 32, 512, 8_192], 1):
        found = readout_pairs(("XX", "ZZ") * blocks)
        both = 2 * len(found.bra) - np.count_nonzero(found.bra == found.ket)
        assert both == pairs


def test_merge():
    merged, owner = merge(("XX", "XX", "ZZ", "XX", "YY", "YY", "YY"))
    assert merged == ("XX", "ZZ", "XX", "YY")
    assert owner.tolist() == [0, 0, 1, 2, 3, 3, 3]


class Counting:
    """Stands for an engine's inner functions and writes down how many images they get."""

    def __init__(self, function):
        self.function = function
        self.images = []

    def __call__(self, pixels, weights):
        self.images.append(len(pixels))
        return self.function(pixels, weights)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_distinct_image_is_evaluated_once(monkeypatch, engine):
    network = build_engine(small(engine=engine))
    rng = np.random.default_rng(0)
    few = np.array([[0.0, 0, 0, 1], [1, 1, 1, 1], [0, 1, 0, 1]])
    row = rng.integers(0, 3, 40)
    weights = rng.random((2, 4))
    expected, slopes = network.value_and_jacobian(few, weights)
    values = Counting(network.value)
    monkeypatch.setattr(network, "value", values)
    np.testing.assert_allclose(network.expectation(few[row], weights), expected[row], atol=1e-12)
    assert values.images == [3]
    both = Counting(network._jacobian)
    monkeypatch.setattr(network, "_jacobian", both)
    found, jacobian = network.value_and_jacobian(few[row], weights)
    assert both.images == [3]
    np.testing.assert_allclose(found, expected[row], atol=1e-12)
    np.testing.assert_allclose(jacobian, slopes[row], atol=1e-12)


def test_aer_sends_distinct_images_in_one_pub(monkeypatch):
    network = build_engine(small(engine="aer"))
    estimator = network._qnn.estimator
    shapes = []
    run = estimator.run
    monkeypatch.setattr(
        estimator,
        "run",
        lambda pubs, **options: shapes.append([pub[2].shape for pub in pubs]) or run(pubs, **options),
    )
    network.expectation(np.repeat(np.eye(4), 5, axis=0), np.ones((2, 4)))
    assert len(shapes) == 1
    assert sum(shape[0] if len(shape) > 1 else 1 for shape in shapes[0]) == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_aer_and_contraction_have_no_noise(engine):
    experiment, pixels, weights = problem(1, 2, 3, 4, grey=False, engine=engine)
    network = build_engine(experiment)
    first = network.expectation(pixels, weights)
    assert np.array_equal(network.expectation(pixels, weights), first)


@pytest.mark.parametrize("engine", ENGINES)
def test_shapes_and_values_that_do_not_fit(engine):
    network = build_engine(small(engine=engine))
    pixels, weights = np.zeros((3, 4)), np.zeros((2, 4))
    spoilt = weights.copy()
    spoilt[1, 2] = np.nan
    for bad_pixels, bad_weights in [
        (pixels, np.zeros((2, 5))),
        (pixels, np.zeros((3, 4))),
        (pixels, np.zeros(8)),
        (pixels, spoilt),
        (pixels, np.full((2, 4), np.inf)),
        (np.zeros((3, 5)), weights),
        (np.zeros(4), weights),
    ]:
        for function in (network.expectation, network.value_and_jacobian):
            with pytest.raises(InputError) as caught:
                function(bad_pixels, bad_weights)
            is_sentence(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_takes_or_refuses_every_experiment(engine):
    entry = ENGINES[engine]
    assert entry.refusal(Experiment()) is None
    assert isinstance(entry.build(Experiment()), Engine)
    for grid in range(2, 29):
        for layers in [("XX", "ZZ"), ("XX", "ZZ") * 3, ("XX", "YY", "ZZ") * 5]:
            try:
                experiment = Experiment(grid=grid, layers=layers, engine=engine)
            except ValueError:
                continue
            assert entry.refusal(experiment) is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"engine": "aer", "grid": 5}, "26 qubits"),
        ({"engine": "aer", "grid": 28}, "785 qubits"),
        ({"engine": "contraction", "layers": ("XX", "ZZ") * 6}, "12 alternating layers"),
        ({"engine": "contraction", "layers": ("XX", "ZZ") * 4, "grid": 28}, "factors"),
    ],
)
def test_what_cannot_be_computed_is_refused_before_it_starts(fields, says):
    with pytest.raises(InputError) as caught:
        Experiment.parse(fields)
    assert says in is_sentence(caught.value)


def test_limits_are_not_too_strict():
    # MATHS section 3: the full image with one block, and four interleaved blocks at 17 qubits.
    assert Experiment(engine="contraction", grid=28)
    assert Experiment(engine="contraction", layers=("XX", "ZZ") * 4)
    assert Experiment(engine="contraction", layers=("XX",) * 16 + ("ZZ",) * 16)


def test_785_qubits_off_the_plateau():
    rng = np.random.default_rng(0)
    pixels, weights = bits(rng, 5, 784), np.stack([np.zeros(784), rng.normal(0, 0.003, 784)])
    engine = build_engine(small(grid=28))
    values, jacobian = engine.value_and_jacobian(pixels, weights)
    np.testing.assert_allclose(values, closed_form(pixels, weights), atol=1e-9)
    assert np.abs(values).max() > 0.5
    for k in (0, 400, 783):
        ahead, behind = weights.copy(), weights.copy()
        ahead[1, k] += 1e-5
        behind[1, k] -= 1e-5
        numeric = (closed_form(pixels, ahead) - closed_form(pixels, behind)) / 2e-5
        np.testing.assert_allclose(jacobian[:, 1, k], numeric, atol=1e-8)


def test_parameter_shift_of_a_known_function():
    # cos(π·t) is what a gate of this kind can make of its weight.
    weights = np.array([[0.1, 0.7]])
    slopes = parameter_shift(lambda w: np.cos(np.pi * w).sum(keepdims=True)[0], weights)
    np.testing.assert_allclose(slopes[0], -np.pi * np.sin(np.pi * weights), atol=1e-12)
