"""A few numbers as a person types them: the grid of a sweep."""

import math

from analysis.errors import ParameterRangeError

MOST = 40
"""Numbers a grid may have; each costs an evaluation."""


def number_list(text: str, *, what: str, low: float) -> tuple[float, ...]:
    """Numbers between commas or spaces, ascending, each once.

    Args:
        text: As it was typed.
        what: Name of the numbers, for a refusal.
        low: The smallest accepted.

    Raises:
        ParameterRangeError: A word is no number or too small, or there are none or too many.

    >>> number_list("0.4, 0.2 0.3", what="λ", low=0)
    (0.2, 0.3, 0.4)
    """
    words = text.replace(",", " ").replace(";", " ").split()
    try:
        numbers = sorted({float(word) for word in words})
    except ValueError:
        raise ParameterRangeError(
            f"'{text}' is no list of {what}; write numbers between commas, such as 0.2, 0.4."
        ) from None
    if not all(math.isfinite(number) and number >= low for number in numbers):
        raise ParameterRangeError(f"'{text}' holds a {what} below {low:g} or infinite; leave it out.")
    if not 1 <= len(numbers) <= MOST:
        raise ParameterRangeError(f"A grid of {len(numbers)} {what}; it must hold 1 to {MOST}.")
    return tuple(numbers)
