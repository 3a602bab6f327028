"""The one thread that merges and evaluates, and the queue in front of it."""

import logging
from collections.abc import Callable
from threading import Condition, Thread
from typing import Any, TypeVar

from app.words.plain_text import sentence, sentence_of
from app.work.jobs import Job, JobCancelled, JobContext, JobState, Lane

T = TypeVar("T")

logger = logging.getLogger(__name__)


def _nothing_to_prepare() -> None:
    return None


class Worker:
    """Runs one job at a time for all sessions: whoever has waited longest first, idle jobs last.

    A foreground job replaces the one its session has waiting on the same topic, in the same place of the
    queue, and stops the one it has running: the latest wins. Ordered jobs are neither replaced nor stopped
    by others, and a later job of their session stays behind them. An idle job is pre-empted by any other and
    is put back.

    Args:
        user_errors: Exceptions whose message is meant for a person as it stands.
        prepare: Called once on the thread, as the beginning of its first job: what it raises costs that job.
    """

    def __init__(
        self,
        *,
        user_errors: tuple[type[Exception], ...] = (),
        prepare: Callable[[], None] = _nothing_to_prepare,
    ) -> None:
        self.user_errors = user_errors
        self._prepare = prepare
        self._changed = Condition()
        self._waiting: list[Job[Any]] = []
        self._running: Job[Any] | None = None
        self._is_stopped = False
        self._thread = Thread(target=self._serve, name="tauscope-worker", daemon=True)
        self._thread.start()

    def submit(
        self,
        session: str,
        work: Callable[[JobContext], T],
        *,
        label: str,
        lane: Lane = Lane.FOREGROUND,
        topic: str = "",
    ) -> Job[T]:
        """Queue a piece of work and return its handle at once.

        Args:
            session: Whose job it is; jobs of different sessions never replace one another.
            work: Called on the worker's thread. An idle one may be called several times and should
                remember what it already has.
            label: What the job does, for a person.
            lane: How it shares the worker with the others.
            topic: What it is about; only jobs of one topic replace one another.

        Raises:
            RuntimeError: The worker was stopped.
        """
        job = Job(work, session=session, label=label, lane=lane, topic=topic)
        with self._changed:
            if self._is_stopped:
                raise RuntimeError(f"'{label}' came after the worker was stopped.")
            self._make_way(job)
            place = self._place(job)
            self._waiting.insert(place, job)
            self._changed.notify_all()
        return job

    def queue(self) -> tuple[Job[Any], ...]:
        """Every job that has not ended, in the order of service: the running one first."""
        with self._changed:
            running = [] if self._running is None else [self._running]
            waiting = sorted(self._waiting, key=_is_idle)
        return tuple(job for job in running + waiting if job.is_active)

    def forget(self, session: str) -> None:
        """Cancel everything of a session, ordered jobs too: its tab was closed."""
        for job in self.queue():
            if job.session == session:
                job.cancel()

    def stop(self, timeout: float | None = None) -> None:
        """Cancel every job, refuse new ones, and wait at most ``timeout`` seconds for the thread."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        for job in self.queue():
            job.cancel()
        self._thread.join(timeout)

    def _make_way(self, job: Job[Any]) -> None:
        running = self._running
        if running is None:
            return
        if _replaces(job, running):
            running.stop(JobState.SUPERSEDED)
        elif _is_idle(running) and not _is_idle(job):
            running.stop(JobState.QUEUED)

    def _place(self, job: Job[Any]) -> int:
        """Index at which a job waits; its session's turn is not lost when a newer job takes over."""
        self._drop_ended()
        end = place = len(self._waiting)
        for index, other in enumerate(self._waiting):
            if _replaces(job, other):
                other.stop(JobState.SUPERSEDED)
                place = index
            elif other.session == job.session and other.lane is Lane.ORDERED:
                place = end
        return place

    def _drop_ended(self) -> None:
        self._waiting[:] = [job for job in self._waiting if job.is_active]

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            self._run(job)
            with self._changed:
                self._running = None
                if job.is_active:  # it was pre-empted: first again among the idle ones
                    self._waiting.insert(0, job)
            del job  # its result is the page's to keep or to drop

    def _next(self) -> Job[Any] | None:
        """The next job, begun; waits for one. None when the worker was stopped."""
        with self._changed:
            while not self._is_stopped:
                self._drop_ended()
                if not self._waiting:
                    self._changed.wait()
                    continue
                job = min(self._waiting, key=_is_idle)  # the first of the smallest: the oldest
                self._waiting.remove(job)
                if job.begin():
                    self._running = job
                    return job
            return None

    def _prepare_once(self) -> None:
        prepare, self._prepare = self._prepare, _nothing_to_prepare
        prepare()

    def _run(self, job: Job[Any]) -> None:
        try:
            self._prepare_once()
            job.perform()
        except JobCancelled:
            job.pre_empt()
        except self.user_errors as error:
            job.fail(sentence_of(error))
        except Exception as error:
            logger.exception("Job '%s' failed", job.label)
            job.fail(_unforeseen(error))


def _is_idle(job: Job[Any]) -> bool:
    return job.lane is Lane.IDLE


def _replaces(job: Job[Any], older: Job[Any]) -> bool:
    is_same = (job.session, job.topic) == (older.session, older.topic)
    return job.lane is older.lane is not Lane.ORDERED and is_same


def _unforeseen(error: Exception) -> str:
    # Only the first line: torch appends call sites and hints that belong in the log.
    message = sentence(str(error).strip().partition("\n")[0]).rstrip(".")
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"Unexpected {what}. The details are in the log; the next job runs normally."
