"""Accuracy that one task keeps when it is merged alone, and that the others lose, as α goes from 1 to 0."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from analysis.evaluation.bootstrap import (
    Correct,
    Estimate,
    bootstrap_mean_difference,
    bootstrap_mean_normalized_accuracy,
)
from analysis.evaluation.pareto import on_front
from analysis.merge.recipe import Recipe
from app.bench.evaluator import Predictions
from app.bench.halves import choosing_half, reporting_half
from app.bench.runs import Run, is_correct, is_one_model
from app.words.numbers import decimals_within, percent
from app.words.verdicts import points_within, verdict

ALPHAS = tuple(round(1 - 0.1 * step, 1) for step in range(11))
"""As the authors': from the whole update to a ramp that leaves the first block alone."""

BASE = "base"
"""Cell of the base itself."""

_TARGET_COUNTS = 2
"""How often the authors' rule counts the target; it counts the others' mean once."""


def trade_off_recipe(tasks: Sequence[str], target: str, alpha: float) -> Recipe:
    """One task vector alone under LiNeS with β = 1 − α, so that its last block is whole."""
    return Recipe.from_mapping(
        {
            "weights": {task: float(task == target) for task in tasks},
            "lines": {"alpha": alpha, "beta": round(1 - alpha, 6)},
        },
        tasks=tasks,
    )


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Shares of accuracy that one α keeps."""

    alpha: float
    target: Estimate
    """Accuracy on the target over that of its fine-tuned model."""
    others: Estimate
    """Mean over the others and the controls of accuracy over the base's."""
    change: Estimate
    """Mean accuracy of the others less that under the whole update, on the same images."""
    is_on_front: bool
    """Whether no other α is as good on both and better on one."""


def trade_off(results: Mapping[Any, Run], target: str) -> list[TradeOff]:
    """Every measured α, from 1 down; empty until the base and the whole update are measured.

    Others that the base gets none of right have no share of it and do not count.

    Args:
        results: Runs by α, the base's under `BASE`.
        target: The task that is merged alone.
    """
    base, whole = results.get(BASE), results.get(1.0)
    if base is None or whole is None or target not in whole.predictions:
        return []
    found = {}
    for alpha in sorted((alpha for alpha in results if alpha != BASE), reverse=True):
        estimates = _estimates(results[alpha], base, whole, target)
        if estimates is not None:
            found[alpha] = estimates
    if not found:
        return []
    front = on_front(np.asarray([[own.value, others.value] for own, others, _ in found.values()]))
    return [
        TradeOff(alpha, *estimates, is_on_front=bool(best))
        for (alpha, estimates), best in zip(found.items(), front, strict=True)
    ]


def authors_choice(results: Mapping[Any, Run], target: str) -> TradeOff | None:
    """The α that the authors' rule picks on one half of the images, as it does on the other half.

    The rule takes the largest 2 · target + others, of equals the largest α: the best of eleven never looks
    as good on other images.

    Args:
        results: Runs by α, the base's under `BASE`.
        target: The task that is merged alone.

    Returns:
        None until two α are measured; its images are the reporting half of each set.
    """
    halves = {word: _on(run, choosing_half) for word, run in results.items()}
    shares = {alpha: _shares(halves, alpha, target) for alpha in results if alpha != BASE}
    known = {alpha: share for alpha, share in shares.items() if share is not None}
    if len(known) < 2:
        return None
    chosen = max(sorted(known, reverse=True), key=lambda alpha: known[alpha])
    others = {word: _on(results[word], reporting_half) for word in {BASE, 1.0, chosen}}
    return next((one for one in trade_off(others, target) if one.alpha == chosen), None)


def trade_off_dots(found: Sequence[TradeOff], target: str) -> list[dict[str, Any]]:
    """The measured α with the fields of a dot of the chart."""
    return [
        {
            "word": f"{one.alpha:g}",
            "label": f"α {one.alpha:g}",
            "x": (one.target.value, one.target.low, one.target.high),
            "y": (one.others.value, one.others.low, one.others.high),
            "hover": f"α = {one.alpha:g}: '{target}' keeps {_within(one.target)}, the others keep "
            f"{_within(one.others)}",
            "is_on_front": one.is_on_front,
        }
        for one in found
    ]


def trade_off_takeaway(chosen: TradeOff | None, n_tried: int, target: str) -> str:
    """Whether sparing the shallow blocks saves the others something, and what it costs the target.

    Args:
        chosen: From `authors_choice`.
        n_tried: Number of α among which it was chosen.
        target: The task that is merged alone.
    """
    if chosen is None:
        return "Too little of the trade-off is measured to compare."
    how = f"Chosen among {n_tried} α on one half of the validation images, reported on the other."
    if chosen.alpha == 1.0:
        return (
            f"The authors' rule picks α = 1, the whole update of '{target}', under which the others keep "
            f"{_kept(chosen.others)} of their zero-shot accuracy. {how}"
        )
    change, side = points_within(chosen.change), verdict(chosen.change)
    kept = (
        f"At α = {chosen.alpha:g}, which the authors' rule picks, '{target}' keeps {_kept(chosen.target)} of "
        f"its fine-tuned accuracy and the others keep {_kept(chosen.others)} of their zero-shot accuracy"
    )
    if side == "no significant difference from":
        return f"{kept}; for the others, this shows no significant difference from α = 1 ({change}). {how}"
    return f"{kept}; the others' mean accuracy is {side} that at α = 1 ({change}). {how}"


def _within(share: Estimate) -> str:
    return f"{percent(share.value, 1)} ({percent(share.low, 1)} to {percent(share.high, 1)})"


def _kept(share: Estimate) -> str:
    return percent(share.value, decimals_within(share.low, share.high))


def trade_off_rows(found: Sequence[TradeOff]) -> list[dict[str, Any]]:
    """The measured α as a table; shares 0 … 1 and above."""
    return [
        {
            "alpha": one.alpha,
            "beta": round(1 - one.alpha, 6),
            "target": one.target.value,
            "target_low": one.target.low,
            "target_high": one.target.high,
            "others": one.others.value,
            "others_low": one.others.low,
            "others_high": one.others.high,
            "others_change": one.change.value,
            "on_front": one.is_on_front,
        }
        for one in found
    ]


@lru_cache(maxsize=256)
def _on(run: Run, half: Callable[[Predictions], Predictions]) -> Run:
    """The same run on half of its images; one and the same object each time, by which results are cached."""
    return replace(run, predictions={task: half(one) for task, one in run.predictions.items()})


def _shares(results: Mapping[Any, Run], alpha: float, target: str) -> float | None:
    """2 · target + others, by the authors; None where a share has nothing to be of."""
    base, whole = results.get(BASE), results.get(1.0)
    if base is None or whole is None or target not in whole.predictions:
        return None
    zero_shot, tuned, mine = _correct(base), _correct(whole), _correct(results[alpha])
    others = [
        mine[t].mean() / outcomes.mean()
        for t, outcomes in zero_shot.items()
        if t != target and outcomes.any()
    ]
    if not others or not tuned[target].any():
        return None
    return float(_TARGET_COUNTS * mine[target].mean() / tuned[target].mean() + np.mean(others))


@lru_cache(maxsize=256)
def _estimates(run: Run, base: Run, whole: Run, target: str) -> tuple[Estimate, Estimate, Estimate] | None:
    zero_shot = _correct(base)
    others = [task for task, outcomes in zero_shot.items() if task != target and outcomes.any()]
    if not others:
        return None
    mine, theirs = _correct(run), _correct(whole)
    own = bootstrap_mean_normalized_accuracy({target: mine[target]}, {target: theirs[target]})
    kept = bootstrap_mean_normalized_accuracy(
        {task: mine[task] for task in others}, {task: zero_shot[task] for task in others}
    )
    change = bootstrap_mean_difference(
        {task: mine[task] for task in others}, {task: theirs[task] for task in others}
    )
    if is_one_model(run, whole):
        own, change = Estimate(1.0, 1.0, 1.0), Estimate(0.0, 0.0, 0.0)
    return None if own is None or kept is None else (own, kept, change)


def _correct(run: Run) -> Correct:
    return {task: is_correct(one) for task, one in run.predictions.items()}
