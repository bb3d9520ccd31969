"""Numbers as a class reads them."""

from math import floor, log10

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(number: float, form: str = ".3f") -> str:
    """A number with its sign in front, a true minus and not a hyphen: +0.250, −0.250. form: as in an f-string."""
    return f"{number:+{form}}".replace("-", "−")


ROUNDING = 1e-12
"""A smaller number is what is left of 0."""


def visible(number: float) -> str:
    """A signed number with three decimals, or as a power where these would all be 0: −0.250, −1.2·10⁻⁴."""
    if ROUNDING < abs(number) < 0.0005:
        return f"{'+' if number > 0 else '−'}{rough(abs(number))}"
    return signed(number)


def power(base: int, exponent: int) -> str:
    """A power with its exponent raised: 2¹⁷, 10⁻⁹."""
    return f"{base}{str(exponent).translate(SUPERSCRIPT)}"


def three_digits(number: float) -> str:
    """A positive number with the three digits that count: 0.37, 12.3, 12,300."""
    value = float(f"{number:.3g}")
    return f"{value:,.0f}" if value >= 100 else f"{value:g}"


def rough(number: float) -> str:
    """A positive number with two digits that count; below a thousandth as a power: 0.37, 6.2·10⁻¹⁶. 0 is 0."""
    if number >= 1e-3 or number <= 0:
        return f"{number:.2g}"
    exponent = floor(log10(number))
    return f"{number / 10.0**exponent:.1f}·{power(10, exponent)}"
