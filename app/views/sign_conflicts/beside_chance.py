"""Two shares of conflict beside each other."""

from app.words.numbers import percent


def compared(one: float, other: float) -> tuple[str, str]:
    r"""Two shares, with a decimal when they are near each other or near an end.

    >>> compared(0.31, 0.58), compared(0.607, 0.63)
    (('31\xa0%', '58\xa0%'), ('60.7\xa0%', '63.0\xa0%'))
    """
    decimals = int(abs(one - other) < 0.05 or min(one, other, 1 - one, 1 - other) < 0.05)
    return percent(one, decimals), percent(other, decimals)
