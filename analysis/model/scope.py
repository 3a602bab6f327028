"""Scope: the parameters that a merge or a statistic counts."""

from collections.abc import Iterable
from enum import StrEnum

from analysis.model.layout import Layout, Parameter, Ranges
from analysis.model.task_vectors import TaskVectors


class Scope(StrEnum):
    """Parameters that count; the others keep their pre-trained values."""

    ALL = "all"
    CHANGED = "changed"
    """Parameters that at least one task changed: a frozen text tower does not dilute a density."""
    BLOCKS = "blocks"
    """Parameters inside residual blocks."""


def scope_ranges(task_vectors: TaskVectors, scope: Scope) -> Ranges:
    """Columns in scope, neighbours joined."""
    parameters = task_vectors.layout.parameters
    if scope is Scope.CHANGED:
        chosen = [p for p, changed in zip(parameters, task_vectors.changed, strict=True) if changed]
    elif scope is Scope.BLOCKS:
        chosen = [p for p in parameters if p.layer is not None]
    else:
        chosen = list(parameters)
    return _joined(chosen)


def depths_in_scope(layout: Layout, ranges: Ranges) -> dict[str, int]:
    """L of each tower that has a residual block in scope."""
    touched = {
        p.tower
        for p in layout.parameters
        if p.layer is not None and any(start <= p.start < stop for start, stop in ranges)
    }
    return {tower: depth for tower, depth in layout.depths.items() if tower in touched}


def _joined(parameters: Iterable[Parameter]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for parameter in parameters:
        if joined and joined[-1][1] == parameter.start:
            joined[-1] = (joined[-1][0], parameter.stop)
        elif parameter.n_weights:
            joined.append((parameter.start, parameter.stop))
    return tuple(joined)
