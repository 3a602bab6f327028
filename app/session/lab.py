"""One person's work on one zoo: the recipe under the hands, what was asked of the worker, what came back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.evaluation.scores import TaskScore
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import LayerFactors, Lines, layer_factors
from app.bench.expectations import unmet_expectations
from app.bench.export import export_merged
from app.bench.identities import IdentityCheck, check_identities
from app.bench.runs import Anchors, Comparison, Run, compare
from app.bench.workbench import QUICK_SAMPLE, Workbench
from app.session.recipe_history import RecipeHistory
from app.session.sliders import all_sliders, moved, value_of
from app.session.strip import Strip, StripPoint
from app.work.jobs import Job, JobContext, JobState, Lane
from app.work.worker import Worker

FINISHED = 50
"""Runs a tab keeps at hand; all of them are in the store."""


class Lab:
    """What a Merge lab shows, without a screen."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with plain task arithmetic."""
        self.bench = bench
        self._worker = worker
        self._session = session
        default = {"method": "task_arithmetic", "scaling": 0.3}
        self.history = RecipeHistory((Recipe.from_mapping(default, tasks=bench.tasks),))
        self.focus = "scaling"
        """Key of the slider moved last, whose response the strip shows."""
        self.revision = 0
        """Grows when the recipe is changed otherwise than by moving a slider."""
        self.task: str | None = None
        """Task whose classes are shown."""
        self.choices = 0
        """Grows when that task is chosen otherwise than in its own menu."""
        self.is_live = True
        """Whether a change is measured at once, or on a button."""
        self.n_images: int | None = QUICK_SAMPLE
        self.shown: Run | None = None
        """The latest finished run on validation."""
        self.tested: Run | None = None
        """The latest run on test."""
        self.unmet: tuple[str, ...] = ()
        """Anchors on test that are not what the zoo expects, one sentence each."""
        self.finished: tuple[Run, ...] = ()
        """What this tab measured, the latest first, each recipe once."""
        self.baseline: Run | None = None
        """The pinned run."""
        self.anchors: Anchors | None = None
        self.notice: str | None = None
        """What went wrong last, in one sentence."""
        self.saved: Path | None = None
        """Where merged weights were written last."""
        self.job: Job[Run] | None = None
        self.test_job: Job[Run] | None = None
        self.save_job: Job[Path] | None = None
        self._has_asked = False
        self._comparison: tuple[Run, Run, Comparison] | None = None
        self._idle: Job[None] | None = None
        self._strip = Strip(bench)
        self._identities: dict[object, tuple[IdentityCheck, ...]] = {}

    @property
    def recipe(self) -> Recipe:
        """The recipe under the hands."""
        return self.history.current

    @property
    def is_measured(self) -> bool:
        """Whether what is shown belongs to the recipe under the hands."""
        return (
            self.shown is not None
            and self.shown.recipe == self.recipe
            and self.shown.n_images == self._sample()
        )

    def change(self, recipe: Recipe) -> None:
        """Take a new recipe and measure it when live; one that does not fit the layers is refused."""
        try:
            layer_factors(recipe.scale, self.bench.engine.depths(recipe.scope), auto_alpha=0.0)
        except AnalysisError as error:
            self.revision += 1  # inputs show the recipe that stays
            self.notice = str(error)
            return
        self.history = self.history.with_next(recipe)
        self._changed()

    def move(self, key: str, value: float) -> None:
        """Take a slider's new value, and measure it at once when live."""
        self.history = self.history.with_next(moved(self.recipe, key, value))
        self.focus = key
        self._measure_if_live()

    def take(self, read: Callable[[], Recipe]) -> None:
        """Take a recipe from outside; when it cannot be read, say why and keep the present one."""
        try:
            recipe = read()
        except AnalysisError as error:
            self.notice = str(error)
            return
        self.change(recipe)

    def undo(self) -> None:
        """One recipe back."""
        self.history = self.history.undone()
        self._changed()

    def redo(self) -> None:
        """One recipe forward."""
        self.history = self.history.redone()
        self._changed()

    def measure(self) -> None:
        """Ask for the recipe under the hands; whatever was asked before is dropped."""
        self.notice = None
        self._submit()

    def measure_at_once(self, is_live: bool) -> None:
        """Measure every move at once from now on, the latest included; or only on a button."""
        self.is_live = is_live
        self._measure_if_live()

    def sample(self, n_images: int | None) -> None:
        """Measure on so many images a task from now on; None for all."""
        if n_images != self.n_images:
            self.n_images = n_images
            self.measure()

    def measure_if_needed(self) -> None:
        """Ask for a first measurement; one that was stopped or failed is not asked for again."""
        if not self._has_asked:
            self._submit()

    def score_on_test(self) -> None:
        """Ask for the recipe on all test images."""
        recipe = self.recipe
        self.notice = None
        self.test_job = self._worker.submit(
            self._session,
            lambda context: self.bench.measure(recipe, context, split="test", n_images=None),
            label="Scoring on test",
            lane=Lane.ORDERED,
        )

    def save(self, path: Path, dtype: str) -> None:
        """Ask for the merged weights as a file."""
        recipe = self.recipe
        self.saved, self.notice = None, None
        self.save_job = self._worker.submit(
            self._session,
            lambda context: export_merged(self.bench, recipe, path, context, dtype=dtype),
            label="Saving",
            lane=Lane.ORDERED,
        )

    def stop(self) -> None:
        """Stop whatever was asked for."""
        for job in (*self.waited_for(), self._idle):
            if job is not None:
                job.cancel()

    def choose(self, task: str) -> None:
        """Show the classes of a task."""
        self.task = task
        self.choices += 1

    def pin(self) -> None:
        """Make the shown run the baseline."""
        self.baseline = self.shown

    def pin_stored(self, run_id: str) -> None:
        """Make a run of the list the baseline."""
        stored = next((run for run in self.bench.history.latest() if run.record.run_id == run_id), None)
        run = None if stored is None else self.bench.history.restored(stored)
        if run is None:
            self.notice = "That run cannot be pinned: its predictions are gone from the cache."
            return
        self.baseline = run

    def unpin(self) -> None:
        """Compare with nothing."""
        self.baseline = None

    def collect(self) -> bool:
        """Take over what has finished since the last look; whether something has."""
        finished = False
        if self.job is not None and not self.job.is_active:
            finished, job, self.job = True, self.job, None
            if job.state is JobState.DONE and job.result is not None:
                self.shown = job.result
                self.anchors = _anchors(job) or self.anchors
                others = [run for run in self.finished if run.recipe != job.result.recipe]
                self.finished = (job.result, *others)[:FINISHED]
            self.notice = job.error or self.notice
            self._work_while_idle()
        if self.test_job is not None and not self.test_job.is_active:
            finished, test_job, self.test_job = True, self.test_job, None
            if test_job.result is not None:
                self.tested, anchors = test_job.result, _anchors(test_job)
                self.unmet = unmet_expectations(self.bench.zoo.file, anchors) if anchors else ()
            self.notice = test_job.error or self.notice
        if self.save_job is not None and not self.save_job.is_active:
            finished, save_job, self.save_job = True, self.save_job, None
            self.saved, self.notice = save_job.result, save_job.error or self.notice
        if self._idle is not None and not self._idle.is_active:
            finished, self.notice, self._idle = True, self._idle.error or self.notice, None
        return finished

    @property
    def depth(self) -> int:
        """L of the deepest tower in the recipe's scope; 0 without residual blocks."""
        return max(self.bench.engine.depths(self.recipe.scope).values(), default=0)

    def alpha(self) -> float | None:
        """LiNeS's α: the recipe's own, or the rule's if a run has told it."""
        scale = self.recipe.scale
        if not isinstance(scale, Lines):
            return None
        if scale.alpha is None and self.shown is not None and _same_but_scale(self.shown.recipe, self.recipe):
            return self.shown.alpha
        return scale.alpha

    def factors(self) -> LayerFactors | None:
        """The factor of each layer under the recipe; None while α is not known."""
        alpha = self.alpha()
        if isinstance(self.recipe.scale, Lines) and alpha is None:
            return None
        return layer_factors(self.recipe.scale, self.bench.engine.depths(self.recipe.scope), auto_alpha=alpha)

    def comparison(self) -> Comparison | None:
        """What is shown against the pinned run; None while nothing is pinned or it is the run shown."""
        if self.shown is None or self.baseline is None or self.shown.run_id == self.baseline.run_id:
            return None
        known = self._comparison
        if known is None or known[0] is not self.shown or known[1] is not self.baseline:
            known = self._comparison = (self.shown, self.baseline, compare(self.shown, self.baseline))
        return known[2]

    def running(self) -> tuple[TaskScore, ...]:
        """Scores that the measurement under way has given so far."""
        if self.job is None:
            return ()
        return tuple(event for event in self.job.emitted if isinstance(event, TaskScore))

    def waited_for(self) -> tuple[Job[Any], ...]:
        """Jobs a person waits for, what cannot be dropped first."""
        return tuple(job for job in (self.save_job, self.test_job, self.job) if job is not None)

    def is_filling(self) -> bool:
        """Whether idle work goes on: the response strip, the identity checks."""
        return self._idle is not None

    def strip(self) -> tuple[StripPoint, ...]:
        """The measured response of the slider in focus, by position."""
        return self._strip.points(self.recipe, self.focus, self._sample())

    def identities(self) -> tuple[IdentityCheck, ...] | None:
        """What the recipe's method promises and keeps; None until it was checked."""
        return self._identities.get(self._identity_key())

    def _changed(self) -> None:
        self.revision += 1
        movable = [key for key in all_sliders(self.recipe) if value_of(self.recipe, key) is not None]
        if self.focus not in movable:
            self.focus = movable[0]
        self._measure_if_live()

    def _measure_if_live(self) -> None:
        self.notice = None
        if self.is_live and (self.job is not None or not self.is_measured):
            self._submit()

    def _submit(self) -> None:
        recipe, n_images = self.recipe, self.n_images
        self._has_asked = True
        self.job = self._worker.submit(
            self._session,
            lambda context: self.bench.measure(recipe, context, n_images=n_images),
            label="Merging and evaluating",
        )

    def _sample(self) -> int | None:
        n = self.n_images
        return None if n is not None and n >= self.bench.largest_sample("val") else n

    def _work_while_idle(self) -> None:
        """Check identities, then measure positions of the slider in focus."""
        if self._idle is not None:
            self._idle.cancel()
        recipe, focus, n_images = self.recipe, self.focus, self._sample()
        identity_key = self._identity_key()
        if identity_key in self._identities and self._strip.is_full(recipe, focus, n_images):
            return

        def work(context: JobContext) -> None:
            if identity_key not in self._identities:
                self._identities[identity_key] = check_identities(self.bench.engine, recipe, context)
            self._strip.fill(recipe, focus, n_images, context)

        self._idle = self._worker.submit(self._session, work, label="Filling the strip", lane=Lane.IDLE)

    def _identity_key(self) -> object:
        return self.recipe.method, self.recipe.params, self.recipe.scope


def _same_but_scale(one: Recipe, other: Recipe) -> bool:
    return replace(one, scale=other.scale) == other


def _anchors(job: Job[Any]) -> Anchors | None:
    return next((event for event in job.emitted if isinstance(event, Anchors)), None)
