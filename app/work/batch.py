"""Many measurements that fill a chart one by one in the background: stopped, resumed, remembered."""

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from threading import RLock
from time import monotonic
from typing import Any, Generic, Literal, TypeVar

from app.words.plain_text import sentence_of
from app.work.jobs import Job, JobContext, Lane, Turn
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
        self._looking_up: Job[None] | None = None
        self._has_looked = False
        self._filling: Job[str] | None = None
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
    def job(self) -> Job[Any] | None:
        """The job that measures values, or the one that looks them up, while there is one."""
        return self._filling or self._looking_up

    @property
    def is_running(self) -> bool:
        """Whether values are being measured."""
        return self._filling is not None

    @property
    def is_recalling(self) -> bool:
        """Whether values are being looked up: until then nobody can say that one is not measured yet."""
        return self._looking_up is not None and not self._has_looked

    @property
    def is_full(self) -> bool:
        """Whether every value is known."""
        return bool(self._planned) and self.n_known == len(self._planned)

    @property
    def seconds(self) -> float | None:
        """About how long it takes to measure what is missing, alone; None while nobody can say."""
        return _seconds(self._planned, self._results)

    @property
    def beside(self) -> tuple[Job[Any], ...]:
        """Other jobs in the background, of any session, which take turns with this one."""
        jobs = self._worker.queue()
        return tuple(job for job in jobs if job.lane is Lane.IDLE and job is not self._filling)

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
            self._has_looked = False
            self._look_up()

    def look_again(self) -> None:
        """Look up what is missing once more: something else may have measured it meanwhile."""
        with self._lock:
            if self._planned and self._filling is None and not self.is_full:
                self._look_up()  # from the beginning, if a look-up is under way

    def start(self, label: str) -> None:
        """Measure what is missing, one value a turn."""
        with self._lock:
            self.notice = None
            self._filling = self._submit(
                label, Lane.IDLE, _fill(self._planned, self._results, self._worker.user_errors)
            )

    def stop(self) -> None:
        """Measure no further; what is known stays."""
        with self._lock:
            for job in (self._filling, self._looking_up):
                if job is not None:
                    job.cancel()
            self._filling = self._looking_up = None

    def collect(self) -> bool:
        """Take over what has ended since the last look; whether anything has. Single values just come in."""
        changed = False
        with self._lock:
            if self._looking_up is not None and not self._looking_up.is_active:
                if self._looking_up.error is not None:  # it may end last: what measuring reported stays
                    self.notice = self._looking_up.error
                changed, self._looking_up = not self._has_looked, None
                self._has_looked = True
            if self._filling is not None and not self._filling.is_active:
                self.notice, changed = self._filling.error or self._filling.result or None, True
                self._filling = None
            return changed

    def _look_up(self) -> None:
        work = _recall(self._planned, self._results)
        self._looking_up = self._submit("Looking up what is known", Lane.LOOK_UP, work)

    def _submit(self, label: str, lane: Lane, work: Callable[[JobContext], Any]) -> Job[Any]:
        return self._worker.submit(self._session, work, label=label, lane=lane, topic=self._topic)


def _recall(planned: Plan[K, V], results: dict[K, V]) -> Callable[[JobContext], None]:
    """Work that finds what was measured before."""

    def look_up(context: JobContext) -> None:
        for name, one in planned.items():
            context.check()
            if name not in results and (found := one.find()) is not None:
                results[name] = found

    return look_up


def _fill(
    planned: Plan[K, V], results: dict[K, V], user_errors: tuple[type[Exception], ...]
) -> Callable[[JobContext], str | Literal[Turn.OVER]]:
    """Work that measures one value a turn; at last it gives in one sentence what was refused."""
    missing, refused = deque(planned), list[str]()
    begun, n_before = monotonic(), len(results)

    def report(context: JobContext) -> None:
        done, total = len(results), len(planned)
        left, new = _seconds(planned, results), done - n_before
        if new:  # others have turns too, so that it takes longer than alone
            left = (monotonic() - begun) / new * (total - done)
        context.report(done / total, f"{done} of {total} measured", seconds_left=left)

    def measure(context: JobContext) -> str | Literal[Turn.OVER]:
        while missing and missing[0] in results:
            missing.popleft()
        if missing:
            report(context)
            name = missing[0]  # it stays there until it is measured: a turn may be pre-empted
            try:
                results[name] = planned[name].compute(context.part())
            except user_errors as error:
                refused.append(sentence_of(error))
            missing.popleft()
            report(context)
        if missing:
            return Turn.OVER
        if not refused:
            return ""
        return f"{len(refused)} of {len(planned)} measurements are not possible; the first: {refused[0]}"

    return measure


def _seconds(planned: Plan[K, V], results: Mapping[K, V]) -> float | None:
    each = [one.seconds() for name, one in planned.items() if name not in results]
    known = [seconds for seconds in each if seconds is not None]
    return sum(known) if each and len(known) == len(each) else None
