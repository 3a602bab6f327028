"""Jobs that wait for one thread: requests in the order they came, background jobs in turns after them."""

from collections.abc import Hashable
from typing import Any

from app.work.fair_order import FairOrder
from app.work.jobs import Job, JobState, Lane, Task


class Queue:
    """Waiting jobs; whoever calls it holds the worker's lock."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self.background = FairOrder()
        """Order of the idle jobs."""
        self._requests: list[Job[Any]] = []

    @property
    def jobs(self) -> list[Job[Any]]:
        """Jobs that wait, in the order of service."""
        return [job for job in self._requests + self.background.jobs if job.state is JobState.QUEUED]

    def task_of(self, identity: Hashable) -> Task[Any] | None:
        """The task of this identity that a request waits for."""
        return next((job.task for job in self._requests if job.task.identity == identity), None)

    def add(self, job: Job[Any]) -> None:
        """Let a job wait in the place of the one it replaces, else at the end of its lane."""
        self._drop_ended()
        if job.lane is Lane.IDLE:
            self._supersede(job, self.background.jobs)
            self.background.add(job)
            return
        end = place = len(self._requests)
        for index, other in enumerate(self._requests):
            if replaces(job, other):
                other.stop(JobState.SUPERSEDED)
                place = index
            elif other.session == job.session and other.lane is Lane.ORDERED:
                place = end  # what a person asks after an ordered job builds on it
        self._requests.insert(place, job)

    def put_back(self, job: Job[Any], *, had_turn: bool) -> None:
        """Let an idle job wait again that has had its turn, or was pre-empted."""
        self.background.put_back(job, had_turn=had_turn)

    def take(self) -> Job[Any] | None:
        """The next job, which no longer waits; None if none does."""
        self._drop_ended()
        return self._requests.pop(0) if self._requests else self.background.take()

    def take_request(self, *, but_of: str) -> Job[Any] | None:
        """The next foreground job of another session."""
        self._drop_ended()
        for job in self._requests:
            if job.lane is Lane.FOREGROUND and job.session != but_of:
                self._requests.remove(job)
                return job
        return None

    def _drop_ended(self) -> None:
        self._requests[:] = [job for job in self._requests if job.state is JobState.QUEUED]
        self.background.drop_ended()

    def _supersede(self, job: Job[Any], others: list[Job[Any]]) -> None:
        for other in others:
            if replaces(job, other):
                other.stop(JobState.SUPERSEDED)
        self.background.drop_ended()


def replaces(job: Job[Any], older: Job[Any]) -> bool:
    """Whether an older job is no longer wanted once this one is."""
    is_same = (job.session, job.topic) == (older.session, older.topic)
    return job.lane is older.lane is not Lane.ORDERED and is_same
