"""Turns of background jobs: every session in turn, and within a session every job, some more often."""

from typing import Any

from app.work.jobs import Job

IN_VIEW = 4
"""Turns of a job of the page its tab looks at, while one of a page left behind has one."""

IN_FRONT = 2
"""Turns of the tab that was used last, while any other has one."""


class FairOrder:
    """Order of background jobs; whoever calls it holds the worker's lock.

    Turns cost the less the more important the job is, and whoever has spent least is next. One that comes
    later begins with what those before have spent by then, so that its first turn comes at once and no idle
    time is saved up.
    """

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._jobs: list[Job[Any]] = []
        self._view: dict[str, str] = {}
        self._in_front: str | None = None
        self._spent: dict[str, float] = {}
        self._spent_within: dict[str, dict[str, float]] = {}
        self._now = 0.0
        self._now_within: dict[str, float] = {}

    @property
    def jobs(self) -> list[Job[Any]]:
        """Those that wait, the next first."""
        places: dict[str, int] = {}
        for place, job in enumerate(self._jobs):
            places.setdefault(job.session, place)

        def rank(job: Job[Any]) -> tuple[float, int, float]:
            # Of sessions that have spent as much, the one that has waited longest; so of its jobs.
            session = job.session
            return self._spent[session], places[session], self._spent_within[session][job.topic]

        return sorted(self._jobs, key=rank)

    def attend(self, session: str, view: str | None = None) -> None:
        """A person uses this tab now; from now on it looks at ``view``, if that is given."""
        self._in_front = session
        if view is not None:
            self._view[session] = view

    def view_of(self, session: str) -> str:
        """The page that a tab looks at; empty while nobody has said so."""
        return self._view.get(session, "")

    def add(self, job: Job[Any]) -> None:
        """Let a new job wait."""
        session = job.session
        self._spent[session] = max(self._spent.get(session, 0.0), self._now)
        within = self._spent_within.setdefault(session, {})
        within[job.topic] = max(within.get(job.topic, 0.0), self._now_within.get(session, 0.0))
        self._jobs.append(job)

    def put_back(self, job: Job[Any], *, had_turn: bool) -> None:
        """Let a job wait again: behind its equals after a turn, before them if it was pre-empted."""
        self._jobs.insert(len(self._jobs) if had_turn else 0, job)

    def take(self) -> Job[Any] | None:
        """The next job, which no longer waits; None if none does."""
        if not self._jobs:
            return None
        job = self.jobs[0]
        session = job.session
        self._jobs.remove(job)
        self._now, self._now_within[session] = self._spent[session], self._spent_within[session][job.topic]
        return job

    def charge(self, job: Job[Any]) -> None:
        """Count a turn that a job has had."""
        session = job.session
        within = self._spent_within.get(session, {})
        if job.topic not in within:
            return  # its tab was closed meanwhile
        cost = 1 / IN_VIEW if job.view == self.view_of(session) else 1.0
        within[job.topic] += cost
        self._spent[session] += cost / IN_FRONT if session == self._in_front else cost

    def drop_ended(self) -> None:
        """Forget jobs that were stopped while they waited."""
        self._jobs[:] = [job for job in self._jobs if job.is_active]

    def forget(self, session: str) -> None:
        """Forget a tab that was closed, its jobs too."""
        self._jobs[:] = [job for job in self._jobs if job.session != session]
        self._spent.pop(session, None)
        self._spent_within.pop(session, None)
        self._now_within.pop(session, None)
        self._view.pop(session, None)
