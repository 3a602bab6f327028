"""One value that a page asks the worker for: computed once per settings, shown until a newer one is there."""

from collections.abc import Hashable
from threading import RLock
from typing import Any, Generic, NamedTuple, TypeVar

from app.work.jobs import Job, JobState, Lane
from app.work.measurement import Measurement
from app.work.worker import Worker

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Answer(NamedTuple, Generic[K, V]):
    """The latest value there is, and what it belongs to."""

    value: V | None
    """None while nothing was computed."""
    settings: K | None
    """Key of the measurement that gave the value."""
    is_current: bool
    """Whether these are the settings asked for last."""


class Request(Generic[K, V]):
    """The value for the latest settings, and until it is there the one for the settings before.

    Two runs of one page may overlap: Streamlit starts the next before the last has heard that it must end.
    """

    def __init__(self, worker: Worker, session: str, topic: str, *, lane: Lane = Lane.FOREGROUND) -> None:
        """Ask for nothing yet.

        Args:
            worker: Computes.
            session: Whose tab it is.
            topic: What it is about; a newer request of one topic replaces the older.
            lane: How its jobs share the worker with others.
        """
        self.wanted: K | None = None
        """Settings asked for last."""
        self.job: Job[V] | None = None
        """Computes the value, while it is not there."""
        self.notice: str | None = None
        """Why the settings asked for last have no value, in one sentence."""
        self._worker, self._session, self._topic, self._lane = worker, session, topic, lane
        self._value: V | None = None
        self._settings: K | None = None
        self._stopped: K | None = None
        self._lock = RLock()

    @property
    def answer(self) -> Answer[K, V]:
        """The value there is, with its settings."""
        with self._lock:
            is_current = self._value is not None and self._settings == self.wanted
            return Answer(self._value, self._settings, is_current)

    @property
    def is_waiting(self) -> bool:
        """Whether the value is being computed."""
        return self.job is not None

    @property
    def is_stopped(self) -> bool:
        """Whether the request was stopped, or failed; `again` asks once more."""
        return self._stopped is not None and self._stopped == self.wanted

    def want(self, measurement: Measurement[K, V], *, label: str) -> Answer[K, V]:
        """Ask for a value, unless it was the last that was asked for.

        Args:
            measurement: Its `find` is called here, its `compute` on the worker's thread.
            label: What it does, for a person.
        """
        with self._lock:  # `job` always computes what is `wanted`
            if measurement.key != self.wanted:
                found, before = measurement.find(), self.job
                self.wanted, self.notice, self._stopped, self.job = measurement.key, None, None, None
                if found is not None:
                    self._value, self._settings = found, measurement.key
                else:
                    self.job = self._worker.submit(
                        self._session,
                        measurement.compute,
                        label=label,
                        lane=self._lane,
                        topic=self._topic,
                        identity=measurement.identity,
                    )
                if before is not None:
                    before.cancel()  # last: the new job goes on with its work if that is the same
            return self.answer

    def want_again(self, measurement: Measurement[K, V], *, label: str) -> Answer[K, V]:
        """Ask for a value, whatever became of the last request for it; one under way goes on.

        A button that is pressed twice must not save a file twice: the second finds it there and is refused.
        """
        with self._lock:
            is_under_way = self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING)
            if not (is_under_way and self.wanted == measurement.key):
                self.again()
            return self.want(measurement, label=label)

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
                self._value, self._settings = job.result, self.wanted
            else:
                self._stopped = self.wanted
            self.notice = job.error
            return True
