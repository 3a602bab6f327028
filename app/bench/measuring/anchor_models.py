"""Anchors: the base and each fine-tuned model, between which a merge lies, measured once."""

from collections.abc import Collection, Mapping
from time import perf_counter

from analysis.merge.recipe import anchor_recipe
from app.bench.evaluator import Predictions
from app.bench.measuring.merged_model import MergedModel
from app.bench.measuring.recording import Recorder
from app.bench.runs import Anchors, Run, first
from app.errors import NoAccuracyError
from app.words.plain_text import sentence_of
from app.work.jobs import JobContext


class AnchorModels:
    """Measured for the largest sample asked for; a smaller one is the beginning of it."""

    def __init__(self, model: MergedModel, recorder: Recorder) -> None:
        """Start with no anchor measured.

        Args:
            model: What measures them.
            recorder: Where they are kept and found again.
        """
        self._model = model
        self._recorder = recorder
        self._known: dict[tuple[str, str | None], dict[str, Predictions]] = {}
        self._refused: dict[tuple[str, str], str] = {}
        """Why a fine-tuned model has no accuracy, by split and task."""

    def measured(
        self,
        context: JobContext,
        *,
        split: str,
        n_images: int | None,
        tasks: Collection[str] | None = None,
    ) -> Anchors:
        """Zero-shot predictions of every task and control, fine-tuned ones of every task.

        A fine-tuned model that gives none costs its task the comparison with it, and no other task.

        Raises:
            NoAccuracyError: The base has none, or nothing can be evaluated.
        """
        zero_shot = self._anchor(None, self._model.sizes(split, n_images, tasks), context, split, n_images)
        sizes = self._model.sizes(split, n_images, tasks)  # without what cannot be read
        fine_tuned: dict[str, Predictions] = {}
        for task in self._of(sizes, split):
            try:
                fine_tuned |= self._anchor(task, {task: sizes[task]}, context, split, n_images)
            except NoAccuracyError as error:
                self._refused[split, task] = sentence_of(error)
        return Anchors(zero_shot, fine_tuned, self._without(sizes, split))

    def known(
        self, *, split: str, n_images: int | None, tasks: Collection[str] | None = None
    ) -> Anchors | None:
        """The same if all of them were measured before; any thread may ask."""
        sizes = self._model.sizes(split, n_images, tasks)
        zero_shot = self._known_anchor(None, sizes, split, n_images)
        fine_tuned: dict[str, Predictions] = {}
        for task in self._of(sizes, split):
            found = self._known_anchor(task, {task: sizes[task]}, split, n_images)
            if found is None:
                return None
            fine_tuned |= found
        return None if zero_shot is None else Anchors(zero_shot, fine_tuned, self._without(sizes, split))

    def fine_tuned(self, task: str, split: str, n: int) -> Predictions | None:
        """A task's own model on its first n images, if that is at hand."""
        found = self._known.get((split, task), {}).get(task)
        return None if found is None or len(found.labels) < n else found

    def _of(self, sizes: Mapping[str, int], split: str) -> list[str]:
        """Tasks whose fine-tuned model is not known to have no accuracy."""
        return [task for task in self._model.tasks if task in sizes and (split, task) not in self._refused]

    def _without(self, sizes: Mapping[str, int], split: str) -> dict[str, str]:
        return {
            task: reason
            for (where, task), reason in self._refused.items()
            if where == split and task in sizes
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
        recipe = anchor_recipe(self._model.tasks, model)
        who = "the base" if model is None else f"the model fine-tuned on '{model}'"
        context.report(None, f"Measuring {who}, once")
        merged = self._model.merge(recipe, context)
        begin = perf_counter()
        found = self._model.predict_each(sizes, split, context, f"Measuring {who}, once", recipe)
        run = self._recorder.record(
            recipe,
            merged,
            found,
            {},
            perf_counter() - begin,
            split=split,
            n_images=n_images,
            kind="anchor",
        )
        return self._keep(model, {task: sizes[task] for task in found}, split, run)

    def _known_anchor(
        self, model: str | None, sizes: Mapping[str, int], split: str, n_images: int | None
    ) -> dict[str, Predictions] | None:
        """The same if it is at hand or in the store, else None."""
        known = self._known.get((split, model), {})
        if all(task in known and len(known[task].labels) >= n for task, n in sizes.items()):
            return {task: first(known[task], n) for task, n in sizes.items()}
        recipe = anchor_recipe(self._model.tasks, model)
        run = self._recorder.history.find(recipe, split=split, n_images=n_images, names=sizes)
        return None if run is None else self._keep(model, sizes, split, run)

    def _keep(
        self, model: str | None, sizes: Mapping[str, int], split: str, run: Run
    ) -> dict[str, Predictions]:
        # A new mapping each time: another thread may be reading the one before.
        known = self._known[split, model] = {**self._known.get((split, model), {}), **run.predictions}
        return {task: first(known[task], n) for task, n in sizes.items()}
