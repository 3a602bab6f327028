"""Numbers as a reader sees them: shares, differences, counts and sizes in sentences, and tables as CSV."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

Rows = Sequence[Mapping[str, Any]]
"""A table: one mapping per row, from column name to value."""

NOTHING = "–"
"""Where there is no number."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
_FINEST = 3
"""Most decimals of a percentage: a share closer to an end than they show is written as a bound."""


def percent(share: float, decimals: int | None = None) -> str:
    r"""A share with two digits that count, at least whole percents; 0 and 100 % only where it is.

    Just below 100 % it has as many decimals as keep it apart from 100. A ratio above 1 has no end there.
    What is not finite is a dash: a page must not fail, nor show a number, where there is none.

    Args:
        share: Unitless; 1 is 100 %.
        decimals: Of the percentage, where several stand in one column or beside an interval.

    >>> [percent(share).replace("\xa0", " ") for share in (0.0046, 0.052, 0.4862, 0.9997, 1)]
    ['0.46 %', '5.2 %', '49 %', '99.97 %', '100 %']
    >>> [percent(share, 1).replace("\xa0", " ") for share in (0.4862, 0.0001, 1)]
    ['48.6 %', '<0.1 %', '100.0 %']
    """
    if not isfinite(share):
        return NOTHING
    size = 100 * abs(share)
    if decimals is None:
        decimals = min(_decimals(size), _FINEST)
    unit = 10.0**-decimals
    bound, shown = "", size
    if size > 0 and round(size, decimals) == 0:
        bound, shown = "<", unit
    elif size < 100 and round(size, decimals) == 100:
        bound, shown = ">", 100 - unit
    if share < 0:  # on the other side of 0 an upper bound is a lower one
        bound = {"<": ">", ">": "<"}.get(bound, "")
    return f"{bound}{'−' if share < 0 else ''}{shown:.{decimals}f}{_NO_BREAK}%"


def percent_or_dash(share: float | None, decimals: int | None = None) -> str:
    r"""A share in a cell; a dash where there is none.

    >>> percent_or_dash(0.5), percent_or_dash(None), percent_or_dash(float("nan"))
    ('50\xa0%', '–', '–')
    """
    return NOTHING if share is None else percent(share, decimals)


def exact_percent(share: float) -> str:
    r"""A share that was chosen and not measured, as it was chosen.

    >>> exact_percent(0.05), exact_percent(0.125)
    ('5\xa0%', '12.5\xa0%')
    """
    return NOTHING if not isfinite(share) else f"{100 * share:g}".replace("-", "−") + f"{_NO_BREAK}%"


def decimals_within(low: float, high: float) -> int:
    """Decimals of a percentage that an interval deserves: its width is 10 to 100 units of the last one.

    An interval without width sets no digits; they are then as for an interval of a few points.

    >>> decimals_within(0.62, 0.75), decimals_within(0.684, 0.712), decimals_within(0.981, 0.989)
    (0, 1, 2)
    """
    width = 100 * (high - low)
    if not width > 0:
        return 1
    return min(max(0, 1 - _exponent(width, digits=2)), _FINEST)


def signed(value: float, decimals: int) -> str:
    """A difference with its sign, a true minus; a rounded 0 has none, and what is not finite is a dash.

    >>> signed(-1.25, 1), signed(0.04, 1), signed(3, 0)
    ('−1.2', '0.0', '+3')
    """
    if not isfinite(value):
        return NOTHING
    rounded = round(value, decimals)
    return f"{rounded:+.{decimals}f}".replace("-", "−") if rounded else f"{0:.{decimals}f}"


def fixed(value: float, decimals: int) -> str:
    """A number that may be negative, without a plus; a rounded 0 has no sign.

    >>> fixed(-0.251, 2), fixed(-0.001, 2), fixed(0.5, 2)
    ('−0.25', '0.00', '0.50')
    """
    return signed(value, decimals).removeprefix("+")


def points(difference: float, decimals: int = 1) -> str:
    """A difference of shares in percentage points.

    >>> points(0.0123), points(-0.2, 0)
    ('+1.2 points', '−20 points')
    """
    return f"{signed(100 * difference, decimals)} points"


def likelihood(loss: float, decimals: int, within: tuple[float, float] | None = None) -> str:
    """A change of a mean loss as one of the log-likelihood, which falls where accuracy falls.

    Args:
        loss: Change of the mean loss, nats.
        decimals: Written.
        within: Ends of its interval.

    >>> likelihood(0.5, 2), likelihood(0.5, 2, (0.4, 0.7))
    ('log-likelihood −0.50 nats', 'log-likelihood −0.50 nats (−0.70 to −0.40)')
    """
    said = f"log-likelihood {signed(-loss, decimals)} nats"
    if within is None:
        return said
    low, high = within
    return f"{said} ({signed(-high, decimals)} to {signed(-low, decimals)})"


def count(number: int) -> str:
    r"""A whole number, its digits in threes that stay on one line.

    >>> count(419456), count(-1000), count(42)
    ('419\xa0456', '−1\xa0000', '42')
    """
    return f"{number:,}".replace(",", _NO_BREAK).replace("-", "−")


def file_size(n_bytes: float) -> str:
    r"""Bytes as a file manager writes them: powers of 1000, two digits that count.

    >>> file_size(1_850_000), file_size(1_025_000_000), file_size(340_000_000)
    ('1.9\xa0MB', '1.0\xa0GB', '340\xa0MB')
    """
    if n_bytes < 999.5:
        return f"{n_bytes:.0f}{_NO_BREAK}bytes"
    size = n_bytes
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.5 or unit == "GB":
            break
    return f"{size:.{_decimals(size) if size < 9.95 else 0}f}{_NO_BREAK}{unit}"


def number_or_none(value: float) -> float | None:
    """A number of a table, of Python's own kind; an empty cell where there is none.

    >>> number_or_none(0.5), number_or_none(float("nan"))
    (0.5, None)
    """
    return float(value) if isfinite(value) else None


def as_csv(rows: Rows, columns: Sequence[str] = ()) -> str:
    r"""A table as CSV with a header, every digit of every number; an empty cell where one is not finite.

    Args:
        rows: A cell that a row lacks is empty.
        columns: Shown, in this order; all that the rows have where none are named, and nothing without rows.

    >>> as_csv([{"task": "cars, old", "accuracy": 0.1}, {"task": "digits", "accuracy": None}])
    'task,accuracy\n"cars, old",0.1\ndigits,\n'
    """
    columns = list(columns or dict.fromkeys(name for row in rows for name in row))
    if not columns:
        return ""
    import pandas as pd  # half a second that no other command needs

    # object: a column of whole numbers with an empty cell stays whole, and floats keep their shortest form.
    cells = [[_finite_or_none(row.get(name)) for name in columns] for row in rows]
    frame = pd.DataFrame(cells, columns=columns, dtype=object)
    return frame.to_csv(index=False, lineterminator="\n")


def _finite_or_none(cell: Any) -> Any:
    return None if isinstance(cell, float) and not isfinite(cell) else cell


def _decimals(size: float) -> int:
    """Decimals that give a percentage two digits that count, and keep it apart from 100."""
    if size == 0 or size >= 100:
        return 0
    decimals = max(0, 1 - _exponent(size, digits=2))
    if round(size, decimals) == 100:
        decimals = -_exponent(100 - size, digits=1)
    return decimals


def _exponent(value: float, *, digits: int) -> int:
    """Power of ten of a number's first digit, once it is rounded to so many."""
    return int(f"{value:.{digits - 1}e}".split("e")[1])
