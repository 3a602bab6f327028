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
from app.bench.pace import Pace, Timing
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
        self.pace = Pace(history.timings())
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
        key = recipe.digest(), split, n_images, frozenset(sizes)
        return Measurement(
            key,
            lambda context: self._computed(recipe, context, find, split, n_images, kind, tasks),
            find,
            identity=(self.history.fingerprint, self.history.device, kind, key),
            seconds=lambda: self.seconds(recipe.method, split=split, n_images=n_images, tasks=tasks),
        )

    def seconds(
        self,
        kind: str,
        *,
        split: str = "val",
        n_images: int | None = None,
        tasks: Collection[str] | None = None,
    ) -> float | None:
        """About how long one merge and its evaluation take here; None before anything was measured.

        Args:
            kind: The recipe's method, or what `evaluate_update` is told.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.
            tasks: Tasks and controls to evaluate; all by default.
        """
        return self.pace.seconds(kind, sum(self._sizes(split, n_images, tasks).values()))

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
        known = find(kinds=ASKED_FOR) or find()
        if known is not None:
            anchors = self.anchors(context, split=split, n_images=n_images, tasks=tasks)
            context.emit(anchors)
            return self._listed(known, find, anchors, kind)
        context.report(None, "Merging")
        merged = self._merge(recipe, context)
        begin = perf_counter()
        predictions = {}
        for done, (task, n) in enumerate(sizes.items()):
            context.report(done / len(sizes), f"Evaluating '{task}', {done + 1} of {len(sizes)}")
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

    def recall(
        self, recipe: Recipe, *, split: str, n_images: int | None, kind: Kind = "lab"
    ) -> tuple[Run, Anchors] | None:
        """The run of a recipe and its anchors if all of them are known; any thread may ask.

        Args:
            recipe: What would be merged.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.
            kind: Who asked; a person finds the run in the list from then on.
        """
        if n_images is not None and n_images >= self.largest_sample(split):
            n_images = None
        sizes = self._sizes(split, n_images)
        find = partial(self.history.find, recipe, split=split, n_images=n_images, names=sizes)
        known = find(kinds=ASKED_FOR) or find()
        anchors = None if known is None else self.known_anchors(split=split, n_images=n_images)
        if known is None or anchors is None:
            return None
        return self._listed(known, find, anchors, kind), anchors

    def evaluate_update(
        self,
        write: Callable[[Tensor], None],
        context: JobContext,
        *,
        kind: str,
        scaling: float,
        tasks: Collection[str] | None = None,
        split: str = "val",
        n_images: int | None = None,
    ) -> dict[str, Predictions]:
        """Evaluate θ_0 + scaling · update, for an update that no recipe gives; nothing is remembered.

        Args:
            write: Fills all of the update, (P,); see `MergeEngine.apply`.
            context: Where to report, and whether to stop.
            kind: Of the update, for `seconds`.
            scaling: Unitless.
            tasks: Tasks and controls to evaluate; all by default.
            split: `val` or `test`.
            n_images: Images per task at most; None for all.

        Raises:
            NoAccuracyError: A weight or an output is not finite.
        """
        begin = perf_counter()
        self.engine.apply(write, scaling=scaling, check=context.check)
        self._require_finite_weights()
        merge_seconds, begin = perf_counter() - begin, perf_counter()
        predictions = self._evaluated(self._sizes(split, n_images, tasks), split, context, "Evaluating")
        self._learn(kind, merge_seconds, perf_counter() - begin, predictions)
        return predictions

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

    def known_anchors(
        self, *, split: str, n_images: int | None, tasks: Collection[str] | None = None
    ) -> Anchors | None:
        """The same if all of them were measured before; any thread may ask."""
        sizes = self._sizes(split, n_images, tasks)
        zero_shot = self._known_anchor(None, sizes, split, n_images)
        fine_tuned: dict[str, Predictions] = {}
        for task in self.tasks:
            if task in sizes:
                found = self._known_anchor(task, {task: sizes[task]}, split, n_images)
                if found is None:
                    return None
                fine_tuned |= found
        return None if zero_shot is None else Anchors(zero_shot, fine_tuned)

    def _listed(self, known: Run, find: Callable[..., Run | None], anchors: Anchors, kind: Kind) -> Run:
        """A known run, added to the list of those asked for if the strip or an anchor was first."""
        if kind not in ASKED_FOR or find(kinds=ASKED_FOR) is not None:
            return known
        new = self._as_new(known, anchors.fine_tuned)
        self.history.add(new, kind=kind)
        return new

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
        known = self._known_anchor(model, sizes, split, n_images)
        if known is not None:
            return known
        recipe = anchor_recipe(self.tasks, model)
        who = "the base" if model is None else f"the model fine-tuned on '{model}'"
        context.report(None, f"Measuring {who}, once")
        merged = self._merge(recipe, context)
        begin = perf_counter()
        found = self._evaluated(sizes, split, context, f"Measuring {who}, once", recipe)
        run = self._run(recipe, merged, found, {}, perf_counter() - begin, split, n_images)
        self.history.add(run, kind="anchor")
        return self._keep_anchor(model, sizes, split, run)

    def _known_anchor(
        self, model: str | None, sizes: Mapping[str, int], split: str, n_images: int | None
    ) -> dict[str, Predictions] | None:
        """The same if it is at hand or in the store, else None."""
        known = self._anchors.get((split, model), {})
        if all(task in known and len(known[task].labels) >= n for task, n in sizes.items()):
            return {task: first(known[task], n) for task, n in sizes.items()}
        recipe = anchor_recipe(self.tasks, model)
        run = self.history.find(recipe, split=split, n_images=n_images, names=sizes)
        return None if run is None else self._keep_anchor(model, sizes, split, run)

    def _keep_anchor(
        self, model: str | None, sizes: Mapping[str, int], split: str, run: Run
    ) -> dict[str, Predictions]:
        # A new mapping each time: another thread may be reading the one before.
        known = self._anchors[split, model] = {**self._anchors.get((split, model), {}), **run.predictions}
        return {task: first(known[task], n) for task, n in sizes.items()}

    def _evaluated(
        self,
        sizes: Mapping[str, int],
        split: str,
        context: JobContext,
        note: str,
        recipe: Recipe | None = None,
    ) -> dict[str, Predictions]:
        """Predictions of the weights as they are, by task, with the number of tasks done as progress."""
        predictions = {}
        for done, (task, n) in enumerate(sizes.items()):
            context.report(done / len(sizes), f"{note}: {done} of {len(sizes)} tasks")
            predictions[task] = self._predictions(task, n, split, context, recipe)
        return predictions

    def _learn(
        self, kind: str, merge_seconds: float, seconds: float, predictions: Mapping[str, Predictions]
    ) -> None:
        n_images = sum(len(one.labels) for one in predictions.values())
        self.pace.add(Timing(kind, merge_seconds, seconds, n_images))

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
        self._learn(recipe.method, merged.seconds, seconds, predictions)
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
