"""The response strip: what accuracy does over the range of one slider while all else stays."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.errors import AnalysisError
from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.session.sliders import all_sliders, moved, value_of
from app.work.jobs import JobContext

STRIP_POINTS = 9
"""Evenly spaced positions that are measured, beside the slider's own."""


@dataclass(frozen=True, slots=True)
class StripPoint:
    """One measured position of a slider."""

    value: float
    run: Run


class Strip:
    """Measured positions of the slider in focus; whatever no longer belongs to it is forgotten."""

    def __init__(self, bench: Workbench) -> None:
        """Start with nothing measured."""
        self._bench = bench
        self._measured: dict[tuple[str, int | None], Run] = {}

    def points(self, recipe: Recipe, focus: str, n_images: int | None) -> tuple[StripPoint, ...]:
        """What is measured so far, by position."""
        found = [
            StripPoint(value, self._measured[point.digest(), n_images])
            for value, point in self._positions(recipe, focus)
            if (point.digest(), n_images) in self._measured
        ]
        return tuple(sorted(found, key=lambda point: point.value))

    def is_full(self, recipe: Recipe, focus: str, n_images: int | None) -> bool:
        """Whether every position is measured."""
        return len(self.points(recipe, focus, n_images)) == len(list(self._positions(recipe, focus)))

    def fill(self, recipe: Recipe, focus: str, n_images: int | None, context: JobContext) -> None:
        """Measure what is missing, the nearest positions first; a position that has no merge is left out."""
        positions = list(self._positions(recipe, focus))
        wanted = {(point.digest(), n_images) for _, point in positions}
        self._measured = {key: run for key, run in self._measured.items() if key in wanted}
        for _, point in positions:
            if (point.digest(), n_images) in self._measured:
                continue
            try:
                run = self._bench.measure(point, context, n_images=n_images, kind="sweep")
            except AnalysisError:  # such as LiNeS's rule where the weights' signs come to differ
                continue
            self._measured[point.digest(), n_images] = run

    def _positions(self, recipe: Recipe, focus: str) -> Iterator[tuple[float, Recipe]]:
        """Positions from the slider's own outwards; none while LiNeS finds α itself."""
        here = value_of(recipe, focus)
        if here is None or not self._bench.largest_sample("val"):
            return
        low, high = all_sliders(recipe)[focus].usual
        low, high = min(low, here), max(high, here)
        step = (high - low) / (STRIP_POINTS - 1)
        grid = {round(low + step * position, 4) for position in range(STRIP_POINTS)}
        for value in sorted(grid | {here}, key=lambda value: abs(value - here)):
            yield value, moved(recipe, focus, value)
