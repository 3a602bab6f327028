"""The best β, those without a significant difference from it, and how LiNeS then compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_difference
from app.bench.halves import choosing_half, reporting_half
from app.bench.runs import Run, is_correct
from app.views.lines.sweep import KEPT, NAMES, Kind, Results, mean_difference
from app.words.numbers import percent
from app.words.verdicts import compared_with

_FEWEST = 2
"""Images a task needs, so that both halves have one."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best point of one kind."""

    beta: float
    accuracy: float
    n_tried: int
    alike: tuple[float, ...]
    """β without a significant difference from it on these images, itself included, in order."""


def best_of(results: Results, kind: Kind) -> Best | None:
    """The β of the best mean accuracy, the smallest of equals; None while nothing of the kind is known."""
    own = {beta: run for (one, beta), run in sorted(results.items()) if one is kind and run.tasks}
    if not own:
        return None
    best = max(own, key=lambda beta: own[beta].mean.accuracy or 0.0)
    alike = [beta for beta, run in own.items() if beta == best or not _is_above(own[best], run)]
    return Best(best, own[best].mean.accuracy or 0.0, len(own), tuple(alike))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Each kind at its own best β, chosen on one half of validation and compared on the other."""

    betas: Mapping[Kind, float]
    over: Mapping[Kind, Estimate]
    """Mean accuracy of LiNeS less that of each other kind."""


def held_out(results: Results) -> HeldOut | None:
    """What the choice gives on images it was not made on; None until two β of all kinds are measured."""
    kinds = [kind for kind in Kind if any(one is kind for one, _ in results)]
    betas = sorted({beta for _, beta in results if all((kind, beta) in results for kind in kinds)})
    if Kind.LINES not in kinds or len(kinds) == 1 or len(betas) < 2:
        return None
    if not _halved(results[Kind.LINES, betas[0]]):
        return None
    chosen = {kind: max(betas, key=lambda beta: _choosing_accuracy(results[kind, beta])) for kind in kinds}
    mine = results[Kind.LINES, chosen[Kind.LINES]]
    over: dict[Kind, Estimate] = {
        kind: _reporting_difference(mine, results[kind, beta])
        for kind, beta in chosen.items()
        if kind is not Kind.LINES
    }
    return HeldOut(chosen, over)


def sweep_takeaway(results: Results) -> str:
    """Whether LiNeS beats a constant of its size, and its own mirror image."""
    found = held_out(results)
    if found is None:
        return "Too little of the sweep is measured to compare."
    said = "; ".join(compared_with("LiNeS", NAMES[kind], one) for kind, one in found.over.items())
    how = "Each at its best β: chosen on one half of validation, scored on the other."
    return f"{said[0].upper()}{said[1:]}. {how}"


def best_said(results: Results) -> str:
    """The best β on all images, those without a significant difference from it, and the other kinds there."""
    best = best_of(results, Kind.LINES)
    if best is None:
        return ""
    said = f"Best of {best.n_tried} β tried, on all images: {best.beta:g}, with {percent(best.accuracy, 1)}"
    if len(best.alike) > 1:
        said += (
            f"; no significant difference from {len(best.alike) - 1} of the others, "
            f"between {best.alike[0]:g} and {best.alike[-1]:g}"
        )
    mine = results[Kind.LINES, best.beta]
    others = [
        compared_with("LiNeS", NAMES[kind], one)
        for kind in (Kind.CONSTANT, Kind.REVERSED)
        if best.beta != 0 and (kind, best.beta) in results
        for one in [mean_difference(mine, results[kind, best.beta])]
    ]
    return f"{said}. At this β: {'; '.join(others)}." if others else f"{said}."


def _is_above(run: Run, other: Run) -> bool:
    return mean_difference(run, other).low > 0


def _halved(run: Run) -> list[str]:
    """Tasks with enough images for two halves."""
    return [score.task for score in run.tasks if score.n >= _FEWEST]


@lru_cache(maxsize=KEPT)
def _choosing_accuracy(run: Run) -> float:
    halves = {task: choosing_half(run.predictions[task]) for task in _halved(run)}
    return sum(float(is_correct(half).mean()) for half in halves.values()) / len(halves)


@lru_cache(maxsize=KEPT)
def _reporting_difference(run: Run, other: Run) -> Estimate:
    tasks = _halved(run)
    return bootstrap_mean_difference(
        {task: is_correct(reporting_half(run.predictions[task])) for task in tasks},
        {task: is_correct(reporting_half(other.predictions[task])) for task in tasks},
    )
