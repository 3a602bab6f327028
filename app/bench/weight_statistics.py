"""Statistics of one zoo's weights, computed once and remembered."""

from dataclasses import asdict, dataclass

from analysis.model.scope import Scope
from analysis.weights.statistics import Statistics, Sums, statistics
from app.bench.weight_results import READING, WeightResults
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.store import Arrays


@dataclass(frozen=True, slots=True)
class StatisticsSettings:
    """What decides the statistics of a zoo's weights."""

    scope: Scope
    density: float | None = None
    """Share of weights each task keeps by trimming; None for all."""
    sign_seed: int | None = None
    """For the null, in which every sign is random; None for the weights as they are."""


class WeightStatistics:
    """Numbers of one zoo's weights; any thread may look up what is known, only the worker computes."""

    def __init__(self, results: WeightResults) -> None:
        """Start with what is remembered."""
        self._results = results

    def statistics(self, settings: StatisticsSettings) -> Measurement[StatisticsSettings, Statistics]:
        """Statistics of the weights in scope."""
        results, scope, density = self._results, settings.scope, settings.density

        def compute(context: JobContext) -> Arrays:
            cut = None if density is None else results.cuts.at(scope, density, context)
            context.report(None, READING)
            found = statistics(
                results.vectors,
                results.ranges(scope),
                cut=cut,
                sign_seed=settings.sign_seed,
                check=context.check,
            )
            return asdict(found.sums)

        def read(arrays: Arrays) -> Statistics:
            return Statistics(results.vectors.tasks, results.segments(scope), Sums(**arrays))

        return results.remembered.measurement(
            "statistics",
            settings,
            compute,
            read,
            scope=scope.value,
            density=density,
            sign_seed=settings.sign_seed,
        )
