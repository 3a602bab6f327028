"""Shares of the tasks' updates that TIES would keep, trim and out-vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.sign_conflict import ties_shares
from analysis.weights.statistics import Sums
from app.words.numbers import exact_percent, number_or_none, percent
from app.words.parts import place_name, row_labels

FATES = ("kept", "trimmed", "out-voted")
"""Columns of the shares."""

EVEN = 0.02
"""Distance of two shares from which one row loses more than another."""

SLIGHT = 0.01
"""Share of the largest mass up to which a row is too slight to be named as losing most or least."""


@dataclass(frozen=True, eq=False, slots=True)
class Fates:
    """Shares of Σ|τ| that TIES keeps, trims and out-votes, row by row."""

    names: tuple[str, ...]
    """Tasks or layers, as a chart calls its rows."""
    spoken: tuple[str, ...]
    """The same inside a sentence: tasks in quotes."""
    mass: Numbers
    """(R,), weight units."""
    shares: Numbers
    """Of the row's mass, (R, 3); NaN where a row has none."""

    @property
    def total(self) -> Numbers:
        """Shares of all rows together, (3,)."""
        found: Numbers = self.mass @ np.nan_to_num(self.shares) / (self.mass.sum() or 1.0)
        return found


def fates_by_task(tasks: Sequence[str], whole: Sums, trimmed: Sums) -> Fates:
    """Of each task within one part of the model, (1, …)."""
    return Fates(
        tuple(tasks), tuple(f"'{task}'" for task in tasks), whole.l1[0], ties_shares(whole, trimmed)[0]
    )


def fates_by_layer(places: Sequence[Place], whole: Sums, trimmed: Sums, *, task: int | None) -> Fates:
    """Of each layer: of one task's mass, or of all tasks' together."""
    names, spoken = tuple(row_labels(places)), tuple(place_name(place, places) for place in places)
    shares = ties_shares(whole, trimmed)
    if task is not None:
        return Fates(names, spoken, whole.l1[:, task], shares[:, task])
    mass = whole.l1.sum(axis=1)
    amounts = (np.nan_to_num(shares) * whole.l1[:, :, None]).sum(axis=1)
    known = np.divide(amounts, mass[:, None], out=np.full(amounts.shape, np.nan), where=mass[:, None] > 0)
    return Fates(names, spoken, mass, known)


def ties_takeaway(found: Fates, density: float, *, task: str | None = None) -> str:
    """How much TIES keeps, and which row loses most to the vote."""
    if not found.mass.any():
        return "No task changes these weights."
    kept, trimmed, outvoted = found.total
    whose = "the updates" if task is None else f"the update of '{task}'"
    text = (
        f"At a density of {exact_percent(density)}, TIES would keep {percent(kept)} of the mass Σ|τ| of "
        f"{whose}, trim {percent(trimmed)} and out-vote {percent(outvoted)}."
    )
    rows = [row for row, mass in enumerate(found.mass) if mass > SLIGHT * found.mass.max()]
    most = max(rows, key=lambda row: float(found.shares[row, 2]))
    least = min(rows, key=lambda row: float(found.shares[row, 2]))
    if found.shares[most, 2] - found.shares[least, 2] < EVEN:
        return text if len(rows) < 2 else f"{text} The vote costs all about the same."
    return (
        f"{text} The vote costs {found.spoken[most]} most ({percent(found.shares[most, 2])}) and "
        f"{found.spoken[least]} least ({percent(found.shares[least, 2])})."
    )


def fate_rows(found: Fates, head: str) -> list[dict[str, Any]]:
    """The shares as a table; `head` names its first column."""
    return [
        {
            head: name,
            "mass": float(mass),
            **{fate.replace("-", ""): number_or_none(share) for fate, share in zip(FATES, row, strict=True)},
        }
        for name, mass, row in zip(found.names, found.mass, found.shares, strict=True)
    ]
