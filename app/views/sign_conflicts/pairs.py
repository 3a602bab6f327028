"""Tasks against tasks: the cosine of every pair, and how often it conflicts on what both keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.weights.sign_conflict import Rate, beyond_chance, pair_conflict, weighted_pair_conflict
from analysis.weights.similarity_order import cosines, similarity_order
from analysis.weights.statistics import Sums
from app.bench.task_costs import Cost
from app.views.sign_conflicts.beside_chance import compared
from app.views.sign_conflicts.look import Look
from app.words.numbers import count, fixed, number_or_none, percent, points, signed


@dataclass(frozen=True, eq=False, slots=True)
class PairTable:
    """Every pair of tasks within a part of the model."""

    tasks: tuple[str, ...]
    """In the order shown."""
    cosines: Numbers
    """Of the updates, untrimmed, (T, T); NaN with a task that moved nothing."""
    rate: Rate
    """Conflict of the trimmed updates, counted or weighed, (T, T)."""
    counted: Rate
    """Conflict counted in any case, (T, T)."""
    weighted: Rate
    """Conflict weighed by magnitude in any case, (T, T)."""


def pair_table(look: Look, whole: Sums, trimmed: Sums, *, by_similarity: bool) -> PairTable:
    """Compare every two tasks.

    Args:
        look: How conflict is told.
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


def pairs_takeaway(table: PairTable) -> str:
    """Which pairs stand out against chance, with the same rule for all of them together."""
    n = len(table.tasks)
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n) if table.rate.n[a, b]]
    if not pairs:
        return "No two tasks keep a weight in common."
    verdicts = beyond_chance(table.rate, n_tests=len(pairs))
    more = [pair for pair in pairs if verdicts[pair] > 0]
    less = [pair for pair in pairs if verdicts[pair] < 0]
    if not more and not less:
        return f"No pair conflicts clearly more or less than the {percent(0.5)} that chance gives."
    said = []
    if less:
        pair = min(less, key=lambda pair: float(table.rate.observed[pair]))
        said.append(f"{_names(table, pair)} conflict least, {_share(table, pair)}")
    if more:
        pair = max(more, key=lambda pair: float(table.rate.observed[pair]))
        said.append(f"{_names(table, pair)} {'conflict ' if not less else ''}most, {_share(table, pair)}")
    counts = (
        f"{len(less) or 'None'} of {len(pairs)} pairs lie clearly below the {percent(0.5)} of chance, "
        f"{len(more) or 'none'} above."
    )
    return f"{'; '.join(said)}. {counts}"


def pair_detail(table: PairTable, look: Look) -> str:
    """All numbers of the chosen pair, in one line; empty where none is chosen."""
    if look.pair is None:
        return ""
    first, second = look.pair
    cell = table.tasks.index(first), table.tasks.index(second)
    cosine, counted, weighted = table.cosines[cell], table.counted.at(cell), table.weighted.at(cell)
    alike = "no cosine" if np.isnan(cosine) else f"cosine {fixed(cosine, 3)}"
    if not counted.n:
        return (
            f"{first} and {second}: {alike}; no weight is {'moved' if look.density == 1 else 'kept'} by both."
        )
    observed, _ = compared(float(counted.observed), 0.5)
    return (
        f"{first} and {second}: {alike}; they conflict on {observed} of the {count(int(counted.n))} weights "
        f"both {look.kept}, chance {percent(0.5)} ± {100 * 1.96 * counted.sd:.1f} points; "
        f"weighed by magnitude {percent(float(weighted.observed), 1)}."
    )


def mean_drops(costs: Mapping[tuple[str, str], Cost]) -> dict[tuple[str, str], float]:
    """Mean change of the two tasks' accuracy when they are merged, by pair in either order."""
    return {
        (a, b): (cost.accuracy.difference + costs[b, a].accuracy.difference) / 2
        for (a, b), cost in costs.items()
        if (b, a) in costs
    }


def measured_detail(
    costs: Mapping[tuple[str, str], Cost], pair: tuple[str, str], *, merged: str, between: str = ", "
) -> str:
    """What merging the two was measured to cost each; empty where it was not measured.

    Args:
        costs: Of what was measured.
        pair: The two.
        merged: How they were merged, such as "at λ = 1".
        between: What stands between the two tasks.
    """
    said = [
        f"{cost.task} {points(cost.accuracy.difference)} ({signed(cost.loss.value, 2)} nats)"
        for cost in (costs[key] for key in (pair, pair[::-1]) if key in costs)
    ]
    return f"Measured, merged {merged}: {between.join(said)}." if said else ""


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


def _names(table: PairTable, pair: tuple[int, int]) -> str:
    return f"{table.tasks[pair[0]]} and {table.tasks[pair[1]]}"


def _share(table: PairTable, pair: tuple[int, int]) -> str:
    return compared(float(table.rate.observed[pair]), 0.5)[0]
