"""The network on other estimators: transpiled, it still gives the same numbers, and a small machine is refused."""

import numpy as np
import pytest
from qiskit.primitives import StatevectorEstimator
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.quantum_info import Statevector
from qiskit.transpiler import CouplingMap

from qnn_core.circuit import qubit_count
from qnn_core.engines import build_engine
from qnn_core.engines.adapters import ContractionEstimator
from qnn_core.errors import InputError
from qnn_core.machine.hardware import fit_to, offline_backend, offline_size, run_offline, run_on
from tests.helpers import bits, is_sentence, small


def problem(images=3, **changes):
    experiment, rng = small(**changes), np.random.default_rng(0)
    weights = rng.uniform(0, 0.5, (len(experiment.layers), experiment.pixels))
    pixels = bits(rng, images, experiment.pixels)
    return experiment, weights, pixels, build_engine(experiment).expectation(pixels, weights)


@pytest.mark.parametrize(
    "estimator", [StatevectorEstimator(), ContractionEstimator()], ids=lambda e: type(e).__name__
)
def test_any_estimator_gives_the_same_numbers(estimator):
    experiment, weights, pixels, expected = problem(layers=("XX", "ZZ", "XX", "ZZ"))
    run = run_on(estimator, experiment, weights, pixels)
    np.testing.assert_allclose(run.values, expected, atol=1e-9)
    assert run.before == run.after
    assert run.before.two_qubit == 16


@pytest.mark.parametrize("level", [0, 1, 3])
def test_the_transpiled_circuit_is_the_same_network(level):
    experiment, weights, pixels, expected = problem()
    fitted = fit_to(experiment, offline_backend(qubit_count(experiment)), level=level)
    assert fitted.before.two_qubit == 8
    assert fitted.after.two_qubit > 8
    assert fitted.after.depth > fitted.before.depth
    for image, f in zip(pixels, expected, strict=True):
        values = dict(zip([*fitted.star.inputs, *fitted.star.weights], [*image, *weights.ravel()], strict=True))
        state = Statevector(fitted.circuit.assign_parameters(values))
        assert state.expectation_value(fitted.observable).real == pytest.approx(f, abs=1e-9)


def test_the_fake_backend_is_near_and_noisy():
    experiment, weights, pixels, expected = problem(images=16)
    run = run_offline(experiment, weights, pixels, 4000)
    assert run.values.shape == run.errors.shape == (16,)
    assert np.abs(run.values - expected).max() < 0.35
    # Noise shrinks what is large; no estimate is the exact number.
    large = np.abs(expected) > 0.5
    assert large.any()
    assert (np.abs(run.values) < np.abs(expected))[large].all()
    assert (run.errors > 0).all()


def test_sizes_of_all_grids_that_fit():
    for grid, gates in ((2, 8), (3, 18), (4, 32)):
        name, sizes = offline_size(small(grid=grid))
        assert name
        assert sizes.drawn.two_qubit == gates
        assert sizes.own_gates.two_qubit == 2 * gates  # RXX and RZZ are two gates of the machine's own each
        assert sizes.along_wires.two_qubit > 2 * gates


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (lambda: fit_to(small(grid=3), GenericBackendV2(5, seed=1)), "10"),
        (lambda: offline_backend(26), "26"),
        (lambda: run_on(object(), small(), np.zeros((2, 4)), np.zeros((1, 4))), "BaseEstimatorV2"),
        (lambda: run_on(StatevectorEstimator(), small(), np.zeros((2, 3)), np.zeros((1, 4))), "8"),
        (lambda: run_on(StatevectorEstimator(), small(), np.zeros((2, 4)), np.zeros(4)), "shape"),
        (lambda: run_on(StatevectorEstimator(), small(), np.zeros((2, 4)), np.zeros((1, 4)), precision=0), "above 0"),
        (lambda: run_offline(small(), np.zeros((2, 4)), np.zeros((1, 4)), 0), "shots"),
    ],
)
def test_bad_input(bad, says):
    with pytest.raises(InputError) as caught:
        bad()
    assert says in is_sentence(caught.value)


def test_parameters_keep_their_order_on_a_line():
    # Ten and more parameters sort differently by name than by number; all weights differ here.
    experiment, weights, pixels, expected = problem(grid=3)
    backend = GenericBackendV2(10, coupling_map=CouplingMap.from_line(10), seed=2, noise_info=False)
    run = run_on(StatevectorEstimator(), experiment, weights, pixels, backend=backend)
    np.testing.assert_allclose(run.values, expected, atol=1e-9)
