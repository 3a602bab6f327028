from threading import Event, Thread

import pytest

from analysis.errors import AnalysisError
from app.work.request import Asking
from app.work.worker import Worker

LONG = 20


@pytest.fixture
def worker():
    one = Worker()
    yield one
    one.stop(LONG)


@pytest.fixture
def asking(worker):
    return Asking(worker, "tab", "topic")


def settled(asking):
    assert asking.job is None or asking.job.wait(LONG)
    asking.collect()
    return asking


def test_the_value_of_the_latest_settings_arrives(asking):
    asking.want(1, lambda _: "one", label="counting")
    before = asking.value
    settled(asking)

    assert before is None
    assert (asking.value, asking.shown, asking.is_current) == ("one", 1, True)


def test_the_same_settings_are_computed_once(asking):
    calls = []
    for _ in range(3):
        asking.want(1, calls.append, label="counting")
        settled(asking)

    assert len(calls) == 1


def test_the_old_value_stays_until_the_new_one_is_there(asking):
    asking.want(1, lambda _: "one", label="counting")
    settled(asking)
    go = Event()
    asking.want(2, lambda _: (go.wait(LONG), "two")[1], label="counting")
    meanwhile = (asking.value, asking.is_current)
    go.set()
    settled(asking)

    assert meanwhile == ("one", False)
    assert (asking.value, asking.is_current) == ("two", True)


def test_what_is_known_needs_no_worker(asking):
    asking.want(1, lambda _: "computed", label="counting", known=lambda: "known")

    assert (asking.value, asking.is_current, asking.job) == ("known", True, None)


def test_a_value_that_comes_late_is_not_taken_for_the_settings_of_now(asking):
    go = Event()
    asking.want(1, lambda _: (go.wait(LONG), "one")[1], label="counting")
    asking.want(2, lambda _: "two", label="counting", known=lambda: "two")
    go.set()
    settled(asking)

    assert (asking.value, asking.shown) == ("two", 2)


def test_runs_that_overlap_never_show_a_value_under_the_settings_of_the_other(asking):
    inside, other_asked = Event(), Event()

    def slow_look_up():
        inside.set()
        other_asked.wait(0.2)  # the other run waits for this one, or slips in between

    first = Thread(target=asking.want, args=(1, lambda _: "one"), kwargs={"label": "", "known": slow_look_up})
    first.start()
    assert inside.wait(LONG)
    asking.want(2, lambda _: "two", label="counting")
    other_asked.set()
    first.join(LONG)
    settled(asking)

    assert (asking.value, asking.shown, asking.wanted) == ("two", 2, 2)


def test_a_failure_is_told_and_asked_again_only_on_demand(asking):
    calls = []

    def fails(_):
        calls.append(1)
        raise AnalysisError("No weights.")

    for _ in range(2):
        asking.want(1, fails, label="counting")
        settled(asking)
    told = (asking.notice, asking.is_stopped)
    asking.again()
    asking.want(1, lambda _: "one", label="counting")
    settled(asking)

    assert (calls, told) == ([1], ("No weights.", True))
    assert (asking.value, asking.notice, asking.is_stopped) == ("one", None, False)


def test_a_stopped_request_stays_stopped(asking):
    started = Event()

    def work(context):
        started.set()
        while True:
            context.check()

    asking.want(1, work, label="counting")
    assert started.wait(LONG)
    asking.stop()
    settled(asking)
    asking.want(1, work, label="counting")

    assert (asking.is_stopped, asking.is_waiting, asking.notice) == (True, False, None)


def test_two_topics_of_a_tab_do_not_replace_each_other(worker):
    one, two = Asking(worker, "tab", "one"), Asking(worker, "tab", "two")
    go = Event()
    one.want(1, lambda _: (go.wait(LONG), "one")[1], label="counting")
    two.want(1, lambda _: "two", label="counting")
    go.set()

    assert (settled(one).value, settled(two).value) == ("one", "two")
