"""The one thread that merges and evaluates, the one that looks up, and the queues in front of them."""

import logging
from collections.abc import Callable, Hashable
from threading import Condition, Thread
from time import perf_counter
from typing import Any, Literal, TypeVar

from app.words.plain_text import sentence, sentence_of
from app.work.jobs import Job, JobCancelled, JobContext, JobState, Lane, Task, Turn
from app.work.queue import Queue, replaces

T = TypeVar("T")

logger = logging.getLogger(__name__)


def _nothing_to_prepare() -> None:
    return None


class _Desk:
    """What one thread serves: a queue, and the task at hand; beneath it the one that lets it pass."""

    def __init__(self) -> None:
        self.queue = Queue()
        self.at_hand: list[Task[Any]] = []

    @property
    def jobs(self) -> list[Job[Any]]:
        """Jobs that have not ended, in the order of service."""
        begun = [job for task in reversed(self.at_hand) for job in task.jobs if job.is_active]
        return begun + self.queue.jobs

    def task_of(self, identity: Hashable) -> Task[Any] | None:
        """The task of this identity that has not ended."""
        begun = (task for task in self.at_hand if task.identity == identity)
        return next(begun, None) or self.queue.task_of(identity)


class Worker:
    """Runs one job at a time for all sessions: whoever has waited longest first, idle jobs last, in turns.

    A foreground job replaces the one its session has waiting on the same topic, in the same place of the
    queue, and stops the one it has running: the latest wins. Ordered jobs are neither replaced nor stopped
    by others, and a later job of their session stays behind them. An idle job is pre-empted by any other and
    is put back; idle work that returns `Turn.OVER` is called again once the others have had their turns.
    Jobs whose values have the same identity share the work. Look-ups run beside all this.

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
        self._is_stopped = False
        self._computing, self._looking_up = _Desk(), _Desk()
        self._threads = [
            Thread(target=self._serve, args=(desk,), name=name, daemon=True)
            for desk, name in ((self._computing, "tauscope-worker"), (self._looking_up, "tauscope-look-up"))
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        session: str,
        work: Callable[[JobContext], T | Literal[Turn.OVER]],
        *,
        label: str,
        lane: Lane = Lane.FOREGROUND,
        topic: str = "",
        identity: Hashable | None = None,
    ) -> Job[T]:
        """Queue a piece of work and return its handle at once.

        Args:
            session: Whose job it is; jobs of different sessions never replace one another.
            work: Called on the worker's thread. An idle one may be called several times and should
                remember what it already has.
            label: What the job does, for a person.
            lane: How it shares the worker with the others.
            topic: What it is about; only jobs of one topic replace one another.
            identity: What decides the value, among all sessions: while such work waits or runs, it is done
                once. None, or idle, if the work is not shared.

        Raises:
            RuntimeError: The worker was stopped.
        """
        desk = self._looking_up if lane is Lane.LOOK_UP else self._computing
        with self._changed:
            view = self._computing.queue.background.view_of(session)
            job: Job[T] = Job(session=session, label=label, lane=lane, topic=topic, view=view)
            if self._is_stopped:
                raise RuntimeError(f"'{label}' came after the worker was stopped.")
            same = None if identity is None or lane is Lane.IDLE else desk.task_of(identity)
            if same is None or not same.join(job):
                Task(work, identity).join(job)
            self._make_way(desk, job)
            if job.state is JobState.QUEUED:
                desk.queue.add(job)
            if lane is not Lane.LOOK_UP:
                self._computing.queue.background.attend(session)
            self._changed.notify_all()
        return job

    def attend(self, session: str, view: str) -> None:
        """A person in this session looks at this page now: it is served before those left behind."""
        with self._changed:
            self._computing.queue.background.attend(session, view)

    def queue(self) -> tuple[Job[Any], ...]:
        """Every job that has not ended, in the order of service: look-ups, the running one, the waiting."""
        with self._changed:
            return tuple(self._looking_up.jobs + self._computing.jobs)

    def forget(self, session: str) -> None:
        """Cancel everything of a session, ordered jobs too: its tab was closed."""
        with self._changed:
            for job in self.queue():
                if job.session == session:
                    job.cancel()
            self._computing.queue.background.forget(session)

    def stop(self, timeout: float | None = None) -> None:
        """Cancel every job, refuse new ones, and wait at most ``timeout`` seconds for each thread."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        for job in self.queue():
            job.cancel()
        for thread in self._threads:
            thread.join(timeout)

    def _make_way(self, desk: _Desk, job: Job[Any]) -> None:
        for other in [other for task in desk.at_hand for other in task.jobs]:
            if other is not job and replaces(job, other):
                other.stop(JobState.SUPERSEDED)
            elif other.lane is Lane.IDLE and job.lane is not Lane.IDLE:
                other.stop(JobState.QUEUED)

    def _serve(self, desk: _Desk) -> None:
        while (task := self._next(desk)) is not None:
            self._run(desk, task)
            del task  # its result is the page's to keep or to drop

    def _next(self, desk: _Desk) -> Task[Any] | None:
        """The next task, begun; waits for one. None when the worker was stopped."""
        with self._changed:
            while not self._is_stopped:
                job = desk.queue.take()
                if job is None:
                    self._changed.wait()
                elif self._begin(desk, job):
                    return job.task
            return None

    def _begin(self, desk: _Desk, job: Job[Any]) -> bool:
        context = JobContext()
        if job.lane is Lane.ORDERED:
            context = JobContext(serve_others=self._serving_others(desk, job.session))
        if not job.task.begin(context):
            return False
        desk.at_hand.append(job.task)
        return True

    def _serving_others(self, desk: _Desk, session: str) -> Callable[[], None]:
        """Answers requests of other sessions amid a long job; they get no more time than the job itself."""
        own = others = 0.0
        since = perf_counter()

        def serve_others() -> None:
            nonlocal own, others, since
            own += perf_counter() - since
            begin = perf_counter()
            while others < own and (task := self._next_request(desk, but_of=session)) is not None:
                self._run(desk, task)
                others, begin = others + perf_counter() - begin, perf_counter()
            since = perf_counter()

        return serve_others

    def _next_request(self, desk: _Desk, *, but_of: str) -> Task[Any] | None:
        """The next request of another session, begun; None if there is none."""
        with self._changed:
            while not self._is_stopped and (job := desk.queue.take_request(but_of=but_of)) is not None:
                if self._begin(desk, job):
                    return job.task
            return None

    def _run(self, desk: _Desk, task: Task[Any]) -> None:
        jobs, was_pre_empted = task.jobs, False
        try:
            if desk is self._computing:
                self._prepare_once()
            task.perform()
        except JobCancelled:
            task.pre_empt()
            was_pre_empted = True
        except self.user_errors as error:
            task.fail(sentence_of(error))
        except Exception as error:
            logger.exception("Job '%s' failed", jobs[0].label)
            task.fail(_unforeseen(error))
        with self._changed:
            desk.at_hand.remove(task)
            for job in jobs:
                if job.lane is Lane.IDLE and not was_pre_empted:
                    desk.queue.background.charge(job)
                if job.is_active:
                    desk.queue.put_back(job, had_turn=not was_pre_empted)

    def _prepare_once(self) -> None:
        prepare, self._prepare = self._prepare, _nothing_to_prepare
        prepare()


def _unforeseen(error: Exception) -> str:
    # Only the first line: torch appends call sites and hints that belong in the log.
    if isinstance(error, OSError) and error.filename is not None:
        return sentence_of(error)  # no permission, a disk that fails
    message = sentence(str(error).strip().partition("\n")[0]).rstrip(".")
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"Unexpected {what}. The details are in the log; the next job runs normally."
