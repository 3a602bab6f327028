"""The paper's names for weights by how many masks keep them."""


def count_name(count: int, n_tasks: int) -> str:
    """The paper's name of weights kept by so many masks.

    >>> [count_name(count, 3) for count in range(4)]
    ['catastrophic', 'selfish', 'shared', 'universal']
    """
    if count < 2:
        return ("catastrophic", "selfish")[count]
    return "universal" if count == n_tasks else "shared"
