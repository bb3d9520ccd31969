"""Numbers as a class reads them."""

import pytest

from qnn_core.words import power, rough, signed, three_digits, visible


@pytest.mark.parametrize(
    ("number", "form", "words"),
    [
        (0.25, ".3f", "+0.250"),
        (-0.25, ".3f", "−0.250"),
        (0.0, ".2f", "+0.00"),
        (-1234, ",", "−1,234"),
        (7, ",", "+7"),
    ],
)
def test_a_sign_is_a_true_minus_or_a_plus(number, form, words):
    assert signed(number, form) == words


def test_powers_are_raised():
    assert [power(2, 785), power(10, -15), power(10, 0)] == ["2⁷⁸⁵", "10⁻¹⁵", "10⁰"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.3741, "0.374"), (12.345, "12.3"), (123.4, "123"), (12_345, "12,300"), (1e7, "10,000,000")],
)
def test_large_numbers_have_three_digits_and_commas(number, words):
    assert three_digits(number) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0.374, "0.37"), (2.2, "2.2"), (6.21e-16, "6.2·10⁻¹⁶"), (0.001, "0.001"), (0, "0")]
)
def test_small_numbers_are_powers(number, words):
    assert rough(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (-0.25, "−0.250"),
        (0.0005, "+0.001"),
        (-0.00012, "−1.2·10⁻⁴"),
        (3e-9, "+3.0·10⁻⁹"),
        (1e-17, "+0.000"),
        (0, "+0.000"),
    ],
)
def test_what_is_not_zero_is_not_written_as_zero(number, words):
    assert visible(number) == words
