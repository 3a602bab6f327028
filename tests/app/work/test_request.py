from threading import Event, Thread

import pytest

from analysis.errors import AnalysisError
from app.work.measurement import Measurement
from app.work.request import Request

LONG = 20


@pytest.fixture
def asked(worker):
    return Request(worker, "tab", "topic")


def settled(asked):
    assert asked.job is None or asked.job.wait(LONG)
    asked.collect()
    return asked


def test_the_value_of_the_latest_settings_arrives(asked):
    asked.want(Measurement(1, lambda _: "one"), label="counting")
    before = asked.answer.value
    settled(asked)

    assert before is None
    assert asked.answer == ("one", 1, True)


def test_the_same_settings_are_computed_once(asked):
    calls = []
    for _ in range(3):
        asked.want(Measurement(1, calls.append), label="counting")
        settled(asked)

    assert len(calls) == 1


def test_the_old_value_stays_until_the_new_one_is_there(asked):
    asked.want(Measurement(1, lambda _: "one"), label="counting")
    settled(asked)
    go = Event()
    asked.want(Measurement(2, lambda _: (go.wait(LONG), "two")[1]), label="counting")
    meanwhile = (asked.answer.value, asked.answer.is_current)
    go.set()
    settled(asked)

    assert meanwhile == ("one", False)
    assert (asked.answer.value, asked.answer.is_current) == ("two", True)


def test_what_is_known_needs_no_worker(asked):
    asked.want(Measurement(1, lambda _: "computed", lambda: "known"), label="counting")

    assert (asked.answer, asked.job) == (("known", 1, True), None)


def test_a_value_that_comes_late_is_not_taken_for_the_settings_of_now(asked):
    go = Event()
    asked.want(Measurement(1, lambda _: (go.wait(LONG), "one")[1]), label="counting")
    asked.want(Measurement(2, lambda _: "two", lambda: "two"), label="counting")
    go.set()
    settled(asked)

    assert (asked.answer.value, asked.answer.settings) == ("two", 2)


def test_runs_that_overlap_never_show_a_value_under_the_settings_of_the_other(asked):
    inside, other_asked = Event(), Event()

    def slow_look_up():
        inside.set()
        other_asked.wait(0.2)  # the other run waits for this one, or slips in between

    first = Thread(
        target=asked.want, args=(Measurement(1, lambda _: "one", slow_look_up),), kwargs={"label": ""}
    )
    first.start()
    assert inside.wait(LONG)
    asked.want(Measurement(2, lambda _: "two"), label="counting")
    other_asked.set()
    first.join(LONG)
    settled(asked)

    assert (asked.answer.value, asked.answer.settings, asked.wanted) == ("two", 2, 2)


def test_a_failure_is_reported_and_asked_again_only_on_demand(asked):
    calls = []

    def fails(_):
        calls.append(1)
        raise AnalysisError("No weights.")

    for _ in range(2):
        asked.want(Measurement(1, fails), label="counting")
        settled(asked)
    reported = (asked.notice, asked.is_stopped)
    asked.again()
    asked.want(Measurement(1, lambda _: "one"), label="counting")
    settled(asked)

    assert (calls, reported) == ([1], ("No weights.", True))
    assert (asked.answer.value, asked.notice, asked.is_stopped) == ("one", None, False)


def test_a_stopped_request_stays_stopped(asked):
    started = Event()

    def work(context):
        started.set()
        while True:
            context.check()

    asked.want(Measurement(1, work), label="counting")
    assert started.wait(LONG)
    asked.stop()
    settled(asked)
    asked.want(Measurement(1, work), label="counting")

    assert (asked.is_stopped, asked.is_waiting, asked.notice) == (True, False, None)


def test_two_topics_of_a_tab_do_not_replace_each_other(worker):
    one, two = Request(worker, "tab", "one"), Request(worker, "tab", "two")
    go = Event()
    one.want(Measurement(1, lambda _: (go.wait(LONG), "one")[1]), label="counting")
    two.want(Measurement(1, lambda _: "two"), label="counting")
    go.set()

    assert (settled(one).answer.value, settled(two).answer.value) == ("one", "two")


def test_two_tabs_that_want_one_value_share_the_work(worker):
    one, two = Request(worker, "one", "lab"), Request(worker, "two", "lab")
    started, go, calls = Event(), Event(), []

    def work(context):
        calls.append(1)
        context.emit("digits")
        started.set()
        go.wait(LONG)
        return "run"

    for request in (one, two):
        request.want(Measurement(1, work, identity="run 1"), label="merging")
        assert started.wait(LONG)
    seen = two.job.emitted
    one.stop()
    go.set()

    assert settled(two).answer.value == "run"
    assert (settled(one).is_stopped, seen, calls) == (True, ("digits",), [1])


def test_asking_again_for_what_is_under_way_does_not_begin_again(asked):
    started, go, calls = Event(), Event(), []

    def work(context):
        calls.append(1)
        started.set()
        while not go.wait(0.001):
            context.check()
        return "run"

    one = Measurement(1, work, identity="run 1")
    asked.want(one, label="merging")
    assert started.wait(LONG)
    asked.want_again(one, label="merging")
    go.set()

    assert (settled(asked).answer.value, calls) == ("run", [1])


def test_work_that_is_shared_with_nobody_is_done_once_when_it_is_asked_for_twice(asked):
    started, go, calls = Event(), Event(), []

    def save(_):
        calls.append(1)
        started.set()
        assert go.wait(LONG)
        return "saved"

    one = Measurement(1, save)
    asked.want_again(one, label="saving")
    assert started.wait(LONG)
    asked.want_again(one, label="saving")
    go.set()

    assert (settled(asked).answer.value, calls, asked.notice) == ("saved", [1], None)


def test_work_that_was_stopped_is_done_when_it_is_asked_for_again(asked):
    started, go, calls = Event(), Event(), []

    def save(context):
        calls.append(1)
        started.set()
        assert go.wait(LONG)
        context.check()
        return "saved"

    asked.want_again(Measurement(1, save), label="saving")
    assert started.wait(LONG)
    asked.stop()
    asked.want_again(Measurement(1, save), label="saving")
    go.set()

    assert (settled(asked).answer.value, len(calls)) == ("saved", 2)
