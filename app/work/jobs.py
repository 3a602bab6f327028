"""Jobs of the worker: what a page polls, the work behind it, and the context its work reports to."""

from collections.abc import Callable, Hashable
from enum import Enum, StrEnum
from threading import Condition
from typing import Any, Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")


class Lane(Enum):
    """How a job shares the worker with the others."""

    FOREGROUND = "foreground"
    """A person waits for it; only the latest of a session and topic matters."""
    ORDERED = "ordered"
    """Must not be dropped: opening a zoo, saving a file, scoring on test. First come, first served."""
    IDLE = "idle"
    """In the background, in turns with others like it; any other job pre-empts it; the latest of a topic
    matters."""
    LOOK_UP = "look-up"
    """Reads what is remembered, on a thread of its own: it never waits for what is being computed."""


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


class Turn(Enum):
    """What idle work returns when its turn is over and it has more to do: it is called again."""

    OVER = "over"


class Progress(NamedTuple):
    """How far the work is, by its own report."""

    fraction: float | None = None
    """In [0, 1]; None while it is not known."""
    note: str = ""
    """What it is doing, for a person."""


def _nobody_waits() -> None:
    return None


class JobContext:
    """What the work sees: whether to stop, and where to report.

    It stands on its own, so the same work also runs without a worker: ``work(JobContext())``.
    """

    def __init__(self, *, serve_others: Callable[[], None] = _nobody_waits) -> None:
        """Start with nothing reported.

        Args:
            serve_others: Does what is more urgent than this work, on the same thread.
        """
        self.cancelled = False
        """Whether the work was asked to stop."""
        self.progress = Progress()
        self.seconds_left: float | None = None
        """About how long the work will still take; None while it is not known."""
        self.emitted: tuple[Any, ...] = ()
        self._serve_others = serve_others

    def check(self) -> None:
        """Return at once, or end the work; call it before every encoder block and merge chunk.

        Raises:
            JobCancelled: Somebody asked the work to stop.
        """
        if self.cancelled:
            raise JobCancelled

    def let_others_pass(self) -> None:
        """Between two pieces of long work: let requests of other people be answered first, or end the work.

        Whatever others merge or evaluate happens inside of this call.

        Raises:
            JobCancelled: Somebody asked the work to stop.
        """
        self.check()
        self._serve_others()

    def report(self, fraction: float | None, note: str = "", *, seconds_left: float | None = None) -> None:
        """Report how far the work is, a share in [0, 1], and the time left, or None; a note for a person."""
        self.progress, self.seconds_left = Progress(fraction, note), seconds_left

    def emit(self, value: Any) -> None:
        """Hand a partial result to whoever polls."""
        # A new tuple each time: whoever polls holds a snapshot that cannot change under it.
        self.emitted = (*self.emitted, value)

    def part(self) -> "JobContext":
        """The context of one part of the work: it stops when the whole does, and reports to itself alone."""
        return _PartContext(self)


class _PartContext(JobContext):
    def __init__(self, whole: JobContext) -> None:
        super().__init__(serve_others=whole.let_others_pass)
        self._whole = whole

    def check(self) -> None:
        self._whole.check()


class Task(Generic[T]):
    """A piece of work, done once for all the jobs that want its value; it belongs to the worker."""

    def __init__(
        self, work: Callable[[JobContext], T | Literal[Turn.OVER]], identity: Hashable | None = None
    ) -> None:
        """Take a piece of work that nobody wants yet.

        Args:
            work: Gives the value.
            identity: What decides the value, among all sessions; None if it is not shared.
        """
        self.identity = identity
        self.context = JobContext()
        self.changed = Condition()
        """Guards the states of the jobs."""
        self.jobs: list[Job[T]] = []
        """Those that want the value, until all of them have ended."""
        self._work = work
        self._has_ended = False

    def join(self, job: "Job[T]") -> bool:
        """Let one more job have the value; False if the work has ended or was asked to stop."""
        with self.changed:
            if self._has_ended or self.context.cancelled:
                return False
            states = [other.state for other in self.jobs if other.is_active]
            self.jobs.append(job)
            job.belong(self, states[0] if states else JobState.QUEUED)
            return True

    def begin(self, context: JobContext) -> bool:
        """Start, or start again; False if nobody wants the value any more."""
        with self.changed:
            waiting = [job for job in self.jobs if job.state is JobState.QUEUED]
            context.progress = self.context.progress  # of the turns before
            context.seconds_left = self.context.seconds_left
            self.context = context
            for job in waiting:
                job.begin()
            return bool(waiting)

    def perform(self) -> None:
        """Do the work and hand its value to every job; whatever it raises goes to the caller."""
        result = self._work(self.context)
        if isinstance(result, Turn):
            self._end(JobState.QUEUED)
        else:
            self._end(JobState.DONE, result=result)

    def pre_empt(self) -> None:
        """Record that the work stopped as asked: back to the queue, or to the end."""
        with self.changed:
            for job in self.jobs:
                job.end(job.stops_as or JobState.CANCELLED)

    def fail(self, error: str) -> None:
        """Record that the work raised: ``error`` is one sentence for a person."""
        self._end(JobState.FAILED, error=error)

    def _end(self, state: JobState, *, result: T | None = None, error: str | None = None) -> None:
        with self.changed:
            for job in self.jobs:
                if job.stops_as in (None, JobState.QUEUED):
                    job.end(state, result=result, error=error)
                else:
                    job.end(job.stops_as)

    def note_change(self) -> None:
        """Tell who waits that a job has changed; once all have ended, the work is let go."""
        if not any(job.is_active for job in self.jobs):
            self._has_ended = True
            del self._work  # it may hold tensors, and pages keep handles for long
            self.jobs = []
        self.changed.notify_all()


class Job(Generic[T]):
    """Handle of one session's wish for a value, safe to read from any thread.

    `state` changes last, after the attributes that belong to it, so read it first. `belong`, `begin` and
    `end` belong to the task.
    """

    def __init__(
        self, *, session: str, label: str, lane: Lane = Lane.FOREGROUND, topic: str = "", view: str = ""
    ) -> None:
        self.session = session
        self.label = label
        self.lane = lane
        self.topic = topic
        self.view = view
        """Page that its tab looked at when it was asked for."""
        self.stops_as: JobState | None = None
        """State that it was asked to end in, while its work has not heard of it."""
        self._state = JobState.QUEUED
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
    def task(self) -> Task[T]:
        """The work behind it."""
        return self._task

    @property
    def progress(self) -> Progress:
        """Last report of the work."""
        return self._task.context.progress

    @property
    def seconds_left(self) -> float | None:
        """About how long the work will still take, by its last report; None while it is not known."""
        return self._task.context.seconds_left

    @property
    def emitted(self) -> tuple[Any, ...]:
        """Partial results so far, oldest first; an idle job that starts again begins with none."""
        return self._task.context.emitted

    @property
    def result(self) -> T | None:
        """What the work returned; None unless the job is done."""
        return self._result

    @property
    def error(self) -> str | None:
        """What went wrong, in one sentence; None unless the job failed."""
        return self._error

    def cancel(self) -> None:
        """Drop the job: at once while it waits or others want its value, else at the next `check`."""
        self.stop(JobState.CANCELLED)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job has ended, at most ``timeout`` seconds; whether it has."""
        with self._task.changed:
            return self._task.changed.wait_for(lambda: not self.is_active, timeout)

    def stop(self, state: JobState) -> None:
        """Make the job end in ``state``, its result dropped; QUEUED pre-empts a running one."""
        with self._task.changed:
            waits = self._state is JobState.QUEUED and state is not JobState.QUEUED
            if waits or (self._state is JobState.RUNNING and self._is_shared()):
                self.end(state)
            elif self._state in (JobState.RUNNING, JobState.STOPPING):
                if self.stops_as in (None, JobState.QUEUED):
                    self.stops_as = state
                self._state = JobState.STOPPING
                self._task.context.cancelled = True

    def belong(self, task: Task[T], state: JobState) -> None:
        """Wait for a task, which stands where ``state`` says."""
        self._task, self._state = task, state

    def begin(self) -> None:
        """Note that the work has begun."""
        self._state, self.stops_as = JobState.RUNNING, None

    def end(self, state: JobState, *, result: T | None = None, error: str | None = None) -> None:
        """Note how it ended; QUEUED if it goes on later. One that has ended stays as it is."""
        if self.is_active:
            self._result, self._error = result, error
            self._state = state
            self._task.note_change()

    def _is_shared(self) -> bool:
        return any(job.is_active for job in self._task.jobs if job is not self)
