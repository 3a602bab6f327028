"""Groups of weights by how many masks keep them, with the paper's names."""


def count_name(count: int, n_tasks: int) -> str:
    """The paper's name of weights that so many masks keep.

    >>> [count_name(count, 3) for count in range(4)]
    ['catastrophic', 'selfish', 'shared', 'universal']
    """
    if count < 2:
        return ("catastrophic", "selfish")[count]
    return "universal" if count == n_tasks else "shared"


def count_groups(n_tasks: int) -> dict[str, tuple[int, ...]]:
    """The numbers of masks that each name stands for, ascending.

    >>> count_groups(4)
    {'catastrophic': (0,), 'selfish': (1,), 'shared': (2, 3), 'universal': (4,)}
    """
    groups: dict[str, tuple[int, ...]] = {}
    for count in range(n_tasks + 1):
        name = count_name(count, n_tasks)
        groups[name] = (*groups.get(name, ()), count)
    return groups


def count_range(counts: tuple[int, ...]) -> str:
    """Numbers of masks in a label.

    >>> count_range((2, 3, 4)), count_range((1,))
    ('2–4', '1')
    """
    return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]}–{counts[-1]}"
