"""Texts in the data of figures, shown as they stand: Plotly obeys tags, links and entities in any text."""

import copy
import html
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


def with_plain_texts(data: T) -> T:
    r"""The same data with every text, keys of mappings included, as Plotly must be given it.

    Lists, tuples, mappings and data classes are looked into; a line break is written as "\n".

    >>> with_plain_texts(["a<b>", ("R&D", 3), {"x\ny": None}])
    ['a&lt;b>', ('R&amp;D', 3), {'x<br>y': None}]
    """
    changed: Any = data
    if isinstance(data, str) and not isinstance(data, Enum):
        changed = html.escape(data, quote=False).replace("&gt;", ">").replace("\n", "<br>")
    elif isinstance(data, Mapping):
        changed = {with_plain_texts(key): with_plain_texts(value) for key, value in data.items()}
    elif isinstance(data, tuple) and hasattr(data, "_fields"):  # a named tuple
        changed = type(data)(*map(with_plain_texts, data))
    elif isinstance(data, list | tuple):
        changed = type(data)(map(with_plain_texts, data))
    elif is_dataclass(data) and not isinstance(data, type):
        changed = copy.copy(data)
        for field in fields(data):
            # Frozen or not; what a field is checked for when it is made holds for the escaped text too.
            object.__setattr__(changed, field.name, with_plain_texts(getattr(data, field.name)))
    return changed  # type: ignore[no-any-return]


def as_given(data: T) -> T:
    r"""What `with_plain_texts` was given: of the coordinates of a clicked point.

    >>> as_given({"x": "a&lt;b>", "customdata": ["R&amp;D", 3]})
    {'x': 'a<b>', 'customdata': ['R&D', 3]}
    """
    changed: Any = data
    if isinstance(data, str):
        changed = html.unescape(data.replace("<br>", "\n"))
    elif isinstance(data, Mapping):
        changed = {key: as_given(value) for key, value in data.items()}
    elif isinstance(data, list | tuple):
        changed = type(data)(map(as_given, data))
    return changed  # type: ignore[no-any-return]
