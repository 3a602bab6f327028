"""Shares of weights by how many masks keep them, over a λ that all tasks share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.masks.curve import TallCurve
from app.views.tall_masks.count_groups import count_groups, count_range
from app.words.numbers import percent

_MARKED = 3
"""λ that are marked at most."""


@dataclass(frozen=True, eq=False, slots=True)
class ShareCurve:
    """One group of weights over λ."""

    name: str
    counts: tuple[int, ...]
    """Numbers of masks that keep its weights."""
    shares: Numbers
    """Of the weights some task changed, (N,)."""
    by_chance: Numbers | None
    """With random signs, (N,); None before that is there."""

    @property
    def label(self) -> str:
        """Its name with the numbers of masks it stands for."""
        return f"{self.name} ({count_range(self.counts)})"


def share_curves(curve: TallCurve, null: TallCurve | None, *, untouched: int) -> tuple[ShareCurve, ...]:
    """Catastrophic, selfish, shared and universal weights over λ.

    Args:
        curve: Counts over λ.
        null: The same with random signs.
        untouched: Weights in scope that no task changed; they count nowhere.
    """
    shares = _shares(curve, untouched)
    null_shares = None if null is None else _shares(null, untouched)
    return tuple(
        ShareCurve(
            name,
            counts,
            shares[:, list(counts)].sum(axis=1),
            None if null_shares is None else null_shares[:, list(counts)].sum(axis=1),
        )
        for name, counts in count_groups(curve.kept.shape[1]).items()
    )


def curve_takeaway(curves: Sequence[ShareCurve], stops: Sequence[float]) -> str:
    """Where the selfish weights are most, beside what random signs give there."""
    selfish = next(one for one in curves if one.name == "selfish")
    peak, least = int(selfish.shares.argmax()), int(selfish.shares.argmin())
    if not selfish.shares[peak]:
        return "No weight is kept by exactly one mask, whatever λ is."
    share = percent(float(selfish.shares[peak]))
    by_chance = "" if selfish.by_chance is None else percent(float(selfish.by_chance[peak]))
    if share == percent(float(selfish.shares[least])):
        where = "equally frequent at every λ"
        beside = f"random signs at λ = {stops[peak]:g}: {by_chance}"
    else:
        end = {0: "the smallest λ shown", len(stops) - 1: "the largest λ shown"}.get(peak)
        where = f"most frequent at {f'{end}, {stops[peak]:g}' if end else f'λ = {stops[peak]:g}'}"
        beside = f"random signs: {by_chance}"
    return (
        f"Selfish weights are {where}: {share} of the changed weights{f' ({beside})' if by_chance else ''}."
    )


def marked_lambdas(tall_lambda: Sequence[float]) -> dict[str, float]:
    """The λ to mark on the axis by what is written there; none if there are more than can be read."""
    values = sorted(set(tall_lambda))
    return {f"λ = {value:g}": value for value in values} if len(values) <= _MARKED else {}


def curve_rows(curves: Sequence[ShareCurve], stops: Sequence[float]) -> list[dict[str, Any]]:
    """The curves as a table."""
    return [
        {
            "λ": stop,
            **{one.label: float(one.shares[k]) for one in curves},
            **{
                f"{one.label}, random signs": float(one.by_chance[k])
                for one in curves
                if one.by_chance is not None
            },
        }
        for k, stop in enumerate(stops)
    ]


def _shares(curve: TallCurve, untouched: int) -> Numbers:
    changed = curve.kept_by.copy()
    changed[:, 0] -= untouched
    return np.asarray(changed / np.maximum(changed.sum(axis=1), 1)[:, None])
