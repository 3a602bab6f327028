from threading import Event

import pytest

from app.bench.workbenches import Workbenches
from app.errors import ZooError
from app.session.session import Session
from app.work.jobs import Lane
from app.zoo.roots import Roots
from tests.zoo_on_disk import write_zoo

LONG = 60


@pytest.fixture
def session(worker, benches):
    return Session(worker, benches, device="cpu")


def enter(session, folder):
    session.open(folder)
    assert session.opening.wait(LONG)
    assert session.collect()


def test_visit_begins_with_nothing_open(session):
    assert (session.lab, session.folder, session.opening, session.notice) == (None, None, None, None)
    assert not session.collect()


def test_opened_zoo_gets_a_lab(session, zoo):
    enter(session, zoo)

    assert session.lab.bench.tasks == ("shallow", "deep", "everywhere")
    assert session.folder == zoo
    assert (session.opening, session.notice) == (None, None)


def test_zoo_that_cannot_be_opened_states_why_and_the_present_one_stays(session, zoo, tmp_path):
    enter(session, zoo)
    lab = session.lab

    enter(session, tmp_path / "nowhere")

    assert session.lab is lab
    assert session.folder == zoo
    assert "has no zoo.toml" in session.notice
    enter(session, zoo)
    assert session.notice is None


def test_zoo_elsewhere_is_not_opened_however_it_is_asked_for(worker, store, zoo, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(zoo)
    session = Session(worker, Workbenches(store, served=Roots.of([tmp_path])), device="cpu")

    enter(session, link)

    assert session.lab is None
    assert "lies outside the folders in which this server opens zoos" in session.notice
    with pytest.raises(ZooError, match="lies outside"):
        session.zoo_file(link)


def test_notice_given_while_a_zoo_opened_is_still_there_when_it_stands(session, zoo):
    session.open(zoo)
    session.notice = "The link's zoo is another."
    assert session.opening.wait(LONG)
    session.collect()

    assert session.lab is not None
    assert session.notice == "The link's zoo is another."


def test_zoo_asked_for_last_is_the_one_that_opens(session, worker, zoo, tmp_path):
    other, go = write_zoo(tmp_path / "other", tasks=["deep"]), Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)

    session.open(zoo)
    first = session.opening
    session.open(other)
    go.set()
    assert session.opening.wait(LONG)
    session.collect()

    assert first.result is None
    assert session.folder == other
    assert session.lab.bench.tasks == ("deep",)


def test_new_zoo_stops_what_the_old_lab_asked_for(session, worker, zoo, tmp_path):
    enter(session, zoo)
    old, go = session.lab, Event()
    session.open(write_zoo(tmp_path / "other", tasks=["deep"]))
    assert session.opening.wait(LONG)
    holding = worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    old.measure()

    session.collect()

    assert not old.measuring.job.is_active
    go.set()
    assert holding.wait(LONG)


def test_zoos_opened_are_remembered_latest_first(session, zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=["deep"])
    for folder in (zoo, other, zoo, tmp_path / "nowhere"):
        enter(session, folder)

    assert session.recent() == [zoo, other]


def test_next_tab_sees_the_zoos_of_this_one(session, worker, benches, zoo):
    enter(session, zoo)

    assert Session(worker, benches, device="cpu").recent() == [zoo]


def test_others_who_reach_the_app_do_not_see_what_was_opened_in_it(session, worker, benches, zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=["deep"])
    enter(session, zoo)

    first, second = (Session(worker, benches, device="cpu", is_shared=True) for _ in range(2))
    enter(first, other)

    assert first.recent() == [other]
    assert second.recent() == []
    assert session.recent() == [zoo]


def test_zoos_that_may_not_be_opened_here_are_not_offered(worker, store, zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=["deep"])
    store.remember("recent zoos", [str(zoo), str(other), "a\0b"])

    here = Workbenches(store, served=Roots.of([other]))

    assert Session(worker, here, device="cpu").recent() == [other]


@pytest.mark.parametrize("kept", [3, {"zoo": 1}, "/zoo", [None, 3, ["/zoo"]]])
def test_list_of_zoos_that_is_none_counts_as_empty(session, store, kept):
    store.remember("recent zoos", kept)

    assert session.recent() == []


def test_two_tabs_on_one_zoo_share_its_memory(worker, benches, zoo):
    mine, theirs = (Session(worker, benches, device="cpu") for _ in range(2))
    for session in (mine, theirs):
        enter(session, zoo)

    assert mine.lab.bench is theirs.lab.bench
    assert mine.key != theirs.key


def test_closed_tab_computes_nothing_more(session, worker, zoo):
    enter(session, zoo)
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    session.lab.measure()
    job = session.lab.measuring.job

    session.leave()
    go.set()

    assert job.wait(LONG)
    assert job.result is None


def test_results_outlive_the_tab(session, worker, benches, zoo):
    enter(session, zoo)
    session.lab.measure()
    assert session.lab.measuring.job.wait(LONG)
    session.leave()

    again = Session(worker, Workbenches(benches.store), device="cpu")
    enter(again, zoo)
    again.lab.measure()

    assert again.lab.results.shown.from_history
    assert again.lab.awaited == ()
