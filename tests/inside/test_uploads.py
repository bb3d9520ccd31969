"""One pixel, uploaded again and again: the formula against Qiskit, its slopes, its frequencies and its bound."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Pauli, Statevector

from qnn_core.errors import InputError
from qnn_core.inside.uploads import (
    MOST_UPLOADS,
    TARGETS,
    best_series,
    fit,
    grey_values,
    spectrum,
    upload,
    upload_and_slopes,
)
from tests.helpers import is_sentence


def by_qiskit(angles, x):
    circuit = QuantumCircuit(1)
    for number, (first, second, third) in enumerate(angles):
        if number:
            circuit.rx(np.pi * x, 0)
        circuit.rz(first, 0)
        circuit.ry(second, 0)
        circuit.rz(third, 0)
    return Statevector(circuit).expectation_value(Pauli("Z")).real


def random_angles(uploads, seed=0):
    return np.random.default_rng((uploads, seed)).uniform(-np.pi, np.pi, (uploads + 1, 3))


@pytest.mark.parametrize("uploads", [1, 2, 4])
def test_the_circuit_is_qiskits(uploads):
    angles, x = random_angles(uploads), np.array([-0.7, 0.0, 0.2, 1.0])
    np.testing.assert_allclose(upload(angles, x), [by_qiskit(angles, each) for each in x], atol=1e-12)


@pytest.mark.parametrize("uploads", [1, 3])
def test_slopes_are_finite_differences(uploads):
    angles, x = random_angles(uploads), grey_values(10)
    value, slopes = upload_and_slopes(angles, x)
    np.testing.assert_allclose(value, upload(angles, x), atol=1e-12)
    for number, step in enumerate(1e-6 * np.eye(angles.size)):
        moved = step.reshape(angles.shape)
        difference = (upload(angles + moved, x) - upload(angles - moved, x)) / 2e-6
        np.testing.assert_allclose(slopes[:, number], difference, atol=1e-8)


@pytest.mark.parametrize("uploads", range(1, MOST_UPLOADS + 1))
def test_frequencies_end_with_the_uploads(uploads):
    sizes = spectrum(upload(random_angles(uploads), grey_values()))
    assert sizes[: uploads + 1].max() > 0.05
    assert sizes[uploads + 1 :].max() < 1e-12
    assert max(spectrum(upload(random_angles(uploads, seed), grey_values()))[uploads] for seed in range(9)) > 1e-4


def test_the_spectrum_is_that_of_the_waves():
    x = grey_values()
    sizes = spectrum(0.3 + 0.5 * np.cos(np.pi * 2 * x) - 1.2 * np.sin(np.pi * 2 * x) + 0.1 * np.sin(np.pi * 5 * x))
    np.testing.assert_allclose(sizes[[0, 2, 5]], [0.3, 1.3, 0.1])
    assert sizes[[1, 3, 4]].max() < 1e-12


@pytest.mark.parametrize("uploads", [1, 3, 6])
def test_the_bound_is_least_squares_over_all_sums_of_waves(uploads):
    x = grey_values()
    for target in TARGETS.values():
        wanted = target.values(x)
        waves = [np.ones_like(x)]
        for k in range(1, uploads + 1):
            waves += [np.cos(np.pi * k * x), np.sin(np.pi * k * x)]
        size, *_ = np.linalg.lstsq(np.array(waves).T, wanted, rcond=None)
        np.testing.assert_allclose(best_series(wanted, uploads), np.array(waves).T @ size, atol=1e-9)


def test_targets_are_answers_and_their_own_mirror_images():
    x = grey_values()
    for target in TARGETS.values():
        assert np.abs(target.values(x)).max() <= 1
        np.testing.assert_allclose(target.values(x), target.values(-x))
        assert np.ptp(target.values(x)) > 1


@pytest.mark.parametrize("target", TARGETS)
def test_a_fit_is_as_good_as_it_says_and_never_better_than_the_bound(target):
    x, errors = grey_values(), []
    for uploads in (1, 3):
        found = fit(target, uploads)
        error = np.mean((upload(found.angles, x) - TARGETS[target].values(x)) ** 2)
        assert found.error == pytest.approx(error)
        bound = np.mean((best_series(TARGETS[target].values(x), uploads) - TARGETS[target].values(x)) ** 2)
        assert found.bound == pytest.approx(bound)
        assert bound <= error + 1e-9 < np.mean(TARGETS[target].values(x) ** 2) + 2e-9
        errors.append(error)
    assert errors[1] < errors[0]


def test_one_wave_is_learnt_exactly(monkeypatch):
    class Wave:
        @staticmethod
        def values(x):
            return np.cos(np.pi * x)

    monkeypatch.setattr("qnn_core.inside.uploads.TARGETS", {"wave": Wave})
    assert fit("wave", 1).error < 1e-12


def test_a_fit_belongs_to_its_seed():
    np.testing.assert_array_equal(fit("dark", 2, 1).angles, fit("dark", 2, 1).angles)
    assert not np.array_equal(fit("dark", 2, 1).angles, fit("dark", 2, 2).angles)


@pytest.mark.parametrize("uploads", [0, MOST_UPLOADS + 1])
def test_too_few_and_too_many_uploads_are_one_sentence(uploads):
    with pytest.raises(InputError) as caught:
        fit("dark", uploads)
    is_sentence(caught.value)
    with pytest.raises(InputError):
        fit("nothing of that name", 2)
