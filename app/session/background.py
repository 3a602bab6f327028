"""Measurements of the Merge lab in the background: identity checks, then the response strip."""

from typing import Any

from analysis.merge.recipe import Recipe
from app.bench.identities import IdentityCheck, check_identities
from app.bench.workbench import Workbench
from app.session.slider_key import SliderKey
from app.session.strip import Strip, StripPoint
from app.work.jobs import Job, JobContext, Lane
from app.work.measurement import Measurement
from app.work.request import Request
from app.work.worker import Worker

Checks = tuple[IdentityCheck, ...]

Response = tuple[StripPoint, ...]
"""Measured positions of one slider, ascending."""


class Background:
    """Work in the idle lane: any job that is awaited comes before it."""

    def __init__(self, bench: Workbench, worker: Worker, session: str) -> None:
        """Start with nothing checked and nothing measured."""
        self.checking: Request[object, Checks] = Request(worker, session, "identities", lane=Lane.IDLE)
        self._bench = bench
        self._strip = Strip(bench, worker, session)

    def begin(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> None:
        """Check what the method of a recipe promises, and measure positions of the slider in focus."""
        key, known = _promise(recipe), self._bench.checks  # whoever has the zoo open shares what was found

        def compute(context: JobContext) -> Checks:
            if key not in known:
                known[key] = check_identities(self._bench.engine, recipe, context)
            return known[key]

        checks = Measurement(key, compute, lambda: known.get(key))
        self.checking.want(checks, label="Checking identities")
        self._strip.fill(recipe, focus, n_images)

    def identities(self, recipe: Recipe) -> Checks | None:
        """What the recipe's method promises and keeps; None until it was checked."""
        return self._bench.checks.get(_promise(recipe))

    def strip(self, recipe: Recipe, focus: SliderKey, n_images: int | None) -> Response:
        """The measured response of the slider in focus, by position."""
        return self._strip.points(recipe, focus, n_images)

    def collect(self) -> bool:
        """Take over what has ended; whether the checks have. Positions of the strip just come in."""
        self._strip.batch.collect()
        self._strip.refine()
        return self.checking.collect()

    @property
    def n_come(self) -> int:
        """Steps in which the strip is drawn again: every fifth position, and the last."""
        batch = self._strip.batch
        return batch.n_known // 5 + batch.is_full

    def stop(self) -> None:
        """Measure no further."""
        self.checking.stop()
        self._strip.batch.stop()

    @property
    def jobs(self) -> tuple[Job[Any], ...]:
        """Its jobs that have not ended."""
        return tuple(job for job in (self.checking.job, self._strip.batch.job) if job is not None)


def _promise(recipe: Recipe) -> object:
    return recipe.method, recipe.params, recipe.scope
