"""Measured accuracy over the positions of one slider: curves and their best position."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.session.strip import StripPoint
from app.words.numbers import percent


@dataclass(frozen=True, slots=True)
class StripCurves:
    """Accuracies, 0 … 1, over ascending positions of a slider, (N,)."""

    values: list[float]
    mean: list[float]
    tasks: dict[str, list[float]]
    """By task, (N,) each."""

    @property
    def best(self) -> int:
        """Index of the position with the highest mean; the first of equals."""
        return max(range(len(self.mean)), key=self.mean.__getitem__)


def strip_curves(points: Sequence[StripPoint]) -> StripCurves | None:
    """The curves through the measured positions; None for fewer than two."""
    known = [(point, point.run.mean.accuracy) for point in points]
    measured = [(point, mean) for point, mean in known if mean is not None]
    if len(measured) < 2:
        return None
    tasks = [score.task for score in measured[0][0].run.tasks]
    return StripCurves(
        values=[point.value for point, _ in measured],
        mean=[mean for _, mean in measured],
        tasks={
            task: [point.run.tasks[index].accuracy for point, _ in measured]
            for index, task in enumerate(tasks)
        },
    )


def strip_caption(curves: StripCurves, chosen: str | None) -> str:
    """The key of the chart, and the best position with its limits.

    Args:
        curves: What is drawn.
        chosen: Task whose line stands out.
    """
    best, values = curves.best, curves.values
    others = "grey: single tasks" if chosen not in curves.tasks else f"dark: '{chosen}'; grey: other tasks"
    gap = max(abs(values[best] - other) for other in values[max(best - 1, 0) : best + 2])
    return (
        f"Blue: mean of all tasks; {others}; dotted: where the slider stands. Best of {len(values)} measured "
        f"positions: {values[best]:g} ± {gap:.2g}, with {percent(curves.mean[best], 1)}. That is slightly "
        "optimistic, because it was chosen on these same images. Click a position to move the slider there."
    )
