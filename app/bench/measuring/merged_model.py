"""The merged weights in the encoder: what they predict, or why they have no accuracy."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from analysis.merge.engine import Merged, MergeEngine
from analysis.merge.recipe import Recipe, anchor_recipe
from app.bench.bench_setup import EvaluationSetup
from app.bench.evaluator import Evaluator, Predictions
from app.bench.not_finite import NotFiniteError, require_finite_weights
from app.errors import USER_ERRORS, NoAccuracyError
from app.work.jobs import JobContext


class MergedModel:
    """Engine and encoder of one zoo, which share one buffer of weights: whoever merges next overwrites it."""

    def __init__(self, engine: MergeEngine, evaluator: Evaluator | None, setup: EvaluationSetup) -> None:
        """Start at the base.

        Args:
            engine: Merges into the encoder's weights.
            evaluator: Of that encoder; None for a zoo without one.
            setup: Evaluation sets by split; one whose pictures cannot be read is taken out of it.
        """
        self.engine = engine
        self.setup = setup
        self.tasks = engine.task_vectors.tasks
        self._evaluator = evaluator

    def sizes(self, split: str, n_images: int | None, tasks: Collection[str] | None = None) -> dict[str, int]:
        """Images to evaluate of each task and control that has a set; of some of them if they are named."""
        sets = self.setup.eval_sets[split]
        return {
            task: min(n_images or len(one), len(one))
            for task, one in sets.items()
            if tasks is None or task in tasks
        }

    def merge(self, recipe: Recipe, context: JobContext) -> Merged:
        """Overwrite the weights by the merge of a recipe.

        Raises:
            NoAccuracyError: A weight is not finite.
        """
        merged = self.engine.merge(recipe, check=context.check)
        self._require_finite_weights(recipe)
        return merged

    def apply(self, write: Callable[[Tensor], None], context: JobContext, *, scaling: float) -> None:
        """Overwrite the weights by θ_0 + scaling · update, for an update that no recipe gives.

        Args:
            write: Fills all of the update, (P,); see `MergeEngine.apply`.
            context: Whether to stop.
            scaling: Unitless.

        Raises:
            NoAccuracyError: A weight is not finite.
        """
        self.engine.apply(write, scaling=scaling, check=context.check)
        self._require_finite_weights()

    def predict(
        self, task: str, n: int, split: str, context: JobContext, recipe: Recipe | None = None
    ) -> Predictions | None:
        """Predictions of the weights as they are for a task's first n images.

        Args:
            task: Has an evaluation set.
            n: At least 1.
            split: `val` or `test`.
            context: Whether to stop.
            recipe: Of the weights, for messages; None for an update that no recipe gives.

        Returns:
            None where its pictures cannot be read: the task is left out of the setup from then on.

        Raises:
            NoAccuracyError: An output is not finite.
        """
        context.check()
        eval_set = self.setup.eval_sets[split][task]
        try:
            eval_set.images(n, check=context.check)
        except USER_ERRORS as error:
            self.setup.leave_out(split, task, error)
            return None
        try:
            return self._evaluator_for(task).evaluate(eval_set, n, check=context.check)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe, task) from None

    def predict_each(
        self,
        sizes: Mapping[str, int],
        split: str,
        context: JobContext,
        note: str,
        recipe: Recipe | None = None,
    ) -> dict[str, Predictions]:
        """The same of many tasks, with the number of tasks done as progress; fewer where some are left out.

        Raises:
            NoAccuracyError: An output is not finite, or no task is left.
        """
        predictions = {}
        for done, (task, n) in enumerate(sizes.items()):
            context.report(done / len(sizes), f"{note}: {done} of {len(sizes)} tasks")
            found = self.predict(task, n, split, context, recipe)
            if found is not None:
                predictions[task] = found
        if sizes and not predictions:
            self.require_all(sizes, predictions, split)
        return predictions

    def require_all(self, sizes: Collection[str], predictions: Collection[str], split: str) -> None:
        """Refuse predictions in which a task is missing, with the reason why it is.

        Raises:
            NoAccuracyError: A task is missing.
        """
        for task in sizes:
            if task not in predictions:
                raise NoAccuracyError(f"'{task}' is not evaluated: {self.setup.skipped[split][task]}.")

    def cosines(
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
        self.merge(recipe, context)
        try:
            return evaluator.products(self.setup.eval_sets["val"][task], n_images, check=context.check)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe, task) from None

    def _evaluator_for(self, task: str) -> Evaluator:
        if self._evaluator is None:
            raise RuntimeError(f"'{task}' has images but no encoder.")
        return self._evaluator

    def _require_finite_weights(self, recipe: Recipe | None = None) -> None:
        try:
            require_finite_weights(self.engine.theta, self.engine.task_vectors.layout)
        except NotFiniteError as error:
            raise self._no_accuracy(error, recipe) from None

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
        advice = "Check its checkpoint and head" if anchor else "Choose a scale nearer to 0"
        return NoAccuracyError(f"{anchor or 'The merge'} has no accuracy{on}: {error}. {advice}.")
