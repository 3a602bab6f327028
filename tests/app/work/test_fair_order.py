from collections import Counter

import pytest

from app.work.fair_order import IN_FRONT, IN_VIEW, FairOrder
from app.work.jobs import Job, Lane, Task


def filling(session, topic="cells", view=""):
    job = Job(session=session, label=topic, lane=Lane.IDLE, topic=topic, view=view)
    Task(lambda _: None).join(job)
    return job


@pytest.fixture
def order():
    return FairOrder()


def served(order, turns):
    """Who is served, if everybody goes on for ever."""
    log = []
    for _ in range(turns):
        job = order.take()
        log.append((job.session, job.topic))
        order.charge(job)
        order.put_back(job, had_turn=True)
    return log


def sessions(log):
    return [session for session, _ in log]


def test_sessions_take_turns_one_cell_each(order):
    for session in "abc":
        order.add(filling(session))

    assert sessions(served(order, 6)) == list("abcabc")


def test_a_session_with_many_fillings_has_no_more_turns_than_one_with_one(order):
    for topic in range(5):
        order.add(filling("a", f"page {topic}"))
    order.add(filling("b"))

    log = served(order, 20)

    assert Counter(sessions(log)) == {"a": 10, "b": 10}
    assert Counter(topic for session, topic in log if session == "a") == {f"page {n}": 2 for n in range(5)}


@pytest.mark.parametrize("session", ["a", "b"])
def test_a_filling_started_second_has_its_first_cell_next_however_long_the_first_has_run(order, session):
    order.add(filling("a", "first"))
    served(order, 100)

    order.add(filling(session, "second"))

    assert served(order, 2) == [(session, "second"), ("a", "first")]


def test_one_that_came_late_does_not_catch_up_what_others_had_before(order):
    order.add(filling("a"))
    served(order, 100)
    order.add(filling("b"))

    assert Counter(sessions(served(order, 20))) == {"a": 10, "b": 10}


def test_who_starts_again_and_again_has_no_more_turns_than_others(order):
    order.add(filling("calm"))
    log = []
    for _ in range(20):
        hasty = filling("hasty")
        order.add(hasty)
        log += sessions(served(order, 1))
        hasty.cancel()
        order.drop_ended()

    assert Counter(log) == {"calm": 10, "hasty": 10}


def test_the_page_in_view_comes_before_one_left_behind_which_is_not_starved(order):
    order.attend("a", "LiNeS")
    order.add(filling("a", "masks", view="TALL masks"))
    order.add(filling("a", "lines", view="LiNeS"))

    log = [topic for _, topic in served(order, 10 * (IN_VIEW + 1))]

    assert Counter(log) == {"lines": 10 * IN_VIEW, "masks": 10}


def test_a_page_left_behind_counts_less_against_the_page_another_tab_looks_at(order):
    order.attend("a", "Library")
    order.add(filling("a", view="TALL masks"))
    order.add(filling("b"))
    order.attend("c")

    assert Counter(sessions(served(order, 10 * (IN_VIEW + 1)))) == {"b": 10 * IN_VIEW, "a": 10}


def test_the_tab_used_last_comes_before_others(order):
    for session in "abc":
        order.add(filling(session))
    order.attend("b")

    assert Counter(sessions(served(order, 10 * (IN_FRONT + 2)))) == {"a": 10, "b": 10 * IN_FRONT, "c": 10}


def test_one_that_was_pre_empted_comes_before_its_equals_and_is_not_charged(order):
    order.add(filling("a"))
    order.add(filling("b"))
    pre_empted = order.take()

    order.put_back(pre_empted, had_turn=False)

    assert sessions(served(order, 4)) == list("abab")


def test_thirty_sessions_are_all_served_once_before_anyone_is_served_twice(order):
    names = [f"tab {n}" for n in range(30)]
    for name in names:
        order.add(filling(name))

    log = sessions(served(order, 60))

    assert log == names * 2


def test_a_class_of_thirty_is_not_held_up_by_a_page_of_272_merges(order):
    order.attend("long", "TALL masks")
    order.add(filling("long", view="TALL masks"))
    served(order, 100)
    names = [f"tab {n}" for n in range(30)]
    for name in names:
        order.attend(name, "Merge lab")
        order.add(filling(name, "strip", view="Merge lab"))

    log = sessions(served(order, 32))

    assert set(log) == {*names, "long"}


def test_a_stopped_filling_and_a_closed_tab_have_no_more_turns(order):
    stopped = filling("b")
    for job in (filling("a"), stopped, filling("c")):
        order.add(job)

    stopped.cancel()
    order.drop_ended()
    order.forget("a")

    assert sessions(served(order, 2)) == ["c", "c"]


def test_a_turn_that_ends_after_its_tab_was_closed_is_of_no_account(order):
    order.add(filling("a"))
    job = order.take()

    order.forget("a")
    order.charge(job)

    assert order.take() is None
