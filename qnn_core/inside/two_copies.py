"""When the data are quantum: two copies of a state, measured together, show what single copies hide.

After Huang, Broughton, Cotler, Chen and others, "Quantum advantage in learning from experiments" (arXiv 2112.00778).
A box hands out copies of ρ = (I + s·P)/2^n: noise in which one Pauli P ≠ I is hidden, with a sign s = ±1. All copies
are measured first. Then two Paulis are named, P and another one, and the question is which of them has |Tr(Qρ)| = 1.
Everything is exact and written down in MATHS section 8.

A Pauli is a number from 0 to 4^n − 1 whose digits to the base 4 are the letters I, X, Y, Z, the first qubit first.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array, Integers
from qnn_core.errors import InputError, quoted

MOST_QUBITS = 5
MOST_COPIES = 1_000
LETTERS = "IXYZ"
_BELL = np.array([[1, 1, 1, 1], [1, 1, -1, -1], [-1, 1, -1, 1], [1, -1, -1, 1]], float)
"""Q⊗Q on the Bell states (σ_b⊗I)|Φ⁺⟩ of one pair of qubits: a row for each Q, a column for each b, both IXYZ."""
_MODULUS = {1: 0b11, 2: 0b111, 3: 0b1011, 4: 0b10011, 5: 0b100101}
"""n → an irreducible polynomial over two elements, bit by bit: it makes n bits a field."""


def check(qubits: int, copies: int = 2) -> None:
    """Raises InputError if there are too many or too few qubits or copies."""
    if not 1 <= qubits <= MOST_QUBITS:
        raise InputError(
            f"All 4^n Paulis are counted one by one, for 1 to {MOST_QUBITS} qubits and not for {quoted(qubits)}; "
            "choose fewer."
        )
    if not 0 <= copies <= MOST_COPIES:
        raise InputError(f"{quoted(copies)} copies are too many or too few; choose from 0 to {MOST_COPIES:,}.")


def name_of(pauli: int, qubits: int) -> str:
    """Its letters, such as XIZ."""
    return "".join(LETTERS[pauli // 4**place % 4] for place in range(qubits - 1, -1, -1))


# Two copies at a time


@lru_cache(maxsize=MOST_QUBITS)
def bell_values(qubits: int) -> Array:
    """What Q⊗Q is on each Bell state, ±1: (4^n Paulis Q, 4^n Bell states b). Raises InputError."""
    check(qubits)
    values = np.ones((1, 1))
    for _ in range(qubits):
        values = np.kron(values, _BELL)
    return values


def bell_outcomes(pauli: int, qubits: int) -> Array:
    """How likely each Bell state is, (4^n,), when two copies of (I ± P)/2^n are measured qubit by qubit.

    p(b) = 4^(−n)·(1 + λ_b(P)): the sign drops out, and P⊗P is always found to be +1.
    """
    return (1 + bell_values(qubits)[pauli]) / 4**qubits


@lru_cache(maxsize=MOST_QUBITS)
def chance_of_plus(qubits: int) -> Array:
    """How likely Q⊗Q = +1 is if P is hidden: (4^n − 1, 4^n − 1), a row for each P ≠ I, a column for each Q ≠ I."""
    values = bell_values(qubits)[1:]
    return (1 + values) / 4**qubits @ (1 + values).T / 2


def two_copies_success(qubits: int, copies: int) -> float:
    """How likely the right one of two Paulis is named after Bell measurements on so many copies, in twos.

    The hidden one is +1 in every pair; the other one is so k times with chance q^k, and then a coin decides:
    1 − q^k/2, on average over all P and Q. A copy that is left over is not used. Raises InputError.
    """
    check(qubits, copies)
    chance = chance_of_plus(qubits)
    others = chance[~np.eye(len(chance), dtype=bool)]
    return float(np.mean(1 - others ** (copies // 2) / 2))


def pairs_for_all(qubits: int, sure: float) -> int:
    """Pairs that suffice to name P among all 4^n − 1 Paulis with a chance of at least `sure`.

    Each of the 4^n − 2 others is +1 in all k pairs with chance 2^(−k). Raises InputError.
    """
    check(qubits)
    return int(np.ceil(np.log2((4**qubits - 2) / (1 - sure))))


# One copy at a time


@lru_cache(maxsize=MOST_QUBITS)
def commuting_groups(qubits: int) -> Integers:
    """All Paulis but I in 2^n + 1 groups of 2^n − 1 that commute and so have one basis in common: (2^n + 1, 2^n − 1).

    The Z's are one group. With the n bits as a field, the others are X^x·Z^(A_a·x) for each number a of the field,
    with the symmetric matrix (A_a)_ij = Tr(a·e_i·e_j)
    (Wootters and Fields 1989). Raises InputError.
    """
    check(qubits)
    size = 2**qubits
    groups = [[_pauli(0, z, qubits) for z in range(1, size)]]
    for a in range(size):
        groups.append([_pauli(x, _partner(a, x, qubits), qubits) for x in range(1, size)])
    return np.array(groups)


def _partner(a: int, x: int, qubits: int) -> int:
    """A_a·x, bit by bit: bit i is Tr(a·x·e_i)."""
    return sum(_trace(_times(_times(a, x, qubits), 1 << i, qubits), qubits) << i for i in range(qubits))


def _pauli(x: int, z: int, qubits: int) -> int:
    """The number of the Pauli with an X where x has a bit, a Z where z has one, and a Y where both have."""
    return sum((0, 1, 3, 2)[(x >> k & 1) + 2 * (z >> k & 1)] * 4**k for k in range(qubits))


def _times(a: int, b: int, bits: int) -> int:
    """The product of two numbers of the field."""
    product = 0
    for place in range(bits):
        product ^= (a << place) * (b >> place & 1)
    for place in range(2 * bits - 2, bits - 1, -1):
        product ^= (_MODULUS[bits] << place - bits) * (product >> place & 1)
    return product


def _trace(a: int, bits: int) -> int:
    """a + a² + a⁴ + … of n terms: 0 or 1."""
    total = 0
    for _ in range(bits):
        total, a = total ^ a, _times(a, a, bits)
    return total


def bases(qubits: int) -> int:
    """2^n + 1, the number of groups."""
    return 2**qubits + 1


def one_copy_success(qubits: int, copies: int) -> float:
    """The same for single copies, each measured in the basis of one of the `commuting_groups`.

    The copies are spread evenly over some of the groups, over as many as serves best. Raises InputError.
    """
    check(qubits, copies)
    return max(_spread(qubits, copies, over) for over in range(1, bases(qubits) + 1))


def _spread(qubits: int, copies: int, over: int) -> float:
    """Success if the copies are spread evenly over so many groups, on average over all P and Q."""
    number, each = bases(qubits), 2**qubits - 1
    measured = np.zeros(number, int)
    measured[:over] = copies // over
    measured[: copies % over] += 1
    # The one that was measured more often decides: did it always show the same sign? By luck it does so after m
    # copies with chance 2^(1−m), and then one guesses.
    luck = np.where(measured > 0, 0.5 ** np.maximum(measured - 1, 0), 1.0)
    success = 1 - np.minimum.outer(luck, luck) / 2
    pairs = np.full((number, number), each**2) - np.eye(number, dtype=int) * each  # of two different Paulis
    return float((success * pairs).sum() / pairs.sum())


def one_copy_limit(qubits: int, copies: int) -> float:
    """What no measurement of single copies can exceed, whatever it is, also if it learns from those before.

    ½ + K/(2^n + 1), because a pure state has Σ_P ⟨P⟩² = 2^n over all Paulis (MATHS section 8). Raises InputError.
    """
    check(qubits, copies)
    return min(1.0, 0.5 + copies / bases(qubits))


class Needed(NamedTuple):
    """Fewest copies for a chance of success.

    two: measured in twos. one: measured one at a time. limit: with fewer no measurement of single copies can do.
    """

    qubits: int
    two: int
    one: int
    limit: int


def copies_needed(qubits: int, sure: float) -> Needed:
    """For success of at least `sure`, in (½, 1). Raises InputError if that is not so, or too many are needed."""
    if not 0.5 < sure < 1:
        raise InputError(f"A chance of {quoted(sure)} is not between a coin's ½ and 1; choose such a one.")
    return Needed(
        qubits=qubits,
        two=_fewest(two_copies_success, qubits, sure),
        one=_fewest(one_copy_success, qubits, sure),
        limit=_fewest(one_copy_limit, qubits, sure),
    )


def _fewest(success: Callable[[int, int], float], qubits: int, sure: float) -> int:
    """Fewest copies with which success(qubits, copies) is at least `sure`; a copy more never makes it smaller."""
    fewest = bisect_left(range(MOST_COPIES + 1), sure, key=lambda copies: success(qubits, copies))
    if fewest > MOST_COPIES:
        raise InputError(f"To be so sure takes more than {MOST_COPIES:,} copies; choose a smaller chance.")
    return fewest


class Trial(NamedTuple):
    """One round of the game. names: two Paulis. hidden: which one, 0 or 1. values: ±1 of each pair, (pairs, 2)."""

    names: tuple[str, str]
    hidden: int
    values: Integers


def play(rng: np.random.Generator, qubits: int, pairs: int) -> Trial:
    """Hide a random Pauli, measure so many pairs, and only then name it and another one. Raises InputError."""
    check(qubits, 2 * pairs)
    both = 1 + rng.choice(4**qubits - 1, 2, replace=False)
    hidden = int(rng.integers(2))
    outcomes = rng.choice(4**qubits, pairs, p=bell_outcomes(int(both[hidden]), qubits))
    values = bell_values(qubits)[both][:, outcomes].T.astype(int)
    return Trial((name_of(int(both[0]), qubits), name_of(int(both[1]), qubits)), hidden, values)
