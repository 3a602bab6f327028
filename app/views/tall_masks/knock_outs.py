"""Merges without some weights, measured beside merges without random weights of like tensors and sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from analysis.evaluation.bootstrap import (
    Correct,
    Estimate,
    bootstrap_mean_accuracy,
    bootstrap_mean_difference,
)
from analysis.masks.knock_out import Removal
from app.bench.evaluator import Predictions
from app.bench.halves import choosing_half, reporting_half
from app.bench.mask_statistics import MaskSettings
from app.bench.runs import is_correct
from app.bench.workbench import Workbench
from app.views.tall_masks.listing import listing
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.views.tall_masks.variants import variant_measurement
from app.words.numbers import percent
from app.work.batch import Plan
from app.work.jobs import JobContext
from app.work.measurement import Measurement

DRAWS = 10
"""Random controls of every removal."""

Knocked = tuple[Removal | None, int | None, float]
"""What is removed, None for nothing; seed of its control, None for the weights themselves; scaling."""

Measured = Mapping[Knocked, Mapping[str, Predictions]]


class Against(Enum):
    """How a removal compares with its random controls."""

    LESS = f"costs less accuracy than any of {DRAWS} random removals"
    NO_DIFFERENCE = "shows no significant difference from random removals"
    MORE = f"costs more accuracy than any of {DRAWS} random removals"


@dataclass(frozen=True, slots=True)
class Control:
    """Mean accuracies of the random controls, 0 … 1."""

    low: float
    high: float
    n: int
    """Draws."""
    against: Against
    """A difference counts if it is outside of all draws and significant on these images."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Mean accuracy on the reporting half at one scaling, and its random controls."""

    accuracy: Estimate
    scaling: float
    is_at_edge: bool
    """Whether the scaling was chosen at an end of the grid."""
    control: Control | None
    """None where nothing is removed, or before a draw is measured."""


@dataclass(frozen=True, slots=True)
class KnockOut:
    """What one removal costs."""

    removal: Removal | None
    same: Outcome
    """At the scaling that is best when nothing is removed."""
    own: Outcome
    """At its own best scaling; every control at its own too."""


def knock_out_plan(
    bench: Workbench,
    settings: MaskSettings,
    grid: Sequence[float],
    tasks: Sequence[str],
    n_images: int | None = None,
) -> Plan[Knocked, Mapping[str, Predictions]]:
    """Every removal at every scaling, then its controls draw by draw, each on validation images.

    Args:
        bench: The open zoo.
        settings: The masks.
        grid: Scalings, ascending.
        tasks: That can be evaluated.
        n_images: Images per task at most; None for all.
    """
    updates = MaskedUpdates(bench, settings.scope, settings.vector)
    themselves: list[Knocked] = [(removal, None, scaling) for removal in (None, *Removal) for scaling in grid]
    controls = [(removal, draw, scaling) for draw in range(DRAWS) for removal in Removal for scaling in grid]
    return {
        (removal, draw, scaling): variant_measurement(
            bench,
            updates.without(settings, removal, draw=draw, scaling=scaling),
            tasks=tasks,
            n_images=n_images,
        )
        for removal, draw, scaling in (*themselves, *controls)
    }


def knock_outs(measured: Measured, grid: Sequence[float]) -> tuple[KnockOut, ...]:
    """What is known so far: removals measured over the whole grid, with the draws that are too."""
    whole = _best(measured, None, None, grid)
    if whole is None:
        return ()
    found = []
    for removal in (None, *Removal):
        own = _best(measured, removal, None, grid)
        if own is None:
            continue
        draws = [
            (draw, best)
            for draw in range(DRAWS)
            if removal is not None and (best := _best(measured, removal, draw, grid)) is not None
        ]
        found.append(
            KnockOut(
                removal,
                same=_outcome(
                    measured, (removal, None, whole), [(removal, draw, whole) for draw, _ in draws], grid
                ),
                own=_outcome(
                    measured, (removal, None, own), [(removal, draw, best) for draw, best in draws], grid
                ),
            )
        )
    return tuple(found)


def knock_out_takeaway(found: Sequence[KnockOut]) -> str:
    """What removals cost against random removals, every merge at its own best scaling."""
    judged = {one.removal: one.own.control for one in found if one.own.control is not None}
    n = min((judged[removal].n if removal in judged else 0) for removal in Removal)
    if n < DRAWS:
        return f"Not known yet: {n} of {DRAWS} random removals are measured for every kind of weights."
    clauses = []
    for against in Against:
        removed = [_name(removal) for removal in Removal if judged[removal].against is against]
        if removed:
            clauses.append(f"removing {listing(removed, 'or')} {against.value}")
    return f"With every merge at its own best scale, {'; '.join(clauses)}."


def knock_out_rows(found: Sequence[KnockOut]) -> list[dict[str, Any]]:
    """The outcomes as a table."""
    return [
        {
            "removed": "nothing" if one.removal is None else _name(one.removal),
            "at": label,
            "scale": outcome.scaling,
            "mean accuracy": outcome.accuracy.value,
            "low": outcome.accuracy.low,
            "high": outcome.accuracy.high,
            "random, lowest": None if outcome.control is None else outcome.control.low,
            "random, highest": None if outcome.control is None else outcome.control.high,
            "draws": 0 if outcome.control is None else outcome.control.n,
        }
        for one in found
        for label, outcome in (("the same scale", one.same), ("its own best scale", one.own))
    ]


def removal_name(removal: Removal | None) -> str:
    """What a chart calls a removal."""
    return "nothing removed" if removal is None else f"without {_name(removal)}"


def removal_hover(removal: Removal | None, outcome: Outcome) -> str:
    """What stands at the mouse over a removal."""
    text = f"{removal_name(removal)}, scale {outcome.scaling:g}: {percent(outcome.accuracy.value, 1)}"
    if outcome.control is None:
        return text
    low, high = percent(outcome.control.low, 1), percent(outcome.control.high, 1)
    return f"{text}\n{outcome.control.n} random removals: {low} to {high}"


def edge_note(found: Sequence[KnockOut]) -> str:
    """Which removals did best at an end of the grid; empty if none did."""
    at_edge = [removal_name(one.removal) for one in found if one.own.is_at_edge]
    if not at_edge:
        return ""
    return f"Best at the smallest or largest scale tried, so perhaps better beyond it: {', '.join(at_edge)}."


def removed_again(
    bench: Workbench, settings: MaskSettings
) -> Measurement[MaskSettings, dict[Removal, float]]:
    """Share of each removal's weights that its controls remove as well; only of those that remove any."""

    def compute(context: JobContext) -> dict[Removal, float]:
        updates = MaskedUpdates(bench, settings.scope, settings.vector)
        shares = {removal: updates.expected_overlap(settings, removal, context) for removal in Removal}
        return {removal: share for removal, share in shares.items() if share is not None}

    return Measurement(settings, compute)


def removed_again_note(shares: Mapping[Removal, float]) -> str:
    """What share of the removed weights a control removes as well; empty without shares."""
    if not shares:
        return ""
    parts = [
        f"{percent(share)} of {_name(removal) if removal is Removal.BOTH else f'the {_name(removal)}'}"
        for removal, share in shares.items()
    ]
    return f"On average, a random removal takes {listing(parts)} as well."


def _name(removal: Removal | None) -> str:
    return {
        Removal.SELFISH: "selfish weights",
        Removal.CATASTROPHIC: "catastrophic weights",
        Removal.BOTH: "both kinds",
        None: "nothing",
    }[removal]


def _best(
    measured: Measured, removal: Removal | None, draw: int | None, grid: Sequence[float]
) -> float | None:
    """The scaling with the highest mean accuracy on the choosing half, the smallest of equals.

    None if the grid is not all measured.
    """
    if any((removal, draw, scaling) not in measured for scaling in grid):
        return None
    return max(grid, key=lambda scaling: _mean(_chosen(measured[removal, draw, scaling])))


def _outcome(
    measured: Measured, mine: Knocked, controls: Sequence[Knocked], grid: Sequence[float]
) -> Outcome:
    right = _reported(measured[mine])
    accuracy = bootstrap_mean_accuracy(right)
    return Outcome(
        accuracy,
        mine[2],
        is_at_edge=len(grid) > 1 and mine[2] in (grid[0], grid[-1]),
        control=_control(right, [_reported(measured[one]) for one in controls]) if controls else None,
    )


def _control(right: Correct, draws: Sequence[Correct]) -> Control:
    mine, means = _mean(right), [_mean(one) for one in draws]
    low, high = min(means), max(means)
    against = Against.NO_DIFFERENCE
    if mine > high and bootstrap_mean_difference(right, draws[int(np.argmax(means))]).low > 0:
        against = Against.LESS
    elif mine < low and bootstrap_mean_difference(right, draws[int(np.argmin(means))]).high < 0:
        against = Against.MORE
    return Control(low, high, len(draws), against)


def _chosen(predictions: Mapping[str, Predictions]) -> Correct:
    return {task: is_correct(choosing_half(one)) for task, one in predictions.items()}


def _reported(predictions: Mapping[str, Predictions]) -> Correct:
    return {task: is_correct(reporting_half(one)) for task, one in predictions.items()}


def _mean(right: Correct) -> float:
    return float(np.mean([outcomes.mean() for outcomes in right.values()]))
