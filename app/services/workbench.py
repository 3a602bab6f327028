"""An open zoo at work: merge a recipe, measure it, remember it.

Only the worker calls what merges or evaluates here, one job at a time: the encoder's weights are the
engine's buffer, and whoever merges next overwrites them.
"""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import torch

from analysis.engine import MergeEngine, Merged
from analysis.recipe import Recipe, anchor_recipe
from analysis.scores import TaskScore
from app.errors import ZooError
from app.services.bench_setup import EvaluationSetup
from app.services.encoder_weights import bind
from app.services.evaluator import Evaluator, Predictions
from app.services.history import History
from app.services.jobs import JobContext
from app.services.opening import OpenZoo
from app.services.runs import Run, first, mean_scored, scored

QUICK_SAMPLE = 128
"""Images a task in a quick evaluation; the 95 % interval of one accuracy is about ±8 points."""


class Workbench:
    """One zoo on one device, ready to merge and to measure."""

    def __init__(
        self, zoo: OpenZoo, setup: EvaluationSetup, *, device: torch.device, history: History
    ) -> None:
        """Bind the encoder to the engine's buffer.

        Raises:
            ZooError: The encoder and the checkpoints do not belong together.
        """
        self.zoo = zoo
        self.setup = setup
        self.device = device
        self.engine = MergeEngine(zoo.task_vectors, device=device)
        self._history = history
        self._evaluator: Evaluator | None = None
        if setup.encoder is not None:
            bind(setup.encoder, self.engine.theta, zoo.task_vectors.layout)
            self._evaluator = Evaluator(setup.encoder, setup.heads, device=device)
        self._anchors: dict[tuple[str, str, str | None], Predictions] = {}

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the zoo's tasks, in its order."""
        return self.zoo.task_vectors.tasks

    def largest_sample(self, split: str) -> int:
        """Images of the largest evaluation set of a split; 0 where nothing can be evaluated."""
        return max((len(one) for one in self.setup.eval_sets[split].values()), default=0)

    def measure(
        self,
        recipe: Recipe,
        context: JobContext,
        *,
        split: str = "val",
        n_images: int | None = QUICK_SAMPLE,
        kind: str = "lab",
    ) -> Run:
        """Merge a recipe and evaluate every task and control, or look the result up.

        Each task's `TaskScore` is emitted as soon as it is known.

        Args:
            recipe: What to merge.
            context: Where to report, and whether to stop.
            split: `val` or `test`.
            n_images: Images a task at most; None for all.
            kind: What the run is kept as: `lab`, `cli`, `strip` or `test`.
        """
        if n_images is not None and n_images >= self.largest_sample(split):
            n_images = None
        known = self._history.find(recipe, split=split, n_images=n_images)
        if known is not None:
            return known
        merged = self.engine.merge(recipe, check=context.check)
        begin = perf_counter()
        predictions = self._evaluate_all(context, split=split, n_images=n_images)
        seconds = perf_counter() - begin
        return self._finished(recipe, merged, predictions, seconds, context, split, n_images, kind)

    def anchors(
        self, context: JobContext, *, split: str, n_images: int | None
    ) -> tuple[Mapping[str, Predictions], Mapping[str, Predictions]]:
        """Zero-shot predictions of every task and control, fine-tuned ones of every task.

        Measured once for the largest sample asked for; a smaller one is the beginning of it.
        """
        sets = self.setup.eval_sets[split]
        sizes = {
            task: len(one) if n_images is None else min(n_images, len(one)) for task, one in sets.items()
        }
        zero_shot = self._anchor(None, sizes, context, split, n_images)
        fine_tuned = {}
        for task in self.tasks:
            if task in sizes:
                fine_tuned.update(self._anchor(task, {task: sizes[task]}, context, split, n_images))
        return zero_shot, fine_tuned

    def _anchor(
        self,
        model: str | None,
        sizes: Mapping[str, int],
        context: JobContext,
        split: str,
        n_images: int | None,
    ) -> dict[str, Predictions]:
        """Predictions of the base or of one fine-tuned model on the first images of some tasks."""
        known = self._anchors.setdefault((split, model), {})
        if any(task not in known or len(known[task].labels) < n for task, n in sizes.items()):
            recipe = anchor_recipe(self.tasks, model)
            run = self._history.find(recipe, split=split, n_images=n_images, kind="anchor")
            if run is None:
                context.report(None, f"Measuring {'the base' if model is None else repr(model)} once")
                merged = self.engine.merge(recipe, check=context.check)
                begin = perf_counter()
                found = self._evaluate(sizes, split, context)
                run = self._run(recipe, merged, found, {}, perf_counter() - begin, split, n_images)
                self._history.add(run, kind="anchor")
            known.update(run.predictions)
        return {task: first(known[task], n) for task, n in sizes.items()}

    def _evaluate(
        self, sizes: Mapping[str, int], split: str, context: JobContext, *, emit: bool = False
    ) -> dict[str, Predictions]:
        if self._evaluator is None:
            return {}
        found = {}
        for task, n in sizes.items():
            context.check()
            found[task] = self._evaluator.evaluate(self.setup.eval_sets[split][task], n, check=context.check)
            if emit:
                context.emit(scored(found[task], self._known_fine_tuned(task, split, n)))
        return found
