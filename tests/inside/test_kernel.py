"""The fidelity kernel against statevectors, and what is learnt with it against scikit-learn's own kernels."""

import numpy as np
import pytest
from sklearn.svm import SVC

from qnn_core import Experiment, prepare
from qnn_core.errors import InputError
from qnn_core.inside.kernel import (
    BITS,
    GREYS,
    LEARNERS,
    PENALTY,
    SIZES,
    fidelity_kernel,
    gaussian_kernel,
    kernel_matrix,
    learnt,
    of_pictures,
    remembered,
    sizes,
)
from tests.helpers import bits, is_sentence


def encoded(pixels):
    """RX(π·x) on each qubit, as amplitudes (2^n,)."""
    state = np.ones(1)
    for x in pixels:
        state = np.kron(state, [np.cos(np.pi * x / 2), -1j * np.sin(np.pi * x / 2)])
    return state


def test_it_is_the_overlap_of_the_states():
    rng = np.random.default_rng(0)
    one, other = rng.random((4, 5)), rng.random((3, 5))
    exact = [[abs(np.vdot(encoded(x), encoded(y))) ** 2 for y in other] for x in one]
    np.testing.assert_allclose(fidelity_kernel(one, other), exact, atol=1e-12)


def test_on_bits_it_is_one_for_the_same_picture_and_zero_for_any_other():
    pictures = bits(np.random.default_rng(1), 40, 4)
    same = (pictures[:, None] == pictures).all(axis=2)
    assert same.sum() > 40
    np.testing.assert_allclose(fidelity_kernel(pictures, pictures), same, atol=1e-12)


def test_close_pictures_are_as_alike_as_a_gaussian_says():
    rng = np.random.default_rng(2)
    one = rng.random((5, 16))
    other = one + rng.normal(0, 0.01, one.shape)
    quantum, gaussian = np.diag(fidelity_kernel(one, other)), np.diag(gaussian_kernel(one, other))
    np.testing.assert_allclose(quantum, gaussian, rtol=1e-4)
    assert (quantum < 1 - 1e-3).all()


def test_the_gaussian_is_scikit_learns():
    data = prepare(of_pictures(Experiment(), GREYS))
    some = data.kept.first_examples(200)
    theirs = SVC(C=PENALTY, gamma=(np.pi / 2) ** 2).fit(some.images[some.row], some.labels)
    accuracy = theirs.score(data.test.images[data.test.row], data.test.labels)
    assert learnt(Experiment(), "gaussian", 200) == ("gaussian", 200, pytest.approx(accuracy))


@pytest.mark.parametrize("learner", LEARNERS)
def test_everybody_learns(learner):
    few, many = (learnt(Experiment(), learner, examples).accuracy for examples in (30, 300))
    assert 0.6 < few < many < 1


def test_the_kernel_of_three_thousand_greys():
    assert learnt(Experiment(), "fidelity", 3000).accuracy == pytest.approx(0.9411, abs=1e-3)


def test_sizes_are_what_there_is_and_what_can_be_waited_for():
    assert sizes(Experiment()) == SIZES
    assert sizes(Experiment(grid=28, engine="contraction")) == (100, 300)
    few = Experiment(grid=2, remove_contradictions="grey", resample="area")
    assert all(size <= len(prepare(of_pictures(few, GREYS)).kept) for size in sizes(few))


def test_the_memory_is_a_table_of_majorities():
    found, data = remembered(Experiment()), prepare(Experiment(examples=None))
    table = dict[bytes, float]()
    for image, label in zip(data.kept.images[data.kept.row], data.kept.labels, strict=True):
        table[image.tobytes()] = table.get(image.tobytes(), 0) + label
    votes = [table.get(image.tobytes()) for image in data.test.images[data.test.row]]
    says = np.array([1 if vote is not None and vote > 0 else -1 for vote in votes])
    assert found.test == pytest.approx(np.mean(says == data.test.labels))
    assert found.seen == sum(vote is not None for vote in votes) < found.total == len(votes)
    assert found.train > found.test - 0.01


def test_the_matrix_is_of_as_many_of_each_digit():
    matrix, images = kernel_matrix(Experiment(), BITS, 7)
    assert matrix.shape == (14, 14)
    np.testing.assert_allclose(matrix, fidelity_kernel(images, images))
    kept = prepare(of_pictures(Experiment(), BITS)).kept
    first = kept.images[kept.row[kept.labels > 0]]
    assert np.array_equal(images[:7], first[:7])
    grey, _ = kernel_matrix(Experiment(), GREYS, 7)
    assert set(np.unique(matrix.round(12))) == {0, 1}
    assert ((grey > 0.01) & (grey < 0.99)).sum() > 50


def test_other_settings_of_the_experiment_do_not_matter():
    assert of_pictures(Experiment(seed=3, layers=("ZZ",), grid=3), BITS) == of_pictures(Experiment(grid=3), BITS)
    assert of_pictures(Experiment(digits=(0, 1)), GREYS).digits == (0, 1)


@pytest.mark.parametrize(("examples", "says"), [(3, "too few"), (5000, "too many"), (10, "one digit only")])
def test_too_few_and_too_many_images_are_one_sentence(examples, says, monkeypatch):
    if examples == 10:
        monkeypatch.setattr("qnn_core.data.images.ImageSet.second", np.zeros(1))
    with pytest.raises(InputError) as caught:
        learnt(Experiment(), "regression", examples)
    assert says in is_sentence(caught.value)
