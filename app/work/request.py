"""What a page wants from the worker for the settings it shows: one value, computed once per settings."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Generic, TypeVar

from app.work.jobs import Job, JobContext, JobState
from app.work.worker import Worker

T = TypeVar("T")


class Asking(Generic[T]):
    """The value for the latest settings, and until it is there the one of the settings before.

    Two runs of one page may overlap: Streamlit starts the next before the last has heard that it must end.
    """

    def __init__(self, worker: Worker, session: str, topic: str) -> None:
        """Ask for nothing yet.

        Args:
            worker: Computes.
            session: Whose tab it is.
            topic: What it is about; a newer request of one topic replaces the older.
        """
        self.value: T | None = None
        """The latest value there is."""
        self.shown: Hashable = None
        """Settings that `value` belongs to."""
        self.wanted: Hashable = None
        """Settings asked for last."""
        self.job: Job[T] | None = None
        """Computes the value, while it is not there."""
        self.notice: str | None = None
        """Why the settings asked for last have no value, in one sentence."""
        self._worker, self._session, self._topic = worker, session, topic
        self._stopped: Hashable = None
        self._lock = RLock()

    @property
    def is_current(self) -> bool:
        """Whether `value` belongs to the settings asked for last."""
        return self.value is not None and self.shown == self.wanted

    @property
    def is_waiting(self) -> bool:
        """Whether the value is being computed."""
        return self.job is not None

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped the request, or it failed; `again` asks anew."""
        return self._stopped is not None and self._stopped == self.wanted

    def want(
        self,
        settings: Hashable,
        work: Callable[[JobContext], T],
        *,
        label: str,
        known: Callable[[], T | None] = lambda: None,
    ) -> None:
        """Ask for the value of some settings, unless it was the last that was asked for.

        Args:
            settings: Equal settings have equal values.
            work: Computes the value, on the worker's thread.
            label: What it does, for a person.
            known: Looks the value up where that costs next to nothing; called here.
        """
        with self._lock:  # whatever `wanted` says, `job` computes
            if settings == self.wanted:
                return
            self.stop()
            self.wanted, self.notice, self._stopped, self.job = settings, None, None, None
            found = known()
            if found is not None:
                self.value, self.shown = found, settings
                return
            self.job = self._worker.submit(self._session, work, label=label, topic=self._topic)

    def again(self) -> None:
        """Let the next `want` ask, whatever became of the last."""
        with self._lock:
            self.wanted = self._stopped = None

    def stop(self) -> None:
        """Compute no further; what is shown stays."""
        with self._lock:
            if self.job is not None:
                self.job.cancel()

    def collect(self) -> bool:
        """Take over what has finished since the last look; whether something has."""
        with self._lock:
            job: Job[Any] | None = self.job
            if job is None or job.is_active:
                return False
            self.job = None
            if job.state is JobState.DONE:
                self.value, self.shown = job.result, self.wanted
            else:
                self._stopped = self.wanted
            self.notice = job.error
            return True
