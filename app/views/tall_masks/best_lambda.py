"""The best λ of each task: chosen on one half of its validation images, scored on the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.evaluation.bootstrap import Estimate
from app.bench.halves import choosing_half, reporting_half
from app.views.tall_masks.listing import listing, quoted
from app.views.tall_masks.reconstruction import (
    Measured,
    Reconstructed,
    mean_reconstruction,
    reconstructed,
    reconstruction_rows,
)
from app.words.verdicts import percent_within

LOWEST = 0.9
"""Share of the palest colour, unless a cell is lower."""

_REPORTED = "other half"


@dataclass(frozen=True, slots=True)
class BestLambda:
    """The λ of one task that did best on the images it was chosen on, scored on others."""

    task: str
    tall_lambda: float
    is_at_edge: bool
    """Whether it is the smallest or largest λ tried."""
    chosen: float | None
    """Share of the fine-tuned accuracy where it was chosen."""
    n_chosen: int
    reported: Reconstructed
    """The same λ on the other images."""


def best_lambdas(measured: Measured, tasks: Sequence[str], grid: Sequence[float]) -> tuple[BestLambda, ...]:
    """The best λ of every task measured at all of them; of equals the smallest, as in the paper's code.

    Args:
        measured: Predictions by cell.
        tasks: That can be evaluated.
        grid: λ tried, ascending.
    """
    found = []
    for task in tasks:
        wanted = [(task, stop) for stop in grid]
        chosen = reconstructed(measured, wanted, half=choosing_half, intervals=False)
        if len(chosen) < len(grid):
            continue
        best = max(chosen, key=lambda one: one.accuracy)  # the first of equals
        (reported,) = reconstructed(measured, [(task, best.tall_lambda)], half=reporting_half)
        found.append(
            BestLambda(
                task=task,
                tall_lambda=best.tall_lambda,
                is_at_edge=len(grid) > 1 and best.tall_lambda in (grid[0], grid[-1]),
                chosen=best.share,
                n_chosen=best.n,
                reported=reported,
            )
        )
    return tuple(found)


def mean_of_best(measured: Measured, found: Sequence[BestLambda]) -> Estimate | None:
    """Mean share of the fine-tuned accuracy that the best λ give on the other half; None without any."""
    return mean_reconstruction(measured, [(one.task, one.tall_lambda) for one in found], half=reporting_half)


def best_takeaway(found: Sequence[BestLambda], mean: Estimate | None, n_tried: int) -> str:
    """What the best λ of every task gives on images they were not chosen on."""
    if not found or mean is None:
        return "No task is measured at every λ yet."
    text = (
        f"With the best of {n_tried} λ per task, rebuilt tasks reach {percent_within(mean)} of their "
        "fine-tuned accuracy on the other half of validation."
    )
    at_edge = [one.task for one in found if one.is_at_edge]
    if at_edge:
        text += f" For {listing(quoted(at_edge))} it is the smallest or largest λ tried; a better one may"
        text += " lie beyond it."
    return text


def sweep_columns(grid: Sequence[float]) -> list[str]:
    """What the chart calls its columns: every λ, then the half on which the best is scored."""
    return [*(f"{stop:g}" for stop in grid), _REPORTED]


def sweep_cells(
    measured: Measured, tasks: Sequence[str], grid: Sequence[float], best: Sequence[BestLambda]
) -> list[list[float | None]]:
    """Shares of the fine-tuned accuracy, tasks by columns; None where a cell is not measured."""
    reported = {one.task: one.reported.share for one in best}
    cells: list[list[float | None]] = []
    for task in tasks:
        row: list[float | None] = []
        for stop in grid:
            found = reconstructed(measured, [(task, stop)], half=choosing_half, intervals=False)
            row.append(found[0].share if found else None)
        cells.append([*row, reported.get(task)])
    return cells


def best_lambda_rows(
    measured: Measured, wanted: Sequence[tuple[str, float]], best: Sequence[BestLambda]
) -> list[dict[str, Any]]:
    """Every λ on the half it is chosen on, and the best ones on the other, as a table."""
    halves = {
        "choosing": reconstructed(measured, wanted, half=choosing_half),
        "reporting": [one.reported for one in best],
    }
    return [{"half": half} | row for half, found in halves.items() for row in reconstruction_rows(found)]
