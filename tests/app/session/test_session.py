from threading import Event

import pytest

from app.bench.workbenches import Workbenches
from app.errors import ZooError
from app.session.session import Visit
from app.work.jobs import Lane
from app.work.worker import Worker
from tests.zoo_on_disk import write_zoo

LONG = 60


@pytest.fixture
def worker():
    one = Worker(user_errors=(ZooError,))
    yield one
    one.stop(LONG)


@pytest.fixture
def visit(worker, benches):
    return Visit(worker, benches, device="cpu")


def enter(visit, folder):
    visit.open(folder)
    assert visit.opening.wait(LONG)
    assert visit.collect()


def test_visit_begins_with_nothing_open(visit):
    assert (visit.lab, visit.folder, visit.opening, visit.notice) == (None, None, None, None)
    assert not visit.collect()


def test_opened_zoo_gets_a_lab(visit, zoo):
    enter(visit, zoo)

    assert visit.lab.bench.tasks == ("shallow", "deep", "everywhere")
    assert visit.folder == zoo
    assert (visit.opening, visit.notice) == (None, None)


def test_zoo_that_cannot_be_opened_says_why_and_the_present_one_stays(visit, zoo, tmp_path):
    enter(visit, zoo)
    lab = visit.lab

    enter(visit, tmp_path / "nowhere")

    assert visit.lab is lab
    assert visit.folder == zoo
    assert "has no zoo.toml" in visit.notice
    enter(visit, zoo)
    assert visit.notice is None


def test_what_was_said_while_a_zoo_opened_is_still_there_when_it_stands(visit, zoo):
    visit.open(zoo)
    visit.notice = "The link's zoo is another."
    assert visit.opening.wait(LONG)
    visit.collect()

    assert visit.lab is not None
    assert visit.notice == "The link's zoo is another."


def test_zoo_asked_for_last_is_the_one_that_opens(visit, worker, zoo, tmp_path):
    other, go = write_zoo(tmp_path / "other", tasks=["deep"]), Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)

    visit.open(zoo)
    first = visit.opening
    visit.open(other)
    go.set()
    assert visit.opening.wait(LONG)
    visit.collect()

    assert first.result is None
    assert visit.folder == other
    assert visit.lab.bench.tasks == ("deep",)


def test_new_zoo_stops_what_the_old_lab_asked_for(visit, worker, zoo, tmp_path):
    enter(visit, zoo)
    old, go = visit.lab, Event()
    visit.open(write_zoo(tmp_path / "other", tasks=["deep"]))
    assert visit.opening.wait(LONG)
    holding = worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    old.measure()

    visit.collect()

    assert not old.measuring.job.is_active
    go.set()
    assert holding.wait(LONG)


def test_zoos_opened_are_remembered_latest_first(visit, zoo, tmp_path):
    other = write_zoo(tmp_path / "other", tasks=["deep"])
    for folder in (zoo, other, zoo, tmp_path / "nowhere"):
        enter(visit, folder)

    assert visit.recent() == [zoo, other]


def test_next_tab_sees_the_zoos_of_this_one(visit, worker, benches, zoo):
    enter(visit, zoo)

    assert Visit(worker, benches, device="cpu").recent() == [zoo]


def test_two_tabs_on_one_zoo_share_its_memory(worker, benches, zoo):
    mine, theirs = (Visit(worker, benches, device="cpu") for _ in range(2))
    for visit in (mine, theirs):
        enter(visit, zoo)

    assert mine.lab.bench is theirs.lab.bench
    assert mine.session != theirs.session


def test_closed_tab_computes_nothing_more(visit, worker, zoo):
    enter(visit, zoo)
    go = Event()
    worker.submit("another tab", lambda _: go.wait(LONG), label="Holding", lane=Lane.ORDERED)
    visit.lab.measure()
    job = visit.lab.measuring.job

    visit.leave()
    go.set()

    assert job.wait(LONG)
    assert job.result is None


def test_results_outlive_the_tab(visit, worker, benches, zoo):
    enter(visit, zoo)
    visit.lab.measure()
    assert visit.lab.measuring.job.wait(LONG)
    visit.leave()

    again = Visit(worker, Workbenches(benches.store), device="cpu")
    enter(again, zoo)
    again.lab.measure()
    assert again.lab.measuring.job.wait(LONG)
    again.lab.collect()

    assert again.lab.results.shown.from_history
