"""How many masks keep the weights, beside what random signs give, and what a count hides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.masks.counts import MaskCounts, MaskSums
from analysis.masks.multi_task_vector import Vector
from app.views.tall_masks.count_names import count_name
from app.words.numbers import number_or_none, percent

DRAWS = 5
"""How often all signs are drawn anew for the null."""

CLEAR = 0.01
"""Least distance from the null, as a share, that a sentence speaks of: among millions of weights any
distance is beyond chance."""

MOST = 0.5
"""Share from which a sentence says "most"."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What signs drawn anew give."""

    mean: float
    spread: float
    """Two standard deviations over the draws."""


@dataclass(frozen=True, slots=True)
class KeptBy:
    """The weights that one number of masks keeps, of those that some task moved."""

    count: int
    name: str
    n: int
    """Weights."""
    share: float
    """Of all weights some task moved, in [0, 1]."""
    by_chance: Chance | None
    """The share under the null; None before it is there."""
    sum_to_mass: float | None
    """|Σ_t τ_t| / Σ_t |τ_t| over them: 1 where tasks agree, 0 where they cancel; None without weights."""
    sum_to_mass_by_chance: float | None
    equal_signs: float | None
    """Share of them that every task which moves them moves the same way; None without weights."""
    equal_signs_by_chance: float | None
    energy: float
    """Their share of ‖τ_MTL‖², in [0, 1]."""


def part(counts: MaskCounts, place: str | None, component: str | None) -> MaskSums:
    """Counts of one layer, of one component, or of all weights where none is chosen.

    Returns:
        The part as the first row; the rest of the model is the second.
    """
    outside = [
        (place is not None and segment.place.key != place)
        or (component is not None and segment.component != component)
        for segment in counts.segments
    ]
    return counts.sums.pooled(np.array(outside, dtype=np.int64), 2)


def kept_by(sums: MaskSums, nulls: Sequence[MaskSums]) -> tuple[KeptBy, ...]:
    """One row a number of masks, 0 … T.

    Args:
        sums: Of the part shown, in the first row.
        nulls: The same with signs drawn anew; none before they are there.
    """
    n_tasks = sums.kept.shape[1]
    moved = sums.moved[0]
    shares, null_shares = (
        _over(moved, moved.sum()),
        [_over(one.moved[0], one.moved[0].sum()) for one in nulls],
    )
    ratio, null_ratio = _sum_to_mass(sums), _mean([_sum_to_mass(one) for one in nulls])
    equal, null_equal = _equal_signs(sums), _mean([_equal_signs(one) for one in nulls])
    energy = _over(sums.energy[0], sums.energy[0].sum())
    return tuple(
        KeptBy(
            count=count,
            name=count_name(count, n_tasks),
            n=int(moved[count]),
            share=float(shares[count]) if moved.sum() else 0.0,
            by_chance=chance([float(one[count]) for one in null_shares]),
            sum_to_mass=number_or_none(ratio[count]),
            sum_to_mass_by_chance=None if null_ratio is None else number_or_none(null_ratio[count]),
            equal_signs=number_or_none(equal[count]),
            equal_signs_by_chance=None if null_equal is None else number_or_none(null_equal[count]),
            energy=float(np.nan_to_num(energy[count])),
        )
        for count in range(n_tasks + 1)
    )


def chance(draws: Sequence[float]) -> Chance | None:
    """Mean and spread over the draws; None without any."""
    if not draws:
        return None
    return Chance(float(np.mean(draws)), 2 * float(np.std(draws, ddof=min(1, len(draws) - 1))))


def kept_by_takeaway(rows: Sequence[KeptBy]) -> str:
    """How many weights one mask keeps alone and how many none does, against random signs."""
    if not any(row.n for row in rows):
        return "No task moved these weights."
    one, none = rows[1], rows[0]
    return (
        f"{percent(one.share)} of the weights are kept by one mask alone{_against(one)}; "
        f"{percent(none.share)} by none{_against(none)}."
    )


def nobody_takeaway(rows: Sequence[KeptBy], vector: Vector) -> str:
    """How many of the weights that no mask keeps are moved one way only, beside random signs."""
    none = rows[0]
    if none.equal_signs is None:
        return "Every weight that some task moved is kept by a mask."
    text = (
        f"Of the weights no mask keeps, {percent(none.equal_signs)} are moved the same way by every task "
        f"that moves them{_beside(none.equal_signs, none.equal_signs_by_chance)}"
    )
    if none.equal_signs > MOST and vector is Vector.SUM:
        text += "; there the sum overshoots every task"
    return f"{text}."


def kept_by_rows(rows: Sequence[KeptBy]) -> list[dict[str, Any]]:
    """The counts as a table."""
    return [
        {
            "masks": row.count,
            "name": row.name,
            "weights": row.n,
            "share": row.share,
            "share, random signs": None if row.by_chance is None else row.by_chance.mean,
            "2 sd": None if row.by_chance is None else row.by_chance.spread,
            "|Στ|/Σ|τ|": row.sum_to_mass,
            "|Στ|/Σ|τ|, random signs": row.sum_to_mass_by_chance,
            "equal signs": row.equal_signs,
            "equal signs, random signs": row.equal_signs_by_chance,
            "share of ‖τ_MTL‖²": row.energy,
        }
        for row in rows
    ]


def _against(row: KeptBy) -> str:
    null = row.by_chance
    if null is None:
        return ""
    if abs(row.share - null.mean) <= max(null.spread, CLEAR):
        return f", about as random signs give ({percent(null.mean)})"
    side = "more" if row.share > null.mean else "fewer"
    return f", {side} than random signs give ({percent(null.mean)})"


def _beside(share: float, by_chance: float | None) -> str:
    """The null of a share: of so many weights any distance from it is beyond chance."""
    if by_chance is None:
        return ""
    if abs(share - by_chance) <= CLEAR:
        return f", about as with random signs ({percent(by_chance)})"
    return f" (random signs: {percent(by_chance)})"


def _over(parts: Integers | Numbers, whole: Any) -> Numbers:
    """Shares; NaN where there is nothing to share."""
    whole = np.asarray(whole, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(whole > 0, parts / np.where(whole > 0, whole, 1.0), np.nan))


def _sum_to_mass(sums: MaskSums) -> Numbers:
    return _over(sums.sum_l1[0], sums.mass[0])


def _equal_signs(sums: MaskSums) -> Numbers:
    return _over(sums.equal_signs[0], sums.moved[0])


def _mean(draws: Sequence[Numbers]) -> Numbers | None:
    """Mean over the draws that have a value; NaN where none has."""
    if not draws:
        return None
    known = ~np.isnan(draws)
    return _over(np.where(known, draws, 0.0).sum(axis=0), known.sum(axis=0))
