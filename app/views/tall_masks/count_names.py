"""What a page calls numbers of masks: the paper's names, and shares as a person reads them."""


def count_name(count: int, n_tasks: int) -> str:
    """The paper's name of weights kept by so many masks.

    >>> [count_name(count, 3) for count in range(4)]
    ['catastrophic', 'selfish', 'shared', 'universal']
    """
    if count < 2:
        return ("catastrophic", "selfish")[count]
    return "universal" if count == n_tasks else "shared"


def percent(share: float) -> str:
    """A share in words; never 0 or 100 where it is neither.

    >>> [percent(share).split()[0] for share in (0.0, 0.0004, 0.052, 0.4862, 0.9997, 1.0)]
    ['0', '<0.1', '5.2', '49', '>99.9', '100']
    """
    return f"{_number(share)}\N{NO-BREAK SPACE}%"


def _number(share: float) -> str:
    if 0 < share < 0.001:
        return "<0.1"
    if 0.999 < share < 1:
        return ">99.9"
    return f"{100 * share:.1f}" if 0 < share < 0.0995 or 0.99 <= share < 1 else f"{100 * share:.0f}"
