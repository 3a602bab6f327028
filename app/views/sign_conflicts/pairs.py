"""Pairs of tasks: the cosine of their updates, and how often they conflict on the weights both keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.weights.sign_conflict import Rate, beyond_chance, pair_conflict, weighted_pair_conflict
from analysis.weights.similarity_order import cosines, similarity_order
from analysis.weights.statistics import Sums
from app.bench.task_costs import Cost
from app.views.sign_conflicts.beside_chance import SPREAD, compared
from app.views.sign_conflicts.look import Look
from app.views.sign_conflicts.triangle import Triangle
from app.words.numbers import count, fixed, likelihood, number_or_none, percent, points, signed

LEAST_REACH = 0.05
"""Distance of a share of conflict from chance that has the fullest colour at least, so that noise is pale."""
_LEAST_COSINE = 0.1
"""The same of a cosine, from 0."""


@dataclass(frozen=True, eq=False, slots=True)
class PairTable:
    """Every pair of tasks within a part of the model."""

    tasks: tuple[str, ...]
    """In the order shown."""
    cosines: Numbers
    """Of the updates, untrimmed, (T, T); NaN with a task that changed nothing."""
    rate: Rate
    """Conflict of the trimmed updates, counted or weighed, (T, T)."""
    counted: Rate
    """Conflict counted in any case, (T, T)."""
    weighted: Rate
    """Conflict weighed by magnitude in any case, (T, T)."""


def pair_table(look: Look, whole: Sums, trimmed: Sums, *, by_similarity: bool) -> PairTable:
    """Compare every two tasks.

    Args:
        look: Whether conflict is counted or weighed.
        whole: Of a part of the model, (1, …).
        trimmed: Of the same after trimming.
        by_similarity: Whether tasks whose updates point alike stand side by side; else the zoo's order.
    """
    alike = cosines(whole.gram[0])
    order = list(similarity_order(alike)) if by_similarity else list(range(len(look.tasks)))
    cells = np.ix_(order, order)
    counted = pair_conflict(trimmed).at(0).at(cells)
    weighted = weighted_pair_conflict(trimmed).at(0).at(cells)
    return PairTable(
        tuple(look.tasks[task] for task in order),
        alike[cells],
        weighted if look.is_weighted else counted,
        counted,
        weighted,
    )


def cosine_triangle(table: PairTable) -> Triangle:
    """The cosines, on a scale over 0."""
    values = _none_for_nan(table.cosines)
    reach = max((abs(v) for r, row in enumerate(values) for v in row[:r] if v is not None), default=0.0)
    reach = max(reach, _LEAST_COSINE)
    return Triangle(
        values,
        [["" if value is None else fixed(value, 2) for value in row] for row in values],
        neutral=0.0,
        reach=reach,
        ticks=[(end, fixed(end, 2)) for end in (-reach, 0.0, reach)],
        title="cosine",
    )


def conflict_triangle(table: PairTable, drops: Mapping[tuple[str, str], float]) -> Triangle:
    """The shares of conflict, on a scale over the half that chance gives.

    Args:
        table: What is shown.
        drops: Mean change of the two tasks' accuracy when merged, noted below the share; see `mean_drops`.
    """
    values = _none_for_nan(table.rate.observed)
    found = [abs(v - 0.5) for r, row in enumerate(values) for v in row[:r] if v is not None]
    reach = max([*found, LEAST_REACH])
    ends = (0.5 - reach, 0.5 + reach)
    return Triangle(
        values,
        [["" if value is None else percent(value) for value in row] for row in values],
        neutral=0.5,
        reach=reach,
        ticks=[(ends[0], percent(ends[0])), (0.5, f"{percent(0.5)} chance"), (ends[1], percent(ends[1]))],
        title="conflict",
        is_reversed=True,
        notes=[
            [signed(100 * drops[a, b], 1) if (a, b) in drops else "" for b in table.tasks]
            for a in table.tasks
        ],
    )


def pair_hovers(table: PairTable, costs: Mapping[tuple[str, str], Cost], *, merged: str) -> list[list[str]]:
    """What stands under the mouse at each cell, (T, T); `merged` as in `measured_detail`."""

    def hover(a: int, b: int) -> str:
        if a == b:
            return table.tasks[a]
        rate = table.rate.at((a, b))
        lines = [
            f"{table.tasks[a]} and {table.tasks[b]}",
            _cosine(table.cosines[a, b]),
            f"conflict {percent(float(rate.observed), 1)}, chance {percent(0.5)}"
            if rate.n
            else "no weight in common",
        ]
        changes = measured_changes(costs, (table.tasks[a], table.tasks[b]))
        if changes:
            lines += [f"measured change of accuracy, merged {merged}:", *changes]
        return "\n".join(lines)

    n = range(len(table.tasks))
    return [[hover(a, b) for b in n] for a in n]


def pairs_takeaway(table: PairTable) -> str:
    """Which pairs stand out against chance, with the same rule for all of them together."""
    pairs = _sharing(table)
    if not pairs:
        return "No two tasks have a weight in common."
    verdicts = pair_sides(table)
    more = [pair for pair in pairs if verdicts[pair] > 0]
    less = [pair for pair in pairs if verdicts[pair] < 0]
    if not more and not less:
        return f"No pair conflicts clearly more or less than the {percent(0.5)} that chance gives."
    clauses = []
    if less:
        pair = min(less, key=lambda pair: float(table.rate.observed[pair]))
        clauses.append(f"{_names(table, pair)} conflict least ({_share(table, pair)})")
    if more:
        pair = max(more, key=lambda pair: float(table.rate.observed[pair]))
        clauses.append(f"{_names(table, pair)} conflict most ({_share(table, pair)})")
    return (
        f"{', '.join(clauses)}. Pairs clearly below the {percent(0.5)} of chance: {len(less) or 'none'} of "
        f"{len(pairs)}; clearly above it: {len(more) or 'none'}."
    )


def pair_sides(table: PairTable) -> Integers:
    """1 for pairs that conflict clearly more than chance, −1 for less, 0 for neither, (T, T)."""
    verdicts = beyond_chance(table.rate, n_tests=len(_sharing(table)))
    np.fill_diagonal(verdicts, 0)  # a task and itself are no pair
    return verdicts


def pair_detail(table: PairTable, look: Look) -> str:
    """All numbers of the chosen pair, in one line; empty where none is chosen."""
    if look.pair is None:
        return ""
    cell = table.tasks.index(look.pair[0]), table.tasks.index(look.pair[1])
    cosine, counted, weighted = table.cosines[cell], table.counted.at(cell), table.weighted.at(cell)
    first = f"{look.subject}: {_cosine(cosine)}"
    if not counted.n:
        return f"{first}. No weight is {look.kept} by both."
    observed, _ = compared(float(counted.observed), 0.5)
    return (
        f"{first}. They conflict on {observed} of the {count(int(counted.n))} weights both {look.keep} "
        f"(chance: {percent(0.5)} ± {100 * SPREAD * counted.sd:.1f} points); weighed by magnitude, on "
        f"{percent(float(weighted.observed), 1)}."
    )


def mean_drops(costs: Mapping[tuple[str, str], Cost]) -> dict[tuple[str, str], float]:
    """Mean change of the two tasks' accuracy when they are merged, by pair in either order."""
    return {
        (a, b): (cost.accuracy.difference + costs[b, a].accuracy.difference) / 2
        for (a, b), cost in costs.items()
        if (b, a) in costs
    }


def measured_changes(costs: Mapping[tuple[str, str], Cost], pair: tuple[str, str]) -> list[str]:
    """What merging the two was measured to cost each; empty where it was not measured."""
    return [
        f"'{cost.task}' {points(cost.accuracy.difference)} ({likelihood(cost.loss.value, 2)})"
        for cost in (costs[key] for key in (pair, pair[::-1]) if key in costs)
    ]


def measured_detail(costs: Mapping[tuple[str, str], Cost], pair: tuple[str, str], *, merged: str) -> str:
    """The same in one line.

    Args:
        costs: Of what was measured.
        pair: The two.
        merged: How they were merged, such as "at λ = 1".
    """
    changes = ", ".join(measured_changes(costs, pair))
    return f"Measured change of accuracy, merged {merged}: {changes}." if changes else ""


def pair_rows(table: PairTable, measured: Mapping[tuple[str, str], float]) -> list[dict[str, Any]]:
    """The pairs as a table, each once.

    Args:
        table: What is shown.
        measured: Mean change of the two tasks' accuracy when merged, in [−1, 1], where it was measured.
    """
    n = len(table.tasks)
    return [
        {
            "task_a": table.tasks[a],
            "task_b": table.tasks[b],
            "cosine": number_or_none(table.cosines[a, b]),
            "both_nonzero": int(table.counted.n[a, b]),
            "conflict_rate": number_or_none(table.counted.observed[a, b]),
            "conflict_rate_sd_by_chance": number_or_none(table.counted.sd[a, b]),
            "weighted_conflict_rate": number_or_none(table.weighted.observed[a, b]),
            "measured_accuracy_change": measured.get((table.tasks[a], table.tasks[b])),
        }
        for a in range(n)
        for b in range(a + 1, n)
    ]


def _sharing(table: PairTable) -> list[tuple[int, int]]:
    """Pairs that have a weight in common, each once."""
    n = len(table.tasks)
    return [(a, b) for a in range(n) for b in range(a + 1, n) if table.rate.n[a, b]]


def _cosine(cosine: float) -> str:
    return "no cosine" if np.isnan(cosine) else f"cosine {fixed(cosine, 3)}"


def _names(table: PairTable, pair: tuple[int, int]) -> str:
    return f"'{table.tasks[pair[0]]}' and '{table.tasks[pair[1]]}'"


def _share(table: PairTable, pair: tuple[int, int]) -> str:
    return compared(float(table.rate.observed[pair]), 0.5)[0]


def _none_for_nan(values: Numbers) -> list[list[float | None]]:
    return [[number_or_none(value) for value in row] for row in values]
