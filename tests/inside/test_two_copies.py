"""Two copies against one: density matrices, every outcome, and games that are played."""

from functools import cache
from itertools import product

import numpy as np
import pytest

from qnn_core.errors import InputError
from qnn_core.inside.two_copies import (
    MOST_COPIES,
    MOST_QUBITS,
    bell_outcomes,
    bell_values,
    chance_of_plus,
    commuting_groups,
    copies_needed,
    name_of,
    one_copy_limit,
    one_copy_success,
    pairs_for_all,
    play,
    two_copies_success,
)
from tests.helpers import PAULIS, is_sentence

LETTERS = {"I": np.eye(2), **PAULIS}
SIZES = range(1, MOST_QUBITS + 1)


def matrix(pauli, qubits):
    """The Pauli of this number, 2^n × 2^n."""
    whole = np.eye(1)
    for letter in name_of(pauli, qubits):
        whole = np.kron(whole, LETTERS[letter])
    return whole


def hidden(pauli, qubits, sign=1):
    """(I ± P)/2^n."""
    return (np.eye(2**qubits) + sign * matrix(pauli, qubits)) / 2**qubits


def bell_state(outcome, qubits):
    """(σ_b⊗I)|Φ⁺⟩ of n pairs, the first qubits of all pairs before the second ones."""
    return matrix(outcome, qubits).astype(complex).ravel() / 2 ** (qubits / 2)


def test_names():
    assert [name_of(pauli, 1) for pauli in range(4)] == ["I", "X", "Y", "Z"]
    assert name_of(1 * 16 + 3 * 4 + 2, 3) == "XZY"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("qubits", [1, 2, 3])
def test_outcomes_of_a_bell_measurement_are_those_of_the_density_matrix(qubits, sign):
    rng = np.random.default_rng(qubits)
    for pauli in rng.choice(np.arange(1, 4**qubits), min(5, 4**qubits - 1), replace=False):
        one = hidden(pauli, qubits, sign)
        both = np.kron(one, one)
        bells = np.array([bell_state(outcome, qubits) for outcome in range(4**qubits)])
        exact = np.einsum("bi,ij,bj->b", bells.conj(), both, bells).real
        np.testing.assert_allclose(bell_outcomes(pauli, qubits), exact, atol=1e-12)
        assert exact.sum() == pytest.approx(1)


@pytest.mark.parametrize("qubits", [1, 2])
def test_bell_states_know_every_pauli_on_both_copies(qubits):
    for pauli, outcome in product(range(4**qubits), repeat=2):
        state, one = bell_state(outcome, qubits), matrix(pauli, qubits)
        np.testing.assert_allclose(np.kron(one, one) @ state, bell_values(qubits)[pauli, outcome] * state, atol=1e-12)


@pytest.mark.parametrize("qubits", SIZES)
def test_the_hidden_one_is_always_plus_and_any_other_half_of_the_time(qubits):
    chance = chance_of_plus(qubits)
    np.testing.assert_allclose(chance, np.where(np.eye(len(chance)), 1, 0.5), atol=1e-12)


@pytest.mark.parametrize("qubits", SIZES)
def test_two_copies_do_not_care_for_the_number_of_qubits(qubits):
    for copies, success in ((0, 0.5), (1, 0.5), (2, 0.75), (3, 0.75), (6, 0.9375), (12, 1 - 1 / 128)):
        assert two_copies_success(qubits, copies) == pytest.approx(success)


@pytest.mark.parametrize("qubits", SIZES)
def test_all_paulis_are_in_groups_that_commute(qubits):
    groups = commuting_groups(qubits)
    assert groups.shape == (2**qubits + 1, 2**qubits - 1)
    assert sorted(groups.ravel()) == list(range(1, 4**qubits))
    for group in groups[:: max(1, 2 ** (qubits - 2))]:
        some = [matrix(pauli, qubits) for pauli in group[:: max(1, 2 ** (qubits - 3))]]
        assert all(np.allclose(a @ b, b @ a) for a, b in product(some, repeat=2))


@cache
def chances_in(number, qubits, pauli, sign):
    """How likely each outcome is if a copy is measured in the basis that the Paulis of a group share."""
    rng = np.random.default_rng(0)
    mixed = sum(rng.normal() * matrix(one, qubits) for one in commuting_groups(qubits)[number])
    basis = np.linalg.eigh(mixed)[1]
    return np.einsum("ib,ij,jb->b", basis.conj(), hidden(pauli, qubits, sign), basis).real


def best_guess(qubits, measured, one, other):
    """How often the better guess is right, summed over every outcome. measured: copies for each group."""
    ways = []
    for pauli in (one, other):
        signs = []
        for sign in (1, -1):
            chances = np.ones(1)
            for number, copies in enumerate(measured):
                for _ in range(copies):
                    chances = np.kron(chances, chances_in(number, qubits, pauli, sign))
            signs.append(chances)
        ways.append(np.mean(signs, axis=0))
    return np.maximum(*ways).sum() / 2


@pytest.mark.parametrize(("qubits", "copies"), [(1, 1), (1, 2), (1, 4), (1, 5), (2, 2), (2, 4)])
def test_one_copy_at_a_time_is_right_as_often_as_the_best_guess_over_all_outcomes(qubits, copies):
    numbers = range(1, 4**qubits)
    found = []
    for over in range(1, 2**qubits + 2):
        measured = [copies // over + (place < copies % over) for place in range(over)] + [0] * (2**qubits + 1 - over)
        pairs = [(one, other) for one, other in product(numbers, repeat=2) if one < other]
        found.append(np.mean([best_guess(qubits, measured, one, other) for one, other in pairs]))
    assert one_copy_success(qubits, copies) == pytest.approx(max(found), abs=1e-9)


@pytest.mark.parametrize("qubits", SIZES)
def test_nothing_exceeds_its_limit_and_more_copies_never_hurt(qubits):
    copies = range(0, 60, 3)
    found = [one_copy_success(qubits, number) for number in copies]
    assert found[0] == 0.5
    assert (np.diff(found) >= -1e-12).all()
    assert all(success <= one_copy_limit(qubits, number) for success, number in zip(found, copies, strict=True))


def test_a_pure_state_shares_its_squares_among_the_paulis():
    """On which the limit rests: Σ ⟨P⟩² = 2^n, so a random Pauli P ≠ I has 1/(2^n + 1) on average."""
    rng = np.random.default_rng(0)
    for qubits in (1, 2, 3):
        state = rng.normal(size=2**qubits) + 1j * rng.normal(size=2**qubits)
        state /= np.linalg.norm(state)
        squares = [np.vdot(state, matrix(pauli, qubits) @ state).real ** 2 for pauli in range(1, 4**qubits)]
        assert np.mean(squares) == pytest.approx(1 / (2**qubits + 1))


@pytest.mark.parametrize("sure", [2 / 3, 0.9])
def test_copies_needed_are_the_fewest(sure):
    for qubits in (1, 3, 5):
        needed = copies_needed(qubits, sure)
        for copies, success in (
            (needed.two, two_copies_success),
            (needed.one, one_copy_success),
            (needed.limit, one_copy_limit),
        ):
            assert success(qubits, copies) >= sure > success(qubits, copies - 1)
        assert needed.limit <= needed.one
    assert copies_needed(5, 0.9).two == copies_needed(1, 0.9).two == 6
    assert copies_needed(5, 0.9).limit > 6


def test_pairs_for_all_grow_by_two_for_each_qubit():
    pairs = [pairs_for_all(qubits, 0.9) for qubits in SIZES]
    for qubits, number in zip(SIZES, pairs, strict=True):
        assert (4**qubits - 2) * 2.0**-number <= 0.1 < (4**qubits - 2) * 2.0 ** (1 - number)
    assert pairs[-1] - pairs[-2] == 2


def test_games_are_won_as_often_as_computed():
    rng, games, pairs = np.random.default_rng(1), 3000, 3
    won = 0.0
    for _ in range(games):
        trial = play(rng, 2, pairs)
        assert trial.values.shape == (pairs, 2)
        assert (trial.values[:, trial.hidden] == 1).all()
        assert trial.names[0] != trial.names[1]
        assert "II" not in trial.names
        won += 0.5 if (trial.values == 1).all() else 1.0
    assert won / games == pytest.approx(two_copies_success(2, 2 * pairs), abs=0.012)


def test_more_pairs_of_the_same_game_begin_as_fewer():
    few, many = (play(np.random.default_rng(7), 5, pairs) for pairs in (4, 9))
    assert (few.names, few.hidden) == (many.names, many.hidden)
    assert np.array_equal(few.values, many.values[:4])


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: two_copies_success(MOST_QUBITS + 1, 2), "not for 6"),
        (lambda: one_copy_success(0, 2), "not for 0"),
        (lambda: one_copy_limit(2, MOST_COPIES + 1), "copies are too many"),
        (lambda: two_copies_success(2, -1), "-1 copies"),
        (lambda: play(np.random.default_rng(0), 6, 1), "1 to 5 qubits"),
        (lambda: play(np.random.default_rng(0), 5, MOST_COPIES), "too many"),
        (lambda: commuting_groups(7), "not for 7"),
        (lambda: copies_needed(2, 1.0), "between a coin's"),
        (lambda: copies_needed(2, 0.5), "between a coin's"),
        (lambda: copies_needed(5, 1 - 1e-12), "more than 1,000 copies"),
    ],
)
def test_too_much_is_one_sentence(ask, says):
    with pytest.raises(InputError) as caught:
        ask()
    assert says in is_sentence(caught.value)
