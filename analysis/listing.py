"""Names in a message: the first few of them, and how many more there are."""

from collections.abc import Collection, Iterable


def few(names: Iterable[str], most: int = 6) -> str:
    """Several names in a sentence, without the many that nobody reads.

    >>> few(["a", "b"]), few("abcdefgh", 3), few([])
    ('a, b', 'a, b, c and 5 more', 'none')
    """
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}" if names else "none"


def difference(found: Collection[str], wanted: Collection[str], most: int = 3) -> str:
    """What one list of names has too many and too few, each in its own order.

    >>> difference(["a", "x", "y"], ["a", "b"], 1)
    "'x' and 1 more unexpected, 'b' missing"
    """
    known, needed = set(found), set(wanted)
    unexpected = few((f"'{name}'" for name in found if name not in needed), most)
    missing = few((f"'{name}'" for name in wanted if name not in known), most)
    return f"{unexpected} unexpected, {missing} missing"
