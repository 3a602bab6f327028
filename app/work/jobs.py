"""One job of the worker: the handle a page polls, and the context its work reports to."""

from collections.abc import Callable
from enum import Enum, StrEnum
from threading import Condition
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Lane(Enum):
    """How a job shares the worker with the others."""

    FOREGROUND = "foreground"
    """A person waits for it; only the latest of a session and topic matters."""
    ORDERED = "ordered"
    """Must not be dropped: opening a zoo, saving a file, scoring on test. First come, first served."""
    IDLE = "idle"
    """In the background: any other job pre-empts it, and it starts again; the latest of a topic matters."""


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    """Asked to stop; its work has not looked up yet."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    """A newer job of the same session and topic took its place."""

    @property
    def is_active(self) -> bool:
        """Whether the job may still change."""
        return self in (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)


class JobCancelled(Exception):  # noqa: N818 - nothing went wrong: a stop was asked for
    """Raised inside the work when it was asked to stop."""


class Progress(NamedTuple):
    """How far the work is, by its own report."""

    fraction: float | None = None
    """In [0, 1]; None while it is not known."""
    note: str = ""
    """What it is doing, for a person."""


class JobContext:
    """What the work sees: whether to stop, and where to report.

    It stands on its own, so the same work also runs without a worker: ``work(JobContext())``.
    """

    def __init__(self) -> None:
        self.cancelled = False
        """Whether the work was asked to stop."""
        self.progress = Progress()
        self.emitted: tuple[Any, ...] = ()

    def check(self) -> None:
        """Return at once, or end the work; call it before every encoder block and merge chunk.

        Raises:
            JobCancelled: Somebody asked the work to stop.
        """
        if self.cancelled:
            raise JobCancelled

    def report(self, fraction: float | None, note: str = "") -> None:
        """Report how far the work is: a share in [0, 1], or None, and a note for a person."""
        self.progress = Progress(fraction, note)

    def emit(self, value: Any) -> None:
        """Hand a partial result to whoever polls."""
        # A new tuple each time: whoever polls holds a snapshot that cannot change under it.
        self.emitted = (*self.emitted, value)


class Job(Generic[T]):
    """Handle of a piece of work, safe to read from any thread.

    `state` changes last, after the attributes that belong to it, so read it first. `begin`, `perform`,
    `pre_empt` and `fail` belong to the worker.
    """

    def __init__(
        self,
        work: Callable[[JobContext], T],
        *,
        session: str,
        label: str,
        lane: Lane = Lane.FOREGROUND,
        topic: str = "",
    ) -> None:
        self.session = session
        self.label = label
        self.lane = lane
        self.topic = topic
        self._work = work
        self._changed = Condition()
        self._state = JobState.QUEUED
        self._stop_as: JobState | None = None
        self._context = JobContext()
        self._result: T | None = None
        self._error: str | None = None

    @property
    def state(self) -> JobState:
        """Where the job stands."""
        return self._state

    @property
    def is_active(self) -> bool:
        """Whether the job may still change, so that polling it makes sense."""
        return self._state.is_active

    @property
    def progress(self) -> Progress:
        """Last report of the work."""
        return self._context.progress

    @property
    def emitted(self) -> tuple[Any, ...]:
        """Partial results so far, oldest first; an idle job that starts again begins with none."""
        return self._context.emitted

    @property
    def result(self) -> T | None:
        """What the work returned; None unless the job is done."""
        return self._result

    @property
    def error(self) -> str | None:
        """What went wrong, in one sentence; None unless the job failed."""
        return self._error

    def cancel(self) -> None:
        """Drop the job: at once while it waits, at the next `JobContext.check` while it runs."""
        self.stop(JobState.CANCELLED)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job has ended, at most ``timeout`` seconds; whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.is_active, timeout)

    def stop(self, state: JobState) -> None:
        """Make the job end in ``state``, its result dropped; QUEUED pre-empts a running one."""
        with self._changed:
            if self._state is JobState.QUEUED and state is not JobState.QUEUED:
                self._settle(state)
            elif self._state in (JobState.RUNNING, JobState.STOPPING):
                if self._stop_as in (None, JobState.QUEUED):
                    self._stop_as = state
                self._state = JobState.STOPPING
                self._context.cancelled = True

    def begin(self) -> bool:
        """Take the job off the queue; False if it was stopped there."""
        with self._changed:
            if self._state is not JobState.QUEUED:
                return False
            self._state = JobState.RUNNING
            self._stop_as = None
            self._context = JobContext()
            return True

    def perform(self) -> None:
        """Run the work and keep its result; whatever it raises goes to the caller."""
        result = self._work(self._context)
        self._end(JobState.DONE, result=result)

    def pre_empt(self) -> None:
        """Record that the work stopped as asked: back to the queue, or to the end."""
        self._end(self._stop_as or JobState.CANCELLED)

    def fail(self, error: str) -> None:
        """Record that the work raised: ``error`` is one sentence for a person."""
        self._end(JobState.FAILED, error=error)

    def _end(self, state: JobState, *, result: T | None = None, error: str | None = None) -> None:
        with self._changed:
            if self._stop_as not in (None, JobState.QUEUED):
                state, result, error = self._stop_as, None, None
            self._result, self._error = result, error
            self._settle(state)

    def _settle(self, state: JobState) -> None:
        if not state.is_active:
            del self._work  # it may hold tensors, and pages keep handles for long
        self._state = state
        self._changed.notify_all()
