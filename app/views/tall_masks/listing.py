"""Names inside a sentence: task names in quotes, several of them joined."""

from collections.abc import Iterable, Sequence


def listing(names: Sequence[str], last: str = "and") -> str:
    """Names one after another, with a word before the last.

    >>> listing(["a", "b", "c"]), listing(["a", "b"], "or"), listing(["a"])
    ('a, b and c', 'a or b', 'a')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def quoted(names: Iterable[str]) -> list[str]:
    """Task names as they stand in a sentence.

    >>> quoted(["digits"])
    ["'digits'"]
    """
    return [f"'{name}'" for name in names]
