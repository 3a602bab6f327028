"""Counts of weights by how many masks keep them, beside random signs, and what a count hides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.masks.counts import MaskSums
from analysis.masks.multi_task_vector import Vector
from analysis.weights.sign_conflict import LEAST, beyond_chance
from app.views.tall_masks.count_groups import count_name
from app.views.tall_masks.random_signs import Chance, chance, rate_beside
from app.words.numbers import count, number_or_none, percent

COUNTS_TITLE = "Weights by how many masks keep them"
_JUDGED = 2
"""Shares that one sentence compares with their null."""

_MOST = 0.5
"""Share of equal signs above which the takeaway names their consequence."""


@dataclass(frozen=True, slots=True)
class KeptBy:
    """The weights that one number of masks keeps, of those that some task changed."""

    count: int
    name: str
    n: int
    """Weights."""
    share: float
    """Of all weights some task changed, in [0, 1]."""
    by_chance: Chance | None
    """The share under the null; None before it is there."""
    side: int
    """1 where the share is clearly above the null, −1 where clearly below, 0 where neither or not known."""
    sum_to_mass: float | None
    """|Σ_t τ_t| / Σ_t |τ_t| over them: 1 where tasks agree, 0 where they cancel; None without weights."""
    sum_to_mass_by_chance: float | None
    equal_signs: float | None
    """Share of them that all tasks which change them change in one direction; None without weights."""
    equal_signs_by_chance: float | None
    energy: float
    """Their share of ‖τ_MTL‖², in [0, 1]."""

    @property
    def hover(self) -> str:
        """What stands at the mouse over its bar."""
        masks = f"{self.count} mask{'' if self.count == 1 else 's'}"
        text = f"{masks} ({self.name}): {count(self.n)} weights, {percent(self.share)}"
        return text if self.by_chance is None else f"{text}\nrandom signs: {percent(self.by_chance.mean)}"


def kept_by(sums: MaskSums, nulls: Sequence[MaskSums]) -> tuple[KeptBy, ...]:
    """One row for each number of masks, 0 … T.

    Args:
        sums: Of the part shown, in the first row.
        nulls: The same with random signs; none before they are there.
    """
    n_tasks = sums.kept.shape[1]
    changed = sums.moved[0]
    shares = np.nan_to_num(_over(changed, changed.sum()))
    drawn = [np.nan_to_num(_over(one.moved[0], one.moved[0].sum())) for one in nulls]
    rate = rate_beside(drawn, shares, int(changed.sum())) if drawn else None
    sides = None if rate is None else beyond_chance(rate, n_tests=_JUDGED)
    ratio, null_ratio = _sum_to_mass(sums), _mean([_sum_to_mass(one) for one in nulls])
    equal, null_equal = _equal_signs(sums), _mean([_equal_signs(one) for one in nulls])
    energy = _over(sums.energy[0], sums.energy[0].sum())
    return tuple(
        KeptBy(
            count=kept,
            name=count_name(kept, n_tasks),
            n=int(changed[kept]),
            share=float(shares[kept]),
            by_chance=None if rate is None else chance(rate, kept),
            side=0 if sides is None else int(sides[kept]),
            sum_to_mass=number_or_none(ratio[kept]),
            sum_to_mass_by_chance=None if null_ratio is None else number_or_none(null_ratio[kept]),
            equal_signs=number_or_none(equal[kept]),
            equal_signs_by_chance=None if null_equal is None else number_or_none(null_equal[kept]),
            energy=float(np.nan_to_num(energy[kept])),
        )
        for kept in range(n_tasks + 1)
    )


def kept_by_takeaway(rows: Sequence[KeptBy]) -> str:
    """How many weights one mask keeps alone and how many none does, against random signs."""
    if not any(row.n for row in rows):
        return "No task changed these weights."
    one, none = rows[1], rows[0]
    return (
        f"Exactly one mask keeps {percent(one.share)} of the changed weights{_against(one)}; "
        f"no mask keeps {percent(none.share)}{_against(none)}."
    )


def unkept_takeaway(rows: Sequence[KeptBy], vector: Vector) -> str:
    """How many of the weights that no mask keeps are changed in one direction only, beside random signs."""
    none = rows[0]
    if none.equal_signs is None:
        return "Every changed weight is kept by at least one mask."
    text = (
        f"Of the weights that no mask keeps, {percent(none.equal_signs)} are changed in the same direction "
        f"by every task that changes them{_beside(none.equal_signs, none.equal_signs_by_chance)}"
    )
    if none.equal_signs > _MOST and vector is Vector.SUM:
        text += "; there the sum exceeds every single task's update"
    return f"{text}."


def cell_rows(rows: Sequence[KeptBy]) -> list[tuple[str, list[float | None], list[str], list[str] | None]]:
    """The cells below the bars, row by row: name, values, their texts, and those of the null."""
    return [
        (
            "|Στ| / Σ|τ|",
            [row.sum_to_mass for row in rows],
            [_ratio(row.sum_to_mass) for row in rows],
            [_ratio(row.sum_to_mass_by_chance) for row in rows],
        ),
        (
            "equal signs",
            [row.equal_signs for row in rows],
            [_share(row.equal_signs) for row in rows],
            [_share(row.equal_signs_by_chance) for row in rows],
        ),
        ("of ‖τ_M‖²", [row.energy for row in rows], [_share(row.energy) for row in rows], None),
    ]


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
    if row.side:
        beside = f"{'more' if row.side > 0 else 'less'} than with"
    else:
        # Off by more, but of few weights: it may be chance.
        is_near = abs(row.share - null.mean) < LEAST
        beside = "about as much as with" if is_near else "no clear difference from"
    return f", {beside} random signs ({percent(null.mean)})"


def _beside(share: float, by_chance: float | None) -> str:
    """The null of a share: of so many weights any distance from it is beyond chance."""
    if by_chance is None:
        return ""
    if abs(share - by_chance) <= LEAST:
        return f", about as many as with random signs ({percent(by_chance)})"
    return f" (random signs: {percent(by_chance)})"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


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
