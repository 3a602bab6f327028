import gc
import logging
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread

import pytest

from analysis.errors import ParameterRangeError
from app.errors import USER_ERRORS
from app.work.jobs import JobCancelled, JobContext, JobState, Lane, Progress, Turn
from app.work.worker import Worker
from cache.errors import StoreError

PATIENCE = 20.0


class Held:
    def __init__(self, value=None, *, looks_up=True):
        self.value = value
        self.looks_up = looks_up
        self.runs = 0
        self.started = Event()
        self.let_go = Event()

    def __call__(self, context):
        self.runs += 1
        self.started.set()
        while not self.let_go.wait(0.001):
            if self.looks_up:
                context.check()
        return self.value

    def has_started(self):
        return self.started.wait(PATIENCE)


@pytest.fixture
def busy(worker):
    held = Held()
    worker.submit("somebody else", held, label="busy", lane=Lane.ORDERED)
    assert held.has_started()
    yield held
    held.let_go.set()


def noting(log, name):
    return lambda context: log.append(name)


def test_result_of_the_work_reaches_the_handle(worker):
    job = worker.submit("a", lambda context: 6 * 7, label="merge")

    assert job.wait(PATIENCE)
    assert (job.state, job.result, job.error) == (JobState.DONE, 42, None)


def test_ten_changes_during_one_merge_run_at_most_two_merges_and_the_last_value_wins(worker):
    merged = []
    first = Held()
    jobs = [worker.submit("a", first, label="change 0")]
    assert first.has_started()

    def merge(value):
        merged.append(value)
        return value

    for value in range(1, 11):
        jobs.append(worker.submit("a", lambda context, value=value: merge(value), label="change"))

    assert jobs[-1].wait(PATIENCE)
    assert merged == [10]
    assert jobs[-1].result == 10
    assert {job.state for job in jobs[:-1]} == {JobState.SUPERSEDED}


def test_sessions_neither_replace_nor_stop_each_other(worker):
    held = Held("a's")
    a = worker.submit("a", held, label="merge")
    assert held.has_started()

    b = worker.submit("b", lambda context: "b's", label="merge")
    held.let_go.set()

    assert a.wait(PATIENCE)
    assert b.wait(PATIENCE)
    assert (a.result, b.result) == ("a's", "b's")


def test_a_storm_of_two_sessions_never_runs_two_jobs_at_once_and_ends_with_each_ones_last_value(worker):
    inside = []
    overlaps = []

    def work(context, value):
        inside.append(value)
        overlaps.append(len(inside))
        try:
            for _ in range(50):
                context.check()
                time.sleep(0)
        finally:
            inside.remove(value)
        return value

    def drag(session):
        return [
            worker.submit(session, lambda context, v=(session, n): work(context, v), label="drag")
            for n in range(40)
        ]

    with ThreadPoolExecutor(2) as pages:
        a, b = pages.map(drag, ["a", "b"])

    assert a[-1].wait(PATIENCE)
    assert b[-1].wait(PATIENCE)
    assert (a[-1].result, b[-1].result) == (("a", 39), ("b", 39))
    assert set(overlaps) == {1}
    assert not any(job.is_active for job in a + b)


def test_whoever_waited_longest_goes_first_and_moving_on_keeps_the_place(worker, busy):
    log = []
    worker.submit("a", noting(log, "a's first"), label="merge")
    b = worker.submit("b", noting(log, "b"), label="merge")
    worker.submit("a", noting(log, "a's second"), label="merge")

    busy.let_go.set()

    assert b.wait(PATIENCE)
    assert log == ["a's second", "b"]


def test_a_running_job_stops_within_300_ms_of_cancel(worker):
    held = Held()
    job = worker.submit("a", held, label="merge")
    assert held.has_started()

    job.cancel()

    assert job.wait(0.3)
    assert (job.state, job.result) == (JobState.CANCELLED, None)


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(worker, busy):
    work = Held()
    job = worker.submit("a", work, label="merge")

    job.cancel()

    assert job.state is JobState.CANCELLED
    busy.let_go.set()
    assert worker.submit("a", lambda context: None, label="next").wait(PATIENCE)
    assert work.runs == 0


def test_a_call_that_cannot_be_interrupted_shows_stopping_and_its_result_is_dropped(worker):
    held = Held("too late", looks_up=False)
    job = worker.submit("a", held, label="merge")
    assert held.has_started()

    job.cancel()

    assert (job.state, job.is_active) == (JobState.STOPPING, True)
    held.let_go.set()
    assert job.wait(PATIENCE)
    assert (job.state, job.result) == (JobState.CANCELLED, None)


def test_an_error_after_cancel_is_dropped_with_the_job(worker):
    started, go = Event(), Event()

    def work(context):
        started.set()
        go.wait(PATIENCE)
        raise StoreError("The file is gone.")

    job = worker.submit("a", work, label="merge")
    assert started.wait(PATIENCE)
    job.cancel()
    go.set()

    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (JobState.CANCELLED, None)


def test_cancel_of_a_finished_job_changes_nothing(worker):
    job = worker.submit("a", lambda context: 1, label="merge")
    assert job.wait(PATIENCE)

    job.cancel()

    assert (job.state, job.result) == (JobState.DONE, 1)


class ZooMissingError(Exception):
    pass


@pytest.mark.parametrize(
    "error",
    [
        ParameterRangeError("TIES-Merging: density is 20; it must lie in [0, 1]."),
        StoreError("The store is locked by another process; close it to keep history."),
        ZooMissingError("The folder 'zoo' holds no zoo.toml; choose another."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_users_mistake_reaches_the_page_in_its_own_words_and_not_the_log(error, caplog):
    def work(context):
        raise error

    worker = Worker(user_errors=(*USER_ERRORS, ZooMissingError))
    job = worker.submit("a", work, label="merge")

    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (JobState.FAILED, str(error))
    assert caplog.records == []
    worker.stop(PATIENCE)


def test_an_unforeseen_error_costs_one_job_and_leaves_its_traceback_in_the_log(worker, caplog):
    def work(context):
        raise RuntimeError("shapes differ.\nCall stack: secret details")

    with caplog.at_level(logging.ERROR):
        job = worker.submit("a", work, label="merge")
        assert job.wait(PATIENCE)

    assert job.state is JobState.FAILED
    assert job.error == (
        "Unexpected RuntimeError: shapes differ. The details are in the log; the next job runs normally."
    )
    assert "secret details" in caplog.text
    next_job = worker.submit("a", lambda context: "alive", label="next")
    assert next_job.wait(PATIENCE)
    assert next_job.result == "alive"


def test_an_error_of_the_system_states_which_file_it_is_about(worker):
    def work(context):
        raise PermissionError(13, "Permission denied", "/models/\x1b[31ma.pt")

    job = worker.submit("a", work, label="merge")

    assert job.wait(PATIENCE)
    assert job.error == r"'/models/\u001b[31ma.pt' cannot be used: Permission denied."


def test_an_unforeseen_error_without_words_is_named(worker):
    def work(context):
        raise KeyError

    job = worker.submit("a", work, label="merge")

    assert job.wait(PATIENCE)
    assert job.error == "Unexpected KeyError. The details are in the log; the next job runs normally."


def test_a_worker_is_prepared_once_on_the_thread_of_its_jobs():
    prepared = []
    worker = Worker(user_errors=USER_ERRORS, prepare=lambda: prepared.append(current_thread()))
    ran = []

    for _ in range(2):
        work = worker.submit(
            "session", lambda _: ran.append(current_thread()), label="work", lane=Lane.ORDERED
        )
        assert work.wait(PATIENCE)
    worker.stop(PATIENCE)

    assert ran == prepared * 2


def test_a_preparation_that_fails_costs_the_first_job_and_not_the_worker():
    def prepare():
        raise ParameterRangeError("There are too many threads.")

    worker = Worker(user_errors=USER_ERRORS, prepare=prepare)
    first, second = (worker.submit("session", lambda _: 5, label="work", lane=Lane.ORDERED) for _ in range(2))

    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    worker.stop(PATIENCE)
    assert (first.state, first.error) == (JobState.FAILED, "There are too many threads.")
    assert (second.state, second.result) == (JobState.DONE, 5)


def test_partial_results_and_progress_can_be_read_while_the_work_runs(worker):
    emitted, held = Event(), Held("mean")

    def work(context):
        context.emit("digits 0.9")
        context.emit("shapes 0.8")
        context.report(0.25, "2 of 8 tasks")
        emitted.set()
        return held(context)

    job = worker.submit("a", work, label="evaluate")
    assert job.progress == Progress(None, "")
    assert emitted.wait(PATIENCE)

    assert (job.state, job.result) == (JobState.RUNNING, None)
    assert job.emitted == ("digits 0.9", "shapes 0.8")
    assert job.progress == Progress(0.25, "2 of 8 tasks")
    held.let_go.set()
    assert job.wait(PATIENCE)
    assert job.emitted == ("digits 0.9", "shapes 0.8")


def test_an_idle_job_is_pre_empted_by_any_session_and_resumes_from_its_memo(worker):
    memo, half_way, go_on = {}, Event(), Event()

    def strip(context):
        for step in range(4):
            if step not in memo:
                if step == 2:
                    half_way.set()
                    while not go_on.wait(0.001):
                        context.check()
                memo[step] = step * 10
            context.emit(memo[step])
        return len(memo)

    idle = worker.submit("a", strip, label="strip", lane=Lane.IDLE)
    assert half_way.wait(PATIENCE)

    move = worker.submit("b", lambda context: (idle.state, idle.emitted), label="move")

    assert move.wait(PATIENCE)
    assert move.result == (JobState.QUEUED, (0, 10))
    go_on.set()
    assert idle.wait(PATIENCE)
    assert (idle.state, idle.result, idle.emitted) == (JobState.DONE, 4, (0, 10, 20, 30))


def test_an_idle_job_that_finishes_while_it_is_pre_empted_is_done(worker):
    held = Held("strip", looks_up=False)
    idle = worker.submit("a", held, label="strip", lane=Lane.IDLE)
    assert held.has_started()

    worker.submit("a", lambda context: None, label="move")
    held.let_go.set()

    assert idle.wait(PATIENCE)
    assert (idle.state, idle.result, held.runs) == (JobState.DONE, "strip", 1)


def test_idle_jobs_wait_until_nothing_else_does(worker, busy):
    log = []
    idle = worker.submit("a", noting(log, "strip"), label="strip", lane=Lane.IDLE)
    worker.submit("b", noting(log, "move"), label="move")
    worker.submit("b", noting(log, "save"), label="save", lane=Lane.ORDERED)

    busy.let_go.set()

    assert idle.wait(PATIENCE)
    assert log == ["move", "save", "strip"]


def test_a_pre_empted_idle_job_comes_before_later_idle_jobs(worker):
    held, log = Held(), []
    first = worker.submit("a", held, label="strip", lane=Lane.IDLE)
    assert held.has_started()
    second = worker.submit("b", lambda context: log.append(first.state), label="strip", lane=Lane.IDLE)

    worker.submit("c", lambda context: held.let_go.set(), label="move")

    assert second.wait(PATIENCE)
    assert log == [JobState.DONE]


@pytest.mark.parametrize("is_running", [True, False])
def test_a_new_idle_job_replaces_the_old_one_of_its_session_only(worker, is_running):
    blocker, held = Held(), Held()
    if not is_running:
        worker.submit("c", blocker, label="busy")
        assert blocker.has_started()
    old = worker.submit("a", held, label="strip", lane=Lane.IDLE)
    assert not is_running or held.has_started()
    others = worker.submit("b", lambda context: "b's", label="strip", lane=Lane.IDLE)

    new = worker.submit("a", lambda context: "new", label="strip", lane=Lane.IDLE)
    blocker.let_go.set()

    assert new.wait(PATIENCE)
    assert others.wait(PATIENCE)
    assert (old.state, new.result, others.result) == (JobState.SUPERSEDED, "new", "b's")


def test_an_idle_job_is_not_pre_empted_by_another_sessions_idle_job(worker):
    held = Held("a's")
    first = worker.submit("a", held, label="strip", lane=Lane.IDLE)
    assert held.has_started()

    second = worker.submit("b", lambda context: "b's", label="strip", lane=Lane.IDLE)
    assert first.state is JobState.RUNNING
    held.let_go.set()

    assert second.wait(PATIENCE)
    assert (first.result, held.runs) == ("a's", 1)


def test_cancel_of_an_idle_job_that_is_pre_empted_wins(worker):
    held = Held(looks_up=False)
    idle = worker.submit("a", held, label="strip", lane=Lane.IDLE)
    assert held.has_started()

    move = worker.submit("a", lambda context: None, label="move")
    idle.cancel()
    held.let_go.set()

    assert move.wait(PATIENCE)
    assert (idle.state, held.runs) == (JobState.CANCELLED, 1)


def test_a_pre_empted_idle_job_that_fails_does_not_come_back(worker):
    held = Held(looks_up=False)

    def strip(context):
        held(context)
        raise StoreError("The disk is full.")

    idle = worker.submit("a", strip, label="strip", lane=Lane.IDLE)
    assert held.has_started()
    worker.submit("a", lambda context: None, label="move")
    held.let_go.set()

    assert idle.wait(PATIENCE)
    assert (idle.state, idle.error, held.runs) == (JobState.FAILED, "The disk is full.", 1)


def test_ordered_jobs_are_neither_dropped_nor_stopped_by_a_foreground_job(worker):
    held, log = Held("zoo"), []
    opening = worker.submit("a", held, label="open", lane=Lane.ORDERED)
    assert held.has_started()
    saves = [worker.submit("a", noting(log, n), label="save", lane=Lane.ORDERED) for n in range(3)]

    move = worker.submit("a", noting(log, "move"), label="move")
    assert opening.state is JobState.RUNNING
    held.let_go.set()

    assert move.wait(PATIENCE)
    assert (opening.result, log) == ("zoo", [0, 1, 2, "move"])
    assert {job.state for job in saves} == {JobState.DONE}


def test_an_ordered_job_does_not_stop_the_running_one(worker):
    held = Held("merged")
    merging = worker.submit("a", held, label="merge")
    assert held.has_started()

    saving = worker.submit("a", lambda context: "saved", label="save", lane=Lane.ORDERED)
    assert merging.state is JobState.RUNNING
    held.let_go.set()

    assert saving.wait(PATIENCE)
    assert (merging.result, saving.result) == ("merged", "saved")


def test_a_move_after_an_ordered_job_stays_behind_it_although_it_replaces_an_earlier_move(worker, busy):
    log = []
    worker.submit("a", noting(log, "old move"), label="move")
    worker.submit("a", noting(log, "open"), label="open", lane=Lane.ORDERED)
    new = worker.submit("a", noting(log, "new move"), label="move")

    busy.let_go.set()

    assert new.wait(PATIENCE)
    assert log == ["open", "new move"]


def test_forgetting_a_session_ends_all_its_jobs_and_no_one_elses(worker):
    held = Held()
    running = worker.submit("a", held, label="merge")
    assert held.has_started()
    save = worker.submit("a", Held(), label="save", lane=Lane.ORDERED)
    strip = worker.submit("a", Held(), label="strip", lane=Lane.IDLE)
    other = worker.submit("b", lambda context: "b's", label="merge")

    worker.forget("a")

    assert other.wait(PATIENCE)
    assert {job.state for job in (running, save, strip)} == {JobState.CANCELLED}
    assert (other.result, worker.queue()) == ("b's", ())


def test_queue_lists_the_running_job_then_the_waiting_in_order_of_service(worker, busy):
    worker.submit("a", Held(), label="strip", lane=Lane.IDLE)
    worker.submit("a", Held(), label="old merge")
    worker.submit("b", Held(), label="save", lane=Lane.ORDERED)
    worker.submit("a", Held(), label="merge")
    worker.submit("b", Held(), label="merge of b").cancel()

    assert [job.label for job in worker.queue()] == ["busy", "merge", "save", "strip"]


def test_waiting_for_a_job_gives_up_after_its_timeout(worker, busy):
    job = worker.submit("a", lambda context: None, label="merge")

    assert not job.wait(0.01)


def test_an_ended_job_lets_go_of_its_work(worker):
    class Weights:
        def __call__(self, context):
            return None

    weights = Weights()
    alive = weakref.ref(weights)
    job = worker.submit("a", weights, label="merge")
    assert job.wait(PATIENCE)

    del weights
    assert worker.submit("a", lambda context: None, label="next").wait(PATIENCE)
    gc.collect()
    assert alive() is None


def test_the_worker_keeps_no_result_alive(worker):
    class Result:
        pass

    job = worker.submit("a", lambda context: Result(), label="merge")
    assert job.wait(PATIENCE)
    alive = weakref.ref(job.result)

    del job
    give_up = time.monotonic() + PATIENCE
    while alive() is not None and time.monotonic() < give_up:
        time.sleep(0.001)
    assert alive() is None


def test_an_idle_job_that_gave_way_once_can_still_end_itself(worker):
    held = Held()

    def strip(context):
        held(context)
        raise JobCancelled

    idle = worker.submit("a", strip, label="strip", lane=Lane.IDLE)
    assert held.has_started()
    worker.submit("a", lambda context: held.let_go.set(), label="move")

    assert idle.wait(PATIENCE)
    assert (idle.state, held.runs) == (JobState.CANCELLED, 2)


def test_stop_cancels_every_job_and_refuses_new_ones():
    worker = Worker(user_errors=USER_ERRORS)
    held = Held()
    running = worker.submit("a", held, label="merge")
    waiting = worker.submit("b", Held(), label="merge")
    assert held.has_started()

    worker.stop(PATIENCE)

    assert {running.state, waiting.state} == {JobState.CANCELLED}
    with pytest.raises(RuntimeError, match="'late' came after the worker was stopped"):
        worker.submit("a", Held(), label="late")


def test_a_context_without_a_worker_runs_the_same_work():
    context = JobContext()

    context.check()
    context.emit(1)

    assert (context.emitted, context.cancelled) == ((1,), False)
    context.cancelled = True
    with pytest.raises(JobCancelled):
        context.check()


def test_jobs_on_different_topics_do_not_replace_each_other(worker, busy):
    one = worker.submit("a", lambda _: 1, label="norms", topic="norms")
    two = worker.submit("a", lambda _: 2, label="signs", topic="signs")
    latest = worker.submit("a", lambda _: 3, label="norms", topic="norms")
    busy.let_go.set()

    assert latest.wait(PATIENCE)
    assert two.wait(PATIENCE)
    assert (one.state, two.result, latest.result) == (JobState.SUPERSEDED, 2, 3)


def cells(log, name, n, *, before=lambda number: None):
    """Idle work that does one cell a turn."""
    left = list(range(n))

    def turn(context):
        before(left[0])
        context.check()
        log.append(f"{name}{left.pop(0)}")
        return Turn.OVER if left else "full"

    return turn


def test_fillings_take_turns_cell_by_cell(worker, busy):
    log = []
    jobs = [
        worker.submit(name, cells(log, name, 3), label=name, lane=Lane.IDLE, topic="cells") for name in "abc"
    ]
    worker.attend("nobody", "")
    busy.let_go.set()

    assert all(job.wait(PATIENCE) for job in jobs)
    assert log == ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]
    assert {job.result for job in jobs} == {"full"}


def test_a_filling_started_second_has_its_first_cell_within_two_of_the_first(worker):
    log, reached, go = [], Event(), Event()

    def before(number):
        if number == 100:
            reached.set()
            go.wait(PATIENCE)

    first = worker.submit("a", cells(log, "a", 272, before=before), label="a", lane=Lane.IDLE, topic="masks")
    assert reached.wait(PATIENCE)

    second = worker.submit("b", cells(log, "b", 3), label="b", lane=Lane.IDLE, topic="lines")
    go.set()

    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    assert log.index("b0") - log.index("a100") <= 2
    assert len(log) == 275


def test_a_request_comes_amid_a_cell_which_is_done_again_and_no_cell_is_lost(worker):
    log, inside = [], Event()

    def turn(context):
        log.append("begun")
        inside.set()
        while "move" not in log:
            context.check()
        log.append("done")

    filling = worker.submit("a", turn, label="cells", lane=Lane.IDLE)
    assert inside.wait(PATIENCE)

    worker.submit("b", noting(log, "move"), label="move")

    assert filling.wait(PATIENCE)
    assert log == ["begun", "move", "begun", "done"]


def test_progress_of_a_filling_stays_between_its_turns(worker, busy):
    seen = []

    def turn(context):
        seen.append(context.progress.note)
        context.report(0.5, f"{len(seen)} of 2")
        return Turn.OVER if len(seen) < 2 else ""

    filling = worker.submit("a", turn, label="cells", lane=Lane.IDLE)
    busy.let_go.set()

    assert filling.wait(PATIENCE)
    assert seen == ["", "1 of 2"]


def test_look_ups_wait_for_nothing_that_is_computed(worker, busy):
    found = worker.submit("a", lambda context: "known", label="looking up", lane=Lane.LOOK_UP, topic="cells")

    assert found.wait(PATIENCE)
    assert (found.result, busy.let_go.is_set()) == ("known", False)


def test_thirty_sessions_each_have_their_first_cell_before_anyone_has_a_second(worker, busy):
    log = []
    jobs = [
        worker.submit(f"tab {n}", cells(log, f"{n}:", 3), label="cells", lane=Lane.IDLE) for n in range(30)
    ]
    worker.attend("nobody", "")
    busy.let_go.set()

    assert all(job.wait(PATIENCE) for job in jobs)
    assert [cell.partition(":")[2] for cell in log] == ["0"] * 30 + ["1"] * 30 + ["2"] * 30


def test_two_who_want_the_same_share_one_run_and_its_partial_results(worker):
    held = Held("run")

    def work(context):
        context.emit("digits")
        return held(context)

    first = worker.submit("a", work, label="merge", identity="run 1")
    assert held.has_started()
    second = worker.submit("b", work, label="merge", identity="run 1")
    other = worker.submit("b", lambda context: "other", label="merge", topic="other", identity="run 2")
    meanwhile = (second.state, second.emitted)
    held.let_go.set()

    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    assert other.wait(PATIENCE)
    assert meanwhile == (JobState.RUNNING, ("digits",))
    assert (first.result, second.result, other.result, held.runs) == ("run", "run", "other", 1)


@pytest.mark.parametrize("leaves", ["cancel", "move", "close"])
def test_one_who_leaves_does_not_stop_what_another_still_wants(worker, leaves):
    held = Held("run")
    first = worker.submit("a", held, label="merge", identity="run 1")
    assert held.has_started()
    second = worker.submit("b", held, label="merge", identity="run 1")

    if leaves == "cancel":
        first.cancel()
    elif leaves == "move":
        worker.submit("a", lambda context: None, label="merge", identity="run 2")
    else:
        worker.forget("a")
    meanwhile = (first.is_active, second.state)
    held.let_go.set()

    assert second.wait(PATIENCE)
    assert meanwhile == (False, JobState.RUNNING)
    assert (first.result, second.result, held.runs) == (None, "run", 1)


def test_work_that_nobody_wants_any_more_is_stopped(worker):
    held = Held()
    jobs = [worker.submit(session, held, label="merge", identity="run 1") for session in "ab"]
    assert held.has_started()

    for job in jobs:
        job.cancel()

    assert all(job.wait(PATIENCE) for job in jobs)
    assert {job.state for job in jobs} == {JobState.CANCELLED}


def test_the_earliest_place_in_the_queue_counts_for_all_who_want_the_same(worker, busy):
    log = []
    worker.submit("a", noting(log, "shared"), label="merge", identity="run 1")
    worker.submit("b", noting(log, "b's"), label="merge")
    last = worker.submit("c", noting(log, "shared"), label="merge", identity="run 1")

    busy.let_go.set()

    assert last.wait(PATIENCE)
    assert worker.submit("d", lambda context: None, label="next").wait(PATIENCE)
    assert log == ["shared", "b's"]


def test_whoever_shared_a_place_keeps_its_own_when_the_other_leaves(worker, busy):
    log = []
    first = worker.submit("a", noting(log, "shared"), label="merge", identity="run 1")
    b = worker.submit("b", noting(log, "b's"), label="merge")
    last = worker.submit("c", noting(log, "shared"), label="merge", identity="run 1")

    first.cancel()
    busy.let_go.set()

    assert last.wait(PATIENCE)
    assert b.wait(PATIENCE)
    assert log == ["b's", "shared"]


def test_an_error_reaches_all_who_want_the_same(worker):
    started, go = Event(), Event()

    def work(context):
        started.set()
        go.wait(PATIENCE)
        raise StoreError("The disk is full.")

    first = worker.submit("a", work, label="merge", identity="run 1")
    assert started.wait(PATIENCE)
    second = worker.submit("b", work, label="merge", identity="run 1")
    go.set()

    assert first.wait(PATIENCE)
    assert second.wait(PATIENCE)
    assert (first.error, second.error) == ("The disk is full.", "The disk is full.")


def test_asking_again_for_what_runs_goes_on_with_it(worker):
    held = Held("run")
    old = worker.submit("a", held, label="merge", identity="run 1")
    assert held.has_started()

    new = worker.submit("a", held, label="merge", identity="run 1")
    held.let_go.set()

    assert new.wait(PATIENCE)
    assert (old.state, new.result, held.runs) == (JobState.SUPERSEDED, "run", 1)


def test_a_value_that_was_stopped_is_computed_for_whoever_asks_next(worker):
    held = Held("run", looks_up=False)
    old = worker.submit("a", held, label="merge", identity="run 1")
    assert held.has_started()
    old.cancel()

    new = worker.submit("b", held, label="merge", identity="run 1")
    held.let_go.set()

    assert new.wait(PATIENCE)
    assert (new.result, held.runs) == ("run", 2)


def test_requests_of_others_are_answered_between_the_pieces_of_a_long_job(worker):
    log, piece, asked = [], Event(), Event()

    def opening(context):
        log.append("first piece")
        piece.set()
        asked.wait(PATIENCE)
        context.let_others_pass()
        log.append("second piece")

    long = worker.submit("a", opening, label="opening", lane=Lane.ORDERED)
    assert piece.wait(PATIENCE)
    own = worker.submit("a", noting(log, "own move"), label="move")
    filling = worker.submit("c", noting(log, "cell"), label="cells", lane=Lane.IDLE)

    def look(context):
        log.append("move")
        return long.state

    move = worker.submit("b", look, label="move")
    asked.set()

    assert all(job.wait(PATIENCE) for job in (long, own, filling, move))
    assert log == ["first piece", "move", "second piece", "own move", "cell"]
    assert move.result is JobState.RUNNING


def test_a_request_that_fails_amid_a_long_job_costs_only_itself(worker):
    piece, asked = Event(), Event()

    def fails(context):
        raise StoreError("The disk is full.")

    def opening(context):
        piece.set()
        asked.wait(PATIENCE)
        context.let_others_pass()
        return "zoo"

    long = worker.submit("a", opening, label="opening", lane=Lane.ORDERED)
    assert piece.wait(PATIENCE)
    move = worker.submit("b", fails, label="move")
    asked.set()

    assert long.wait(PATIENCE)
    assert move.wait(PATIENCE)
    assert (long.result, move.error) == ("zoo", "The disk is full.")


def test_a_newer_move_stops_the_one_that_is_answered_amid_a_long_job(worker):
    piece, asked, held = Event(), Event(), Held()

    def opening(context):
        piece.set()
        asked.wait(PATIENCE)
        context.let_others_pass()

    worker.submit("a", opening, label="opening", lane=Lane.ORDERED)
    assert piece.wait(PATIENCE)
    old = worker.submit("b", held, label="move")
    asked.set()
    assert held.has_started()

    new = worker.submit("b", lambda context: "new", label="move")

    assert new.wait(PATIENCE)
    assert (old.state, new.result) == (JobState.SUPERSEDED, "new")
