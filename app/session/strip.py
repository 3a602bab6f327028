"""The response strip: what accuracy does over the range of one slider while all else stays."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.session.slider_key import SliderKey
from app.session.sliders import all_sliders, moved, value_of
from app.work.batch import Batch, Plan
from app.work.worker import Worker

STRIP_POINTS = 9
"""Evenly spaced positions that are measured, beside the slider's own."""

Position = tuple[str, int | None]
"""Digest of a recipe, and images per task; None for all."""


@dataclass(frozen=True, slots=True)
class StripPoint:
    """One measured position of a slider."""

    value: float
    run: Run


class Strip:
    """Measured positions of the slider in focus; whatever no longer belongs to it is forgotten."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with nothing measured."""
        self._bench = bench
        self.batch: Batch[Position, Run] = Batch(worker, session, "strip")
        """Its measurements; a position that has no merge stays unmeasured."""

    def points(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> tuple[StripPoint, ...]:
        """What is measured so far, by position."""
        measured = self.batch.results
        found = [
            StripPoint(value, measured[point.digest(), n_images])
            for value, point in self._positions(recipe, focus)
            if (point.digest(), n_images) in measured
        ]
        return tuple(sorted(found, key=lambda point: point.value))

    def fill(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> None:
        """Measure what is missing in the background, the nearest positions first."""

        def runs() -> Plan[Position, Run]:
            return {
                (point.digest(), n_images): self._bench.run(point, n_images=n_images, kind="sweep")
                for _, point in self._positions(recipe, focus)
            }

        self.batch.plan((recipe.digest(), focus, n_images), runs)
        if self.batch.names and not self.batch.is_full:
            self.batch.start("Filling the strip")

    def _positions(self, recipe: Recipe, focus: SliderKey) -> Iterator[tuple[float, Recipe]]:
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
