"""Counts of weights by how many masks keep them, for each layer or each component of the model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.masks.counts import MaskCounts, MaskSums
from analysis.model.places import Place
from analysis.model.segments import Segment
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.tall_masks.count_groups import count_name
from app.views.tall_masks.random_signs import rate_beside
from app.words.numbers import percent
from app.words.parts import COMPONENT_NAMES, row_labels

ALIKE = 0.03
"""Difference of shares below which they are called about the same."""


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """Weights kept by 0 … T masks, row by row of a chart; of those that some task changed."""

    keys: tuple[str, ...]
    """Words of the rows in addresses, (G,)."""
    labels: tuple[str, ...]
    """What a chart calls them, (G,)."""
    n: Integers
    """Weights some task changed, (G,)."""
    kept_by: Numbers
    """Shares kept by 0 … T masks, (G, T + 1); 0 in a row where nothing changed."""
    owners: Numbers
    """Shares that this task's mask alone keeps, (G, T)."""

    def label(self, key: str | None) -> str | None:
        """What the chart calls a row; None if it has no such row."""
        return self.labels[self.keys.index(key)] if key in self.keys else None

    def key(self, label: str) -> str | None:
        """The word of a row in addresses; None if the chart has no such row."""
        return self.keys[self.labels.index(label)] if label in self.labels else None


def by_place(counts: MaskCounts, places: Sequence[Place], component: str | None) -> Split:
    """One row per layer, from input to output; of one component where it is chosen."""
    keys = [place.key for place in places]
    sums = _pooled(
        counts, keys, lambda segment: segment.place.key, lambda segment: segment.component, component
    )
    return _split(sums, keys, row_labels(places))


def by_component(counts: MaskCounts, components: Sequence[str], place: str | None) -> Split:
    """One row per component, in the order a block applies them; of one layer where it is chosen."""
    order = [name for name in COMPONENT_NAMES if name in components]
    sums = _pooled(counts, order, lambda segment: segment.component, lambda segment: segment.place.key, place)
    return _split(sums, order, [COMPONENT_NAMES[name] for name in order])


def selfish_beside(split: Split, nulls: Sequence[Split]) -> tuple[Rate, Integers]:
    """Shares of selfish weights beside random signs, (G,), and the side of each that is clear; see `Rate`.

    Args:
        split: The rows.
        nulls: The same with random signs, one draw at least.
    """
    rate = rate_beside([null.kept_by[:, 1] for null in nulls], split.kept_by[:, 1], split.n)
    return rate, beyond_chance(rate, n_tests=int((split.n > 0).sum()))


def split_takeaway(split: Split, nulls: Sequence[Split], *, what: str) -> str:
    """Where selfish weights are clearly more or fewer than random signs give.

    Args:
        split: The rows.
        nulls: The same with random signs.
        what: Kind of row, such as "layer".
    """
    n_rows = int((split.n > 0).sum())
    if not len(nulls) or not n_rows:
        return _extremes(split, what)
    rate, verdicts = selfish_beside(split, nulls)
    if not verdicts.any():
        return f"In no {what} does the share of selfish weights differ clearly from that with random signs."
    clauses = []
    for sign, word in ((1, "more"), (-1, "less")):
        n = int((verdicts == sign).sum())
        if n:
            row = int(np.where(verdicts == sign, sign * rate.excess, -np.inf).argmax())
            clauses.append(
                f"clearly {word} frequent than with random signs in {n} of {n_rows} "
                f"{what}{'' if n_rows == 1 else 's'}, most of all in {what} {split.labels[row]} "
                f"({percent(float(rate.observed[row]))} against {percent(float(rate.chance[row]))})"
            )
    return f"Selfish weights are {'; they are '.join(clauses)}."


def _extremes(split: Split, what: str) -> str:
    """Which rows have most and fewest selfish weights."""
    known = [
        (float(row[1]), label)
        for row, label, n in zip(split.kept_by, split.labels, split.n, strict=True)
        if n
    ]
    if not known:
        return "No task changed these weights."
    (low, fewest), (high, most) = min(known), max(known)
    if high - low < ALIKE:
        return f"Every {what} has about the same share of selfish weights, {percent(low)} to {percent(high)}."
    return (
        f"Selfish weights are most frequent in {what} {most} ({percent(high)} of the changed weights) and "
        f"least frequent in {what} {fewest} ({percent(low)})."
    )


def mean_shares(nulls: Sequence[Split]) -> list[list[float]] | None:
    """Shares of the null, mean of the draws, (G, T + 1); None before they are there."""
    if not nulls:
        return None
    shares: list[list[float]] = np.mean([null.kept_by for null in nulls], axis=0).tolist()
    return shares


def part_names(n_tasks: int) -> list[str]:
    """What the parts of a row are called, for 0 … T masks."""
    return [f"kept by {kept} ({count_name(kept, n_tasks)})" for kept in range(n_tasks + 1)]


def split_rows(split: Split, nulls: Sequence[Split], *, what: str) -> list[dict[str, Any]]:
    """The shares as a table, with those of random signs once they are there."""
    names = [
        f"{count} ({count_name(count, split.owners.shape[1])})" for count in range(split.kept_by.shape[1])
    ]
    tables = {"": split.kept_by}
    if nulls:
        tables[", random signs"] = np.mean([null.kept_by for null in nulls], axis=0)
    return [
        {
            what: label,
            "weights changed": int(split.n[row]),
            **{
                f"{name}{of}": float(share)
                for of, table in tables.items()
                for name, share in zip(names, table[row], strict=True)
            },
        }
        for row, label in enumerate(split.labels)
    ]


def _pooled(
    counts: MaskCounts,
    keys: Sequence[str],
    row: Callable[[Segment], str],
    other: Callable[[Segment], str],
    chosen: str | None,
) -> MaskSums:
    """Sums of each row; what is not chosen, or in no row, comes last."""
    groups = [
        keys.index(row(segment)) if row(segment) in keys and chosen in (None, other(segment)) else len(keys)
        for segment in counts.segments
    ]
    return counts.sums.pooled(groups, len(keys) + 1)


def _split(sums: MaskSums, keys: Sequence[str], labels: Sequence[str]) -> Split:
    changed = sums.moved[:-1]
    n = changed.sum(axis=1)
    whole = np.maximum(n, 1)[:, None]
    return Split(tuple(keys), tuple(labels), n, changed / whole, sums.selfish[:-1] / whole)
