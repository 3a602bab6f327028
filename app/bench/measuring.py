"""Merging and evaluating on one open zoo: runs of recipes, their anchors, and updates that no recipe gives.

Only the worker calls what merges or evaluates here, one job at a time: the encoder's weights are the
engine's buffer, and whoever merges next overwrites them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from analysis.merge.engine import Merged, MergeEngine
from analysis.merge.recipe import Recipe, anchor_recipe
from app.bench.bench_setup import EvaluationSetup
from app.bench.evaluator import Evaluator, Predictions
from app.bench.history import History
from app.bench.not_finite import NotFiniteError, require_finite_weights
from app.bench.runs import Anchors, Run, first, mean_scored, scored
from app.errors import NoAccuracyError
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.records import ASKED_FOR, Kind, new_id

QUICK_SAMPLE = 128
"""Images per task in a quick evaluation; the 95 % interval of one accuracy is about ±8 points."""

RunKey = tuple[str, str, int | None, frozenset[str]]
"""Digest of the recipe, split, images per task (None for all), and what is evaluated."""


class Measuring:
    """The engine and the encoder of one zoo, measuring what they merge."""

    def __init__(
        self, engine: MergeEngine, evaluator: Evaluator | None, setup: EvaluationSetup, history: History
    ) -> None:
        """Start with no anchor measured.

        Args:
            engine: Merges into the encoder's weights.
            evaluator: Of that encoder; None for a zoo without one.
            setup: Evaluation sets by split.
            history: Where runs are kept and found again.
        """
        self.engine = engine
        self.setup = setup
        self.history = history
        self.tasks = engine.task_vectors.tasks
        self._evaluator = evaluator
        self._anchors: dict[tuple[str, str | None], dict[str, Predictions]] = {}

    def largest_sample(self, split: str) -> int:
        """Images of the largest evaluation set of a split; 0 where nothing can be evaluated."""
        return max((len(one) for one in self.setup.eval_sets[split].values()), default=0)

    def run(
        self,
        recipe: Recipe,
        *,
        split: str = "val",
        n_images: int | None = QUICK_SAMPLE,
        kind: Kind = "lab",
        tasks: Collection[str] | None = None,
    ) -> Measurement[RunKey, Run]:
        """The run of a recipe: merged, then evaluated on every task and control.

        Computing it emits each task's `TaskScore` as soon as it is known, then the `Anchors`.

        Args:
            recipe: What to merge.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.
            kind: Who asked.
            tasks: Tasks and controls to evaluate; all by default. A run of fewer is not listed.
        """
        if n_images is not None and n_images >= self.largest_sample(split):
            n_images = None
        sizes = self._sizes(split, n_images, tasks)
        find = partial(self.history.find, recipe, split=split, n_images=n_images, names=sizes)
        return Measurement(
            (recipe.digest(), split, n_images, frozenset(sizes)),
            lambda context: self._computed(recipe, context, find, split, n_images, kind, tasks),
            find,
        )

    def _computed(
        self,
        recipe: Recipe,
        context: JobContext,
        find: Callable[..., Run | None],
        split: str,
        n_images: int | None,
        kind: Kind,
        tasks: Collection[str] | None,
    ) -> Run:
        sizes = self._sizes(split, n_images, tasks)
        listed = find(kinds=ASKED_FOR)
        known = listed or find()
        if known is not None:
            anchors = self.anchors(context, split=split, n_images=n_images, tasks=tasks)
            context.emit(anchors)
            if listed is None and kind in ASKED_FOR:  # the strip or an anchor was first
                known = self._as_new(known, anchors.fine_tuned)
                self.history.add(known, kind=kind)
            return known
        context.report(None, "Merging")
        merged = self._merge(recipe, context)
        begin = perf_counter()
        predictions = {}
        for done, (task, n) in enumerate(sizes.items()):
            context.report(done / len(sizes), f"Evaluating '{task}'")
            predictions[task] = self._predictions(task, n, split, context, recipe)
            fine_tuned = self._anchors.get((split, task), {}).get(task)
            if fine_tuned is not None and len(fine_tuned.labels) < n:
                fine_tuned = None  # known from a smaller sample; measured with the anchors below
            context.emit(scored(predictions[task], fine_tuned))
        seconds = perf_counter() - begin
        # After the evaluation: measuring an anchor overwrites the merged weights.
        anchors = self.anchors(context, split=split, n_images=n_images, tasks=tasks)
        context.emit(anchors)
        run = self._run(recipe, merged, predictions, anchors.fine_tuned, seconds, split, n_images)
        self.history.add(run, kind=kind)
        return run

    def evaluate_update(
        self,
        write: Callable[[Tensor], None],
        context: JobContext,
        *,
        scaling: float,
        tasks: Collection[str] | None = None,
        split: str = "val",
        n_images: int | None = None,
    ) -> dict[str, Predictions]:
        """Evaluate θ_0 + scaling · update, for an update that no recipe gives; nothing is remembered.

        Args:
            write: Fills all of the update, (P,); see `MergeEngine.apply`.
            context: Whether to stop.
            scaling: Unitless.
            tasks: Tasks and controls to evaluate; all by default.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.

        Raises:
            NoAccuracyError: A weight or an output is not finite.
        """
        self.engine.apply(write, scaling=scaling, check=context.check)
        self._require_finite_weights()
        sizes = self._sizes(split, n_images, tasks)
        return {task: self._predictions(task, n, split, context) for task, n in sizes.items()}

    def class_cosines(
        self, recipe: Recipe, task: str, context: JobContext, *, n_images: int
    ) -> NDArray[np.float32]:
        """Merge a recipe; cosines of a task's first validation images with its class embeddings, (n, C).

        Args:
            recipe: What to merge.
            task: A task or control that is evaluated.
            context: Whether to stop.
            n_images: Images at most.

        Raises:
            NoAccuracyError: A weight or an output is not finite.
        """
        evaluator = self._evaluator_for(task)
        self._merge(recipe, context)
        try:
            return evaluator.cosines(self.setup.eval_sets["val"][task], n_images, check=context.check)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe, task) from None

    def anchors(
        self,
        context: JobContext,
        *,
        split: str,
        n_images: int | None,
        tasks: Collection[str] | None = None,
    ) -> Anchors:
        """Zero-shot predictions of every task and control, fine-tuned ones of every task.

        Measured once for the largest sample asked for; a smaller one is the beginning of it.
        """
        sizes = self._sizes(split, n_images, tasks)
        fine_tuned: dict[str, Predictions] = {}
        for task in self.tasks:
            if task in sizes:
                fine_tuned |= self._anchor(task, {task: sizes[task]}, context, split, n_images)
        return Anchors(self._anchor(None, sizes, context, split, n_images), fine_tuned)

    def _as_new(self, known: Run, fine_tuned: Mapping[str, Predictions]) -> Run:
        """A known run as one of its own; an anchor was not yet normalised."""
        merging = {task: one for task, one in known.predictions.items() if task in self.tasks}
        return replace(
            known,
            run_id=new_id(),
            tasks=tuple(scored(one, fine_tuned.get(task)) for task, one in merging.items()),
            mean=mean_scored(merging, fine_tuned),
        )

    def _sizes(
        self, split: str, n_images: int | None, tasks: Collection[str] | None = None
    ) -> dict[str, int]:
        """Images to evaluate of each task and control that has a set; of some of them if they are named."""
        sets = self.setup.eval_sets[split]
        return {
            task: min(n_images or len(one), len(one))
            for task, one in sets.items()
            if tasks is None or task in tasks
        }

    def _anchor(
        self,
        model: str | None,
        sizes: Mapping[str, int],
        context: JobContext,
        split: str,
        n_images: int | None,
    ) -> dict[str, Predictions]:
        """Predictions of the base, or of one fine-tuned model, on the first images of some tasks."""
        known = self._anchors.setdefault((split, model), {})
        if any(task not in known or len(known[task].labels) < n for task, n in sizes.items()):
            recipe = anchor_recipe(self.tasks, model)
            run = self.history.find(recipe, split=split, n_images=n_images, names=sizes)
            if run is None:
                who = "the base" if model is None else f"the model fine-tuned on '{model}'"
                context.report(None, f"Measuring {who}, once")
                merged = self._merge(recipe, context)
                begin = perf_counter()
                found = {
                    task: self._predictions(task, n, split, context, recipe) for task, n in sizes.items()
                }
                run = self._run(recipe, merged, found, {}, perf_counter() - begin, split, n_images)
                self.history.add(run, kind="anchor")
            known.update(run.predictions)
        return {task: first(known[task], n) for task, n in sizes.items()}

    def _merge(self, recipe: Recipe, context: JobContext) -> Merged:
        merged = self.engine.merge(recipe, check=context.check)
        self._require_finite_weights(recipe)
        return merged

    def _require_finite_weights(self, recipe: Recipe | None = None) -> None:
        try:
            require_finite_weights(self.engine.theta, self.engine.task_vectors.layout)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe) from None

    def _predictions(
        self, task: str, n: int, split: str, context: JobContext, recipe: Recipe | None = None
    ) -> Predictions:
        context.check()
        evaluator = self._evaluator_for(task)
        try:
            return evaluator.evaluate(self.setup.eval_sets[split][task], n, check=context.check)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe, task) from None

    def _evaluator_for(self, task: str) -> Evaluator:
        if self._evaluator is None:
            raise RuntimeError(f"'{task}' has images but no encoder.")
        return self._evaluator

    def _no_accuracy(
        self, error: NotFiniteError, recipe: Recipe | None, task: str | None = None
    ) -> NoAccuracyError:
        """The refusal of a model whose values are not finite.

        Args:
            error: Why they are not.
            recipe: Of the model; None for an update that no recipe gives.
            task: Whose images it was given; None where its weights alone were looked at.
        """
        anchors = {anchor_recipe(self.tasks).digest(): "The base"} | {
            anchor_recipe(self.tasks, one).digest(): f"The model fine-tuned on '{one}'" for one in self.tasks
        }
        anchor = None if recipe is None else anchors.get(recipe.digest())
        on = "" if task is None else f" on '{task}'"
        advice = "Check its checkpoint and head" if anchor else "Scale the merge down"
        return NoAccuracyError(f"{anchor or 'The merge'} has no accuracy{on}: {error}. {advice}.")

    def _run(
        self,
        recipe: Recipe,
        merged: Merged,
        predictions: Mapping[str, Predictions],
        fine_tuned: Mapping[str, Predictions],
        seconds: float,
        split: str,
        n_images: int | None,
    ) -> Run:
        scores = {task: scored(one, fine_tuned.get(task)) for task, one in predictions.items()}
        merging = {task: one for task, one in predictions.items() if task in self.tasks}
        return Run(
            run_id=new_id(),
            recipe=recipe,
            split=split,
            n_images=n_images,
            tasks=tuple(scores[task] for task in scores if task in self.tasks),
            controls=tuple(scores[task] for task in scores if task not in self.tasks),
            mean=mean_scored(merging, fine_tuned),
            predictions=predictions,
            alpha=merged.alpha,
            merge_seconds=merged.seconds,
            evaluate_seconds=seconds,
        )
