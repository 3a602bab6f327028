"""Rows of a pass: always as many, so that code compiled once serves every number of tasks."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

ROWS = 8
"""Rows one pass keeps in registers; with more of them the compiler gives up on vector code."""


def padded(values: Sequence[T], filler: T) -> tuple[T, ...]:
    """The values and fillers up to ROWS; a row read again, with weight 0, costs no memory traffic."""
    return (*values, *[filler] * (ROWS - len(values)))
