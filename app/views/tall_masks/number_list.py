"""Numbers of a grid, as a person types them."""

import math

from analysis.errors import ParameterRangeError

MOST = 40
"""Numbers a grid may have; each costs an evaluation."""


def number_list(text: str, *, what: str, low: float) -> tuple[float, ...]:
    """Numbers between commas or spaces, ascending, each once.

    Args:
        text: As it was typed.
        what: Label of the input, for a refusal.
        low: The smallest accepted.

    Raises:
        ParameterRangeError: A word is no number or too small, or there are none or too many.

    >>> number_list("0.4, 0.2 0.3", what="λ to try", low=0)
    (0.2, 0.3, 0.4)
    """
    words = text.replace(",", " ").replace(";", " ").split()
    try:
        numbers = sorted({float(word) for word in words})
    except ValueError:
        raise ParameterRangeError(
            f"{what}: '{text}' is not a list of numbers; separate numbers by commas, such as 0.2, 0.4."
        ) from None
    if not all(math.isfinite(number) and number >= low for number in numbers):
        raise ParameterRangeError(
            f"{what}: '{text}' holds a number that is not finite or lies below {low:g}; remove it."
        )
    if not 1 <= len(numbers) <= MOST:
        raise ParameterRangeError(f"{what}: the list holds {len(numbers)} numbers; it must hold 1 to {MOST}.")
    return tuple(numbers)
