from itertools import cycle, islice

import pytest

from app.work.jobs import Job, JobContext, JobState, Lane, Task
from app.work.queue import Queue


def job_of(session, lane=Lane.FOREGROUND, topic="lab", identity=None):
    job = Job(session=session, label=f"{session}'s {topic}", lane=lane, topic=topic)
    Task(lambda _: None, identity).join(job)
    return job


@pytest.fixture
def queue():
    return Queue()


def drained(queue):
    taken = []
    while (job := queue.take()) is not None:
        job.task.begin(JobContext())
        taken.append(job)
    return taken


def test_requests_come_before_background_jobs(queue):
    jobs = [job_of("a", Lane.IDLE), job_of("b"), job_of("c", Lane.ORDERED), job_of("d", Lane.IDLE)]
    for job in jobs:
        queue.add(job)

    listed = queue.jobs

    assert listed == drained(queue) == [jobs[1], jobs[2], jobs[0], jobs[3]]


def test_thirty_sessions_that_move_all_the_time_are_served_in_turn(queue):
    served, names = [], [f"tab {n}" for n in range(30)]
    for name in islice(cycle(names), 3 * 30):  # three moves of each, before anything is done
        queue.add(job_of(name))
    for name in islice(cycle(names), 10 * 30):
        served.append(queue.take().session)
        for _ in range(2):
            queue.add(job_of(name))

    assert served[:30] == names
    assert all(served.count(name) >= 9 for name in names)


def test_a_session_that_never_rests_starves_nobody(queue):
    served = []
    for n in range(20):
        queue.add(job_of(f"calm {n}"))
        for _ in range(5):
            queue.add(job_of("restless"))
        served += [queue.take().session for _ in range(2 if n else 1)]
    served += [job.session for job in drained(queue)]

    calm = [name for name in served if name != "restless"]
    assert calm == [f"calm {n}" for n in range(20)]
    assert served.count("restless") <= 20


def test_only_the_latest_of_a_session_waits(queue):
    jobs = [job_of("a") for _ in range(5)]
    for job in jobs:
        queue.add(job)

    assert drained(queue) == jobs[-1:]
    assert {job.state for job in jobs[:-1]} == {JobState.SUPERSEDED}


def test_a_request_that_passes_is_another_sessions_and_may_be_dropped_by_a_newer(queue):
    opening, mine, theirs = job_of("b", Lane.ORDERED), job_of("a"), job_of("b")
    for job in (job_of("c", Lane.IDLE), opening, mine, theirs):
        queue.add(job)

    assert queue.take_request(but_of="a") is theirs
    assert queue.take_request(but_of="a") is None


def test_work_that_waits_is_found_by_its_identity(queue):
    job = job_of("a", identity="run 1")
    queue.add(job_of("a", topic="other"))
    queue.add(job)

    assert queue.task_of("run 1") is job.task
    assert queue.task_of("run 2") is None


def test_a_stopped_job_is_not_served(queue):
    gone, stays = job_of("a"), job_of("b")
    for job in (gone, stays):
        queue.add(job)

    gone.cancel()

    assert drained(queue) == [stays]
