"""How many masks keep the weights as λ moves for all tasks together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.masks.curve import TallCurve
from app.views.tall_masks.count_names import count_name
from app.words.numbers import percent


@dataclass(frozen=True, eq=False, slots=True)
class ShareCurve:
    """One group of weights over λ."""

    name: str
    counts: tuple[int, ...]
    """Numbers of masks that keep its weights."""
    shares: Numbers
    """Of the weights some task moved, (N,)."""
    by_chance: Numbers | None
    """With signs drawn anew, (N,); None before that is there."""

    @property
    def label(self) -> str:
        """Its name with the numbers of masks it stands for."""
        first, last = self.counts[0], self.counts[-1]
        return f"{self.name} ({first})" if first == last else f"{self.name} ({first}–{last})"


def share_curves(curve: TallCurve, null: TallCurve | None, *, untouched: int) -> tuple[ShareCurve, ...]:
    """Catastrophic, selfish, shared and universal weights over λ.

    Args:
        curve: Counts over λ.
        null: The same with signs drawn anew.
        untouched: Weights in scope that no task moved; they count nowhere.
    """
    n_tasks = curve.kept.shape[1]
    groups: dict[str, list[int]] = {}
    for count in range(n_tasks + 1):
        groups.setdefault(count_name(count, n_tasks), []).append(count)
    shares = _shares(curve, untouched)
    null_shares = None if null is None else _shares(null, untouched)
    return tuple(
        ShareCurve(
            name,
            tuple(counts),
            shares[:, counts].sum(axis=1),
            None if null_shares is None else null_shares[:, counts].sum(axis=1),
        )
        for name, counts in groups.items()
    )


def curve_takeaway(curves: Sequence[ShareCurve], stops: Sequence[float]) -> str:
    """Where the selfish weights are most, beside what random signs give there."""
    by_name = {one.name: one for one in curves}
    selfish = by_name["selfish"].shares
    peak, least = int(selfish.argmax()), int(selfish.argmin())
    if not selfish[peak]:
        return "At no λ is any weight kept by one mask alone."
    share = percent(float(selfish[peak]))
    if share == percent(float(selfish[least])):
        text = f"Selfish weights are equally frequent at every λ, {share}"
    elif 0 < peak < len(stops) - 1:
        text = f"Selfish weights are most frequent at λ = {stops[peak]:g}, {share}"
    elif peak:
        text = f"Selfish weights are still rising at λ = {stops[peak]:g}, {share}"
    else:
        text = f"Selfish weights only fall from λ = {stops[peak]:g} on, {share}"
    null = by_name["selfish"].by_chance
    return f"{text}." if null is None else f"{text}; random signs give {percent(float(null[peak]))} there."


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
    moved = curve.kept_by.copy()
    moved[:, 0] -= untouched
    return np.asarray(moved / np.maximum(moved.sum(axis=1), 1)[:, None])
