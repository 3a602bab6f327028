"""Names in a message, in quotes: the first few of them, and how many more there are."""

from collections.abc import Sequence


def few_quoted(names: Sequence[str], most: int = 6) -> str:
    """Several names in a sentence, without the many that nobody reads.

    >>> few_quoted(["a", "b"]), few_quoted("abcd", 2)
    ("'a', 'b'", "'a', 'b' and 2 more")
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"'{name}'" for name in names[:most]) + more
