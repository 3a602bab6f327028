from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from app.session.session import Session
from app.widgets import work_line
from app.work.jobs import Lane
from app.work.worker import Worker

LONG = 60


def _page(session) -> None:
    from app.widgets.work_line import work_line

    session.visit("TALL masks")
    work_line(session)


@pytest.fixture
def worker():
    one = Worker()
    yield one
    one.stop(LONG)


@pytest.fixture
def session(worker, benches):
    return Session(worker, benches, device="cpu")


@pytest.fixture
def tab(session):
    return AppTest.from_function(_page, default_timeout=LONG, args=(session,))


@pytest.fixture
def go():
    event = Event()
    yield event
    event.set()


def holding(worker, key, go):
    started = Event()

    def work(context):
        started.set()
        context.report(0.4, "1 of 3 measured", seconds_left=300.0)
        while not go.wait(0.001):
            context.check()

    job = worker.submit(key, work, label="Measuring <3> merges", lane=Lane.IDLE)
    assert started.wait(LONG)
    return job


def line(page):
    (element,) = page.sidebar.get("html")
    return element.proto.body.replace("\xa0", " ")


def test_line_says_that_nothing_runs(tab):
    page = tab.run()

    assert "Nothing is being computed" in line(page)
    assert not page.button


def test_own_work_is_named_and_can_be_stopped(tab, worker, session, go):
    page = tab.run()
    job = holding(worker, session.key, go)

    page.run()

    assert "TALL masks: measuring &lt;3&gt; merges" in line(page)
    assert "1 of 3 measured · about 5 min left" in line(page)
    page.button("work_line.stop").click().run()
    assert job.wait(LONG)
    assert "Nothing is being computed" in line(page.run())


def test_work_of_another_tab_is_seen_and_not_stopped(tab, worker, go):
    holding(worker, "another tab", go)

    page = tab.run()

    assert "another tab · at work" in line(page)
    assert "1 of 3 measured · about 5 min left" in line(page)
    assert not page.button


@pytest.mark.parametrize("has_stop", [True, False])
def test_stop_button_does_not_outlive_the_work(session, monkeypatch, has_stop):
    runs = []
    monkeypatch.setattr("streamlit.rerun", lambda: runs.append("again"))

    work_line._line(session, has_stop=has_stop)

    assert runs == ["again"] * has_stop
