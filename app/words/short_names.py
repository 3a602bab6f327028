"""Short names of tasks: what stands where a name of sixty characters would leave no room for the numbers."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import TypeAlias

ROOM = 24
"""Characters of a name up to which it is shown whole."""

_ELLIPSIS = "…"
_PARTS = re.compile(r"[^\W_]+|[\W_]+")

ShortNames: TypeAlias = Mapping[str, str]
"""Short name by full name; of those that have one."""


def short_names(names: Sequence[str], given: Mapping[str, str] | None = None) -> ShortNames:
    """Names that tell the same things apart in at most `ROOM` characters each.

    What all names begin or end with is left out, in whole words, and what is still too long is cut in its
    middle; a name that fits as it is stays whole, unless the zoo gives it a short one.

    Args:
        names: All different.
        given: Short names that the zoo gives, by name.

    Returns:
        The short name of each whose short one is another; no two are alike.

    >>> short_names(["org/clip-vit-base-patch32-on-cars", "org/clip-vit-base-patch32-on-digits"])
    {'org/clip-vit-base-patch32-on-cars': 'cars', 'org/clip-vit-base-patch32-on-digits': 'digits'}
    """
    given = given or {}
    beginning, end = _shared(names) if any(len(name) > ROOM for name in names) else ("", "")
    found: dict[str, str] = {}
    taken = set(given.values()) | {name for name in names if len(name) <= ROOM and name not in given}
    for name in names:
        if name in given:
            found[name] = given[name]
        elif len(name) > ROOM:
            found[name] = _distinct(_cut(name[len(beginning) : len(name) - len(end)]), taken)
            taken.add(found[name])
    return {name: short for name, short in found.items() if short != name}


def in_short(text: str, short: ShortNames) -> str:
    """A text with short names in it: itself a name, or a sentence in which long names stand.

    A name that is long enough to be cut is no part of another word by chance; shorter ones are replaced
    only where the text is the name.

    >>> in_short("'a-name-of-more-than-24-letters' gains 3 points", {"a-name-of-more-than-24-letters": "a"})
    "'a' gains 3 points"
    """
    if text in short:
        return short[text]
    long = [name for name in short if len(name) > ROOM and name in text]
    for name in sorted(long, key=len, reverse=True):  # one may be the beginning of another
        text = text.replace(name, short[name])
    return text


def _shared(names: Sequence[str]) -> tuple[str, str]:
    """What all names begin and end with, in whole words, leaving something of each."""
    parts = [_PARTS.findall(name) for name in names]
    if len(names) < 2:
        return "", ""
    beginning = _common(parts)
    rest = [one[len(beginning) :] for one in parts]
    end = _common([one[::-1] for one in rest])[::-1]
    if not all(len(one) > len(end) for one in rest):
        # One is the beginning of the others: their last words in common stay.
        return ("", "") if not all(rest) else ("".join(beginning), "")
    return "".join(beginning), "".join(end)


def _common(lists: Sequence[list[str]]) -> list[str]:
    """What all lists begin with."""
    columns = zip(*lists, strict=False)
    return [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]


def _cut(name: str) -> str:
    name = name.strip(" -_./:") or name
    if len(name) <= ROOM:
        return name
    kept = ROOM - len(_ELLIPSIS)
    return name[: kept // 2] + _ELLIPSIS + name[-(kept - kept // 2) :]


def _distinct(name: str, taken: set[str]) -> str:
    """The name, numbered at its end if it is taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        mark = f" {number}"
        found = name[: ROOM - len(mark)] + mark
    return found
