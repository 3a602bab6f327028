"""The response strip: what accuracy does over the range of one slider while all else stays."""

from collections.abc import Iterator, Sequence
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

_NEAR = (-0.5, -0.25, 0.25, 0.5)
"""Positions around the best of those, which are measured next, in the distance of two of those."""

Position = tuple[str, int | None]
"""Digest of a recipe, and images per task; None for all."""

Subject = tuple[Recipe, SliderKey, int | None]
"""Recipe, slider, and images per task; None for all."""


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
        self._subject: Subject | None = None
        self._near: tuple[float, ...] = ()
        self.batch: Batch[Position, Run] = Batch(worker, session, "strip")
        """Its measurements; a position that has no merge stays unmeasured."""

    def points(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> tuple[StripPoint, ...]:
        """What is measured so far, by position."""
        measured = self.batch.results
        near = self._near if self._subject == (recipe, focus, n_images) else ()
        found = [
            StripPoint(value, measured[point.digest(), n_images])
            for value, point in self._positions(recipe, focus, near)
            if (point.digest(), n_images) in measured
        ]
        return tuple(sorted(found, key=lambda point: point.value))

    def fill(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> None:
        """Measure what is missing in the background, the nearest positions first."""
        if self._subject != (recipe, focus, n_images):
            self._subject, self._near = (recipe, focus, n_images), ()
        self._fill((recipe, focus, n_images))

    def refine(self) -> None:
        """Measure around the best position, once all others are known."""
        if self._subject is None or self._near or not self.batch.is_full:
            return
        recipe, focus, _ = self._subject
        known = [(point.run.mean.accuracy or 0.0, point.value) for point in self.points(*self._subject)]
        low, high = _span(recipe, focus)
        best = max(known, key=lambda one: one[0])[1]  # the first of equals, as the caption says
        around = (best + share * (high - low) / (STRIP_POINTS - 1) for share in _NEAR)
        self._near = tuple(round(value, 4) for value in around if low <= value <= high)
        self._fill(self._subject)

    def _fill(self, subject: Subject) -> None:
        recipe, focus, n_images = subject

        def runs() -> Plan[Position, Run]:
            return {
                (point.digest(), n_images): self._bench.run(point, n_images=n_images, kind="sweep")
                for _, point in self._positions(recipe, focus, self._near)
            }

        self.batch.plan((recipe.digest(), focus, n_images, self._near), runs)
        if self.batch.names and not self.batch.is_full:
            self.batch.start("Filling the strip")

    def _positions(
        self, recipe: Recipe, focus: SliderKey, near: Sequence[float]
    ) -> Iterator[tuple[float, Recipe]]:
        """Positions from the slider's own outwards, then those near the best; none while LiNeS finds α."""
        here = value_of(recipe, focus)
        if here is None or not self._bench.largest_sample("val"):
            return
        low, high = _span(recipe, focus)
        step = (high - low) / (STRIP_POINTS - 1)
        grid = {round(low + step * position, 4) for position in range(STRIP_POINTS)} | {here}
        for value in (*sorted(grid, key=lambda value: abs(value - here)), *(set(near) - grid)):
            yield value, moved(recipe, focus, value)


def _span(recipe: Recipe, focus: SliderKey) -> tuple[float, float]:
    """From where to where a slider is looked at: its usual range, and where it stands."""
    here, (low, high) = value_of(recipe, focus), all_sliders(recipe)[focus].usual
    return (low, high) if here is None else (min(low, here), max(high, here))
