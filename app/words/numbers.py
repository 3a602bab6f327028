"""How shares are written in sentences."""


def percent(share: float, decimals: int = 0) -> str:
    r"""A share inside a sentence; its sign is never on the next line.

    >>> percent(0.123), percent(0.123, 1)
    ('12\xa0%', '12.3\xa0%')
    """
    return f"{100 * share:.{decimals}f}\xa0%"
