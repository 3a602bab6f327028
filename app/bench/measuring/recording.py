"""Recording of a merge that was evaluated: as a run, in the history, and in how long merges take."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.merge.engine import Merged
from analysis.merge.recipe import Recipe
from app.bench.evaluator import Predictions
from app.bench.history import History
from app.bench.pace import Pace, Timing
from app.bench.runs import Run, mean_scored, scored
from cache.records import Kind, new_id


class Recorder:
    """Makes runs out of predictions and keeps them."""

    def __init__(self, history: History, tasks: tuple[str, ...]) -> None:
        """Learn from the history how long merges and evaluations take.

        Args:
            history: Where runs are kept.
            tasks: Of the zoo; what else is evaluated is a control.
        """
        self.history = history
        self.pace = Pace(history.timings())
        self._tasks = tasks

    def record(
        self,
        recipe: Recipe,
        merged: Merged,
        predictions: Mapping[str, Predictions],
        fine_tuned: Mapping[str, Predictions],
        seconds: float,
        *,
        split: str,
        n_images: int | None,
        kind: Kind,
    ) -> Run:
        """Keep a merge and what it predicts as a run.

        Args:
            recipe: What was merged.
            merged: By which factors, in how long.
            predictions: By task and control.
            fine_tuned: Those of each task's own model, as far as they are known.
            seconds: The evaluation took.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.
            kind: Who asked.
        """
        self.learn(recipe.method, merged.seconds, seconds, predictions)
        scores = {task: scored(one, fine_tuned.get(task)) for task, one in predictions.items()}
        run = Run(
            run_id=new_id(),
            recipe=recipe,
            split=split,
            n_images=n_images,
            tasks=tuple(scores[task] for task in scores if task in self._tasks),
            controls=tuple(scores[task] for task in scores if task not in self._tasks),
            mean=mean_scored(self._merging(predictions), fine_tuned),
            predictions=predictions,
            alpha=merged.alpha,
            merge_seconds=merged.seconds,
            evaluate_seconds=seconds,
        )
        self.history.add(run, kind=kind)
        return run

    def record_again(self, known: Run, fine_tuned: Mapping[str, Predictions], *, kind: Kind) -> Run:
        """Keep a known run as one of its own; an anchor was not yet normalised."""
        merging = self._merging(known.predictions)
        run = replace(
            known,
            run_id=new_id(),
            tasks=tuple(scored(one, fine_tuned.get(task)) for task, one in merging.items()),
            mean=mean_scored(merging, fine_tuned),
        )
        self.history.add(run, kind=kind)
        return run

    def learn(
        self, kind: str, merge_seconds: float, seconds: float, predictions: Mapping[str, Predictions]
    ) -> None:
        """Remember how long a merge and an evaluation took.

        Args:
            kind: The recipe's method, or what an update that no recipe gives is called.
            merge_seconds: The merge took.
            seconds: The evaluation took.
            predictions: What it gave.
        """
        n_images = sum(len(one.labels) for one in predictions.values())
        self.pace.add(Timing(kind, merge_seconds, seconds, n_images))

    def _merging(self, predictions: Mapping[str, Predictions]) -> dict[str, Predictions]:
        return {task: one for task, one in predictions.items() if task in self._tasks}
