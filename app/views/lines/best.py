"""The best β: on all images, and chosen on one half of them to be compared on the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_difference
from app.bench.halves import choosing_half, reporting_half
from app.bench.runs import Run, is_correct
from app.views.lines.comparison import KEPT, Kind, Results, SweepPoint, mean_difference

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
    """LiNeS and what it is compared with, each at its best: chosen on one half, compared on the other."""

    tried: Mapping[Kind, tuple[SweepPoint, ...]]
    """Points each was chosen among: of LiNeS and the reversed ramp at the same β, and of all constants λ,
    those of equal size included."""
    chosen: Mapping[Kind, SweepPoint]
    over: Mapping[Kind, Estimate]
    """Mean accuracy of LiNeS less that of each other kind."""


def held_out(results: Results) -> HeldOut | None:
    """The comparison on images nothing was chosen on; None until two β of all kinds are measured."""
    along = [kind for kind in Kind if kind is not Kind.FREE and any(one is kind for one, _ in results)]
    betas = sorted({beta for _, beta in results if all((kind, beta) in results for kind in along)})
    if Kind.LINES not in along or len(along) == 1 or len(betas) < 2:
        return None
    if not _halved(results[Kind.LINES, betas[0]]):
        return None
    tried: dict[Kind, tuple[SweepPoint, ...]] = {
        kind: tuple((kind, beta) for beta in betas) for kind in along
    }
    equal_size = tried.pop(Kind.CONSTANT, ())
    if constants := (*equal_size, *sorted(point for point in results if point[0] is Kind.FREE)):
        tried[Kind.FREE] = constants
    chosen: dict[Kind, SweepPoint] = {
        kind: max(points, key=lambda point: _choosing_accuracy(results[point]))
        for kind, points in tried.items()
    }
    mine = results[chosen[Kind.LINES]]
    over: dict[Kind, Estimate] = {
        kind: _reporting_difference(mine, results[chosen[kind]])
        for kind in (Kind.FREE, Kind.REVERSED)
        if kind in chosen
    }
    return HeldOut(tried, chosen, over)


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
