"""Many measurements that fill a chart one by one while nobody waits: stopped, resumed, remembered."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Generic, TypeVar

from analysis.errors import AnalysisError
from app.work.jobs import Job, JobContext, Lane
from app.work.worker import Worker

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Cell(Generic[K, V]):
    """One measurement of a chart."""

    name: K
    measure: Callable[[JobContext], V]
    """Measures, on the worker's thread."""
    find: Callable[[], V | None] = lambda: None
    """Looks up what was measured before, in another session say; also on the worker's thread."""


class Filling(Generic[K, V]):
    """Measurements of one chart, by cell; runs of one page that overlap may share it."""

    def __init__(self, worker: Worker, session: str, topic: str) -> None:
        """Start without a plan.

        Args:
            worker: Measures, and gives way to whoever waits.
            session: Whose tab it is.
            topic: What it is about.
        """
        self.cells: tuple[Cell[K, V], ...] = ()
        self.notice: str | None = None
        """What went wrong last, in one sentence."""
        self._worker, self._session, self._topic = worker, session, topic
        self._results: dict[K, V] = {}
        self._plan: Hashable = None
        self._job: Job[None] | None = None
        self._is_measuring = False
        self._n_seen = 0
        self._lock = RLock()

    @property
    def results(self) -> dict[K, V]:
        """What is known so far; the worker adds to it while the chart is drawn, hence a copy."""
        return self._results.copy()

    @property
    def n_known(self) -> int:
        """Cells that are known."""
        return sum(cell.name in self._results for cell in self.cells)

    @property
    def is_running(self) -> bool:
        """Whether cells are being measured."""
        return self._job is not None and self._is_measuring

    @property
    def is_recalling(self) -> bool:
        """Whether cells are being looked up."""
        return self._job is not None and not self._is_measuring

    @property
    def is_full(self) -> bool:
        """Whether every cell is known."""
        return bool(self.cells) and self.n_known == len(self.cells)

    @property
    def note(self) -> str:
        """What the worker is doing for it, for a person."""
        job = self._job
        return "" if job is None else job.progress.note

    def plan(self, settings: Hashable, cells: Callable[[], Sequence[Cell[K, V]]]) -> None:
        """Say what belongs to the chart; under other settings it starts anew with what is remembered.

        Args:
            settings: Equal settings have equal cells.
            cells: Makes them, in the order they are measured.
        """
        with self._lock:
            if settings == self._plan:
                return
            self.stop()
            self._plan, self.cells, self._results, self.notice = settings, tuple(cells()), {}, None
            self._n_seen = 0
            self._submit("Looking up what is known", _recall, is_measuring=False)

    def start(self, label: str) -> None:
        """Measure what is missing."""
        with self._lock:
            self.notice = None
            self._submit(label, _measure, is_measuring=True)

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
            self._job, self.notice = None, job.error
            return True

    def _submit(
        self,
        label: str,
        fill: Callable[[Sequence[Cell[K, V]], dict[K, V], JobContext], None],
        *,
        is_measuring: bool,
    ) -> None:
        cells, results = self.cells, self._results
        self._is_measuring = is_measuring
        self._job = self._worker.submit(
            self._session,
            lambda context: fill(cells, results, context),
            label=label,
            lane=Lane.IDLE,
            topic=self._topic,
        )


def _recall(cells: Sequence[Cell[K, V]], results: dict[K, V], context: JobContext) -> None:
    for cell in cells:
        context.check()
        if cell.name not in results and (found := cell.find()) is not None:
            results[cell.name] = found


def _measure(cells: Sequence[Cell[K, V]], results: dict[K, V], context: JobContext) -> None:
    """Measure all that can be measured; one cell that cannot keeps no other from it."""
    failed: list[AnalysisError] = []
    for done, cell in enumerate(cells):
        if cell.name not in results:
            context.check()
            context.report(done / len(cells), f"{done} of {len(cells)} measured")
            try:
                results[cell.name] = cell.measure(context)
            except AnalysisError as error:
                failed.append(error)
    if failed:
        raise AnalysisError(
            f"{len(failed)} of {len(cells)} measurements are not possible; the first: {failed[0]}"
        )
