"""Runs of recipes on one open zoo: looked up where they are known, else merged and evaluated.

Only the worker calls what merges or evaluates here, one job at a time.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from time import perf_counter
from typing import get_args

from torch import Tensor

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from app.bench.bench_setup import EvaluationSetup
from app.bench.evaluator import Evaluator, Predictions
from app.bench.history import History
from app.bench.measuring.anchor_models import AnchorModels
from app.bench.measuring.merged_model import MergedModel
from app.bench.measuring.recording import Recorder
from app.bench.runs import Anchors, Run, scored
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.records import ASKED_FOR, Kind

QUICK_SAMPLE = 128
"""Images per task in a quick evaluation; the 95 % interval of one accuracy is about ±8 points."""

RunKey = tuple[str, str, int | None, frozenset[str]]
"""Digest of the recipe, split, images per task (None for all), and what is evaluated."""


class MeasuredRuns:
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
        self._history = history
        self._model = MergedModel(engine, evaluator, setup)
        self._recorder = Recorder(history, self._model.tasks)
        self._anchor_models = AnchorModels(self._model, self._recorder)
        self.anchors = self._anchor_models.measured
        self.class_cosines = self._model.cosines

    def largest_sample(self, split: str) -> int:
        """Images of the largest evaluation set of a split; 0 where nothing can be evaluated."""
        return max(self._model.sizes(split, None).values(), default=0)

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
        n_images = self._sample(split, n_images)
        sizes = self._model.sizes(split, n_images, tasks)
        key = recipe.digest(), split, n_images, frozenset(sizes)
        return Measurement(
            key,
            lambda context: self._computed(recipe, context, split, n_images, kind, tasks),
            partial(self._found, recipe, split, n_images, tasks),
            identity=(self._history.fingerprint, self._history.device, kind, key),
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
        return self._recorder.pace.seconds(kind, sum(self._model.sizes(split, n_images, tasks).values()))

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
        n_images = self._sample(split, n_images)
        find = partial(self._found, recipe, split, n_images, None)
        known = find(kinds=ASKED_FOR) or find()
        anchors = None if known is None else self._anchor_models.known(split=split, n_images=n_images)
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
            NoAccuracyError: A weight or an output is not finite, or a task cannot be evaluated.
        """
        begin = perf_counter()
        self._model.apply(write, context, scaling=scaling)
        merge_seconds, begin = perf_counter() - begin, perf_counter()
        sizes = self._model.sizes(split, n_images, tasks)
        predictions = self._model.predict_each(sizes, split, context, "Evaluating")
        self._model.require_all(sizes, predictions, split)
        self._recorder.learn(kind, merge_seconds, perf_counter() - begin, predictions)
        return predictions

    def _computed(
        self,
        recipe: Recipe,
        context: JobContext,
        split: str,
        n_images: int | None,
        kind: Kind,
        tasks: Collection[str] | None,
    ) -> Run:
        find = partial(self._found, recipe, split, n_images, tasks)
        known = find(kinds=ASKED_FOR) or find()
        if known is not None:
            anchors = self.anchors(context, split=split, n_images=n_images, tasks=tasks)
            context.emit(anchors)
            return self._listed(known, find, anchors, kind)
        context.report(None, "Merging")
        merged = self._model.merge(recipe, context)
        begin = perf_counter()
        sizes = self._model.sizes(split, n_images, tasks)
        predictions = {}
        for done, (task, n) in enumerate(sizes.items()):
            context.report(done / len(sizes), f"Evaluating '{task}', {done + 1} of {len(sizes)}")
            found = self._model.predict(task, n, split, context, recipe)
            if found is not None:
                predictions[task] = found
                # What is known from a smaller sample is measured with the anchors below.
                context.emit(scored(found, self._anchor_models.fine_tuned(task, split, n)))
        if tasks is not None or not predictions:
            self._model.require_all(sizes, predictions, split)
        seconds = perf_counter() - begin
        # After the evaluation: measuring an anchor overwrites the merged weights.
        anchors = self.anchors(context, split=split, n_images=n_images, tasks=tasks)
        context.emit(anchors)
        return self._recorder.record(
            recipe,
            merged,
            predictions,
            anchors.fine_tuned,
            seconds,
            split=split,
            n_images=n_images,
            kind=kind,
        )

    def _found(
        self,
        recipe: Recipe,
        split: str,
        n_images: int | None,
        tasks: Collection[str] | None,
        kinds: Sequence[Kind] = get_args(Kind),
    ) -> Run | None:
        """The latest run of a recipe on what can be evaluated now."""
        names = self._model.sizes(split, n_images, tasks)
        return self._history.find(recipe, split=split, n_images=n_images, names=names, kinds=kinds)

    def _sample(self, split: str, n_images: int | None) -> int | None:
        """As many images as were asked for; None where that is all there are."""
        return None if n_images is not None and n_images >= self.largest_sample(split) else n_images

    def _listed(self, known: Run, find: Callable[..., Run | None], anchors: Anchors, kind: Kind) -> Run:
        """A known run, added to the list of those asked for if the strip or an anchor was first."""
        if kind not in ASKED_FOR or find(kinds=ASKED_FOR) is not None:
            return known
        return self._recorder.record_again(known, anchors.fine_tuned, kind=kind)
