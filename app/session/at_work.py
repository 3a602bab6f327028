"""The worker's jobs as one tab sees them: what is done, whose it is, how far, how long, how many wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.words.durations import about
from app.work.jobs import Job, JobState, Lane


@dataclass(frozen=True, slots=True)
class AtWork:
    """One line about the worker."""

    job: Job[Any]
    """This tab's own if it has any."""
    is_mine: bool
    n_others: int
    """Jobs besides this one, of any tab, that are being done or wait."""

    @property
    def what(self) -> str:
        """The page it was asked for on, and what it does there if it is this tab's own.

        What others do may name their folders and tasks, which are for nobody else to read.
        """
        view, label = self.job.view, self.job.label
        if not self.is_mine:
            return f"another tab · {view or 'at work'}"
        return f"{view}: {label[:1].lower()}{label[1:]}" if view else label

    @property
    def how_far(self) -> str:
        """How far it is, about how long it will still take, and how many others there are."""
        job = self.job
        note = {JobState.QUEUED: "waiting for its turn", JobState.STOPPING: "stopping"}.get(job.state, "")
        # Between two turns a chart that fills is as far as it was.
        is_filling = job.lane is Lane.IDLE and job.progress.note and job.state is not JobState.STOPPING
        if is_filling or (self.is_mine and not note):
            note = job.progress.note
        parts = [note]
        if job.seconds_left is not None:
            parts.append(f"{about(job.seconds_left)} left")
        if self.n_others:
            parts.append(f"{self.n_others} more {'waits' if self.n_others == 1 else 'wait'}")
        return " · ".join(part for part in parts if part)


def at_work(jobs: Sequence[Job[Any]], session: str) -> AtWork | None:
    """The job that a tab is told about: its own before those of others, the longest of those in turns.

    Args:
        jobs: The worker's queue.
        session: The tab's.
    """
    known = [job for job in jobs if job.lane is not Lane.LOOK_UP]
    if not known:
        return None
    mine = [job for job in known if job.session == session]
    job = _foremost(mine or known)
    return AtWork(job, job.session == session, len(known) - 1)


def in_turns_with(jobs: Sequence[Job[Any]]) -> str:
    """What a chart takes turns with while it fills; empty where it fills alone.

    Args:
        jobs: Other jobs in the background.
    """
    if not jobs:
        return ""
    longest = _longest(jobs)
    note = f", {longest.progress.note}" if longest.progress.note else ""
    others = len(jobs) - 1
    more = f" and {others} more" if others else ""
    return f"in turns with {longest.view or 'another chart'}{note}{more}"


def _foremost(jobs: Sequence[Job[Any]]) -> Job[Any]:
    """The first that a person waits for, else the longest of those in turns: turns change all the time."""
    awaited = [job for job in jobs if job.lane is not Lane.IDLE]
    return awaited[0] if awaited else _longest(jobs)


def _longest(jobs: Sequence[Job[Any]]) -> Job[Any]:
    return max(jobs, key=lambda job: (job.seconds_left or 0.0, job.session, job.topic))
