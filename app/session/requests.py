"""Requests of one tab to the worker, by topic."""

from typing import Any

from app.work.batch import Batch
from app.work.jobs import Job
from app.work.request import Request
from app.work.worker import Worker


class Requests:
    """Single values, and batches of measurements, each made when its topic is first named."""

    def __init__(self, worker: Worker, session: str) -> None:
        """Ask for nothing yet."""
        self._worker, self._session = worker, session
        self.n_ended = 0
        """How often `collect` has taken something over."""
        self._single: dict[str, Request[Any, Any]] = {}
        self._batches: dict[str, Batch[Any, Any]] = {}

    def of(self, topic: str) -> Request[Any, Any]:
        """The request of one topic."""
        return self._single.setdefault(topic, Request(self._worker, self._session, topic))

    def batch(self, topic: str) -> Batch[Any, Any]:
        """The measurements of one topic."""
        return self._batches.setdefault(topic, Batch(self._worker, self._session, topic))

    def collect(self) -> bool:
        """Take over what has finished since the last look; whether something has."""
        # Lists: every one must be asked, and runs that overlap may add to them.
        came = [one.collect() for one in list(self._single.values())]
        if any(came):
            self.look_again()  # a batch may want what has just been measured
        came += [one.collect() for one in list(self._batches.values())]
        self.n_ended += any(came)
        return any(came)

    def look_again(self) -> None:
        """Look up what batches still miss, and others may have measured."""
        for batch in tuple(self._batches.values()):
            batch.look_again()

    @property
    def waiting(self) -> tuple[Request[Any, Any], ...]:
        """Requests whose value is being computed."""
        return tuple(one for one in tuple(self._single.values()) if one.is_waiting)

    @property
    def awaited(self) -> tuple[Job[Any], ...]:
        """Their jobs, and those that look up for the first time what batches know, which takes moments."""
        looking_up = [one.job for one in tuple(self._batches.values()) if one.is_recalling]
        jobs = [*(one.job for one in self.waiting), *looking_up]
        return tuple(job for job in jobs if job is not None)

    @property
    def n_come(self) -> int:
        """Values that batches have by now."""
        return sum(one.n_known for one in tuple(self._batches.values()))

    @property
    def is_busy(self) -> bool:
        """Whether batches are being measured or looked up."""
        return any(one.job is not None for one in tuple(self._batches.values()))

    def stop(self) -> None:
        """Stop whatever was asked for."""
        for request in tuple(self._single.values()):
            request.stop()
        for batch in tuple(self._batches.values()):
            batch.stop()
