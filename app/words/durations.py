"""Durations as a person says them."""

_NO_BREAK = "\N{NO-BREAK SPACE}"


def about(seconds: float) -> str:
    r"""A duration that is only roughly known.

    >>> [about(seconds).replace("\xa0", " ") for seconds in (0.2, 7, 44, 100, 500, 5000, 40000)]
    ['about 1 s', 'about 7 s', 'about 45 s', 'about 2 min', 'about 8 min', 'about 1.5 h', 'about 11 h']
    """
    if seconds < 55:
        step = 1 if seconds < 9.5 else 5
        return _about(max(1, step * round(seconds / step)), "s")
    if seconds < 55 * 60:
        return _about(max(1, round(seconds / 60)), "min")
    hours = seconds / 3600
    return _about(round(hours) if hours > 9.5 else round(2 * hours) / 2, "h")


def _about(number: float, unit: str) -> str:
    return f"about {number:g}{_NO_BREAK}{unit}"
