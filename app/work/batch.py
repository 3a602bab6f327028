"""Many measurements that fill a chart one by one in the background: stopped, resumed, remembered."""

from collections.abc import Callable, Hashable, Mapping
from threading import RLock
from typing import Any, Generic, TypeVar

from app.words.plain_text import sentence_of
from app.work.jobs import Job, JobContext, Lane
from app.work.measurement import Measurement
from app.work.worker import Worker

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Plan = Mapping[K, Measurement[Any, V]]
"""Measurements by the name of the chart's cell they fill."""


class Batch(Generic[K, V]):
    """Measurements of one chart, by name; runs of one page that overlap may share it."""

    def __init__(self, worker: Worker, session: str, topic: str) -> None:
        """Start without a plan.

        Args:
            worker: Measures, and is pre-empted by requests.
            session: Whose tab it is.
            topic: What it is about.
        """
        self.notice: str | None = None
        """What went wrong last, in one sentence."""
        self._worker, self._session, self._topic = worker, session, topic
        self._planned: dict[K, Measurement[Any, V]] = {}
        self._results: dict[K, V] = {}
        self._settings: Hashable = None
        self._job: Job[str] | None = None
        self._is_measuring = False
        self._n_seen = 0
        self._lock = RLock()

    @property
    def names(self) -> tuple[K, ...]:
        """What the chart consists of, in the order it is measured."""
        return tuple(self._planned)

    @property
    def results(self) -> dict[K, V]:
        """What is known so far; the worker adds to it while the chart is drawn, hence a copy."""
        return self._results.copy()

    @property
    def n_known(self) -> int:
        """Measurements whose value is known."""
        return sum(name in self._results for name in self._planned)

    @property
    def job(self) -> Job[str] | None:
        """The job that looks values up or measures them, while there is one."""
        return self._job

    @property
    def is_running(self) -> bool:
        """Whether values are being measured."""
        return self._job is not None and self._is_measuring

    @property
    def is_recalling(self) -> bool:
        """Whether values are being looked up."""
        return self._job is not None and not self._is_measuring

    @property
    def is_full(self) -> bool:
        """Whether every value is known."""
        return bool(self._planned) and self.n_known == len(self._planned)

    def plan(self, settings: Hashable, measurements: Callable[[], Plan[K, V]]) -> None:
        """State what belongs to the chart; values that new settings share with the old ones stay.

        Args:
            settings: Equal settings have equal measurements.
            measurements: Makes them, in the order they are measured.
        """
        with self._lock:
            if settings == self._settings:
                return
            self.stop()
            known = {self._planned[name].key: value for name, value in self._results.items()}
            self._settings, self._planned, self.notice = settings, dict(measurements()), None
            self._results = {name: known[one.key] for name, one in self._planned.items() if one.key in known}
            self._n_seen = 0
            self._submit("Looking up what is known", self._recall, is_measuring=False)

    def start(self, label: str) -> None:
        """Measure what is missing."""
        with self._lock:
            self.notice = None
            self._submit(label, self._measure, is_measuring=True)

    def stop(self) -> None:
        """Measure no further; what is known stays."""
        with self._lock:
            if self._job is not None:
                self._job.cancel()
                self._job = None

    def collect(self) -> bool:
        """Whether anything has changed since the last look."""
        with self._lock:
            n_known = len(self._results)
            changed, self._n_seen = n_known != self._n_seen, n_known
            job = self._job
            if job is None or job.is_active:
                return changed
            self._job, self.notice = None, job.error or job.result or None
            return True

    def _submit(
        self,
        label: str,
        fill: Callable[[Plan[K, V], dict[K, V], JobContext], str],
        *,
        is_measuring: bool,
    ) -> None:
        planned, results = self._planned, self._results
        self._is_measuring = is_measuring
        self._job = self._worker.submit(
            self._session,
            lambda context: fill(planned, results, context),
            label=label,
            lane=Lane.IDLE,
            topic=self._topic,
        )

    def _recall(self, planned: Plan[K, V], results: dict[K, V], context: JobContext) -> str:
        for name, one in planned.items():
            context.check()
            if name not in results and (found := one.find()) is not None:
                results[name] = found
        return ""

    def _measure(self, planned: Plan[K, V], results: dict[K, V], context: JobContext) -> str:
        """Measure all that can be measured; return in one sentence what was refused, which keeps no other."""
        refused: list[str] = []
        for done, (name, one) in enumerate(planned.items()):
            if name not in results:
                context.check()
                context.report(done / len(planned), f"{done} of {len(planned)} measured")
                try:
                    results[name] = one.compute(context)
                except self._worker.user_errors as error:
                    refused.append(sentence_of(error))
        if not refused:
            return ""
        return f"{len(refused)} of {len(planned)} measurements are not possible; the first: {refused[0]}"
