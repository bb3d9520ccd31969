"""Numbers as a class reads them."""

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def signed(number: float, form: str = ".3f") -> str:
    """A number with its sign in front, a true minus and not a hyphen: +0.250, −0.250. form: as in an f-string."""
    return f"{number:+{form}}".replace("-", "−")


def power(base: int, exponent: int) -> str:
    """A power with its exponent raised: 2¹⁷, 10⁻⁹."""
    return f"{base}{str(exponent).translate(SUPERSCRIPT)}"
