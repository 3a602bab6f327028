"""The run that later runs are compared with, when it is named by a list or a link."""

from analysis.merge.recipe import Recipe
from app.bench.workbench import Workbench
from app.session.asked_for import MeasuredRun, measured_run
from app.session.results import Results
from app.work.request import Request
from app.work.worker import Worker


class Pinning:
    """Makes a run the baseline; one that is not known is measured first."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Pin nothing yet.

        Args:
            bench: Knows or measures the run.
            worker: Measures it.
            session: Whose tab it is.
        """
        self.results = Results()
        """What the tab has measured; it has the baseline."""
        self.request: Request[object, MeasuredRun] = Request(worker, session, "pin")
        self._bench = bench

    def stored(self, run_id: str) -> str | None:
        """Pin a run of the list; why not, where it cannot be."""
        run = self._bench.history.run_named(run_id)
        if run is None:
            return "That run cannot be pinned: its predictions are gone from the cache."
        self.results.baseline = run
        return None

    def recipe(self, recipe: Recipe, *, n_images: int | None) -> None:
        """Pin the run of a recipe on so many validation images per task; None for all."""
        run = measured_run(self._bench, recipe, split="val", n_images=n_images)
        self.request.want_again(run, label="Measuring the pinned run")
        self.take()

    def take(self) -> None:
        """Make the run that was asked for the baseline, once it is there."""
        answer = self.request.answer
        if answer.is_current and answer.value is not None:
            self.results.baseline = answer.value.run
