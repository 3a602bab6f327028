"""How shares of conflict are written."""

from math import isnan

from app.words.numbers import percent


def compared(one: float, other: float) -> tuple[str, str]:
    r"""Two shares, with a decimal when they are near each other or near an end.

    >>> compared(0.31, 0.58), compared(0.607, 0.63)
    (('31\xa0%', '58\xa0%'), ('60.7\xa0%', '63.0\xa0%'))
    """
    decimals = int(abs(one - other) < 0.05 or min(one, other, 1 - one, 1 - other) < 0.05)
    return percent(one, decimals), percent(other, decimals)


def signed(value: float, decimals: int) -> str:
    """A number with its sign; a rounded 0 has none.

    >>> signed(-1.25, 1), signed(0.04, 1), signed(3, 0)
    ('−1.2', '0.0', '+3')
    """
    rounded = round(value, decimals)
    return f"{rounded:+.{decimals}f}".replace("-", "−") if rounded else f"{0:.{decimals}f}"


def number(value: float) -> float | None:
    """A number of a table; nothing where there is none."""
    return None if isnan(value) else float(value)
