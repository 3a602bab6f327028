"""One person's work on one zoo: the recipe being edited, what was asked of the worker, what came back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.merge.recipe import Recipe
from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.bench.save_folder import SaveFolder
from app.bench.workbench import Workbench
from app.session.asked_for import MeasuredRun, measured_run, merged_file, scores_so_far
from app.session.background import Background, Checks, Response
from app.session.editing import Editing
from app.session.pinning import Pinning
from app.session.slider_key import SliderKey
from app.work.jobs import Job, Lane
from app.work.request import Request
from app.work.worker import Worker


class Lab:
    """What a Merge lab shows, without a screen."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with plain task arithmetic and nothing measured."""
        self.bench = bench
        self.editing = Editing(bench.engine)
        self.pinning = Pinning(bench, worker, session)
        self.results = self.pinning.results
        self.task: str | None = None
        """Task whose classes are shown."""
        self.task_revision = 0
        """Grows when that task is chosen otherwise than in its own menu."""
        self.locked: tuple[str, ...] = ()
        """Tasks whose weights nothing changes that changes many at once."""
        self.is_live = True
        """Whether a change is measured at once, or on a button."""
        self.n_images: int | None = QUICK_SAMPLE
        """Images per task; None for all."""
        self.notice: str | None = None
        """What went wrong last, in one sentence."""
        self.n_ended = 0
        """How often `collect` has taken something over."""
        self.measuring: Request[object, MeasuredRun] = Request(worker, session, "lab")
        self.testing: Request[object, MeasuredRun] = Request(worker, session, "test", lane=Lane.ORDERED)
        self.saving: Request[object, Path] = Request(worker, session, "save", lane=Lane.ORDERED)
        self._requests = (self.saving, self.testing, self.measuring, self.pinning.request)
        self.background = Background(bench, worker, session)

    @property
    def recipe(self) -> Recipe:
        """The recipe being edited."""
        return self.editing.recipe

    @property
    def is_measured(self) -> bool:
        """Whether what is shown belongs to the recipe being edited."""
        return self.results.are_of(self.recipe, self._sample())

    def change(self, recipe: Recipe) -> None:
        """Take a new recipe and measure it when live; one that does not fit the layers is refused."""
        self.take(lambda: recipe)

    def take(self, read: Callable[[], Recipe]) -> None:
        """Take a recipe from outside; when it cannot be used, state why and keep the present one."""
        refusal = self.editing.take(read)
        if refusal is not None:
            self.notice = refusal
            return
        self._measure_if_live()

    def move(self, key: SliderKey, value: float) -> None:
        """Take a slider's new value, and measure it at once when live."""
        self.editing.move(key, value)
        self._measure_if_live()

    def undo(self) -> None:
        """One recipe back."""
        self.editing.undo()
        self._measure_if_live()

    def redo(self) -> None:
        """One recipe forward."""
        self.editing.redo()
        self._measure_if_live()

    def measure(self) -> None:
        """Ask for the recipe being edited; whatever was asked for before is dropped."""
        self.notice = None
        self._measure()

    def measure_at_once(self, is_live: bool) -> None:
        """Measure every change at once from now on, the latest included; or only on a button."""
        self.is_live = is_live
        self._measure_if_live()

    def sample(self, n_images: int | None) -> None:
        """Measure on so many images per task from now on; None for all."""
        if n_images != self.n_images:
            self.n_images = n_images
            self.measure()

    def measure_if_needed(self) -> None:
        """Ask for a first measurement; one that was stopped or failed is not asked for again."""
        if self.measuring.wanted is None:
            self._measure()

    def score_on_test(self) -> None:
        """Ask for the recipe on all test images."""
        self.notice = None
        run = measured_run(self.bench, self.recipe, split="test", n_images=None)
        self.testing.want_again(run, label="Scoring on test")

    def save(self, folder: SaveFolder, name: str, dtype: str) -> None:
        """Ask for the merged weights as a new file."""
        recipe, self.notice = self.recipe, None
        file = merged_file(self.bench, recipe, folder, name, dtype)
        self.saving.want_again(file, label="Saving")

    def stop(self) -> None:
        """Stop whatever was asked for."""
        for request in self._requests:
            request.stop()
        self.background.stop()

    def choose(self, task: str) -> None:
        """Show the classes of a task."""
        self.task = task
        self.task_revision += 1

    def pin_stored(self, run_id: str) -> None:
        """Make a run of the list the baseline."""
        self.notice = self.pinning.stored(run_id)

    def collect(self) -> bool:
        """Take over what has finished since the last look; whether something has."""
        came = self.background.collect()
        if came:
            self.notice = self.background.checking.notice or self.notice
        for request in self._requests:
            if request.collect():
                came, self.notice = True, request.notice or self.notice
                if request is self.measuring:
                    self._show()
                elif request is self.pinning.request:
                    self.pinning.take()
        self.n_ended += came
        return came

    def alpha(self) -> float | None:
        """LiNeS's α: the recipe's own, or the rule's if a run has found it."""
        return self.results.alpha(self.recipe)

    @property
    def awaited(self) -> tuple[Job[Any], ...]:
        """Jobs whose result is awaited on screen, what cannot be dropped first."""
        jobs = (request.job for request in self._requests)
        return tuple(job for job in jobs if job is not None)

    @property
    def n_come(self) -> int:
        """Scores of the run under way; without one, steps of the strip."""
        return len(scores_so_far(self.measuring)) if self.measuring.is_waiting else self.background.n_come

    @property
    def is_busy(self) -> bool:
        """Whether anything is measured in the background."""
        return bool(self.background.jobs)

    def strip(self) -> Response:
        """The measured response of the slider in focus, by position."""
        return self.background.strip(self.recipe, self.editing.focus, self._sample())

    def identities(self) -> Checks | None:
        """What the recipe's method promises and keeps; None until it was checked."""
        return self.background.identities(self.recipe)

    def _measure_if_live(self) -> None:
        self.notice = None
        if self.is_live and (self.measuring.is_waiting or not self.is_measured):
            self._measure()

    def _measure(self) -> None:
        run = measured_run(self.bench, self.recipe, split="val", n_images=self.n_images)
        self.measuring.want_again(run, label="Merging and evaluating")
        if not self.measuring.is_waiting:  # it was known
            self._show()

    def _show(self) -> None:
        """Show what was measured, and go on in the background."""
        answer = self.measuring.answer
        if answer.is_current and answer.value is not None:
            self.results.add(answer.value.run, answer.value.anchors)
        self.background.begin(self.recipe, self.editing.focus, self._sample())

    def _sample(self) -> int | None:
        n = self.n_images
        return None if n is not None and n >= self.bench.largest_sample("val") else n
