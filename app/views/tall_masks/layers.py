"""Where in the model masks keep weights, and whose the selfish ones are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.masks.counts import MaskCounts, MaskSums
from analysis.model.places import Place
from analysis.model.segments import Segment
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.tall_masks.count_names import count_name
from app.words.numbers import percent
from app.words.parts import COMPONENT_NAMES, row_labels

LEVEL = 0.03
"""Difference of shares up to which rows are called alike."""


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """Weights kept by 0 … T masks, row by row of a chart; of those that some task moved."""

    keys: tuple[str, ...]
    """Words of the rows in addresses, (G,)."""
    labels: tuple[str, ...]
    """What a chart calls them, (G,)."""
    n: Integers
    """Weights some task moved, (G,)."""
    kept_by: Numbers
    """Shares kept by 0 … T masks, (G, T + 1); 0 in a row where nothing moved."""
    owners: Numbers
    """Shares that this task's mask alone keeps, (G, T)."""


def by_place(counts: MaskCounts, places: Sequence[Place], component: str | None) -> Split:
    """One row a layer, from input to output; of one component where it is chosen."""
    keys = [place.key for place in places]
    sums = _pooled(
        counts, keys, lambda segment: segment.place.key, lambda segment: segment.component, component
    )
    return _split(sums, keys, row_labels(places))


def by_component(counts: MaskCounts, components: Sequence[str], place: str | None) -> Split:
    """One row a kind of weights, in the order a block applies them; of one layer where it is chosen."""
    order = [name for name in COMPONENT_NAMES if name in components]
    sums = _pooled(counts, order, lambda segment: segment.component, lambda segment: segment.place.key, place)
    return _split(sums, order, [COMPONENT_NAMES[name] for name in order])


def split_takeaway(split: Split, nulls: Sequence[Split], *, what: str) -> str:
    """Where selfish weights are clearly more or fewer than random signs give.

    Args:
        split: The rows.
        nulls: The same with signs drawn anew.
        what: Kind of row, such as "layer".
    """
    rows = np.flatnonzero(split.n)
    if not len(nulls) or not len(rows):
        return _extremes(split, what)
    selfish = split.kept_by[rows, 1]
    chance = np.mean([null.kept_by[rows, 1] for null in nulls], axis=0)
    sd = np.sqrt(chance * (1 - chance) / split.n[rows] * (1 + 1 / len(nulls)))
    rate = Rate(split.n[rows].astype(np.float64), selfish, chance, sd)
    verdicts = beyond_chance(rate, n_tests=len(rows))
    if not verdicts.any():
        return f"In no {what} are selfish weights clearly more or fewer than random signs give."
    said = []
    for sign, word in ((1, "more"), (-1, "less")):
        if (verdicts == sign).any():
            row = int(np.where(verdicts == sign, sign * rate.excess, -np.inf).argmax())
            where = split.labels[rows[row]]
            said.append(
                f"{word} frequent than with random signs in {int((verdicts == sign).sum())} of {len(rows)} "
                f"{what}s, furthest in {where}: {percent(float(selfish[row]))} where they give "
                f"{percent(float(chance[row]))}"
            )
    return f"Selfish weights are {'; '.join(said)}."


def _extremes(split: Split, what: str) -> str:
    """Which rows have most and fewest selfish weights."""
    known = [
        (float(row[1]), label)
        for row, label, n in zip(split.kept_by, split.labels, split.n, strict=True)
        if n
    ]
    if not known:
        return "No task moved these weights."
    (low, fewest), (high, most) = min(known), max(known)
    if high - low < LEVEL:
        return f"Every {what} has about the same share of selfish weights, {percent(low)} to {percent(high)}."
    return (
        f"Selfish weights are most frequent in {what} {most}, {percent(high)}, and least in {fewest}, "
        f"{percent(low)}."
    )


def owners_takeaway(split: Split, tasks: Sequence[str], nulls: Sequence[Split]) -> str:
    """Who owns most of the selfish weights, and whether that says more than whose updates are large.

    Args:
        split: All rows shown.
        tasks: Names, (T,).
        nulls: The same with signs drawn anew.
    """
    shares = _ownership(split)
    if shares is None:
        return "No weight is kept by one mask alone."
    most = int(shares.argmax())
    text = (
        f"{tasks[most]} owns {percent(float(shares[most]))} of the selfish weights; an even split would "
        f"give {percent(1 / len(tasks))}"
    )
    drawn = [float(one[most]) for one in map(_ownership, nulls) if one is not None]
    if not drawn:
        return f"{text}."
    by_size = float(np.mean(drawn))
    text = f"{text}, its sizes with random signs {percent(by_size)}"
    if abs(shares[most] - by_size) >= LEVEL:
        return f"{text}."
    if by_size - 1 / len(tasks) < LEVEL:
        return f"{text}: nobody owns clearly more than others."
    return f"{text}: the size of its update decides."


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
            "weights moved": int(split.n[row]),
            **{
                f"{name}{of}": float(share)
                for of, table in tables.items()
                for name, share in zip(names, table[row], strict=True)
            },
        }
        for row, label in enumerate(split.labels)
    ]


def owner_rows(split: Split, tasks: Sequence[str], *, what: str) -> list[dict[str, Any]]:
    """The owners of selfish weights as a table."""
    return [
        {what: label, "weights moved": int(n), **dict(zip(tasks, map(float, shares), strict=True))}
        for label, n, shares in zip(split.labels, split.n, split.owners, strict=True)
    ]


def _ownership(split: Split) -> Numbers | None:
    """Share of all selfish weights that each task owns, (T,); None where there are none."""
    owned = (split.owners * split.n[:, None]).sum(axis=0)
    return np.asarray(owned / owned.sum()) if owned.sum() else None


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
    moved = sums.moved[:-1]
    n = moved.sum(axis=1)
    whole = np.maximum(n, 1)[:, None]
    return Split(tuple(keys), tuple(labels), n, moved / whole, sums.selfish[:-1] / whole)
